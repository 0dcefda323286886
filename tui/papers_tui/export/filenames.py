"""The names of the files of an export into a folder: readable, safe everywhere, never shared by two papers."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SLUG_LENGTH = 60
_SPELT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": ""}
)
_NEW_ARXIV = re.compile(r"arxiv:(\d{4}\.\d{4,5})")
_OLD_ARXIV = re.compile(r"arxiv:([a-z][a-z-]{0,19})/(\d{7})")
_FINGERPRINT = re.compile(r"text:([0-9a-f]{20})")


def file_name(title: str, identifier: str) -> str:
    """The name of a paper's own file, `<slug>-<id>.md`: lower-case ASCII of at most 120 bytes.

    Two ids never share a name, whatever their titles, on a file system that ignores case either:
    the id's part holds no `-`, so it is what follows the last one.
    """
    return f"{_slug(title) or 'paper'}-{file_id(identifier)}.md"


def _slug(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title.casefold().translate(_SPELT))
    words = re.sub(r"[\W_]+", "-", "".join(sign for sign in letters if not unicodedata.combining(sign)))
    folded = words.encode("ascii", "ignore").decode()
    slug = re.sub(r"-+", "-", folded.lower()).strip("-")
    if len(slug) <= _SLUG_LENGTH:
        return slug
    return slug[: _SLUG_LENGTH + 1].rpartition("-")[0] or slug[:_SLUG_LENGTH]


def file_id(identifier: str) -> str:
    """The part of a file's name that tells the id, without `-`; no two ids have the same."""
    if found := _NEW_ARXIV.fullmatch(identifier) or _FINGERPRINT.fullmatch(identifier):
        return found[1]
    if found := _OLD_ARXIV.fullmatch(identifier):
        return f"{found[1].replace('-', '_')}_{found[2]}"
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    hint = re.sub(r"[^a-z0-9.]+", "_", identifier.partition(":")[2].lower())[:24].strip("_.")
    return f"{hint}_{digest}" if hint else digest
