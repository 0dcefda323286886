"""What is nobody's business: passwords and tokens, found in addresses and taken out of texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from papers_tui.late import pattern

HIDDEN = "…"
"""What stands in a secret's place."""

_NAMES = pattern(
    r"token|key(?!word)|secret|pass|pwd|auth(?!or)|sig|session|credential|(?<![a-z])code", re.IGNORECASE
)
_ADDRESS = pattern(r"https?:/{1,2}[^\s\"'<>`]+", re.IGNORECASE)
_USER_INFO = pattern(r"\A(https?:/{1,2})[^/]*@", re.IGNORECASE)
_PARAMETER = pattern(r"[?&;#]([^=&;#?]*)=")
_REST = pattern(r"[&;#]|\Z")
_VARIABLES = pattern(r"TOKEN|SECRET|PASS|_KEY\b", re.IGNORECASE)
_SHORTEST = 4
"""Characters of a secret that is looked for in a text; anything shorter would stand everywhere."""


def is_secret(name: str) -> bool:
    """Whether a parameter of this name, percent-encoded or not, is likely to hold a secret."""
    return _NAMES.search(unquote(name)) is not None


def holds_secret(address: str) -> bool:
    """Whether a web address, or a text with one in it, holds a password or a token."""
    return without_secrets(address) != address


def without_secrets(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with no user-info in any web address of it, no value of a parameter whose name speaks of a secret, and
    none of the `secrets`."""
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, HIDDEN)
    return _ADDRESS.sub(lambda found: _shown(found[0]), text)


def environment_secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values of the variables whose names speak of a secret, such as HF_TOKEN."""
    return tuple(
        value.strip() for name, value in environ.items() if _VARIABLES.search(name) and value.strip()
    )


def public_name(address: str) -> str:
    """What an address can be called where others may read it: itself, or a fingerprint where it holds a secret."""
    return hashlib.sha256(address.encode()).hexdigest()[:32] if holds_secret(address) else address


def _shown(address: str) -> str:
    address = _USER_INFO.sub(r"\1", address)
    shown, at = "", 0
    while found := _PARAMETER.search(address, at):
        shown += address[at : found.end()]
        at = found.end()
        end = _REST.search(address, at)
        if is_secret(found[1]) and end and end.start() > at:
            shown, at = shown + HIDDEN, end.start()
    return shown + address[at:]
