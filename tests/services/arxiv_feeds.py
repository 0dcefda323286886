"""The bodies of rss.arxiv.org, as https://github.com/arXiv/arxiv-feed writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from tests.services import eastern
from tests.services.world import Announced

from papers_tui.domain.categories import ARCHIVES

_RSS = """\
<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">
  <channel>
    <title>{title}</title>
    <link>{link}</link>
    <description>{description}</description>
    <atom:link href={self_link} rel="self" type="application/rss+xml"/>
    <docs>http://www.rssboard.org/rss-specification</docs>
    <language>en-us</language>
    <lastBuildDate>{built}</lastBuildDate>
    <managingEditor>rss-help@arxiv.org</managingEditor>
    <pubDate>{published}</pubDate>
{items}  </channel>
</rss>
"""
_SKIPPED = """\
    <skipDays>
      <day>Sunday</day>
      <day>Saturday</day>
    </skipDays>
"""
_ATOM = """\
<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
  <id>{link}</id>
  <title>{title}</title>
  <updated>{built}</updated>
  <link href={self_link} rel="self" type="application/atom+xml"/>
  <subtitle>{description}</subtitle>
{items}</feed>
"""


def rss(names: Sequence[str], found: Sequence[Announced], day: date, built: datetime) -> bytes:
    """The RSS 2.0 of a day's announcement; `built` is when it says it was made."""
    items = "".join(_item(each, day) for each in found)
    texts = _head("rss", names, day, built) | {"items": _SKIPPED + items}
    return _RSS.format(**texts).encode()


def atom(names: Sequence[str], found: Sequence[Announced], day: date, built: datetime) -> bytes:
    """The Atom of a day's announcement."""
    updated = built.astimezone(UTC).isoformat()
    entries = "".join(_entry(each, day, updated) for each in found)
    return _ATOM.format(**_head("atom", names, day, built) | {"items": entries, "built": updated}).encode()


def error(form: str, asked: str, day: date, built: datetime) -> bytes:
    """The feed that comes, with status 400, for a category that there is not."""
    head = _head(form, [asked], day, built) | {"items": ""}
    title = f"Feed error for query: http://rss.arxiv.org/{form}/{asked}"
    message = f"Invalid archive '{asked}'. Valid archives are: {', '.join(ARCHIVES)}."
    head |= {"title": escape(title), "description": escape(message)}
    if form == "atom":
        return _ATOM.format(**head | {"built": built.astimezone(UTC).isoformat()}).encode()
    return _RSS.format(**head).encode()


def _head(form: str, names: Sequence[str], day: date, built: datetime) -> dict[str, str]:
    link = f"http://rss.arxiv.org/{form}/{'+'.join(names)}"
    listed = escape(", ".join(names))
    return {
        "title": f"{listed} updates on arXiv.org",
        "link": escape(link),
        "self_link": quoteattr(link),
        "description": f"{listed} updates on the arXiv.org e-print archive.",
        "built": format_datetime(built.astimezone(UTC)),
        "published": format_datetime(eastern.midnight(day)),
    }


def _item(each: Announced, day: date) -> str:
    paper = each.paper
    categories = "".join(f"      <category>{name}</category>\n" for name in paper.categories)
    return f"""\
    <item>
      <title>{escape(paper.title)}</title>
      <link>https://arxiv.org/abs/{paper.id}</link>
      <description>{escape(_description(each))}</description>
      <guid isPermaLink="false">oai:arXiv.org:{paper.id}v{each.version.number}</guid>
{categories}      <pubDate>{format_datetime(eastern.midnight(day))}</pubDate>
      <arxiv:announce_type>{each.type}</arxiv:announce_type>
      <dc:rights>{paper.licence}</dc:rights>
{_more(each, "      ")}      <dc:creator>{escape(_creators(each))}</dc:creator>
    </item>
"""


def _entry(each: Announced, day: date, updated: str) -> str:
    paper = each.paper
    categories = "".join(f"    <category term={quoteattr(name)}/>\n" for name in paper.categories)
    return f"""\
  <entry>
    <id>oai:arXiv.org:{paper.id}v{each.version.number}</id>
    <title>{escape(paper.title)}</title>
    <updated>{updated}</updated>
    <link href="https://arxiv.org/abs/{paper.id}" rel="alternate" type="text/html"/>
    <summary>{escape(_description(each))}</summary>
{categories}    <published>{eastern.midnight(day).isoformat()}</published>
    <arxiv:announce_type>{each.type}</arxiv:announce_type>
    <dc:rights>{paper.licence}</dc:rights>
{_more(each, "    ")}    <dc:creator>{escape(_creators(each))}</dc:creator>
  </entry>
"""


def _description(each: Announced) -> str:
    abstract = each.paper.abstract.replace("\n\n", "\n  ")
    number = f"arXiv:{each.paper.id}v{each.version.number}"
    return f"{number} Announce Type: {each.type} \nAbstract: {abstract}"


def _more(each: Announced, indent: str) -> str:
    paper = each.paper
    lines = ""
    if paper.doi:
        lines += f"{indent}<arxiv:DOI>{escape(paper.doi)}</arxiv:DOI>\n"
    if paper.journal:
        lines += f"{indent}<arxiv:journal_reference>{escape(paper.journal)}</arxiv:journal_reference>\n"
    return lines


def _creators(each: Announced) -> str:
    first, *others = each.paper.authors
    place = f" ({each.paper.affiliation})" if each.paper.affiliation else ""
    return ", ".join((first + place, *others))


def built_at(day: date) -> datetime:
    """When a day's feed is made: some minutes into the day."""
    return eastern.midnight(day) + timedelta(minutes=4, seconds=5)
