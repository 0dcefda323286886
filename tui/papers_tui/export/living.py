"""An export that is renewed: what we wrote in a file follows the library, what the user wrote stays.

What is ours stands between a paper's markers, in the front matter and in the heading, and a record beside
each (see `fingerprints`) tells which of it is still as we wrote it. Everything else is the user's:

- a line or a value that they changed stays as it is; where ours has changed too, the new line joins it;
- a line or a field that they took out stays out, a line until it says something else;
- the query in the front matter says what the file lists: papers of another one only join it;
- their order of the sections holds; a new one stands before the first that comes after it in ours;
- a section that they took out comes back as long as its paper is exported: what is listed is the library's;
- a section whose markers are damaged is text of theirs from then on, and the paper gets a new one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from papers_tui.export import front_matter, markdown, merging
from papers_tui.export.fingerprints import BLANK, GONE, key, recorded_lines, recorded_values
from papers_tui.export.markdown import Head, Shelved
from papers_tui.export.merging import Line
from papers_tui.export.notes import ends_of
from papers_tui.export.sections import (
    Section,
    lines_of,
    marker_id,
    marker_of,
    renamed,
    rewritten,
    split,
    with_ends,
)
from papers_tui.late import dataclass


@dataclass(frozen=True, slots=True)
class Renewed:
    """A file's new text, and what came of it.

    `new` sections joined those of an older export, and `gone` ones lost their papers since then; `edited`
    tells whether the user wrote or changed anything in the file.
    """

    text: str
    new: int = 0
    gone: int = 0
    edited: bool = False


def renewed_document(
    old: str, papers: Sequence[Shelved], *, title: str, query: str, date: str
) -> Renewed | None:
    """The document `old` with `papers` in it as they are now; None where it is none of ours.

    An empty `old` gives a fresh document. Sections of other papers get a line that says so, once. A document
    whose front matter names another query only takes these papers in, its head and its other sections stay;
    so does any document where `query` is empty, as it is for papers that were picked by hand. The day and the
    number of papers are always of now; doing it again that day changes nothing.
    """
    if not old.strip("\ufeff \t\r\n"):
        return Renewed(markdown.render_document(papers, title=title, query=query, date=date))
    file = _File.read(old)
    if not (file.sections or {"date", "count", "query"} <= file.values.keys()):
        return None
    if query and file.values.get("query", query) == query:
        head = markdown.document_head(len(papers), title=title, query=query, date=date)
        starred = is_starred(query)
        gone = f"*No longer {'starred' if starred else 'in this list'} ({date}).*"
        return _renewed(file, head, papers, "##", gone, starred=starred)
    ids = _owners(papers).keys()
    others = sum(part.id not in ids and GONE not in (part.wrote or ()) for part in file.sections)
    head = markdown.document_head(len(papers) + others, title=title, query=query, date=date)
    return _renewed(file, head, papers, "##", own=False)


def renewed_paper(old: str, shelved: Shelved) -> Renewed | None:
    """The file `old` of one paper with that paper as it is now; None where it is not this paper's.

    An empty `old` gives a fresh file.
    """
    if not old.strip("\ufeff \t\r\n"):
        return Renewed(markdown.render_paper(shelved))
    file = _File.read(old)
    names = set(map(marker_id, shelved.paper.keys))
    if file.values.get("id") in shelved.paper.keys or not names.isdisjoint(part.id for part in file.sections):
        return _renewed(file, markdown.paper_head(shelved), [shelved], "#")
    return None


def is_starred(query: str) -> bool:
    """Whether a query asks for the starred papers and nothing else."""
    return [word for word in query.split() if not word.startswith("sort:")] == ["is:starred"]


@dataclass(frozen=True, slots=True)
class _File:
    """An older export.

    `mark` is a byte order mark or nothing; `front` the front matter with its lines of dashes, if it has one;
    `wrote` are the sums of the head as we wrote it, None where their record is lost; `end` is a line's end.
    """

    mark: str
    front: Sequence[str]
    parts: Sequence[Section | str]
    wrote: Mapping[str, Sequence[str]] | None
    end: str

    @classmethod
    def read(cls, text: str) -> _File:
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        lines = lines_of(text.removeprefix(mark))
        extent = front_matter.extent(lines)
        parts = split(lines[extent:])
        records = (recorded_values(part) for part in parts if isinstance(part, str))
        wrote = next((record for record in records if record is not None), None)
        return cls(mark, lines[:extent], parts, wrote, "\r\n" if lines[0].endswith("\r\n") else "\n")

    @property
    def sections(self) -> list[Section]:
        return [part for part in self.parts if isinstance(part, Section)]

    @property
    def values(self) -> dict[str, str]:
        return front_matter.values(self.front[1:-1])

    @property
    def heading(self) -> str | None:
        """The key of the heading that we wrote, where that is known."""
        return next(iter((self.wrote or {}).get("heading", ())), None)


def _renewed(
    file: _File,
    head: Head,
    papers: Sequence[Shelved],
    level: str,
    gone: str = "",
    *,
    starred: bool = False,
    own: bool = True,
) -> Renewed:
    """The file with these papers, and with this head if that is its own; otherwise only with what is of the moment.

    A section of another paper gets the line `gone`, if any; where the list is of `starred` papers it loses its star.
    """
    fresh = [_fresh(shelved, level, file.end) for shelved in papers]
    owners = _owners(papers)
    ids = owners.keys() | {section.id for section in file.sections}
    parts: list[Section | str] = []
    homes: dict[int, int] = {}
    left = 0
    for part in file.parts:
        if isinstance(part, str):
            if not _is_remnant(part, ids):
                parts.append(part)
        elif (owner := owners.get(part.id)) is None:
            section = _left(part, gone, file.end, starred=starred) if gone else part
            left += section is not part
            parts.append(section)
        elif owner not in homes:
            homes[owner] = len(parts)
            parts.append(_updated(part, fresh[owner], file.end))
        elif part.untouched:
            while parts and isinstance(parts[-1], str) and not parts[-1].strip():
                parts.pop()
        else:
            parts += (line for line in part.lines if not _is_remnant(line, ids))
    places = _places(len(papers), homes)
    if own:
        parts = _headed(parts, file, head)
    lines = _joined(_front(file, head, own), parts, places, fresh, file.end)
    return Renewed(file.mark + "".join(lines), len(papers) - len(homes), left, _is_edited(file, head, ids))


def _fresh(shelved: Shelved, level: str, end: str) -> Section:
    (section,) = split(with_ends(lines_of(markdown.section(shelved, level) + "\n"), end))
    assert isinstance(section, Section)
    return section


def starred_id(text: str) -> str | None:
    """The id of the paper that `text`, the file of one paper, calls starred; None where it calls none so."""
    values = _File.read(text).values if text else {}
    return values.get("id") if values.get("starred") == "true" else None


def _owners(papers: Sequence[Shelved]) -> dict[str, int]:
    """Which paper each id is of, as markers carry it: an older export may know the paper by a weaker one."""
    owners = {marker_id(shelved.paper.id): number for number, shelved in enumerate(papers)}
    for number, shelved in enumerate(papers):
        for known in shelved.paper.keys:
            owners.setdefault(marker_id(known), number)
    return owners


def _is_remnant(line: str, ids: Container[str | None]) -> bool:
    """Whether a line outside of sections is left of one whose markers were damaged."""
    return marker_of(line) in ids or recorded_lines(line) is not None


# ------------------------------------------------------------------------------------------------ sections


def _updated(section: Section, fresh: Section, end: str) -> Section:
    """The section as its paper is now."""
    section = renamed(section, fresh.id)
    wrote = fresh.wrote or ()
    if section.wrote == wrote:
        return section
    if section.untouched:
        return rewritten(section, fresh.lines, wrote, end)
    now, _ = merging.read(fresh.lines)
    return _merged(section, now, wrote, end)


def _left(section: Section, gone: str, end: str, *, starred: bool) -> Section:
    """The section with the line below its heading that its paper is gone, unless it had one since it went."""
    if GONE in (section.wrote or ()):
        return section
    if starred:
        section = _without_star(section, end)
    wrote = section.wrote or ()
    now = merging.recalled(wrote, end)
    now.insert(1, Line(GONE, gone + end, (end,)))
    return _merged(section, now, (*wrote[:1], BLANK, GONE, *wrote[1:]), end)


def _without_star(section: Section, end: str) -> Section:
    """The section without the star that we drew in it."""
    wrote = list(section.wrote or ())
    for place, line in enumerate(section.lines):
        text = line.rstrip()
        if text.endswith(markdown.STAR_AT_END) and key(line) in wrote:
            plain = line.replace(text, text.removesuffix(markdown.STAR_AT_END))
            wrote[wrote.index(key(line))] = key(plain)
            return rewritten(
                section, [*section.lines[:place], plain, *section.lines[place + 1 :]], wrote, end
            )
    return section


def _merged(section: Section, now: Sequence[Line], wrote: Sequence[str], end: str) -> Section:
    found, below = merging.read(section.lines)
    lines = merging.texts(merging.merged(section.wrote or (), found, now, end))
    opened = [] if ends_of("".join(section.lines)) else ends_of("".join(lines))
    return rewritten(section, [*lines, *(f"{line}{end}" for line in opened), *(below or (end,))], wrote, end)


def _places(count: int, homes: Mapping[int, int]) -> dict[int | None, list[int]]:
    """Before which part each of `count` papers is to stand that has no home; None is the end.

    `homes` are the places of the others by their number. It is before the first of those that come after it.
    """
    places: dict[int | None, list[int]] = {}
    first: int | None = None
    for number in reversed(range(count)):
        home = homes.get(number)
        if home is None:
            places.setdefault(first, []).append(number)
        elif first is None or home < first:
            first = home
    return {place: numbers[::-1] for place, numbers in places.items()}


def _joined(
    lines: list[str],
    parts: Iterable[Section | str],
    places: Mapping[int | None, Sequence[int]],
    fresh: Sequence[Section],
    end: str,
) -> list[str]:
    """The lines, and below them the parts with the fresh sections in their places, blank lines around those."""
    for place, part in enumerate(parts):
        for number in places.get(place, ()):
            lines += [*_parting(lines, end), *fresh[number].raw, end]
        lines += [part] if isinstance(part, str) else part.raw
    for number in places.get(None, ()):
        lines += [*_parting(lines, end), *fresh[number].raw]
    return lines


def _parting(lines: Sequence[str], end: str) -> list[str]:
    """What parts a section from the lines above it: the end of the last one, if it has none, and a blank line."""
    if not lines or not lines[-1].strip():
        return []
    return [end] if lines[-1].endswith("\n") else [end, end]


# ---------------------------------------------------------------------------------------------- the head


def _front(file: _File, head: Head, own: bool) -> list[str]:
    if not file.front:
        return []
    wrote = file.wrote if own else None
    inside = front_matter.renewed(file.front[1:-1], wrote, head.fields, head.current)
    return [file.front[0], *inside, file.front[-1]]


def _headed(parts: Sequence[Section | str], file: _File, head: Head) -> list[Section | str]:
    """The parts with our heading, where it is as we wrote it, and the record of the head as they are now."""
    headed = list(parts)
    heading = file.heading
    for place, part in enumerate(parts):
        if isinstance(part, Section):
            continue
        if heading == key(part):
            heading = None
            if key(part) != key(head.heading):
                headed[place] = _in_place_of(part, head.heading)
        elif recorded_values(part) not in (None, head.sums):
            headed[place] = _in_place_of(part, head.record)
    return headed


def _in_place_of(line: str, text: str) -> str:
    return text + line[len(line.rstrip("\r\n")) :]


def _is_edited(file: _File, head: Head, ids: Container[str | None]) -> bool:
    """Whether anything in the file is not as we wrote it."""
    wrote = file.wrote or {}
    return (
        front_matter.is_edited(file.front[1:-1], wrote, head.current)
        or not all(section.untouched for section in file.sections)
        or any(
            part.strip()
            and not (recorded_values(part) or key(part) == file.heading or _is_remnant(part, ids))
            for part in file.parts
            if isinstance(part, str)
        )
    )
