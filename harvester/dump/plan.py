"""Which files of a drop folder are to be read now, in which order, and what each states."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from harvester.dump.beside import is_beside
from harvester.dump.places import FileAt
from harvester.dump.reading import Role
from harvester.ledger import FileEntry
from mappings.folder import Folder, Names

UNFINISHED = (".*", "*.part", "*.tmp", "*.temp", "*.filepart", "*.partial", "*.crdownload", "*.uploading", "*~")
"""What programs call a file that they are still writing."""

DONE = ".done"
CHECKSUMS = (".sha256", ".sha256sum")
SIDECARS = tuple("*" + end for end in (DONE, *CHECKSUMS))
"""Files that say something of the file beside them."""

_STAMP = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"(?:[T_.-]?([01]\d|2[0-3])[_.-]?([0-5]\d)[_.-]?([0-5]\d)?(?!\d))?"
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A file to read, what it states, and the time it stands for."""

    file: FileAt
    role: Role
    stamp: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to read in order. ``states_all``: they begin with a full statement, and what they lack has left."""

    files: tuple[Planned, ...]
    states_all: bool


def fits(name: str, patterns: Names) -> bool:
    """Whether a name is one of these, case and all."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def ours(files: Sequence[FileAt], folder: Folder) -> list[FileAt]:
    """The files that are meant to be read and are not being written any more, as far as their names tell."""
    names = {file.name for file in files}
    return [
        file
        for file in files
        if fits(file.name, folder.take)
        and not fits(file.name, (*UNFINISHED, *SIDECARS))
        and not (folder.take == ("*",) and is_beside(file.name))
        and (folder.ready != "done" or file.name + DONE in names)
    ]


def stamp_of(file: FileAt) -> str:
    """The time a file stands for: from its name, else the day it was changed; "" when nothing says so."""
    if match := _STAMP.search(file.name):
        return "".join(part or "00" for part in match.groups())
    changed = file.modified_at or datetime.min.replace(tzinfo=UTC)
    return changed.strftime("%Y%m%d000000")


def plan(files: Sequence[FileAt], folder: Folder, taken: Mapping[str, FileEntry]) -> Plan:
    """What to read of the files there are, given the ledger's lines of those that were ``taken`` in.

    The newest full statement and all after it when one of its files is new; else the first new file and all after it,
    so that one that arrives late cannot bring back what a later one changed. By the time they stand for, deletions
    after additions of the same time, then by name.
    """
    planned = sorted((_planned(file, folder) for file in files), key=_order)
    fulls = [one for one in planned if one.role == "full" and not fits(one.file.name, folder.items)]
    newest = max((one.stamp for one in fulls), default="")
    statement = [one for one in fulls if one.stamp == newest]
    later = [one for one in planned if one.role != "full" and one.stamp >= newest]
    if any(_is_new(one.file, taken) for one in statement):
        copies = [one for one in planned if fits(one.file.name, folder.items)]
        last = max((one.stamp for one in copies), default="")
        earlier = [one for one in copies if one.stamp == last and one not in later]
        return Plan((*statement, *earlier, *later), states_all=True)
    first = next((at for at, one in enumerate(later) if _is_new(one.file, taken)), len(later))
    return Plan(tuple(later[first:]), states_all=False)


def role_of(name: str, folder: Folder) -> Role:
    """What a file states, by its name."""
    if fits(name, folder.deletions):
        return "deletions"
    return "full" if fits(name, folder.full) and not fits(name, folder.items) else "changes"


def _planned(file: FileAt, folder: Folder) -> Planned:
    return Planned(file, role_of(file.name, folder), stamp_of(file))


def _order(one: Planned) -> tuple[str, bool, str]:
    return one.stamp, one.role == "deletions", one.file.name


def _is_new(file: FileAt, taken: Mapping[str, FileEntry]) -> bool:
    entry = taken.get(file.known_as)
    if entry is None or entry.state != "done":
        return True
    return not file.is_as(as_taken(entry))


def as_taken(entry: FileEntry) -> FileAt:
    """A file as it was when it was taken in; not to be fetched, as its address lacks the keys."""
    return FileAt(entry.name, entry.size, entry.modified, entry.etag)
