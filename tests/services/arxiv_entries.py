"""The bodies of export.arxiv.org/api/query, in the form that it has had since November 2025."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, quoteattr

from tests.services.submissions import Submission, Version

_LONG_TITLE = 60
_OPEN = """\
<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" \
xmlns="http://www.w3.org/2005/Atom">
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a query as they were understood."""

    query: str
    ids: str
    start: int
    most: int


def feed(asked: Asked, found: Sequence[tuple[Submission, Version]], total: int, now: datetime) -> bytes:
    """One page of a result."""
    words = f"search_query={asked.query}&id_list={asked.ids}&start={asked.start}&max_results={asked.most}"
    digest = base64.b64encode(hashlib.sha1(words.encode()).digest()).decode().rstrip("=")
    link = "https://arxiv.org/api/query?" + urlencode(
        {"search_query": asked.query, "start": asked.start, "max_results": asked.most, "id_list": asked.ids},
        safe=':,"[]',
        quote_via=quote,
    )
    return f"""\
{_OPEN}  <id>https://arxiv.org/api/{digest}</id>
  <title>{escape(f"arXiv Query: {words}")}</title>
  <updated>{_stamp(now)}</updated>
  <link href={quoteattr(link)} type="application/atom+xml"/>
{_counts(asked.most, total, asked.start)}{"".join(_entry(*each) for each in found)}</feed>
""".encode()


def error(message: str, now: datetime) -> bytes:
    """The feed that comes with status 400."""
    address = f"https://arxiv.org/api/errors#{re.sub(r'[^A-Za-z0-9]+', '_', message)}"
    return f"""\
{_OPEN}  <id>https://arxiv.org/</id>
  <title>arXiv Search Results</title>
  <updated>{_stamp(now)}</updated>
{_counts(1, 1, 0)}  <entry>
    <id>{escape(address)}</id>
    <title>Error</title>
    <updated>{_stamp(now)}</updated>
    <link href={quoteattr(address)} rel="alternate" type="text/html"/>
    <summary>{escape(message)}</summary>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>
</feed>
""".encode()


def _counts(per_page: int, total: int, start: int) -> str:
    return f"""\
  <opensearch:itemsPerPage>{per_page}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
"""


def _entry(paper: Submission, version: Version) -> str:
    page = f"{paper.id}v{version.number}"
    terms = (*paper.categories, *((paper.code,) if paper.code else ()))
    categories = "".join(
        f'    <category term={quoteattr(term)} scheme="http://arxiv.org/schemas/atom"/>\n' for term in terms
    )
    return f"""\
  <entry>
    <id>http://arxiv.org/abs/{page}</id>
    <title>{escape(_wrapped(paper.title))}</title>
    <updated>{_stamp(version.submitted)}</updated>
    <link href="https://arxiv.org/abs/{page}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/{page}" rel="related" type="application/pdf" title="pdf"/>
    <summary>{escape(_summary(paper))}</summary>
{categories}    <published>{_stamp(paper.versions[0].submitted)}</published>
{_element("comment", paper.comment)}    <arxiv:primary_category term={quoteattr(paper.primary)}/>
{_element("journal_ref", paper.journal)}{_authors(paper)}{_doi(paper)}  </entry>
"""


def _authors(paper: Submission) -> str:
    places = (paper.affiliation, *("" for _ in paper.authors[1:]))
    return "".join(
        "    <author>\n"
        f"      <name>{escape(name)}</name>\n"
        + (f"      <arxiv:affiliation>{escape(place)}</arxiv:affiliation>\n" if place else "")
        + "    </author>\n"
        for name, place in zip(paper.authors, places, strict=True)
    )


def _doi(paper: Submission) -> str:
    if not paper.doi:
        return ""
    link = f'    <link rel="related" href={quoteattr(f"https://doi.org/{paper.doi}")} title="doi"/>\n'
    return _element("doi", paper.doi) + link


def _element(name: str, text: str) -> str:
    return f"    <arxiv:{name}>{escape(text)}</arxiv:{name}>\n" if text else ""


def _summary(paper: Submission) -> str:
    """Paragraphs are set in by two spaces, as authors submit them."""
    return "  " + paper.abstract.replace("\n\n", "\n  ") if "\n" in paper.abstract else paper.abstract


def _wrapped(title: str) -> str:
    if len(title) <= _LONG_TITLE:
        return title
    first, _, rest = title[_LONG_TITLE:].partition(" ")
    return f"{title[:_LONG_TITLE]}{first}\n  {rest}" if rest else title


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
