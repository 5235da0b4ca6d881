"""A member's records over SRU, for servers that offer nothing else: every harvest lists everything.

A server gives only so many records of one query, and some stop there in silence. So the catalogue is asked for in
parts, a part that is too large is split, and a list is whole only when every number agrees: what came with what
each query found, and the parts with the whole they were split from. A number may itself be where the server stops
counting: what says so (parts that hold more than their whole, the same number twice) makes that the limit from there
on, and what no other number bears out is unverified.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from yarl import URL

from harvester.access import Access
from harvester.errors import AccessRefused, AnswerRefused, ProtocolFailed
from harvester.http import Answer, Patience, PatientSession, address
from harvester.page import End, Page, Visit
from harvester.sru_parts import Part, first_part, split
from harvester.sru_proof import in_few_words, looks_like_a_limit, outside, parted, verdict
from harvester.sru_state import State, Whole
from harvester.sru_xml import Found, ResultTooLarge, found
from harvester.store import Quarantined, utc_now
from mappings.library import Library
from mappings.sru import Sru

MAX_BEGUN_ANEW = 2  # of one part whose size changes while it is read
MAX_LAID_OUT = 4  # times that parts are laid out for a lower limit than was known
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
    sweep = _Sweep(library, library.harvest.sru, visit.http, Access.of(library), now, State.of(visit.checkpoint))
    stopped_at = visit.traits.get("most_results")
    if isinstance(stopped_at, int) and sweep.state.limit is None:
        sweep.state.limit = stopped_at
    await sweep.begin()
    unproven = None
    while unproven is None:
        while sweep.state.todo:
            page = await sweep.next_page()
            if page is not None:
                yield page
        unproven = await sweep.unproven()
    doubt = in_few_words(list(map(parted, [*sweep.state.doubts, *unproven])))
    end = End(not doubt, now().isoformat(), doubt, sweep.state.nameless)
    learnt = {} if sweep.state.limit in (None, stopped_at) else {"most_results": sweep.state.limit}
    yield Page((), expected=sweep.state.expected, checkpoint=sweep.state.checkpoint(), end=end, learnt=learnt)


@dataclass(slots=True)
class _Sweep:
    """One pass over everything."""

    library: Library
    sru: Sru
    http: PatientSession
    access: Access
    now: Callable[[], datetime]
    state: State
    size: int = 0  # records to ask for; smaller while a page cannot be had
    seen: set[int] = field(default_factory=set)  # hashes of what came of the part at hand
    different: int = 0  # what came of it and could not be read

    async def begin(self) -> None:
        """Asks how much there is, and lays out the first parts."""
        self.size = self.sru.page_size
        if self.state.begun:
            return
        self.state.begun = True
        if self.sru.everything and self.sru.part:
            self.state.expected = await self._count(self.sru.everything)
        self._lay_out()

    @property
    def limit(self) -> int:
        """The most records that the server gives of one query, or counts, as far as is known."""
        return min(self.sru.max_results, self.state.limit or self.sru.max_results)

    def _lay_out(self) -> None:
        """Begins with the parts that everything is first asked for in."""
        state, whole = self.state, first_part(self.sru)
        everything = Part(self.sru.everything, prefix=whole.prefix, low=whole.low, high=whole.high)
        count = state.limit if state.expected is None and self.sru.everything else state.expected
        state.wholes = [Whole(everything, count)] if self.sru.part else []
        state.largest, state.largest_count, state.example = None, 0, ""
        state.todo = self._first_parts(0 if self.sru.part else None)[::-1]

    def _first_parts(self, number: int | None) -> list[Part]:
        whole = first_part(self.sru)
        if whole.prefix == "":
            return split(self.sru, whole, number or 0)
        return [Part(whole.query, number, low=whole.low, high=whole.high)]

    async def next_page(self) -> Page | None:
        """The next page of the part at hand; absent when there is nothing of it to store."""
        state, part = self.state, self.state.todo[-1]
        try:
            got = await self._ask(part.query, state.start, self.size)
        except ResultTooLarge as exc:
            self._make_smaller(part, state.count, str(exc))
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
            if await self._whole_is_too_small(part):
                return None
            if got.count >= self.limit and self._make_smaller(part, got.count):
                return None
            if got.count > state.largest_count:
                names = [record.identifier for record in got.records]
                state.largest, state.largest_count, state.example = part, got.count, next(iter(names), "")
        elif got.count != state.count:
            return self._begin_anew(part, got)
        return self._taken(part, got)

    async def unproven(self) -> list[str] | None:
        """In words, what the numbers leave open once every part was read; None when there are parts to be read again,
        because the server was found to count no further than some number."""
        state = self.state
        left = [f"the server could not give {state.skipped:,} of the records it counts"] * bool(state.skipped)
        for whole in state.wholes:
            left += await self._open_of(whole)
        if state.todo:
            return None
        whole_count = state.wholes[0].count if state.wholes else None
        by_whole = whole_count is not None and state.largest_count < whole_count == state.wholes[0].had
        if state.largest is None or by_whole or state.doubts or left:
            return left
        stated = await self._count(state.largest.query) or state.largest_count  # it may have changed since
        found_out = await verdict(self._count, self.sru, state.largest, stated, state.example)
        if found_out == "limit" and self._lower_limit(stated):
            return None
        if found_out == "exact" or (found_out == "unknown" and not self.sru.part and not looks_like_a_limit(stated)):
            return left
        words = "is where it stops counting" if found_out == "limit" else "may be the most it gives of one query"
        return [
            *left,
            f"{state.largest.query}: the server says {stated:,} records, which {words}; see harvest.sru.part",
        ]

    async def _open_of(self, whole: Whole) -> list[str]:
        """What is open of one part that was split."""
        name = whole.part.query or "everything"
        if whole.count is not None and whole.count not in {whole.had, self.limit}:
            whole.count = await self._count(whole.part.query)  # it may have changed since
        if whole.count is not None:
            if whole.had < whole.count != self.limit:
                return [f"{name}: {whole.count - whole.had:,} records are in no part of it; see harvest.sru.part"]
            if whole.had == whole.count != self.limit:
                return []
        if not whole.part.query:
            return ["no query finds everything, so nothing tells whether the parts do; see harvest.sru.everything"]
        parts = split(self.sru, whole.part, 0) if whole is not self.state.wholes[0] else self._first_parts(None)
        beyond = await outside(self._count, self.sru, whole.part.query, parts)
        if beyond == 0:
            return []
        if beyond:
            return [f"{name}: {beyond:,} records are in no part of it; see harvest.sru.part"]
        return [f"{name}: its number is only a limit, and nothing else tells whether its parts hold all of it"]

    async def _whole_is_too_small(self, part: Part) -> bool:
        """Whether the parts of some part hold more than it, and all of them were laid out again for that."""
        if part.parent is None:
            return False
        whole = self.state.wholes[part.parent]
        if whole.count is None or whole.had <= whole.count or whole.count >= self.limit:
            return False
        whole.count = await self._count(whole.part.query)  # it may have grown
        return whole.count is not None and whole.had > whole.count and self._lower_limit(whole.count)

    def _lower_limit(self, limit: int) -> bool:
        """Begins anew with parts below this number; not when there is no way to, or it was done too often."""
        state = self.state
        if not self.sru.part or limit >= self.limit or state.laid_out >= MAX_LAID_OUT:
            return False
        state.limit, state.expected = limit, None
        state.laid_out += 1
        state.listed = state.nameless = state.skipped = 0
        state.doubts.clear()
        state.count, state.anew = None, 0
        self._read_from_its_start()
        self._lay_out()
        return True

    async def _count(self, query: str) -> int | None:
        """How many records a query finds; None when the server would not say."""
        try:
            return (await self._ask(query, 1, 1)).count
        except (ProtocolFailed, AccessRefused, AnswerRefused, ResultTooLarge):
            return None

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
            self.state.wholes[part.parent].had += count

    def _make_smaller(self, part: Part, count: int | None, said: str = "") -> bool:
        """Puts smaller parts in place of one, or notes that it is not listed whole; whether there are any."""
        state = self.state
        smaller = split(self.sru, part, len(state.wholes))
        if not smaller:
            if said:  # nothing more is given of it
                state.doubts.append(f"{part.query}: {said}, and it cannot be split; see harvest.sru.part")
                self._next_part()
            elif count == self.limit:
                state.doubts.append(f"{part.query}: {count:,} records, as many as the server gives at most, or more")
            return False
        state.wholes.append(Whole(part, count))
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
