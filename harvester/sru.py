"""A member's records over SRU, for servers that offer nothing else: every harvest lists everything.

A server gives only so many records of one query, and some stop there in silence. So the catalogue is asked for in
parts, a part that is too large is split, and a list is whole only when every number agrees: what came with what
each query found, and the parts with the whole they were split from.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import quote

from yarl import URL

from harvester.access import Access
from harvester.errors import AnswerRefused
from harvester.http import Answer, Patience, PatientSession, address
from harvester.page import End, Page, Visit
from harvester.sru_parts import Part, first_part, split
from harvester.sru_xml import Found, ResultTooLarge, found
from harvester.store import Checkpoint, Quarantined, utc_now
from mappings.library import Library
from mappings.sru import Sru

MAX_BEGUN_ANEW = 2  # of one part whose size changes while it is read
MAX_SKIPPED = 20  # records that a server cannot give, in one harvest
SHRINK = 4  # how much less is asked for when a page cannot be had

PROTOCOL_ARGUMENTS = {"operation", "version", "query", "startRecord", "maximumRecords", "recordSchema", "recordPacking"}


def source_of(library: Library) -> str:
    """What the run is bound to: another address, schema or way of asking for everything is another list."""
    sru = library.harvest.sru
    return f"sru {library.harvest.url} {sru.record_schema} {sru.everything} {sru.part}"


def request_url(base: str, sru: Sru, query: str, start: int, most: int) -> URL:
    """The URL of a searchRetrieve request; a query string in the base is kept but for arguments of the protocol.

    Raises: AccessRefused when the base is no address.
    """
    bare, _, own = base.partition("#")[0].partition("?")
    kept = [item for item in own.split("&") if item and item.partition("=")[0] not in PROTOCOL_ARGUMENTS]
    packing = "recordXMLEscaping" if sru.version == "2.0" else "recordPacking"
    arguments = {
        "version": sru.version,
        "operation": "searchRetrieve",
        "query": query,
        "startRecord": str(start),
        "maximumRecords": str(most),
        "recordSchema": sru.record_schema,
        packing: "xml",
    }
    own_query = [f"{name}={quote(value, safe='')}" for name, value in arguments.items()]
    return address(f"{bare}?{'&'.join([*kept, *own_query])}")


async def pages(visit: Visit, *, now: Callable[[], datetime] = utc_now) -> AsyncGenerator[Page, None]:
    """The pages of everything; from a checkpoint if there is one.

    Raises: HarvestFailed, of any kind but DumpUnusable, TokenRefused and RunTakenOver.
    """
    library = visit.library
    sweep = _Sweep(library, library.harvest.sru, visit.http, Access.of(library), now, _State.of(visit.checkpoint))
    await sweep.begin()
    while sweep.state.todo:
        page = await sweep.next_page()
        if page is not None:
            yield page
    doubt = "; ".join([*sweep.state.doubts, *sweep.missing()])
    end = End(not doubt, now().isoformat(), doubt, sweep.state.nameless)
    yield Page((), expected=sweep.state.expected, checkpoint=sweep.state.checkpoint(), end=end)


@dataclass(slots=True)
class _State:
    """Where a sweep stands, kept as the token of its checkpoint."""

    todo: list[Part] = field(default_factory=list)  # the last one is being read
    begun: bool = False
    start: int = 1  # the number of the next record in that part; a sweep that goes on reads the part from its start
    count: int | None = None  # of that part, as its first page said
    anew: int = 0
    listed: int = 0
    expected: int | None = None
    nameless: int = 0
    skipped: int = 0
    owed: list[tuple[str, int]] = field(default_factory=list)  # of every part that was split, what its own have not had
    doubts: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, checkpoint: Checkpoint | None) -> _State:
        if checkpoint is None:
            return cls()
        values = json.loads(checkpoint.token)
        todo = [Part(*part[:3], *map(_bound, part[3:])) for part in values.pop("todo")]
        owed = [(query, count) for query, count in values.pop("owed")]
        return cls(todo=todo, owed=owed, **values)

    def checkpoint(self) -> Checkpoint:
        values = {name: getattr(self, name) for name in self.__slots__ if name not in {"todo", "owed", "start"}}
        todo = [[p.query, p.parent, p.prefix, _text(p.low), _text(p.high)] for p in self.todo]
        token = json.dumps({**values, "todo": todo, "owed": self.owed})
        return Checkpoint(token, listed=self.listed, expected=self.expected, nameless=self.nameless)


def _bound(text: str | int | None) -> int | date | None:
    return date.fromisoformat(text) if isinstance(text, str) else text


def _text(bound: int | date | None) -> str | int | None:
    return bound.isoformat() if isinstance(bound, date) else bound


@dataclass(slots=True)
class _Sweep:
    """One pass over everything."""

    library: Library
    sru: Sru
    http: PatientSession
    access: Access
    now: Callable[[], datetime]
    state: _State
    size: int = 0  # records to ask for; smaller while a page cannot be had
    seen: set[int] = field(default_factory=set)  # hashes of what came of the part at hand
    different: int = 0  # what came of it and could not be read

    async def begin(self) -> None:
        """Asks how much there is, and lays out the first parts."""
        self.size = self.sru.page_size
        if self.state.begun:
            return
        self.state.begun = True
        whole = first_part(self.sru)
        if self.sru.everything and self.sru.part:
            self.state.expected = (await self._ask(self.sru.everything, 1, 1)).count
        if whole.prefix == "":
            # What all prefixes of one letter find is measured against everything there is.
            self.state.owed.append((self.sru.everything or "all prefixes", self.state.expected or 0))
            self.state.todo = split(self.sru, whole, 0)[::-1]
        else:
            self.state.owed.append((self.sru.everything, self.state.expected or 0))
            self.state.todo = [Part(whole.query, 0, low=whole.low, high=whole.high)]

    async def next_page(self) -> Page | None:
        """The next page of the part at hand; absent when there is nothing of it to store."""
        state, part = self.state, self.state.todo[-1]
        try:
            got = await self._ask(part.query, state.start, self.size)
        except ResultTooLarge as exc:
            self._make_smaller(part, state.count or 0, str(exc))
            return None
        except AnswerRefused:
            # One record may be what the server breaks at: fewer at a time, at last without the one.
            if self.size > 1:
                self.size = max(1, self.size // SHRINK)
                return None
            if state.skipped >= MAX_SKIPPED:
                raise
            return await self._skipped(part)
        if state.count is None:
            state.count = got.count
            self._settle(part, got.count)
            if not got.exact:
                state.doubts.append(f"{part.query}: the server only estimates that it finds {got.count:,} records")
            if got.count >= self.sru.max_results and self._make_smaller(part, got.count):
                return None
        elif got.count != state.count:
            return self._begin_anew(part, got)
        return self._taken(part, got)

    def missing(self) -> list[str]:
        """In words, what the server could not give, and which parts hold more than the parts they were split into."""
        skipped = self.state.skipped
        return [f"the server could not give {skipped:,} of the records it counts"] * bool(skipped) + [
            f"{query or 'everything'}: {count:,} records are in no part of it; see harvest.sru.part"
            for query, count in self.state.owed
            if count > 0
        ]

    def _taken(self, part: Part, got: Found) -> Page:
        state = self.state
        state.listed += got.given
        state.nameless += got.nameless
        state.start += got.given
        self.size = min(self.sru.page_size, self.size * SHRINK)
        self.seen.update(hash((record.identifier, record.payload)) for record in got.records)
        self.different += len(got.refused)
        if got.given or not got.count:
            self._end_of_part(part)
        else:
            state.doubts.append(f"{part.query}: it finds {got.count:,} records and gave {state.start - 1:,}")
            self._next_part()
        return Page(got.records, got.refused, got.repairs, state.expected, state.checkpoint())

    def _end_of_part(self, part: Part) -> None:
        """Goes to the next part when this one has come whole, and says so when it has not."""
        count, given = self.state.count or 0, self.state.start - 1
        if given < count:
            return
        different = len(self.seen) + self.different
        if different != count:
            self.state.doubts.append(f"{part.query}: it finds {count:,} records and gave {different:,} different ones")
        self._next_part()

    def _settle(self, part: Part, count: int) -> None:
        if part.parent is not None:
            query, owed = self.state.owed[part.parent]
            self.state.owed[part.parent] = (query, owed - count)

    def _make_smaller(self, part: Part, count: int, said: str = "") -> bool:
        """Puts smaller parts in place of one, or notes that it is not listed whole; whether there are any."""
        state = self.state
        smaller = split(self.sru, part, len(state.owed))
        if not smaller:
            if said:  # nothing more is given of it
                state.doubts.append(f"{part.query}: {said}, and it cannot be split; see harvest.sru.part")
                self._next_part()
            elif count == self.sru.max_results:
                state.doubts.append(f"{part.query}: {count:,} records, as many as the server gives at most, or more")
            return False
        state.owed.append((part.query, count))
        self._next_part()
        state.todo += smaller[::-1]
        return True

    def _next_part(self) -> None:
        self.state.todo.pop()
        self.state.count, self.state.anew = None, 0
        self._read_from_its_start()

    def _read_from_its_start(self) -> None:
        self.state.start, self.different = 1, 0
        self.seen.clear()

    def _begin_anew(self, part: Part, got: Found) -> Page | None:
        """The part changed while it was read, so positions have moved: it is read again."""
        state = self.state
        if state.anew >= MAX_BEGUN_ANEW:
            state.doubts.append(f"{part.query}: it keeps changing while it is read")
            state.count = got.count
            return self._taken(part, got)
        self._settle(part, got.count - (state.count or 0))
        state.anew += 1
        state.count = got.count
        self._read_from_its_start()
        return None

    async def _skipped(self, part: Part) -> Page | None:
        """A page that says which record the server could not give; absent when there is none at that place.

        Raises: AnswerRefused when the server does not even say how many records there are: then it is ill.
        """
        state = self.state
        got = await self._ask(part.query, 1, 0)
        if state.count is None:
            state.count = got.count
            self._settle(part, got.count)
        if state.start > state.count:
            self._end_of_part(part)
            return None
        name = f"{part.query}@{state.start}"
        refused = Quarantined(self.library.code, name, "harvest", "", "the server cannot give this record", self.now())
        state.skipped += 1
        state.nameless += 1
        state.start += 1
        state.listed += 1
        self.different += 1
        self._end_of_part(part)
        return Page((), (refused,), 0, state.expected, state.checkpoint())

    async def _ask(self, query: str, start: int, most: int) -> Found:
        def read(answer: Answer) -> Found:
            return found(answer, self.library.code, query, start, self.now())

        url = request_url(self.library.harvest.url, self.sru, query, start, most)
        return (await self.http.ask(url, Patience.of(self.library.harvest), read, access=self.access)).value
