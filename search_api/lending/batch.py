"""A list of wanted items → the best library for each, spread fairly: what this list gives a desk counts as its load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from indexer.record import Edition
from mappings.library import Library
from search_api.errors import InvalidRequest, NotFound
from search_api.lending.find import Found, find
from search_api.lending.lenders import lenders
from search_api.lending.reasons import Excluded, Lender, Lenders, Why
from search_api.lending.room import LendingRoom
from search_api.lending.sought import Sought, check, wanted

MAX_LINES = 500
FAIR_SHARE = 5
"""Items of one list that a desk gets before an equal one is asked instead."""

DEAR = "dear"
"""Why nobody is asked for an item: whoever could supply it costs more than a list may spend."""

State = Literal["assigned", "nobody", "not_found", "unreadable"]


@dataclass(frozen=True, slots=True)
class Line:
    """One wanted item. ``reason``: why it cannot be read or nobody can supply it."""

    number: int
    sought: Sought
    state: State
    reason: str = ""
    title: str = ""
    edition: Edition | None = None
    sure: float | None = None
    lender: Lender | None = None
    rank: int = 1  # of the lender in the order that the item alone would have
    others: tuple[Lender, ...] = ()
    excluded: tuple[Excluded, ...] = ()  # why nobody can supply it


@dataclass(frozen=True, slots=True)
class Batch:
    lines: tuple[Line, ...]

    @property
    def counts(self) -> Mapping[State, int]:
        """Lines by state, every state named; they add up to the lines."""
        found = Counter(line.state for line in self.lines)
        states: tuple[State, ...] = ("assigned", "nobody", "not_found", "unreadable")
        return {state: found[state] for state in states}

    @property
    def by_lender(self) -> dict[str, int]:
        """Library → items it is asked for, the busiest first."""
        found = Counter(line.lender.library for line in self.lines if line.lender is not None)
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


async def batch(room: LendingRoom, items: Sequence[Sought], *, live: bool) -> Batch:
    """A library for every item that somebody can supply. Items of one list have one borrower.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    found: list[Found | InvalidRequest | NotFound] = []
    for item in items:
        try:
            check(item, room.today())
            found.append(await find(room.services, item))
        except (InvalidRequest, NotFound) as exc:
            found.append(exc)
    editions = {e.id: e for one in found if isinstance(one, Found) for e in one.editions}
    answers = await room.services.checker.answers(list(editions.values())) if live and editions else ()
    desk = await room.desk(items[0].borrower if items else "")
    today = room.today()
    load: Counter[str] = Counter()
    lines: list[Line] = []
    for number, (item, one) in enumerate(zip(items, found, strict=True), start=1):
        if not isinstance(one, Found):
            state: State = "not_found" if isinstance(one, NotFound) else "unreadable"
            lines.append(Line(number, item, state, one.message, item.title or item.isbn or item.issn))
            continue
        if not one.editions:
            lines.append(Line(number, item, "not_found", "", item.title or item.isbn or item.issn))
            continue
        question = wanted(item, one.editions, today)
        ids = {edition.id for edition in one.editions}
        ranked = lenders(one.editions, desk, question, [a for a in answers if a.edition in ids])
        line = _line(number, item, one, ranked, place_of(ranked.lenders, load, desk.libraries))
        if line.lender is not None:
            load[line.lender.library] += 1
        lines.append(line)
    return Batch(tuple(lines))


def _line(number: int, item: Sought, found: Found, ranked: Lenders, chosen: int) -> Line:
    """A line that was found; ``chosen`` is the place of the library that is asked, from 0."""
    first = found.editions[0]
    title = first.title.proper if first.title else item.title
    if not ranked.lenders:
        reason = ranked.excluded[0].rule.value if ranked.excluded else ""
        return Line(number, item, "nobody", reason, title, first, found.sure, excluded=ranked.excluded)
    lender = ranked.lenders[chosen]
    if lender.dear:  # nobody spends so much by a list
        return Line(number, item, "nobody", DEAR, title, first, found.sure, others=ranked.lenders)
    return Line(
        number,
        item,
        "assigned",
        "",
        title,
        next(edition for edition in found.editions if edition.id == lender.edition),
        found.sure,
        lender,
        chosen + 1,
        tuple(one for one in ranked.lenders if one is not lender),
    )


def place_of(ranked: Sequence[Lender], load: Counter[str], libraries: Mapping[str, Library]) -> int:
    """The place, from 0, of the library that gets the next item of a list; ``load`` is what the list gave each."""
    fair = [_fairly(at, lender, load, libraries) for at, lender in enumerate(ranked)]
    return fair.index(min(fair)) if fair else 0


def _fairly(rank: int, lender: Lender, load: Counter[str], libraries: Mapping[str, Library]) -> tuple[Any, ...]:
    """What can be had in time and for sure stays first; among such libraries the one with the fewest full shares."""
    against = {reason.why for reason in lender.reasons_against}
    asked = lender.asked + load[lender.library]
    at_most = libraries[lender.library].lending.at_most
    busy = at_most is not None and asked >= at_most
    costs = lender.cost is not None and bool(lender.cost.amount)
    return (lender.tier, Why.TOO_LATE in against, busy, lender.dear, not lender.sure, costs, asked // FAIR_SHARE, rank)
