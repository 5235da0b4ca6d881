"""A source that lists what a test puts into it: what becomes of it in the store is the matter, not how it came."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from harvester.errors import SourceUnreachable
from harvester.page import End, IdentifierPage, Page, Presence, Visit
from harvester.protocols import Source
from harvester.run import harvest
from harvester.store import Checkpoint, RawRecord, RunOutcome, Store
from harvester.traits import Trait
from mappings.library import Library
from tests.support.marc_bytes import marcxml
from tests.support.oai import oai_library, sleepless

PAGE = 100


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is put forward."""

    at: datetime = datetime(2024, 5, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass(slots=True)
class Listing:
    """Records by identifier → title; ``None`` is a deleted one. ``changes`` is what an incremental list gives."""

    records: dict[str, str | None]
    changes: dict[str, str | None] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)  # it has them, and no list has
    silent: bool = False  # it does not answer for single records
    proven: bool = True
    learnt: Mapping[str, Trait] = field(default_factory=dict)
    name: str = "src"
    asked: list[str] = field(default_factory=list)
    number: dict[str, str] = field(default_factory=dict)  # identifier → control number, when it is another

    def source(self, *, resumes: bool = False, can_ask: bool = True, sweeps: bool = True) -> Source:
        return Source(
            lambda library: self.name,
            self.pages,
            resumes=resumes,
            incremental=True,
            identifiers=self.identifiers if sweeps else None,
            one=self.one if can_ask else None,
        )

    async def pages(self, visit: Visit) -> AsyncGenerator[Page, None]:
        listed = self.changes if visit.since else {k: v for k, v in self.records.items() if k not in self.hidden}
        made = [self.record(name, title) for name, title in listed.items()]
        start = int(visit.checkpoint.token) if visit.checkpoint else 0
        while True:
            part = tuple(made[start : start + PAGE])
            start += PAGE
            end = End(self.proven, "mark", "" if self.proven else "it broke off") if start >= len(made) else None
            yield Page(part, checkpoint=None if end else Checkpoint(str(start)), end=end, learnt=self.learnt)
            if end:
                return

    def record(self, name: str, title: str | None) -> RawRecord:
        if title is None:
            return RawRecord("testlib", name, "marcxml", b"", deleted=True)
        return RawRecord("testlib", name, "marcxml", marcxml(self.number.get(name, name), title).encode())

    async def identifiers(self, visit: Visit) -> AsyncGenerator[IdentifierPage, None]:
        listed = [name for name in self.records if name not in self.hidden]
        live = tuple(name for name in listed if self.records[name] is not None)
        gone = tuple(name for name in listed if self.records[name] is None)
        end = End(self.proven, "", "" if self.proven else "it broke off")
        yield IdentifierPage(live, gone, learnt=self.learnt)
        yield IdentifierPage((), end=end)

    async def one(self, visit: Visit, identifier: str) -> Presence:
        self.asked.append(identifier)
        if self.silent:
            raise SourceUnreachable("it says nothing")
        return "present" if self.records.get(identifier) is not None else "gone"


def numbered(count: int, prefix: str = "r") -> dict[str, str | None]:
    return {f"{prefix}{n:05}": f"Title {n}" for n in range(count)}


async def visited(
    store: Store, source: Source, *, full: bool = False, sweep: bool | None = None, **options: object
) -> list[RunOutcome]:
    """The outcomes of a harvest of ``testlib`` from this source."""
    library: Library = oai_library("http://127.0.0.1:1/oai", **options)
    async with sleepless() as session:
        return await harvest([library], store, full=full, sweep=sweep, session=session, protocols={"oai-pmh": source})
