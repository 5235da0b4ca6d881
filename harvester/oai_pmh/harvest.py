"""One visit over OAI-PMH: set by set and window by window, to an end that is proven or said not to be.

A window whose pages cannot be had is made smaller until what stands in the way is alone. What then cannot be had is
fetched record by record, and what even so cannot be had is quarantined by name.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from harvester.errors import (
    AccessRefused,
    ComeBackLater,
    FormatRefused,
    HarvestFailed,
    HostUnknown,
    ProtocolFailed,
    SourceUnreachable,
    TokenRefused,
)
from harvester.http import Answer
from harvester.oai_pmh.listing import SHORTFALL, Listing, P, Selection
from harvester.oai_pmh.opening import (
    introduced,
    is_selective,
    offered_prefixes,
    prefixes,
    sets_to_list,
    window_since,
)
from harvester.oai_pmh.plan import EARLIEST, Plan, Window
from harvester.oai_pmh.server import Server
from harvester.oai_pmh.single import Fetching
from harvester.oai_records import FOREIGN, NAMELESS, Reading, instant
from harvester.oai_xml import Headers, Listed, headers, listed
from harvester.page import End, Page, Visit, nobody_is_told
from harvester.raw_record import Quarantined, RawRecord
from harvester.store import Checkpoint

MAX_FAILURES = 400  # windows made smaller in one run: some poison records, not a broken server
HOPELESS = 8  # windows that fail before one page was accepted: nothing can be had here
ELSEWHERE = 3  # windows that fail before one page was accepted: what can be had is asked for first
LESS_PATIENT = 1  # retries where failure is expected
BETWEEN_WINDOWS = "records may be missing: they had to be asked for in small windows of time"

Lost = (SourceUnreachable, TokenRefused)
"""What a smaller window may help against."""

LeftAlone = (ComeBackLater, HostUnknown)
"""… and what it cannot: the server asks for time, or is not there."""


@dataclass(slots=True)
class Harvesting:
    """Where a visit stands."""

    visit: Visit
    server: Server
    plan: Plan = field(default_factory=lambda: Plan([]))
    prefixes: list[str] = field(default_factory=list)  # to be tried, the first one now
    server_time: datetime | None = None
    checkpoint: Checkpoint | None = None  # of the last page given
    accepted: int = 0  # pages, since this process began
    failed: int = 0  # windows, since this process began

    async def pages(self) -> AsyncGenerator[Page, None]:
        """The pages of the visit; the last has the end.

        Raises: HarvestFailed, of any kind but DumpUnusable and RunTakenOver.
        """
        visit = self.visit
        self.checkpoint = visit.checkpoint
        await introduced(self.server)
        self.prefixes = await prefixes(self.server)
        async for retried in self._fetching().retried(visit.retry):
            yield replace(retried, checkpoint=self.checkpoint)
        at = visit.checkpoint or Checkpoint("")
        if at.plan:
            self.plan = Plan.loaded(at.plan)
        else:
            self.plan = Plan.begin(await sets_to_list(self.server), window_since(self.server, visit.since))
        self.server_time = at.server_time
        if self.plan.is_done:
            yield self._last()
            return
        while True:
            async for page in self._window(at):
                self.checkpoint = page.checkpoint
                yield page
                if page.end is not None:
                    return
            at = self._fresh()

    async def _window(self, at: Checkpoint) -> AsyncGenerator[Page, None]:
        """The pages of the window under way, from its beginning or a checkpoint."""
        plan = self.plan
        if plan.in_doubt or plan.comparing:
            async for found in self._verified():
                yield found
            return
        listing = self._listing("ListRecords", listed, plan.windows[0], at, in_question=at.requested_at is not None)
        listing.unseen = self.visit.unseen if at.token else None
        try:
            while True:
                page = await listing.next_page()
                self.accepted += 1
                self.server_time = self.server_time or listing.at.server_time
                if self._is_foreign(listing, page) or self._gives_nothing(listing):
                    self.prefixes.pop(0)
                    return
                refused = tuple(_placed(item, listing.at.pages) for item in page.refused)
                if listing.ended:
                    break
                records = await self._settled(page.records)
                place = listing.place(plan.dumped())
                yield Page(records, refused, page.repairs, listing.at.expected, place)
        except FormatRefused as exc:
            await self._choose_again(exc)
            return
        except Lost as exc:
            if isinstance(exc, LeftAlone):
                raise
            async for smaller in self._narrowed(exc):
                yield smaller
            return
        finally:
            listing.close()
        self._add_up(listing)
        plan.promised = listing.at.expected
        if self.visit.unseen is not None:
            plan.in_doubt = listing.doubt or listing.slight
        elif listing.doubt:
            plan.doubt(listing.doubt)
        if not plan.in_doubt:
            self._advance()
        records = await self._settled(page.records)
        # Even the last page has a place after it: who is killed before the run is finished goes on to its end.
        last = replace(self._last(), records=records, refused=refused)
        yield replace(last, repairs=page.repairs, expected=listing.at.expected)

    async def _narrowed(self, failure: HarvestFailed) -> AsyncGenerator[Page, None]:
        """Puts smaller windows in place of the one that failed; what cannot be made smaller, record by record.

        Raises: the failure, when the whole server is ill or does not honour dates.
        """
        plan = self.plan
        plan.failures += 1
        self.failed += 1
        hopeless = self.failed >= HOPELESS and self.accepted == 0
        if hopeless or plan.failures > MAX_FAILURES or not is_selective(self.server):
            raise failure
        try:
            await self.server.identify(retries=LESS_PATIENT)
        except HarvestFailed as exc:
            raise failure from exc
        halves = self._halves()
        if halves is None:
            async for page in self._one_by_one(failure):
                yield page
            return
        # Perhaps all records are of one day, and one breaks them.
        plan.narrow(halves, last=self.accepted == 0 and self.failed >= ELSEWHERE)
        yield Page((), checkpoint=self._fresh())

    def _halves(self) -> tuple[Window, Window] | None:
        """What is put in place of the window under way; absent when it cannot be made smaller."""
        dialect = self.server.dialect
        earliest = instant(str(dialect["earliest_datestamp"])) or EARLIEST
        latest = self.server_time or self.server.now()
        return self.plan.windows[0].halves(max(earliest, EARLIEST), latest, dialect.granule)

    async def _one_by_one(self, failure: HarvestFailed) -> AsyncGenerator[Page, None]:
        """The records of the window under way, each asked for by name."""
        plan = self.plan
        listing = self._listing("ListIdentifiers", headers, plan.windows[0], Checkpoint(""))
        fetching = self._fetching()
        try:
            while not listing.ended:
                page = await listing.next_page()
                async for found in fetching.missing(page):
                    yield replace(found, checkpoint=self._fresh())
        except (ProtocolFailed, SourceUnreachable) as exc:
            if isinstance(exc, LeftAlone):
                raise
            await fetching.still_well(exc)
            plan.doubt(f"records cannot be had, nor their names: {failure}")
        finally:
            listing.close()
        if listing.doubt or fetching.too_many:
            plan.doubt(listing.doubt or fetching.too_many)
        self._add_up(listing)
        self._advance()
        yield self._last()

    async def _verified(self) -> AsyncGenerator[Page, None]:
        """Compares the names the server lists with those that came, and fetches what is missing; then all is well.

        A set that was listed in windows is compared as a whole: servers that take ``until`` for excluded, or for the
        first second of its day, give what stands at the border of two windows in neither. Where names cannot be had as
        a whole, they are listed in windows that overlap.
        """
        plan = self.plan
        window, granule = plan.windows[0], self.server.dialect.granule
        asked = window if window == plan.whole else window.widened(granule)
        listing = self._listing("ListIdentifiers", headers, asked, Checkpoint(""))
        fetching = self._fetching()
        doubt = plan.in_doubt or BETWEEN_WINDOWS
        try:
            while not listing.ended:
                page = await listing.next_page()
                async for found in fetching.missing(page):
                    yield replace(found, checkpoint=self._fresh())
            promised = plan.promised if self.visit.library.harvest.believe_sizes and not plan.comparing else None
            enough = promised is None or listing.given >= promised * (1 - SHORTFALL)
            if enough and not listing.doubt and not fetching.too_many:
                doubt = ""
            elif plan.comparing and listing.doubt:
                doubt = f"{doubt}; comparing names: {listing.doubt}"
        except (ProtocolFailed, SourceUnreachable) as exc:
            if isinstance(exc, LeftAlone):
                raise
            halves = self._halves() if plan.comparing and isinstance(exc, Lost) else None
            if halves is not None and plan.failures <= MAX_FAILURES:
                plan.failures += 1
                plan.narrow(halves)
                yield Page((), checkpoint=self._fresh())
                return
            doubt = f"{doubt}; comparing names failed too: {exc}"
        finally:
            listing.close()
        if doubt:
            plan.doubt(doubt)
        plan.listed += listing.at.listed
        self._advance()
        yield self._last()

    def _advance(self) -> None:
        self.plan.advance(compares=self.visit.unseen is not None)

    def _last(self) -> Page:
        """A page without records after a window that was not listed to its end in the usual way."""
        return Page((), checkpoint=self._fresh(), end=self._end() if self.plan.is_done else None)

    def _end(self) -> End:
        if self.plan.whole.start is None and not self.plan.listed and not self.visit.known:
            self.plan.doubt(f"the server lists no record at all in the format {self.prefixes[0]}")
        reason = "; ".join(self.plan.doubts)
        mark = self.server_time or self.visit.started_at
        return End(not reason, mark.isoformat(), reason, self.plan.nameless)

    async def _settled(self, records: tuple[RawRecord, ...]) -> tuple[RawRecord, ...]:
        """The records with deletions that count: of several sets, a record deleted in one may be in another."""
        if len(self._sets) < 2 or not any(record.deleted for record in records):
            return records
        if self.plan.whole.start is None:  # what is in none of them is absent from this full list
            return tuple(record for record in records if not record.deleted)
        fetching = self._fetching()
        settled: list[RawRecord] = []
        for record in records:
            news = await fetching.confirmed(record) if record.deleted else record
            if news is None:
                self.plan.doubt(f"whether {record.identifier} has left all sets could not be found out")
            else:
                settled.append(news)
        return tuple(settled)

    async def _choose_again(self, refusal: FormatRefused) -> None:
        """Goes on with another prefix, from the beginning.

        Raises: AccessRefused when there is none.
        """
        offered = await offered_prefixes(self.server)
        refused = self.prefixes.pop(0)
        if self.visit.library.harvest.metadata_prefix:
            raise AccessRefused(f"{refusal}; it offers {', '.join(offered)}") from refusal
        if self.server.dialect["metadata_prefix"]:
            # Records came in a format that is no more: all of them have to come anew, whatever changed.
            self.server.dialect.learn("metadata_prefix", None)
            self.plan = Plan.begin(self._sets, Window())
            self.prefixes = [prefix for prefix in offered if prefix != refused]
        if not self.prefixes:
            raise AccessRefused(f"{refusal}; it offers {', '.join(offered)}") from refusal

    def _is_foreign(self, listing: Listing[Listed], page: Listed) -> bool:
        """Whether a prefix that promised MARC gives something else, and another one can be tried."""
        dialect = self.server.dialect
        if listing.pages > 1 or dialect["metadata_prefix"] or self.visit.library.harvest.metadata_prefix:
            return False
        live = [record for record in page.records if record.payload]
        if not live and page.refused and all(FOREIGN in item.reason for item in page.refused):
            return len(self.prefixes) > 1
        if live:
            dialect.learn("metadata_prefix", self.prefixes[0])
        return False

    def _gives_nothing(self, listing: Listing[Listed]) -> bool:
        """Whether a list of everything is empty in a prefix that nobody chose, and another one can be tried.

        Servers offer MARC that they have no record in.
        """
        chosen = self.server.dialect["metadata_prefix"] or self.visit.library.harvest.metadata_prefix
        whole = self.plan.whole.start is None and not self.plan.split
        return listing.ended and not listing.given and whole and not chosen and len(self.prefixes) > 1

    def _listing(
        self,
        verb: str,
        read: Callable[[Answer, Reading], P],
        window: Window,
        at: Checkpoint,
        *,
        in_question: bool = False,
        chosen: str = "",
    ) -> Listing[P]:
        return Listing(
            server=self.server,
            verb=verb,
            read=read,
            selection=Selection(
                self.prefixes[0], chosen or (self.plan.sets[0] if self.plan.sets else ""), window.start, window.until
            ),
            requesting=self.visit.requesting if verb == "ListRecords" else nobody_is_told,
            started_at=self.visit.started_at,
            at=replace(at, server_time=self.server_time or at.server_time),
            in_question=in_question,
            known=self.visit.known,
            retries=LESS_PATIENT if self.plan.failures else None,
        )

    def _fetching(self) -> Fetching:
        return Fetching(self.server, self.prefixes[0], self.visit)

    @property
    def _sets(self) -> list[str]:
        harvest = self.visit.library.harvest
        return list(harvest.sets) or [harvest.set]

    def _add_up(self, listing: Listing[Listed] | Listing[Headers]) -> None:
        self.plan.listed += listing.at.listed
        self.plan.nameless += listing.at.nameless

    def _fresh(self) -> Checkpoint:
        """The beginning of the window under way."""
        return Checkpoint("", server_time=self.server_time, plan=self.plan.dumped())


def _placed(item: Quarantined, page: int) -> Quarantined:
    """A refused record without a name, with the page of its list."""
    return replace(item, field=f"page {page}, {item.field}") if item.identifier.startswith(NAMELESS) else item
