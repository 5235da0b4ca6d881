"""A member's records over OAI-PMH 2.0, page by page, to an end that is proven or said not to be.

The list ends only with an accepted page of the asked verb without a resumption token. Everything else that looks
like an end — an empty page, an error, a page of HTML, a token that comes again — is not one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from yarl import URL

from harvester.errors import ProtocolFailed, TokenRefused
from harvester.http import Answer, Asked, Patience, PatientSession, address
from harvester.oai_records import Reading, instant
from harvester.oai_xml import Listed, identity, is_protocol_error, listed
from harvester.page import End, Page
from harvester.store import Checkpoint, utc_now
from mappings.library import Library

OVERLAP = timedelta(hours=1)
OVERLAP_OF_DAYS = timedelta(days=1)  # for servers that know no hours
CLOCK_TOLERANCE = timedelta(minutes=10)
MAX_RESTARTS = 2  # of one window, after which the server is given up
MAX_EMPTY_PAGES = 50  # one after another
MAX_TIMES_EXPECTED = 3  # a list this much longer than stated, and than ever seen, does not end
NEVER_TOO_LONG = 100_000  # … but not below this many records: stated sizes are often those of a page
SHORTFALL = 0.01  # of the stated size

PROTOCOL_ARGUMENTS = {"verb", "metadataPrefix", "set", "from", "until", "resumptionToken", "identifier"}


def source_of(library: Library) -> str:
    """What the run is bound to: another address, set or prefix is another list."""
    return f"oai-pmh {library.harvest.url} set={library.harvest.set} prefix={library.harvest.metadata_prefix}"


def request_url(base: str, arguments: dict[str, str]) -> URL:
    """The URL of a request; a query in the base URL is kept but for arguments of the protocol.

    Values are percent-encoded entirely, because tokens are opaque and may hold any character.

    Raises: AccessRefused when the base is no address.
    """
    bare, _, own = base.partition("#")[0].partition("?")
    kept = [item for item in own.split("&") if item and item.partition("=")[0] not in PROTOCOL_ARGUMENTS]
    query = "&".join([*kept, *(f"{name}={quote(value, safe='')}" for name, value in arguments.items())])
    return address(f"{bare}?{query}")


async def pages(
    library: Library,
    http: PatientSession,
    *,
    since: str = "",
    checkpoint: Checkpoint | None = None,
    known: int = 0,
    started_at: datetime | None = None,
    now: Callable[[], datetime] = utc_now,
) -> AsyncGenerator[Page, None]:
    """The pages of a list: of everything, or of what changed ``since`` a watermark; from a checkpoint if given.

    ``known`` is how many records are there already, ``started_at`` when the run began. When the token is refused
    the same list begins anew, so records may come twice.

    Raises: HarvestFailed, of any kind but DumpUnusable and RunTakenOver.
    """
    at, resumed = checkpoint or Checkpoint(""), checkpoint is not None
    listing = _Listing(library, http, since, known, started_at or now(), now, at, resumed)
    while True:
        page = await listing.next_page()
        if page is not None:
            yield page
            if page.end is not None:
                return


@dataclass(slots=True)
class _Listing:
    """Where one pass over the list stands."""

    library: Library
    http: PatientSession
    since: str
    known: int
    started_at: datetime
    now: Callable[[], datetime]
    at: Checkpoint  # with an empty token the first page comes next
    resumed: bool  # the next request may have been sent before, by a process that is gone
    restarts: int = 0
    empty_pages: int = 0
    prefix_with_token: bool = False
    seconds: bool | None = None  # None: the server has not been asked yet
    seen: set[tuple[str, int]] = field(default_factory=set)

    async def next_page(self) -> Page | None:
        """The next page; absent when the list has to begin anew first."""
        try:
            asked = await self._ask()
        except TokenRefused as exc:
            self._begin_anew(str(exc))
            return None
        answer = asked.value
        in_question = self.at.token != "" and (asked.disturbed or self.resumed)
        self.resumed = False
        suspect = self.at.suspect
        if in_question:
            # A server that forgets a token once it was used answers the repetition with the page after the next.
            expected_cursor, cursor = self.at.next_cursor, answer.cursor
            if None not in (expected_cursor, cursor) and cursor != expected_cursor and self.restarts < MAX_RESTARTS:
                self._begin_anew("a page was skipped")
                return None
            suspect = suspect or cursor is None or cursor != expected_cursor
        self._refuse_loops(answer)
        server_time = self.at.server_time or self._server_time(asked)
        after_token = self.at.token != ""
        self.at = Checkpoint(
            token=answer.token or "",
            pages=self.at.pages + 1,
            listed=self.at.listed + answer.count,
            next_cursor=None if answer.cursor is None else answer.cursor + answer.count,
            expected=answer.complete_list_size or self.at.expected,
            suspect=suspect,
            nameless=self.at.nameless + answer.nameless,
            server_time=server_time,
        )
        self._refuse_endlessness()
        end = None
        if answer.token is None:
            reason = self._doubt(answer, after_token=after_token)
            end = End(not reason, server_time.isoformat(), reason, self.at.nameless)
        checkpoint = None if end else self.at
        return Page(answer.records, answer.refused, answer.repairs, self.at.expected, checkpoint, end)

    async def _ask(self) -> Asked[Listed]:
        try:
            return await self._request(await self._arguments())
        except TokenRefused:
            raise
        except ProtocolFailed:
            # Some servers want the prefix with the token, which the protocol forbids (§3.5); some announce
            # seconds and refuse them. Each is tried once and then remembered for the run.
            if self.at.token != "" and not self.prefix_with_token:
                self.prefix_with_token = True
            elif self.at.token == "" and self.since and self.seconds:
                self.seconds = False
            else:
                raise
            return await self._request(await self._arguments())

    async def _request(self, arguments: dict[str, str]) -> Asked[Listed]:
        def read(answer: Answer) -> Listed:
            return listed(answer, Reading(self.library.code, self.now()))

        harvest = self.library.harvest
        return await self.http.ask(
            request_url(harvest.url, {"verb": "ListRecords", **arguments}),
            Patience.of(harvest),
            read,
            is_answer=lambda answer: answer.ok or is_protocol_error(answer),
        )

    async def _arguments(self) -> dict[str, str]:
        harvest = self.library.harvest
        prefix = {"metadataPrefix": harvest.metadata_prefix}
        if self.at.token != "":
            return {"resumptionToken": self.at.token, **(prefix if self.prefix_with_token else {})}
        selection = {"set": harvest.set} if harvest.set else {}
        if self.since:
            selection["from"] = await self._from()
        return {**prefix, **selection}

    async def _from(self) -> str:
        """The lower bound of an incremental list: the watermark less an overlap, as fine as the server knows it."""
        if self.seconds is None:
            url = request_url(self.library.harvest.url, {"verb": "Identify"})
            self.seconds = (await self.http.ask(url, Patience.of(self.library.harvest), identity)).value.seconds
        mark = instant(self.since)
        if mark is None:
            raise ProtocolFailed(f"the watermark {self.since!r} is no date; harvest this library in full")
        if self.seconds:
            return (mark - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (mark - OVERLAP_OF_DAYS).strftime("%Y-%m-%d")

    def _server_time(self, asked: Asked[Listed]) -> datetime:
        """The server's time at the first page: its response date, else its Date header, else the run's beginning.

        A server far ahead of us is taken back to our time, which only widens the overlap.
        """
        stated = asked.value.response_date or asked.answer.date or self.started_at
        return stated if stated <= self.now().astimezone(UTC) + CLOCK_TOLERANCE else self.started_at

    def _begin_anew(self, why: str) -> None:
        if self.at.token == "":
            raise ProtocolFailed(f"{why} (though none was sent)")
        if self.restarts >= MAX_RESTARTS:
            raise ProtocolFailed(f"{why}; the list was begun anew {self.restarts} times")
        self.restarts += 1
        self.at = Checkpoint("", server_time=self.at.server_time)
        self.seen.clear()
        self.empty_pages = 0
        self.resumed = False

    def _refuse_loops(self, answer: Listed) -> None:
        if answer.token is None:
            return
        if answer.count == 0:
            self.empty_pages += 1
            if self.empty_pages > MAX_EMPTY_PAGES:
                raise ProtocolFailed(f"{MAX_EMPTY_PAGES} empty pages one after another")
            return
        self.empty_pages = 0
        # A token may stay the same while the pages change, so the token alone proves nothing.
        names = [record.identifier for record in answer.records] + [item.identifier for item in answer.refused]
        page = (answer.token, hash(tuple(names)))
        if page in self.seen:
            raise ProtocolFailed("the list goes round in circles: a page came again")
        self.seen.add(page)

    def _refuse_endlessness(self) -> None:
        stated = max(self.known, self.at.expected or 0)
        if self.at.expected and self.at.listed > max(MAX_TIMES_EXPECTED * stated, NEVER_TOO_LONG):
            raise ProtocolFailed(f"the list does not end: {self.at.listed:,} records of {self.at.expected:,}")

    def _doubt(self, answer: Listed, *, after_token: bool) -> str:
        """Why this end proves nothing; "" when it is proven."""
        at = self.at
        complete = at.expected is not None and at.listed >= at.expected
        if answer.count == 0 and not complete and (after_token or not answer.nothing_matches):
            return f"the list broke off with an empty page after {at.listed:,} records"
        if at.suspect and not complete:
            return "a page may have been skipped when a request had to be sent again"
        if at.expected is not None and at.listed < at.expected * (1 - SHORTFALL):
            return f"the list gave {at.listed:,} records and promised {at.expected:,}"
        return ""
