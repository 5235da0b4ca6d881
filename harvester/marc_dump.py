"""A member's records from files of ISO 2709 or MARCXML, packed or not, on disk, by URL or from a drop folder.

The files of ``harvest.files`` are together a full statement: what they do not hold, the library does not have. A drop
folder, ``harvest.folder``, holds now a full statement and now files of changes. A record is named by its control number
(001). When several records of one statement share it, the first has it plain and the others have ``#2``, ``#3`` …
after it, but what two files hold byte for byte is one record; a record without one is ``#n``, the n-th such.
Leader/05 = d is a deletion.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from harvester.dump.archive import prove
from harvester.dump.beside import is_beside, said
from harvester.dump.places import Fetched, FileAt, Places, is_url
from harvester.dump.plan import CHECKSUMS, Planned, as_taken, ours, plan
from harvester.dump.reading import Reading, Role
from harvester.errors import DumpUnusable
from harvester.ledger import FileEntry, FileState
from harvester.page import End, Page, Visit
from harvester.runs import OF_FILES
from harvester.store import utc_now
from mappings.access import without_keys
from mappings.folder import Folder
from mappings.library import Library

CHECKSUM_BYTES = 1024  # of a file that states one
FOLDER_READ = "folder"  # the watermark of a drop folder: which of its files were read stands in the ledger


def source_of(library: Library) -> str:
    """What the run is bound to: other files, and other columns of a table of copies, are another source."""
    harvest = library.harvest
    places = harvest.files if harvest.folder is None else (harvest.folder.path,)
    where = " ".join(without_keys(place) for place in places)  # nobody's keys in a table
    columns = "" if harvest.items is None else f" items={harvest.items.model_dump_json(exclude_defaults=True)}"
    return f"{OF_FILES} {where}{columns}"


async def pages(visit: Visit, *, now: Callable[[], datetime] = utc_now) -> AsyncGenerator[Page, None]:
    """The pages of what there is to read; none but the end when nothing has changed since the last visit.

    Raises: DumpUnusable when a file cannot be opened, is not MARC, or breaks off within its compression, which is found
    out before any of it is taken in; whatever the connections raise. The pages before are good.
    """
    # A visit that is to list everything takes no file for known.
    known = visit.library.harvest.folder is None or visit.since == _folder_read(visit.library)
    taken = (
        {name: entry for name, entry in visit.files.items() if entry.state == "done"} if visit.since and known else {}
    )
    reading = Reading(visit.library, now)
    try:
        async with Places(visit.library, visit.http) as places:
            folder = visit.library.harvest.folder
            from_files = _Visit(visit, places, reading, taken)
            steps = from_files.statement() if folder is None else from_files.folder(folder)
            async for page in steps:
                yield page
    finally:
        reading.seen.close()


@dataclass(frozen=True, slots=True)
class _Visit:
    """One visit to a library's files."""

    visit: Visit
    places: Places
    reading: Reading
    taken: Mapping[str, FileEntry]

    async def statement(self) -> AsyncGenerator[Page, None]:
        """The files that are named one by one: all of them, or none when not one has changed."""
        listed = [file for where in self.visit.library.harvest.files for file in await self._looked(where)]
        fetched = [await self._changed(file) for file in listed]
        digests = {one.at.known_as: one.sha256 for one in fetched} | _takes(self.visit.library)
        if gone := self._gone(listed):
            yield Page((), files=gone)
        if self.visit.since and digests == json.loads(self.visit.since):
            # One that was refused meanwhile is again what it was.
            known = tuple(_entry(one, "done") for one in fetched if isinstance(one, Fetched))
            yield Page((), files=known, end=End(True, self.visit.since, nothing_new=True))
            return
        # Only all of them are a statement, so those that have not changed are read too.
        whole = [one if isinstance(one, Fetched) else await self._fetched(one.at) for one in fetched]
        for one in whole:
            try:
                await asyncio.to_thread(prove, one.at.name, one.stream)
            except DumpUnusable as exc:
                yield Page((), files=self._in_the_way(one, str(exc), ()))
                raise
        broken: dict[str, str] = {}
        for one in whole:
            before = len(self.reading.cut_off)
            async for page in self._pages(one, "full"):
                yield page
            if why := "; ".join(self.reading.cut_off[before:]):
                broken[one.at.address] = why
        doubt = "; ".join(self.reading.cut_off)
        entries = () if doubt else tuple(_entry(one, "done") for one in whole)
        for one in whole:
            if one.at.address in broken:
                entries += self._in_the_way(one, broken[one.at.address], ())
        end = End(not doubt, json.dumps(digests), doubt, self.reading.nameless, said=said(self.reading.passed_over))
        yield Page((), files=entries, end=end)

    async def _looked(self, where: str) -> list[FileAt]:
        """The files at a place; of those that a page links to, the ones of records."""
        there = await self.places.look(where)
        if not (where.startswith(("http://", "https://")) and len(there) != 1):
            return there
        take = self.visit.library.harvest.take
        beside = [file for file in there if is_beside(file.name, take)]
        self.reading.passed_over += [file.name for file in beside]
        return [file for file in there if file not in beside]

    async def folder(self, folder: Folder) -> AsyncGenerator[Page, None]:
        """The files of a drop folder that are new, or the newest full statement and what came after it."""
        there, growing = await self._settled(folder)
        listed = [file for file in ours(there, folder) if not self._is_skipped(file)]
        if gone := self._gone(there):
            yield Page((), files=gone)
        planned = plan(listed, folder, self.taken)
        if not planned.files and not growing:
            yield Page((), end=End(True, _folder_read(self.visit.library), nothing_new=True, changes_only=True))
            return
        doubts: list[str] = []
        for at, one in enumerate(planned.files):
            behind = planned.files[at + 1 :]
            if one.file in growing:
                doubts.append(f"{one.file.name}: it is still growing and waits{_growing(behind)}")
                break
            fetched: Fetched | None = None
            try:
                fetched = await self._fetched(one.file)
                await self._prove(fetched, there)
                async for page in self._pages(fetched, one.role):
                    yield page
            except DumpUnusable as exc:
                yield Page((), files=self._in_the_way(fetched or one.file, str(exc), behind))
                raise DumpUnusable(f"{exc}{_waiting(behind)}") from exc
            if self.reading.cut_off:
                why = "; ".join(self.reading.cut_off)
                yield Page((), files=self._in_the_way(fetched, why, behind))
                doubts.append(f"{why}{_waiting(behind)}")
                break
            yield Page((), files=(_entry(fetched, "done"),))
        doubt = "; ".join(doubts)
        words, only_changes = said(self.reading.passed_over), not planned.states_all
        mark, nameless = _folder_read(self.visit.library), self.reading.nameless
        yield Page((), end=End(not doubt, mark, doubt, nameless, changes_only=only_changes, said=words))

    def _is_skipped(self, file: FileAt) -> bool:
        """Whether a person said that this file, as it is, is to be passed over."""
        entry = self.visit.files.get(file.known_as)
        return entry is not None and entry.state == "skipped" and file.is_as(as_taken(entry))

    def _gone(self, there: Sequence[FileAt]) -> tuple[FileEntry, ...]:
        """The refused files that somebody took away: they are in nobody's way any more."""
        addresses = {file.known_as for file in there}
        return tuple(
            replace(entry, state="gone")
            for name, entry in self.visit.files.items()
            if entry.state in ("refused", "waiting") and name not in addresses
        )

    def _in_the_way(self, one: Fetched | FileAt, why: str, behind: Sequence[Planned]) -> tuple[FileEntry, ...]:
        """What the ledger says of a file that is refused, and of those that wait behind it."""
        at = one.at if isinstance(one, Fetched) else one
        why = why.removeprefix(f"{at.name}: ")
        refused = _entry(one, "refused", why) if isinstance(one, Fetched) else _unread(one, "refused", why)
        known = {name for name, entry in self.visit.files.items() if entry.state == "done"}
        waiting = (file.file for file in behind if file.file.known_as not in known)
        return (refused, *(_unread(file, "waiting", at.known_as) for file in waiting))

    async def _settled(self, folder: Folder) -> tuple[list[FileAt], frozenset[FileAt]]:
        """All files of a folder as they are, and those of them that are being written, by two looks."""
        there = await self.places.look(folder.path)
        if folder.path.startswith(("http://", "https://")):
            return [await self._as_served(file) for file in there], frozenset()
        if folder.ready == "done" or all(self._is_known(file) for file in ours(there, folder)):
            return there, frozenset()
        await self.visit.http.wait(folder.settle_seconds)
        again = await self.places.look(folder.path)
        before = set(there)
        return again, frozenset(file for file in again if file not in before)

    async def _as_served(self, file: FileAt) -> FileAt:
        """A file that a page links to, with what its server says of it; the known one when it is unchanged."""
        entry = self.taken.get(file.known_as) or self.visit.files.get(file.known_as)
        if entry is None or entry.state not in ("done", "skipped"):
            return file
        got = await self.places.fetch(file, as_taken(entry))
        return replace(as_taken(entry), address=file.address) if got is None or got.sha256 == entry.sha256 else got.at

    async def _changed(self, file: FileAt) -> Fetched | _Unchanged:
        """A file brought here; not if it is the same as it was, as far as can be told without."""
        entry = self.taken.get(file.known_as)
        if entry is None:
            return await self._fetched(file)
        if not file.address.startswith(("http://", "https://")) and self._is_known(file):
            return _Unchanged(file, entry.sha256)
        got = await self.places.fetch(file, as_taken(entry))
        return _Unchanged(file, entry.sha256) if got is None else got

    async def _fetched(self, file: FileAt) -> Fetched:
        got = await self.places.fetch(file)
        if got is None:
            raise DumpUnusable(f"{file.name}: the server says that it is unchanged and was not asked that")
        return got

    async def _prove(self, one: Fetched, there: Sequence[FileAt]) -> None:
        """Makes sure that a file is whole, by its own checksums and by that of FILE.sha256 beside it.

        Raises: DumpUnusable when it is not.
        """
        await asyncio.to_thread(prove, one.at.name, one.stream)
        for beside in there:
            if beside.name in {one.at.name + end for end in CHECKSUMS}:
                stated = (await self._fetched(beside)).stream.read(CHECKSUM_BYTES).split()
                if not stated or stated[0].decode("ascii", "replace").lower() != one.sha256:
                    raise DumpUnusable(f"{one.at.name}: its checksum is not the one in {beside.name}: it is not whole")

    def _is_known(self, file: FileAt) -> bool:
        entry = self.taken.get(file.known_as)
        return entry is not None and file.is_as(as_taken(entry))

    async def _pages(self, one: Fetched, role: Role) -> AsyncGenerator[Page, None]:
        before = len(self.reading.cut_off)
        file_pages = self.reading.pages(one.at.name, one.stream, role)
        while (page := await asyncio.to_thread(next, file_pages, None)) is not None:
            yield page
        if not is_url(one.at.address) and len(self.reading.cut_off) == before:
            (now_there,) = await self.places.look(one.at.address)
            if not now_there.is_as(one.at):
                self.reading.cut_off.append(f"{one.at.name}: it changed while it was read")


@dataclass(frozen=True, slots=True)
class _Unchanged:
    """A file that was not fetched, because it is the one whose digest is known."""

    at: FileAt
    sha256: str


def _takes(library: Library) -> dict[str, str]:
    """What else than the files decides what comes of them: another choice of names reads unchanged ones again."""
    return {"take": " ".join(library.harvest.take)} if library.harvest.take else {}


def _folder_read(library: Library) -> str:
    """The watermark of a drop folder."""
    return json.dumps({FOLDER_READ: True, **takes}) if (takes := _takes(library)) else FOLDER_READ


def _waiting(behind: Sequence[Planned]) -> str:
    return f"; {_files(behind)} until it is replaced or skipped" if behind else ""


def _growing(behind: Sequence[Planned]) -> str:
    return f"; {_files(behind)}" if behind else ""


def _files(behind: Sequence[Planned]) -> str:
    return "1 file after it waits" if len(behind) == 1 else f"{len(behind):,} files after it wait"


def _entry(one: Fetched, state: FileState, reason: str = "") -> FileEntry:
    return FileEntry(one.at.known_as, one.at.size or 0, one.at.modified, one.at.etag, one.sha256, state, reason)


def _unread(file: FileAt, state: FileState, reason: str) -> FileEntry:
    return FileEntry(file.known_as, file.size or 0, file.modified, file.etag, state=state, reason=reason)
