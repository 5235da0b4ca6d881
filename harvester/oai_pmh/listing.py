"""One list followed page by page to its end, and what that end proves.

The list ends only with an accepted page of the asked verb without a resumption token. Everything else that looks
like an end — an empty page, an error, a page of HTML, a token that comes again — is not one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from harvester.errors import ArgumentRefused, FilterLost, ProtocolFailed, TokenRefused
from harvester.http import Answer
from harvester.http import Asked as AskedOnce
from harvester.oai_pmh.dialect import CLOCK_TOLERANCE, DAY, QUOTED, SECOND, VERBATIM
from harvester.oai_pmh.distinct import Distinct
from harvester.oai_pmh.server import Server
from harvester.oai_records import Asked, Reading
from harvester.oai_signs import kind_of
from harvester.oai_xml import ListPage
from harvester.store import Checkpoint

MAX_RESTARTS = 2  # of one list, after which it is given up or made smaller
MAX_EMPTY_PAGES = 50  # one after another
MAX_REPEATED_PAGES = 50  # whose records all came before, one after another, under tokens of their own
MAX_TIMES_EXPECTED = 3  # a list this much longer than stated, and than ever seen, does not end
NEVER_TOO_LONG = 100_000  # … but not below this many records: stated sizes are often those of a page
SHORTFALL = 0.01  # of the stated size: an estimate may be so far off, but names are compared before that is believed
MOSTLY = 0.5  # of a page's names came before: a page of an earlier answer in place of the one asked for
MAX_STRANGERS = 0.2  # of the records listed
FULL_PAGE = 10  # records, or so many times that: how large servers make their pages
FEW = 20  # records are too few to tell a habit by, before the list has ended

P = TypeVar("P", bound=ListPage)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list is asked to hold."""

    prefix: str
    set: str = ""
    start: datetime | None = None
    until: datetime | None = None

    @property
    def asked(self) -> Asked:
        return Asked(self.set, self.start)


@dataclass(slots=True)
class Listing(Generic[P]):
    """Where one pass over a list stands, and how it ended."""

    server: Server
    verb: str
    read: Callable[[Answer, Reading], P]
    selection: Selection
    requesting: Callable[[], Awaitable[None]]
    started_at: datetime  # of the run
    at: Checkpoint = field(default_factory=lambda: Checkpoint(""))  # with an empty token the first page comes next
    in_question: bool = False  # the next page may have been asked for before, by a process that is gone
    known: int = 0
    retries: int | None = None
    unseen: Callable[[Sequence[str]], Awaitable[Sequence[str]]] | None = None  # of names, those new to the run: set
    # when an earlier process read the pages before, whose names this one has not
    restarts: int = 0
    ended: bool = False
    doubt: str = ""  # why the end proves nothing, once there is an end; "" when it is proven
    slight: str = ""  # why a proven end is better compared with the names the server lists
    pages: int = 0  # accepted, restarts included
    _names: Distinct = field(default_factory=Distinct)
    _again: int = 0  # records of this pass that it had given before
    _most_stated: int = 0  # the largest size the list ever had
    _odd: str = ""  # what stood on a page and does not belong there
    _largest: int = 0  # records of a page
    _last_count: int = 0  # records of the last page
    _gap: bool = False  # a page began further on than the one before it ended
    _empty: int = 0
    _repeated: int = 0
    _strangers: int = 0
    _token_is_fresh: bool = False
    _seen: set[int] = field(default_factory=set)

    async def next_page(self) -> P:
        """The next page; the list may begin anew before, so that records come twice.

        Raises: TokenRefused when tokens die however often the list begins anew; FilterLost, other ProtocolFailed and
        what the session raises.
        """
        while True:
            try:
                asked = await self._ask()
            except TokenRefused as exc:
                self._begin_anew(exc)
                continue
            page = await self._accept(asked)
            if page is not None:
                return page

    def place(self, plan: str) -> Checkpoint:
        """The place after the page at hand, to be committed with it before the next one is asked for.

        It says already that it is: a transaction for that alone would hold the next request up.
        """
        if self.server.dialect["token_idempotent"] is not True:
            self.at = replace(self.at, requested_at=self.server.now())
        return replace(self.at, plan=plan)

    def close(self) -> None:
        """Forgets the names that came."""
        self._names.forget()

    async def _accept(self, asked: AskedOnce[P]) -> P | None:
        """The page, the place after it noted; absent when it shows that one before it is missing."""
        page, at = asked.value, self.at
        after_token = at.token != ""
        harmless = self.server.dialect["token_idempotent"] is True
        suspect = at.suspect
        if after_token and (asked.disturbed or self.in_question) and not harmless:
            # A server that forgets a token once it was used answers the repetition with the page after the next.
            if None not in (at.next_cursor, page.cursor) and page.cursor != at.next_cursor:
                self.server.dialect.learn("token_idempotent", False)
                if self.restarts < MAX_RESTARTS:
                    self._begin_anew(TokenRefused("a page was skipped"))
                    return None
            suspect = suspect or page.cursor is None or page.cursor != at.next_cursor
        self.in_question = False
        self._refuse_loops(page)
        self._strangers += page.strangers
        self.pages += 1
        new = await self._new(page)
        self._again += page.count - new
        self._odd = self._odd or page.odd
        self._last_count, self._largest = page.count, max(self._largest, page.count)
        suspect = suspect or page.odd != "" or page.count - new > page.count * MOSTLY or self._skips(page)
        self._most_stated = max(self._most_stated, page.complete_list_size or at.expected or 0)
        self.at = replace(
            at,
            token=page.token or "",
            pages=at.pages + 1,
            listed=at.listed + new,
            next_cursor=None if page.cursor is None else page.cursor + page.count,
            expected=page.complete_list_size or at.expected,
            suspect=suspect,
            nameless=at.nameless + page.nameless,
            server_time=at.server_time or self._server_time(asked),
            requested_at=None,
        )
        self._token_is_fresh = True
        self._refuse_endlessness()
        self.ended = page.token is None
        if page.sign and not self.ended:  # the list goes on: whatever that is, it is not its end
            self.server.habits.add(kind_of(page.sign))
        self._refuse_strangers(after_token=after_token)
        if self.ended:
            self.doubt = self._doubt(page, after_token=after_token)
            self.slight = self._slight(page)
        return page

    async def _new(self, page: P) -> int:
        """How many of a page's records this pass had not given before."""
        new = self._names.new(page.names)
        return len(new if self.unseen is None else await self.unseen(new))

    def _skips(self, page: P) -> bool:
        """Whether a page says that it begins further on than the one before it ended, and that makes it suspect.

        A list of names may leave out what the server counts and cannot give; whether that is much is seen at its end.
        """
        expected, begins = self.at.next_cursor, page.cursor
        skips = expected is not None and begins is not None and begins > expected
        if not skips or not self.server.library.harvest.believe_sizes:
            return False
        self._gap = True
        return self.verb == "ListRecords"

    async def _ask(self) -> AskedOnce[P]:
        dialect, token = self.server.dialect, self.at.token
        if token != "" and self.at.requested_at is None and dialect["token_idempotent"] is not True:
            await self.requesting()
        try:
            return await self._request()
        except TokenRefused:
            # A token that was never used cannot have expired yet: perhaps the server fails over how it was written.
            if not self._token_is_fresh or dialect["token_encoding"] or not dialect.encoding_matters(token):
                raise
            return await self._tried("token_encoding", VERBATIM, QUOTED)
        except ArgumentRefused:
            # Some servers want the prefix with the token, which the protocol forbids (§3.5); some announce
            # seconds and refuse them. Each is tried once, and remembered when it helps.
            if token != "" and dialect["prefix_with_token"] is None:
                return await self._tried("prefix_with_token", True, None)
            dated = self.selection.start is not None or self.selection.until is not None
            if token == "" and dated and dialect["force_seconds"] is True:
                return await self._tried("force_seconds", False, False)
            if token == "" and dated and dialect.granule == SECOND:
                if self.selection.start is not None:  # its days may begin at other hours than ours
                    self.selection = replace(self.selection, start=self.selection.start - DAY)
                return await self._tried("granularity", "day", "second")
            raise
        finally:
            self._token_is_fresh = False

    async def _tried(self, name: str, value: str | bool, otherwise: str | bool | None) -> AskedOnce[P]:
        dialect = self.server.dialect
        dialect.learn(name, value)
        try:
            return await self._request()
        except ProtocolFailed:
            dialect.learn(name, otherwise)
            raise

    async def _request(self) -> AskedOnce[P]:
        reading = self.server.reading(self.selection.asked)
        return await self.server.ask(
            self.verb, lambda answer: self.read(answer, reading), self._arguments(), retries=self.retries
        )

    def _arguments(self) -> dict[str, str]:
        dialect, selection = self.server.dialect, self.selection
        prefix = {"metadataPrefix": selection.prefix}
        if self.at.token != "":
            return {"resumptionToken": self.at.token, **(prefix if dialect["prefix_with_token"] else {})}
        arguments = prefix | ({"set": selection.set} if selection.set else {})
        if selection.start is not None:
            arguments["from"] = dialect.stamp(selection.start)
        if selection.until is not None:
            arguments["until"] = dialect.stamp(selection.until)
        return arguments

    def _server_time(self, asked: AskedOnce[P]) -> datetime:
        """The server's time at the first page: its response date, else its Date header, else the run's beginning.

        A server far ahead of us is taken back to our time; how far it is ahead widens the overlap.
        """
        ours = self.server.now().astimezone(UTC)
        stated = asked.value.response_date or asked.answer.date
        if stated is None:
            return self.started_at
        self.server.dialect.note_clock(stated, ours)
        return stated if stated <= ours + CLOCK_TOLERANCE else self.started_at

    def _begin_anew(self, why: TokenRefused) -> None:
        if self.at.token == "":
            raise ProtocolFailed(f"{why} (though none was sent)") from why
        if self.restarts >= MAX_RESTARTS:
            raise TokenRefused(f"{why}; the list was begun anew {self.restarts} times") from why
        self.restarts += 1
        self.at = Checkpoint("", server_time=self.at.server_time)
        self.in_question = self._gap = False
        self._odd = ""
        self.unseen = None  # the list begins anew, and with it what is new
        self._seen.clear()
        self._names.forget()
        self._empty = self._repeated = self._strangers = self._again = self._most_stated = 0

    def _refuse_loops(self, page: P) -> None:
        if page.token is None:
            return
        if page.count == 0:
            self._empty += 1
            if self._empty > MAX_EMPTY_PAGES:
                raise ProtocolFailed(f"{MAX_EMPTY_PAGES} empty pages one after another")
            return
        self._empty = 0
        # A token may stay the same while the pages change, so the token alone proves nothing.
        with_token, without = hash((page.token, page.names)), hash(page.names)
        self._repeated = self._repeated + 1 if without in self._seen else 0
        if with_token in self._seen or self._repeated > MAX_REPEATED_PAGES:
            raise ProtocolFailed("the list goes round in circles: a page came again")
        self._seen |= {with_token, without}

    def _refuse_endlessness(self) -> None:
        stated = max(self.known, self.at.expected or 0)
        if stated and self.given > max(MAX_TIMES_EXPECTED * stated, NEVER_TOO_LONG):
            raise ProtocolFailed(f"the list does not end: {self.given:,} records of {stated:,}")

    def _refuse_strangers(self, *, after_token: bool) -> None:
        listed = self.given
        if not self.ended and listed < FEW:
            return
        if self._strangers <= listed * MAX_STRANGERS:
            return
        selection, dialect = self.selection, self.server.dialect
        what = f"{self._strangers:,} of {listed:,} records were not asked for"
        if selection.start is None:
            raise FilterLost(f"{what}: the server does not keep to the set {selection.set!r}")
        if after_token and dialect.granule == DAY and dialect["force_seconds"] is None:
            # Servers are known that write dates to the second into their tokens and cannot read them back.
            dialect.learn("force_seconds", True)
        else:
            dialect.learn("selective_ok", False)
        raise FilterLost(f"{what}: the server does not keep to the dates")

    @property
    def given(self) -> int:
        """Records of this pass, as often as they came."""
        return self.at.listed + self._again

    @property
    def _promised(self) -> int | None:
        """The size of the list, where the server states one that is believed."""
        return self.at.expected if self.server.library.harvest.believe_sizes else None

    def _doubt(self, page: P, *, after_token: bool) -> str:
        """Why this end proves nothing; "" when it is proven."""
        at, expected = self.at, self._promised
        complete = expected is not None and at.listed >= expected
        if page.count == 0 and not complete and (after_token or not page.nothing_matches):
            return f"the list broke off with an empty page after {at.listed:,} records"
        # Some servers list and count a name twice, once as deleted. A list of names may: it says what there is.
        came = self.given if self.verb == "ListIdentifiers" else at.listed
        if expected is not None and came < expected * (1 - SHORTFALL):
            return f"the list gave {came:,} different records and promised {expected:,}"
        if self._odd and not complete:
            return f"records may be missing: a page holds what does not belong there, {self._odd}"
        if page.sign and kind_of(page.sign) not in self.server.habits and not complete:
            return f"records may be missing: the last page shows signs of a breakdown, {page.sign}"
        if at.suspect and not complete:
            return "a page may have been skipped: one came again, was asked for twice or began too far on"
        if self._gap and expected is None:
            return "a page may have been skipped: one began too far on"
        return ""

    @property
    def _ends_full(self) -> bool:
        """Whether a list of everything ends with as large a page as any and no size: its token may have been lost.

        Of a list of one page nobody knows how large a full one is; but it is a round number.
        """
        dated = self.selection.start is not None or self.selection.until is not None
        if self.at.expected or dated or not self._last_count:
            return False
        if self.at.pages > 1:
            return self._last_count >= self._largest
        return self._last_count >= FULL_PAGE and self._last_count % FULL_PAGE == 0

    def _slight(self, page: P) -> str:
        """Why a proven end is worth a comparison of names; "" when it is not."""
        promised = 0 if self._promised is None else self._most_stated
        if self._ends_full:
            return "the list states no size and ends with a full page"
        if page.sign and not promised:
            return f"the list states no size and shows, {page.sign}"
        if self.at.listed >= promised:
            return ""
        return f"the list gave {self.at.listed:,} different records and promised {promised:,}"
