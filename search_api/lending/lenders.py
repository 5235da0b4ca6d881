"""Who could lend or copy this, in which order to ask, and why: rules over holdings, policies, days and live answers.

A rule that is not stated lets a library be asked. The live answer is a gate, not a guess: what is out moves a library
down, what could not be asked stands after what is known to be there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from indexer.holdings.coverage import Covers, any_covers, first_that_covers
from indexer.holdings.volumes import volume_key
from indexer.record import Edition, Holding, Item
from mappings.agreements import Agreements
from mappings.lending import WEEKDAYS, Lending
from mappings.library import Library
from search_api.availability.status import Answer, is_of
from search_api.lending.calendar import Working, usual_days, working
from search_api.lending.cost import compared, cost, dear
from search_api.lending.live import Live, live_of, may_be
from search_api.lending.nearness import FAR_KM, Nearness, kilometres, nearness
from search_api.lending.reasons import Excluded, Lender, Lenders, Reason, Rule, Tier, Wanted, Why
from search_api.lending.terms import Copy, Parties, Terms, agreement_with, copies_of, terms

RECENT_DAYS = 30
"""Requests of so many days count as of late."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the answers of one borrower are made of."""

    libraries: Mapping[str, Library]
    agreements: Agreements = field(default_factory=Agreements)
    asked: Mapping[str, int] = field(default_factory=dict)  # lender → the borrower's requests of late


def lenders(editions: Sequence[Edition], desk: Desk, wanted: Wanted, answers: Iterable[Answer] = ()) -> Lenders:
    """The holders of any of these editions; a library that holds several stands with the one it can best supply."""
    said = {(answer.edition, answer.library): answer for answer in answers}
    best: dict[str, Lender] = {}
    excluded: dict[str, Excluded] = {}
    for edition in editions:
        for code in edition.libraries:
            verdict = _verdict(edition, code, desk, wanted, said.get((edition.id, code)))
            if isinstance(verdict, Excluded):
                excluded.setdefault(code, verdict)
            elif code not in best or _order(verdict, desk, wanted) < _order(best[code], desk, wanted):
                best[code] = verdict
    ranked = _with_load(sorted(best.values(), key=lambda lender: _order(lender, desk, wanted)))
    return Lenders(ranked, tuple(one for code, one in sorted(excluded.items()) if code not in best))


def _verdict(edition: Edition, code: str, desk: Desk, wanted: Wanted, answer: Answer | None) -> Lender | Excluded:
    library = desk.libraries.get(code)
    if library is None:
        return Excluded(code, edition.id, Rule.NO_MEMBER)
    if code == wanted.borrower:
        return Excluded(code, edition.id, Rule.OWN_LIBRARY)
    holdings = [holding for holding in edition.holdings if holding.library == code]
    physical = copies_of(holdings)
    if holdings and not physical and wanted.service == "loan":
        return Excluded(code, edition.id, Rule.ONLINE_ONLY)
    parties = Parties(desk.agreements, code, wanted.borrower, library.lending, wanted.service)
    every = physical or tuple(Copy(one, None) for one in holdings) or (Copy(_unstated(edition, code), None),)
    of_volume = [copy for copy in every if copy.item is None or may_be(copy.item.volume, wanted.volume)]
    judged = [terms(parties, edition, copy) for copy in of_volume]
    allowed = [one for one in judged if one.refused is None]
    if judged and not allowed:
        return _refused(edition, parties, judged)
    not_lent = [one.copy.item for one in judged if one.refused is not None and one.copy.item is not None]
    live = live_of(answer, not_lent, wanted) if answer is not None else None
    if not of_volume and not (live and live.items):
        return Excluded(code, edition.id, Rule.VOLUME_NOT_HELD, (wanted.volume,))
    covered, statement = _coverage(holdings, wanted)
    if covered is Covers.NO:
        return Excluded(code, edition.id, Rule.NOT_COVERED, (statement,))
    desk_works = working(library.lending, wanted.service, wanted.today)
    if desk_works.opens is None or (wanted.needed_by is not None and desk_works.opens > wanted.needed_by):
        reason = desk_works.closed.reason if desk_works.closed else None
        return Excluded(code, edition.id, Rule.CLOSED, name=reason, day=desk_works.opens)
    if live is not None and live.excluded is not None:
        return Excluded(code, edition.id, live.excluded, copies_instead=_copies_instead(edition, parties, every))
    chosen = _chosen(allowed or [terms(parties, edition, copy) for copy in every], live)
    return _lender(
        edition,
        library,
        desk,
        wanted,
        _Found(
            parties,
            chosen,
            tuple(one.copy.item for one in allowed if one.copy.item is not None),
            len(not_lent),
            live,
            answer,
            covered,
            statement,
            desk_works,
            online=not physical and bool(holdings),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of a library that is to be asked."""

    parties: Parties
    chosen: Terms  # of the copy that it would send
    lent: tuple[Item, ...]
    not_lent: int
    live: Live | None
    answer: Answer | None
    covered: Covers | None  # None when no issue of a serial is wanted
    statement: str
    working: Working
    online: bool


def _lender(edition: Edition, library: Library, desk: Desk, wanted: Wanted, found: _Found) -> Lender:
    home = desk.libraries.get(wanted.borrower)
    lending, copy = library.lending, found.chosen.copy
    money = cost(found.parties, wanted.pages, agreement_with(found.parties, edition, copy))
    asked, days = desk.asked.get(library.code, 0), usual_days(lending, wanted.service)
    pros, cons = list(found.chosen.reasons_for), []
    tier = Tier.NOT_KNOWN
    if found.live is None:
        cons.append(Reason(Why.NOT_ASKED))
    else:
        tier = found.live.tier
        pros += found.live.reasons_for
        cons += found.live.reasons_against
    if found.online:
        cons.append(Reason(Why.LICENSED))
    if found.covered is Covers.YES:
        pros.append(Reason(Why.COVERS, text=found.statement))
    elif found.covered is Covers.OPEN:
        cons.append(Reason(Why.COVERAGE_UNREAD, text=found.statement))
    cons += found.chosen.reasons_against
    volumes = {item.volume for item in found.lent if item.volume}
    whole = len(volumes) > 1 and not wanted.volume and not wanted.issue.known  # all the volumes are asked for
    distance = None
    if home is not None:
        distance = kilometres(home, library)
        near, far = _nearness_reasons(home, library, desk)
        pros += near
        cons += far
    if money is None:
        cons.append(Reason(Why.COSTS_NOT_STATED))
    elif money.amount or money.at_least:
        cons.append(Reason(Why.COSTS, money=money))
    else:
        pros.append(Reason(Why.FREE))
    works = _from_return(found, lending, wanted) if tier is Tier.OUT else found.working
    when_pros, when_cons = _when(works, days, wanted)
    pros += when_pros
    cons += when_cons
    of_one = len({volume_key(item.volume) for item in found.lent}) == 1  # three volumes are not three copies
    if len(found.lent) > 1 and of_one and wanted.service == "loan":
        pros.append(Reason(Why.SEVERAL_COPIES, number=len(found.lent)))
    if found.not_lent:
        cons.append(Reason(Why.SOME_COPIES_NOT_LENT, number=found.not_lent))
    if lending.last_resort:
        cons.append(Reason(Why.LAST_RESORT))
        tier = tier if tier is Tier.OUT else Tier.LAST_RESORT
    if lending.at_most is not None and asked >= lending.at_most:
        cons.append(Reason(Why.ASKED_MUCH, number=asked))
    return Lender(
        library=library.code,
        edition=edition.id,
        tier=tier,
        sure=found.chosen.sure and found.covered is not Covers.OPEN and not found.online,
        copies=len(found.lent) or None,
        days=days,
        arrives=works.arrives,
        cost=money,
        kilometres=distance,
        asked=asked,
        call_number=_call_number(copy, whole=whole),
        place=(copy.holding.branch, copy.holding.location),
        local_id=copy.holding.local_id,
        statement=found.statement,
        reasons_for=tuple(pros),
        reasons_against=tuple(cons),
        answer=found.answer,
        dear=dear(money, desk.agreements),
    )


def _refused(edition: Edition, parties: Parties, judged: Sequence[Terms]) -> Excluded:
    """The rule that refuses most of the copies, with all that it names."""
    kinds = Counter(one.refused for one in judged if one.refused is not None)
    kind = kinds.most_common(1)[0][0]
    of_kind = [one for one in judged if one.refused is kind]
    return Excluded(
        library=parties.lender,
        edition=edition.id,
        rule=kind,
        values=tuple(sorted({value for one in of_kind for value in one.values if value})),
        name=of_kind[0].name,
        copies_instead=_copies_instead(edition, parties, [one.copy for one in judged]),
    )


def _copies_instead(edition: Edition, parties: Parties, copies: Sequence[Copy]) -> bool:
    """Whether the library, which does not lend this, makes copies of it: as its rules say, never by silence."""
    if parties.service != "loan":
        return False
    for_copies = replace(parties, service="copy")
    return any(one.sure for one in (terms(for_copies, edition, copy) for copy in copies) if one.refused is None)


def _coverage(holdings: Sequence[Holding], wanted: Wanted) -> tuple[Covers | None, str]:
    """What the statements, and the volumes of its copies, say of the issue; and the statement to show."""
    stated = [text for one in holdings for text in (one.summary, one.coverage) if text]
    if not wanted.issue.known:
        return None, stated[0] if stated else ""
    volumes = [item.volume for one in holdings for item in one.items if item.volume]
    every = [*stated, *volumes]
    said = any_covers(every, wanted.issue)
    if said is Covers.NO and not stated and any(not item.volume for one in holdings for item in one.items):
        said = Covers.OPEN  # a copy of which nobody says what it is
    return said, first_that_covers(stated or volumes, wanted.issue)


def _chosen(allowed: Sequence[Terms], live: Live | None) -> Terms:
    """The copy to name: one on the shelf now, surely lent, first in the record."""

    def rank(one: Terms) -> tuple[bool, bool]:
        item = one.copy.item
        there = live is not None and item is not None and any(is_of(status, item) for status in live.there)
        return (not there, not one.sure)

    return min(allowed, key=rank)


def _nearness_reasons(home: Library, library: Library, desk: Desk) -> tuple[list[Reason], list[Reason]]:
    couriers = desk.agreements.couriers_between(home.code, library.code)
    if couriers:
        one = couriers[0]
        days = " ".join(day for day in WEEKDAYS if day in one.days)
        return [Reason(Why.SAME_COURIER, name=one.name, text=days)], []
    distance = kilometres(home, library)
    step = nearness(home, library, courier=False)
    if step is Nearness.NEAR:
        return [Reason(Why.NEAR, number=distance)], []
    if step is Nearness.SAME_REGION:
        return [Reason(Why.SAME_REGION)], []
    return [], [Reason(Why.FAR, number=distance)] if distance is not None and distance > FAR_KM else []


def _from_return(found: _Found, lending: Lending, wanted: Wanted) -> Working:
    """When what is out should arrive: counted from the day it is due back; not known where none is stated."""
    cons = found.live.reasons_against if found.live is not None else ()
    due = min((one.day for one in cons if one.why is Why.ON_LOAN and one.day), default=None)
    if due is None:
        return replace(found.working, arrives=None)
    return replace(found.working, arrives=working(lending, wanted.service, max(due, wanted.today)).arrives)


def _when(works: Working, days: int | None, wanted: Wanted) -> tuple[list[Reason], list[Reason]]:
    pros: list[Reason] = []
    cons: list[Reason] = []
    if works.opens is not None and works.closed is not None:
        cons.append(Reason(Why.CLOSED_UNTIL, day=works.opens, name=works.closed.reason or None))
    if days is None:
        cons.append(Reason(Why.DAYS_NOT_STATED))
    else:
        pros.append(Reason(Why.USUAL_DAYS, number=days))
    if works.arrives is not None and wanted.needed_by is not None:
        late = works.arrives > wanted.needed_by
        (cons if late else pros).append(Reason(Why.TOO_LATE if late else Why.IN_TIME, day=works.arrives))
    return pros, cons


def _order(lender: Lender, desk: Desk, wanted: Wanted) -> tuple[object, ...]:
    library, home = desk.libraries[lender.library], desk.libraries.get(wanted.borrower)
    against = {reason.why for reason in lender.reasons_against}
    due = date.min
    if lender.tier is Tier.OUT:
        due = min((r.day for r in lender.reasons_against if r.why is Why.ON_LOAN and r.day), default=date.max)
    courier = home is not None and bool(desk.agreements.couriers_between(home.code, library.code))
    near = nearness(home, library, courier=courier) if home is not None else Nearness.ELSEWHERE
    price: Decimal = compared(lender.cost, desk.agreements)
    return (
        lender.tier,
        due,
        lender.tier is not Tier.OUT and not against.isdisjoint((Why.ON_LOAN, Why.AWAY)),  # a set, in part
        Why.TOO_LATE in against,
        Why.ASKED_MUCH in against,
        lender.dear,
        not lender.sure,
        price,
        lender.arrives or date.max,
        near,
        lender.asked,
        -(lender.copies or 0),
        library.order,
        lender.library,
    )


def _with_load(ranked: Sequence[Lender]) -> tuple[Lender, ...]:
    """Says of those that were asked least, where others were asked more, that they were."""
    least = min((one.asked for one in ranked), default=0)
    if all(one.asked == least for one in ranked):
        return tuple(ranked)
    reason = Reason(Why.ASKED_LITTLE, number=least)
    return tuple(replace(one, reasons_for=(*one.reasons_for, reason)) if one.asked == least else one for one in ranked)


def _unstated(edition: Edition, code: str) -> Holding:
    """A holding for a library whose records state none."""
    member = next(one for one in edition.members if one.library == code)
    return Holding(code, member.identifier, member.local_id)


def _call_number(copy: Copy, *, whole: bool) -> str:
    """Of a whole set without the volume of the copy that stands for it."""
    item = copy.item
    number = (item.call_number if item else "") or copy.holding.call_number
    volume = item.volume if item else ""
    if whole:
        return number.removesuffix(volume).rstrip(" ,;:")
    return number if not volume or volume in number else f"{number} {volume}".strip()
