"""The blogs of a world: a feed for each, in RSS, RDF, Atom or JSON, and a page that names it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from tests.services.posts import Post, format_of
from tests.services.server import Asked, Reply
from tests.services.world import World, blog_of

_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "rdf": "text/xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
_PAGE_TYPES = _TYPES | {"rss": "application/rss+xml", "rdf": "application/rdf+xml"}


@dataclass(frozen=True, slots=True)
class Blogs:
    """Answers for `/blog/{n}.xml`, the feed of blog n, and `/blog/{n}.html`, its page.

    `max_age` is what Cache-Control says of both, in seconds. A feed changes only when there is a new post.
    """

    world: World
    max_age: int = 3600

    def __call__(self, asked: Asked) -> Reply:
        blog = blog_of(asked.path)
        if not 0 <= blog < len(self.world.blogs):
            return Reply(404, b"Not found", {"Content-Type": "text/plain"})
        if asked.path.endswith(".html"):
            return Reply(200, _page(blog), {"Content-Type": "text/html; charset=utf-8"})
        posts = self.world.posts(blog)
        body = _WRITERS[format_of(blog)](blog, posts)
        changed = (
            posts[0].published if posts else datetime.combine(self.world.first, datetime.min.time(), UTC)
        )
        told = {
            "Content-Type": _TYPES[format_of(blog)],
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "Last-Modified": format_datetime(changed, usegmt=True),
            "Cache-Control": f"max-age={self.max_age}",
        }
        return Reply(304, headers=told) if _is_known(asked, told) else Reply(200, body, told)


def _is_known(asked: Asked, told: dict[str, str]) -> bool:
    """Whether the client has this body already; a date counts only where it sends no ETag (RFC 9110 §13.2.2)."""
    if etags := asked.headers.get("if-none-match"):
        return told["ETag"] in etags
    return asked.headers.get("if-modified-since") == told["Last-Modified"]


def _page(blog: int) -> bytes:
    form = format_of(blog)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Blog {blog}</title>
<link rel="alternate" type="{_PAGE_TYPES[form].partition(";")[0]}" title="Blog {blog}" href="/blog/{blog}.xml">
</head><body><h1>Blog {blog}</h1><p>Notes about papers.</p></body></html>
""".encode()


def _rss(blog: int, posts: Sequence[Post]) -> bytes:
    items = "".join(
        f"""\
    <item>
      <title>{escape(post.title)}</title>
      <link>{escape(post.link)}</link>
      <guid isPermaLink="{"true" if post.guid == post.link else "false"}">{escape(post.guid)}</guid>
      <pubDate>{format_datetime(post.published)}</pubDate>
      <dc:creator>{escape(", ".join(post.authors))}</dc:creator>
      <description>{escape(post.html)}</description>
    </item>
"""
        for post in posts
    )
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>Blog {blog}</title>
    <link>https://blog-{blog}.example.org/</link>
    <description>Notes about papers — {blog}</description>
{items}  </channel>
</rss>
""".encode()


def _rdf(blog: int, posts: Sequence[Post]) -> bytes:
    """A subject collection as bioRxiv writes it."""
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(post.guid)}/>" for post in posts)
    items = "".join(
        f"""\
<item rdf:about={quoteattr(post.guid)}>
<title><![CDATA[{post.title}]]></title>
<link><![CDATA[{post.link}]]></link>
<description><![CDATA[{post.html}]]></description>
<dc:creator><![CDATA[{", ".join(post.authors)}]]></dc:creator>
<dc:date>{post.published:%Y-%m-%d}</dc:date>
<dc:identifier>doi:{post.doi}</dc:identifier>
<dc:title><![CDATA[{post.title}]]></dc:title>
<dc:publisher>Cold Spring Harbor Laboratory</dc:publisher>
<prism:publicationDate>{post.published:%Y-%m-%d}</prism:publicationDate>
</item>
"""
        for post in posts
    )
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://purl.org/rss/1.0/modules/prism/" \
xmlns:syn="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="http://biorxiv.org">
<title>bioRxiv Subject Collection: Tides {blog}</title>
<link>http://biorxiv.org</link>
<description>This feed contains articles about tides — {blog}</description>
<syn:updatePeriod>daily</syn:updatePeriod>
<items><rdf:Seq>{listed}</rdf:Seq></items>
</channel>
{items}</rdf:RDF>
""".encode()


def _atom(blog: int, posts: Sequence[Post]) -> bytes:
    entries = "".join(
        f"""\
  <entry>
    <id>{escape(post.guid)}</id>
    <title>{escape(post.title)}</title>
    <link href={quoteattr(post.link)} rel="alternate" type="text/html"/>
    <published>{post.published.isoformat()}</published>
    <updated>{post.published.isoformat()}</updated>
    <author><name>{escape(post.authors[0])}</name></author>
    <content type="html">{escape(post.html)}</content>
  </entry>
"""
        for post in posts
    )
    updated = posts[0].published.isoformat() if posts else "2026-01-01T00:00:00Z"
    return f"""\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>https://blog-{blog}.example.org/</id>
  <title>Blog {blog} — notes</title>
  <updated>{updated}</updated>
  <link href="https://blog-{blog}.example.org/"/>
{entries}</feed>
""".encode()


def _json(blog: int, posts: Sequence[Post]) -> bytes:
    items = [
        {
            "id": post.guid,
            "url": post.link,
            "title": post.title,
            "content_html": post.html,
            "date_published": post.published.isoformat(),
            "authors": [{"name": name} for name in post.authors],
        }
        for post in posts
    ]
    home = f"https://blog-{blog}.example.org/"
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Blog {blog} — notes",
        "home_page_url": home,
    }
    return json.dumps(head | {"items": items}, ensure_ascii=False).encode()


_WRITERS = {"rss": _rss, "rdf": _rdf, "atom": _atom, "json": _json}
