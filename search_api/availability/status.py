"""What a library's system says of its copies, and what that adds up to.

Two things are kept apart: the state of an *item* (can it be had) and the state of the *answer* (did the library's
system say anything). Only an answer can make an item unavailable: what was not answered is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from indexer.holdings.volumes import VolumeKey, volume_key
from indexer.record import Edition, Identifier, Item


class ItemState(StrEnum):
    """Whether one copy can be had now, in the words every protocol is translated to."""

    AVAILABLE = "available"  # on the shelf, to take home
    ON_REQUEST = "on_request"  # closed stacks: fetched within hours
    ONLINE = "online"
    AVAILABLE_ONSITE = "available_onsite"  # to use in the library only
    ON_LOAN = "on_loan"
    ON_HOLD_SHELF = "on_hold_shelf"
    IN_TRANSIT = "in_transit"
    IN_PROCESS = "in_process"
    ON_ORDER = "on_order"
    RECALLED = "recalled"
    NOT_FOR_LOAN = "not_for_loan"
    MISSING = "missing"
    LOST = "lost"
    WITHDRAWN = "withdrawn"
    CHECK_WITH_LIBRARY = "check_with_library"
    UNKNOWN = "unknown"


class AnswerState(StrEnum):
    """What came of asking a library's system."""

    OK = "ok"
    PARTIAL = "partial"  # it answered for some of the records or copies only
    NOT_FOUND = "not_found"  # it answered, and does not know the record
    STALE = "stale"  # it failed; an earlier answer is kept, ``as_of`` says from when
    TIMEOUT = "timeout"
    ERROR = "error"
    UNSUPPORTED = "unsupported"  # the library offers no live status


class Standing(StrEnum):
    """Where one library stands for one edition: each holder is in exactly one, so that counts add up."""

    AVAILABLE = "available"  # at least one copy to take home now
    ON_REQUEST = "on_request"
    ONLINE = "online"
    ON_SITE = "on_site"
    NOT_NOW = "not_now"  # answered: every copy is out, on its way, missing …
    UNCLEAR = "unclear"  # answered, but in words that leave it open, or without any copy
    NOT_FOUND = "not_found"
    KEPT = "kept"  # an earlier answer; never counted as available now
    UNANSWERED = "unanswered"
    NO_LIVE_STATUS = "no_live_status"
    ASKING = "asking"


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """One copy as its library's system describes it now."""

    state: ItemState
    item_id: str = ""  # the system's own number of the copy
    barcode: str = ""
    local_id: str = ""  # the record it belongs to
    due: date | None = None  # None: not stated
    branch: str = ""  # as sent
    location: str = ""
    call_number: str = ""
    volume: str = ""
    queue: int | None = None  # requests waiting; None: not stated
    message: str = ""  # the library's own words
    url: str = ""  # where the copy can be read or requested
    catalogued: bool | None = None  # False: a copy the catalogue does not know; None: they cannot be told apart


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """What a system said of one record: a connector's answer to one local id (STALE is only the checker's to say)."""

    local_id: str
    state: AnswerState
    items: tuple[ItemStatus, ...] = ()
    message: str = ""  # why, when the state is not OK: a reason for staff
    missing: tuple[Item, ...] = ()  # copies of the catalogue that the system does not name


@dataclass(frozen=True, slots=True)
class Reply:
    """All that came of one batch: an answer for each local id, and the status words that no map knows."""

    answers: tuple[RecordAnswer, ...]
    unknown_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedRecord:
    """A record whose copies are asked about, with what else its system may know it by."""

    local_id: str
    barcodes: tuple[str, ...] = ()  # of its catalogued copies
    isbns: tuple[str, ...] = ()  # its own, ISBN-13
    title: str = ""  # as its library writes it: to check that an answer speaks of this record
    copies: tuple[Item, ...] = ()  # as catalogued: to hold the answer against


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked of one library for one edition."""

    edition: str
    library: str
    records: tuple[AskedRecord, ...]
    online: tuple[ItemStatus, ...] = ()  # electronic holdings: readable without asking

    @property
    def local_ids(self) -> tuple[str, ...]:
        return tuple(record.local_id for record in self.records)


@dataclass(frozen=True, slots=True)
class Answer:
    """One library's answer for one edition."""

    edition: str
    library: str
    local_ids: tuple[str, ...]
    state: AnswerState
    items: tuple[ItemStatus, ...] = ()
    as_of: datetime | None = None  # when the system said so; None when it said nothing
    elapsed_seconds: float = 0.0
    message: str = ""  # a reason for staff
    failing_since: datetime | None = None  # when the library's system began to fail, as far as seen from here
    pending: bool = False  # it was still being asked at the deadline: a later look may find the answer
    missing: tuple[Item, ...] = ()  # copies of the catalogue that its system does not name


@dataclass(frozen=True, slots=True)
class Figures:
    """Copies of one thing (a book, or one volume of a set) at one library: never of different volumes together."""

    state: ItemState  # the best state of any copy; UNKNOWN when there is none
    copies: int
    available: int  # copies in that state when it means that they can be had (`TO_BE_HAD`), else 0
    first_due: date | None  # of the copies on loan
    queue: int | None  # requests waiting, over all copies that state it
    volume: str = ""  # as the library writes it; "": of no volume, or nobody says of which


@dataclass(frozen=True, slots=True)
class Tally:
    """One library's copies of one edition, in figures: for page, API, lenders and requests alike."""

    standing: Standing
    state: ItemState  # the best state of any copy
    parts: tuple[Figures, ...]  # one for each volume, in their order; one in all where no copy is of a volume

    @property
    def whole(self) -> Figures | None:
        """The figures of all copies; None when they are of different volumes and do not add up to anything."""
        return self.parts[0] if len(self.parts) == 1 else None

    @property
    def volumes(self) -> tuple[Figures, ...]:
        """The parts where they are volumes; none where the copies are all of one thing."""
        return self.parts if any(part.volume for part in self.parts) else ()


@dataclass(frozen=True, slots=True)
class Summary:
    """All holders of an edition by standing. ``holders == sum(counts.values())``."""

    holders: int
    counts: dict[Standing, int] = field(default_factory=dict)  # every standing, zeros included

    @property
    def available(self) -> int:
        """Libraries with a copy to take home now."""
        return self.counts[Standing.AVAILABLE]

    @property
    def asking(self) -> int:
        return self.counts[Standing.ASKING]

    @property
    def unanswered(self) -> int:
        return self.counts[Standing.UNANSWERED]

    @property
    def kept(self) -> int:
        return self.counts[Standing.KEPT]


_BEST_FIRST = (
    ItemState.AVAILABLE,
    ItemState.ON_REQUEST,
    ItemState.ONLINE,
    ItemState.AVAILABLE_ONSITE,
    ItemState.CHECK_WITH_LIBRARY,
    ItemState.UNKNOWN,  # before the states that mean no: what is unknown may be there
    ItemState.ON_HOLD_SHELF,
    ItemState.IN_TRANSIT,
    ItemState.ON_LOAN,
    ItemState.RECALLED,
    ItemState.IN_PROCESS,
    ItemState.ON_ORDER,
    ItemState.NOT_FOR_LOAN,
    ItemState.MISSING,
    ItemState.LOST,
    ItemState.WITHDRAWN,
)
TO_BE_HAD = frozenset(_BEST_FIRST[:4])
"""The states in which a copy can be had now: at home, from the stacks, on line or in the library."""

_RANK = {state: rank for rank, state in enumerate(_BEST_FIRST)}

_STANDING_OF_STATE = {
    ItemState.AVAILABLE: Standing.AVAILABLE,
    ItemState.ON_REQUEST: Standing.ON_REQUEST,
    ItemState.ONLINE: Standing.ONLINE,
    ItemState.AVAILABLE_ONSITE: Standing.ON_SITE,
    ItemState.CHECK_WITH_LIBRARY: Standing.UNCLEAR,
    ItemState.UNKNOWN: Standing.UNCLEAR,
}
_STANDING_OF_SILENCE = {
    AnswerState.NOT_FOUND: Standing.NOT_FOUND,
    AnswerState.STALE: Standing.KEPT,
    AnswerState.TIMEOUT: Standing.UNANSWERED,
    AnswerState.ERROR: Standing.UNANSWERED,
    AnswerState.UNSUPPORTED: Standing.NO_LIVE_STATUS,
}
_FAILURES = (AnswerState.TIMEOUT, AnswerState.ERROR, AnswerState.UNSUPPORTED)


def questions(edition: Edition) -> tuple[Question, ...]:
    """What to ask for an edition, one question per holding library, in the order of their codes.

    A record whose holdings are all electronic needs no asking; a record without any holding is asked, because its
    library may have copies that the harvest does not know.
    """
    result = []
    for library in edition.libraries:
        holdings = [h for h in edition.holdings if h.library == library]
        online = tuple(
            ItemStatus(
                state=ItemState.ONLINE,
                local_id=h.local_id,
                branch=h.branch,
                location=h.location,
                call_number=h.call_number,
                url=h.url,
            )
            for h in holdings
            if h.url and not h.items
        )
        only_online = {o.local_id for o in online} - {h.local_id for h in holdings if h.items or not h.url}
        local_ids = dict.fromkeys(m.local_id for m in edition.members if m.library == library and m.local_id)
        title = next((t.value.proper for t in edition.titles if library in t.libraries), "")
        isbns = tuple(i.value.value for i in edition.identifiers if library in i.libraries and _names_it(i.value))
        asked = tuple(
            AskedRecord(
                local_id,
                barcodes=tuple(i.barcode for h in holdings if h.local_id == local_id for i in h.items if i.barcode),
                isbns=isbns,
                title=title,
                copies=tuple(i for h in holdings if h.local_id == local_id for i in h.items),
            )
            for local_id in local_ids
            if local_id not in only_online
        )
        result.append(Question(edition=edition.id, library=library, records=asked, online=online))
    return tuple(result)


def _names_it(identifier: Identifier) -> bool:
    return identifier.kind == "isbn" and identifier.valid and not identifier.linked


def combined(question: Question, answers: Sequence[RecordAnswer]) -> tuple[AnswerState, tuple[ItemStatus, ...], str]:
    """The state, copies and reason of a library that has several records of an edition.

    A failure beside an answer makes it PARTIAL, a kept answer makes all of it STALE (nothing kept may count as now);
    a record the library no longer knows does not spoil the others.
    """
    items = question.online + tuple(item for answer in answers for item in answer.items)
    message = "; ".join(dict.fromkeys(a.message for a in answers if a.message))
    states = {answer.state for answer in answers}
    if question.online:
        states.add(AnswerState.OK)
    if not states:
        return AnswerState.NOT_FOUND, items, "the record has no number to ask with"
    if len(states) == 1:
        return states.pop(), items, message
    if AnswerState.STALE in states:
        return AnswerState.STALE, items, message
    failed = [a.state for a in answers if a.state in _FAILURES]
    if failed and states.isdisjoint({AnswerState.OK, AnswerState.PARTIAL}):
        return failed[0], items, message
    if failed or AnswerState.PARTIAL in states:
        return AnswerState.PARTIAL, items, message
    return AnswerState.OK, items, message


def tally(answer: Answer) -> Tally:
    """The figures of one library's answer, by volume where its copies are volumes."""
    volumes: dict[VolumeKey, list[ItemStatus]] = {}
    for item in answer.items:
        volumes.setdefault(volume_key(item.volume), []).append(item)
    parts = tuple(figures(items) for _, items in sorted(volumes.items())) or (figures(()),)
    best = min((part.state for part in parts), key=_RANK.__getitem__)
    return Tally(standing=_standing(answer, best), state=best, parts=parts)


def figures(items: Sequence[ItemStatus]) -> Figures:
    """The figures of copies of one thing."""
    best = min((item.state for item in items), key=_RANK.__getitem__, default=ItemState.UNKNOWN)
    queues = [item.queue for item in items if item.queue is not None]
    return Figures(
        state=best,
        copies=len(items),
        available=sum(item.state is best for item in items) if best in TO_BE_HAD else 0,
        first_due=min((i.due for i in items if i.due and i.state is ItemState.ON_LOAN), default=None),
        queue=sum(queues) if queues else None,
        volume=items[0].volume if items else "",
    )


def worst(*states: ItemState) -> ItemState:
    """Of several things said of one copy, the one that promises least; at least one must be given."""
    return max(states, key=_RANK.__getitem__)


def _standing(answer: Answer, best: ItemState) -> Standing:
    silent = _STANDING_OF_SILENCE.get(answer.state)
    if silent is not None:
        return silent
    standing = _STANDING_OF_STATE.get(best, Standing.NOT_NOW)
    if answer.state is AnswerState.PARTIAL and standing is Standing.NOT_NOW:
        return Standing.UNCLEAR  # a copy that was not answered for may be on the shelf
    return standing


def summarise(answers: Iterable[Answer], asking: int = 0) -> Summary:
    """Counts the holders of one edition by standing; ``asking`` is how many libraries have not answered yet."""
    counts = dict.fromkeys(Standing, 0)
    counts[Standing.ASKING] = asking
    for answer in answers:
        counts[tally(answer).standing] += 1
    return Summary(holders=sum(counts.values()), counts=counts)


def is_of(status: ItemStatus, item: Item) -> bool:
    """Whether a live status speaks of this catalogued copy: the barcode or the system's item number agrees.

    A DAIA item is named by a URI; its last part is the number of the copy.
    """
    numbers = {status.item_id, status.item_id.rsplit("/", 1)[-1].rsplit(":", 1)[-1], status.barcode} - {""}
    return bool(numbers & ({item.item_id, item.barcode} - {""}))
