"""Who could lend this, in which order to ask, and why: rules over holdings, lending policies and live answers.

A rule that is not stated lets a library be asked. The live answer is a gate, not a guess: what is out moves a library
down, what could not be asked stands after what is known to be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum

from indexer.holdings.volumes import volume_key
from indexer.record import Edition, Item
from mappings.library import Library
from search_api.availability.status import Answer, ItemState, Standing, Tally, is_of, tally


class Rule(StrEnum):
    """What excludes a library."""

    OWN_LIBRARY = "own_library"
    NO_MEMBER = "no_member"  # its records are still in the catalogue, it is not in the configuration
    DOES_NOT_LEND = "does_not_lend"
    FORMAT_NOT_LENT = "format_not_lent"
    ITEM_TYPES_NOT_LENT = "item_types_not_lent"  # every copy is of a type that it does not lend
    ONLINE_ONLY = "online_only"
    ON_SITE_ONLY = "on_site_only"
    NOT_THERE = "not_there"  # its own system does not know the record
    NO_COPY_LEFT = "no_copy_left"  # lost, missing, withdrawn or never for loan
    VOLUME_NOT_HELD = "volume_not_held"  # its copies are all of other volumes


class Why(StrEnum):
    """A reason for or against asking a library early."""

    AVAILABLE_NOW = "available_now"  # number: copies
    ON_REQUEST = "on_request"  # number: copies in closed stacks
    SAME_REGION = "same_region"
    USUAL_DAYS = "usual_days"  # number: days until it arrives
    SEVERAL_COPIES = "several_copies"  # number: copies it lends
    ON_LOAN = "on_loan"  # day: when the first is due back
    AWAY = "away"  # on its way, on the hold shelf, in process, on order
    WAITING = "waiting"  # number: requests before ours
    NOT_ASKED = "not_asked"
    COULD_NOT_ASK = "could_not_ask"
    KEPT_ANSWER = "kept_answer"
    NO_LIVE_STATUS = "no_live_status"
    UNCLEAR = "unclear"
    SOME_COPIES_NOT_LENT = "some_copies_not_lent"  # number: copies of types that it does not lend
    DAYS_NOT_STATED = "days_not_stated"


@dataclass(frozen=True, slots=True)
class Reason:
    why: Why
    number: int | None = None
    day: date | None = None
    volume: str = ""  # of a set or a series that it is said of; "": of all copies


class Tier(IntEnum):
    """Libraries of a lower tier are asked first, whatever else speaks for the others."""

    THERE = 0
    ON_REQUEST = 1
    NOT_KNOWN = 2
    OUT = 3


@dataclass(frozen=True, slots=True)
class Lender:
    """A library to ask."""

    library: str
    edition: str
    tier: Tier
    copies: int | None  # that it lends, as catalogued; None when its records state none
    days: int | None
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    answer: Answer | None  # None when nothing was asked live


@dataclass(frozen=True, slots=True)
class Excluded:
    """A holder that is not to be asked, and the rule that says so."""

    library: str
    edition: str
    rule: Rule
    values: tuple[str, ...] = ()  # what the rule names: the format, the item types


@dataclass(frozen=True, slots=True)
class Lenders:
    """All holders, each once: to be asked, in order, or excluded, by code."""

    lenders: tuple[Lender, ...]
    excluded: tuple[Excluded, ...]


_AWAY = frozenset(
    {
        ItemState.ON_LOAN,
        ItemState.RECALLED,
        ItemState.ON_HOLD_SHELF,
        ItemState.IN_TRANSIT,
        ItemState.IN_PROCESS,
        ItemState.ON_ORDER,
    }
)
_NOT_KNOWN = {
    Standing.KEPT: Why.KEPT_ANSWER,
    Standing.UNANSWERED: Why.COULD_NOT_ASK,
    Standing.ASKING: Why.COULD_NOT_ASK,
    Standing.NO_LIVE_STATUS: Why.NO_LIVE_STATUS,
    Standing.UNCLEAR: Why.UNCLEAR,
}
_EXCLUDING = {
    Standing.NOT_FOUND: Rule.NOT_THERE,
    Standing.ON_SITE: Rule.ON_SITE_ONLY,
    Standing.ONLINE: Rule.ONLINE_ONLY,
}


_THERE = {ItemState.AVAILABLE: Why.AVAILABLE_NOW, ItemState.ON_REQUEST: Why.ON_REQUEST}
_TIERS = {Standing.AVAILABLE: Tier.THERE, Standing.ON_REQUEST: Tier.ON_REQUEST}


def lenders(
    editions: Sequence[Edition],
    libraries: Mapping[str, Library],
    answers: Iterable[Answer] = (),
    borrower: str = "",
    volume: str = "",
) -> Lenders:
    """The holders of any of these editions; a library that holds several stands with the one it can best lend.

    ``borrower`` is the code of the library that asks, "" when it is not said; ``volume`` the one that is wanted of a
    set or a series: copies of others then count for nothing, and those of which nobody says it may be it.
    """
    asked = {(answer.edition, answer.library): answer for answer in answers}
    best: dict[str, Lender] = {}
    excluded: dict[str, Excluded] = {}
    home = libraries.get(borrower)
    for edition in editions:
        for code in edition.libraries:
            answer = asked.get((edition.id, code))
            verdict = _verdict(edition, code, libraries.get(code), answer, home=home, volume=volume)
            if isinstance(verdict, Excluded):
                excluded.setdefault(code, verdict)
            elif code not in best or _order(verdict, libraries) < _order(best[code], libraries):
                best[code] = verdict
    ranked = sorted(best.values(), key=lambda lender: _order(lender, libraries))
    return Lenders(tuple(ranked), tuple(e for code, e in sorted(excluded.items()) if code not in best))


def _verdict(
    edition: Edition,
    code: str,
    library: Library | None,
    answer: Answer | None,
    *,
    home: Library | None,
    volume: str,
) -> Lender | Excluded:
    holdings = [h for h in edition.holdings if h.library == code]
    every = [item for holding in holdings for item in holding.items]
    items = [item for item in every if _may_be(item.volume, volume)]

    def out(rule: Rule, *values: str) -> Excluded:
        return Excluded(code, edition.id, rule, values)

    if library is None:
        return out(Rule.NO_MEMBER)
    lending = library.lending
    not_lent = [item for item in items if item.item_type in lending.item_types_not_lent and item.item_type]
    if home is not None and code == home.code:
        return out(Rule.OWN_LIBRARY)
    if lending.lends is False:
        return out(Rule.DOES_NOT_LEND)
    if not set(lending.formats_not_lent).isdisjoint(edition.format.codes):
        return out(Rule.FORMAT_NOT_LENT, edition.format.value)
    if holdings and all(h.url and not h.items for h in holdings):
        return out(Rule.ONLINE_ONLY)
    if items and len(not_lent) == len(items):
        return out(Rule.ITEM_TYPES_NOT_LENT, *sorted({item.item_type for item in not_lent}))
    live = None if answer is None else _of_wanted_copies(answer, not_lent, volume)
    if every and not items and not (live and live.items):
        return out(Rule.VOLUME_NOT_HELD, volume)
    figures = None if live is None else tally(live)
    if live is not None and figures is not None:
        if figures.standing in _EXCLUDING:
            return out(_EXCLUDING[figures.standing])
        if figures.standing is Standing.NOT_NOW and not any(item.state in _AWAY for item in live.items):
            return out(Rule.NO_COPY_LEFT)
    tier, reasons_for, reasons_against = _standing_reasons(live, figures)
    copies = len(items) - len(not_lent)
    same_region = home is not None and home.region == library.region
    if same_region:
        reasons_for.append(Reason(Why.SAME_REGION))
    if copies > 1:
        reasons_for.append(Reason(Why.SEVERAL_COPIES, number=copies))
    if lending.days is not None:
        reasons_for.append(Reason(Why.USUAL_DAYS, number=lending.days))
    else:
        reasons_against.append(Reason(Why.DAYS_NOT_STATED))
    if not_lent:
        reasons_against.append(Reason(Why.SOME_COPIES_NOT_LENT, number=len(not_lent)))
    return Lender(
        library=code,
        edition=edition.id,
        tier=tier,
        copies=copies or None,
        days=lending.days,
        reasons_for=tuple(reasons_for),
        reasons_against=tuple(reasons_against),
        answer=answer,
    )


def _of_wanted_copies(answer: Answer, not_lent: Sequence[Item], volume: str) -> Answer:
    """The answer without other volumes, and without copies of types that the library does not lend: one of those on the
    shelf helps nobody."""
    wanted = (s for s in answer.items if _may_be(s.volume, volume) and not any(is_of(s, item) for item in not_lent))
    return replace(answer, items=tuple(wanted))


def _may_be(volume: str, wanted: str) -> bool:
    return not wanted or not volume or volume_key(volume) == volume_key(wanted)


def _standing_reasons(live: Answer | None, figures: Tally | None) -> tuple[Tier, list[Reason], list[Reason]]:
    if live is None or figures is None:
        return Tier.NOT_KNOWN, [], [Reason(Why.NOT_ASKED)]
    waiting = [Reason(Why.WAITING, number=one.queue, volume=one.volume) for one in figures.parts if one.queue]
    if figures.standing in _NOT_KNOWN:
        return Tier.NOT_KNOWN, [], [Reason(_NOT_KNOWN[figures.standing]), *waiting]
    there, out = [], []
    for part in figures.parts:
        why = _THERE.get(part.state)
        if why is not None:
            there.append(Reason(why, number=part.available, volume=part.volume))
        elif part.state is ItemState.ON_LOAN or part.first_due is not None:
            out.append(Reason(Why.ON_LOAN, day=part.first_due, volume=part.volume))
        else:
            out.append(Reason(Why.AWAY, volume=part.volume))
    if figures.standing in _TIERS:
        return _TIERS[figures.standing], there, [*(out if figures.volumes else []), *waiting]
    return Tier.OUT, [], [*out, *waiting]


def _order(lender: Lender, libraries: Mapping[str, Library]) -> tuple[object, ...]:
    due = (
        min((r.day for r in lender.reasons_against if r.day), default=date.max) if lender.tier is Tier.OUT else date.min
    )
    far = not any(reason.why is Why.SAME_REGION for reason in lender.reasons_for)
    days = 9_999 if lender.days is None else lender.days
    copies = lender.copies or 0
    return (lender.tier, due, far, days, -copies, libraries[lender.library].order, lender.library)
