"""The names of journal files: `<device>-<slot>.jsonl`, and `<device>-<slot>.<generation>.jsonl` once compacted.

A compacted file has another name than what it was made from, so that nobody goes on reading it from where they
were in the former one.
"""

from __future__ import annotations

from pathlib import Path

from papers_tui.late import dataclass, pattern

_NAME = pattern(r"(?P<device>[0-9A-Za-z]{1,32})-(?P<slot>[0-9]{1,4})(?:\.(?P<generation>[0-9]{1,9}))?\.jsonl")


@dataclass(frozen=True, slots=True, order=True)
class FileName:
    """What the name of a journal file says."""

    device: str
    slot: int
    generation: int = 0

    @property
    def name(self) -> str:
        generation = f".{self.generation}" if self.generation else ""
        return f"{self.writer}{generation}.jsonl"

    @property
    def writer(self) -> str:
        return f"{self.device}-{self.slot}"


def parsed_name(name: str) -> FileName | None:
    """What a file's name says; None where it is none that a writer gives: conflict copies, strays."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    parsed = FileName(found["device"], int(found["slot"]), int(found["generation"] or 0))
    return parsed if parsed.name == name else None


def own_files(folder: Path, device: str) -> list[FileName]:
    """The files of one device's writers, each writer's oldest generation first."""
    names = (parsed_name(path.name) for path in folder.glob(f"{device}-*.jsonl") if path.is_file())
    return sorted(name for name in names if name and name.device == device)


def latest_name(folder: Path, device: str, slot: int) -> str:
    """The name of the file that a writer appends to."""
    known = (name for name in own_files(folder, device) if name.slot == slot)
    return max(known, default=FileName(device, slot)).name
