"""People overrule the rules: two records judged the same, or different, for as long as the ruling is not withdrawn.

A ruling is about two records, and applies at once to all that hangs together with them. *Same* makes one edition of
the two editions that the records are in by the rules, whatever else in these was vetoed; it is no reason to join
anything more, and goes back to two editions when it is withdrawn. *Different* lets the two, and whatever people judged
the same as either, never meet in one edition. A ruling outlives new versions of its records, and sleeps while one of
them is deleted; but what is the same through a record that left stays the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from indexer import catalogue_rows as rows
from indexer import ruling_rows
from indexer.catalogue import Catalogue
from indexer.derive import Derived, derive
from indexer.explain import NoSuchRecord
from indexer.matching import Matcher
from indexer.record import RecordRef
from indexer.ruling_rows import Ruling, RulingVerdict, Withdrawal

LONGEST_REASON = 2_000
LONGEST_NAME = 200


class RulingRefused(ValueError):
    """A ruling that cannot be: the message says what contradicts it, or what is missing."""


class NoSuchRuling(LookupError):
    """There is no ruling that holds and is the one named; the message names it."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling, and what it changed. ``edition_a`` and ``edition_b`` are where its records are now, None for one that
    was deleted."""

    ruling: Ruling
    edition_a: str | None
    edition_b: str | None
    derived: Derived
    repeated: bool = False  # it held already: nothing was written


def judge(
    catalogue: Catalogue,
    a: RecordRef,
    b: RecordRef,
    verdict: RulingVerdict,
    *,
    because: str,
    by: str,
    at: datetime,
) -> Ruled:
    """Stores a ruling and derives the editions it touches, in one transaction; the engine is given them by the next
    index. Saying again what holds changes nothing.

    Raises: NoSuchRecord when the catalogue does not hold one of them, RulingRefused when it lacks who or why, is about
    one record, or contradicts rulings that hold.
    """
    because, by = _stated(because, by)
    if a == b:
        raise RulingRefused(f"{a} is one record: a judgement is about two")
    with catalogue.writing() as connection:
        numbers = _numbers(connection, (a, b))
        holding = [one for one in ruling_rows.rulings(connection) if one.withdrawn is None]
        held = next((one for one in holding if {one.a, one.b} == {a, b} and one.verdict == verdict), None)
        derived = Derived()
        if held is None:
            _refuse_contradiction(a, b, verdict, holding)
            number = ruling_rows.store_ruling(
                connection, (numbers[a], numbers[b]), verdict, because=because, by=by, at=at
            )
            held = Ruling(number, min(a, b), max(a, b), verdict, because, by, at)
            derived = derive(connection, Matcher().facts, set(numbers.values()), frozenset(), frozenset())
            return _outcome(connection, held, derived)
        return _outcome(connection, held, derived, repeated=True)


def withdraw(catalogue: Catalogue, number: int, *, because: str, by: str, at: datetime) -> Ruled:
    """Takes a ruling back and derives the editions it touched; who, when and why are kept.

    Raises: NoSuchRuling when none of this number holds, RulingRefused when it lacks who or why.
    """
    because, by = _stated(because, by)
    with catalogue.writing() as connection:
        held = next((one for one in ruling_rows.rulings(connection) if one.number == number), None)
        if held is None or held.withdrawn is not None:
            raise NoSuchRuling(f"there is no judgement {number}" if held is None else f"{number} is withdrawn already")
        withdrawal = Withdrawal(because, by, at)
        touched = _said_the_same(connection, (held.a, held.b))
        ruling_rows.withdraw_ruling(connection, number, withdrawal)
        derived = derive(connection, Matcher().facts, touched, frozenset(), frozenset())
        gone = Ruling(held.number, held.a, held.b, held.verdict, held.because, held.by, held.at, withdrawal)
        return _outcome(connection, gone, derived)


def holding(catalogue: Catalogue, a: RecordRef, b: RecordRef) -> Ruling:
    """The ruling about these two records that holds. Raises: NoSuchRuling."""
    found = catalogue.ruling(a, b)
    if found is None:
        raise NoSuchRuling(f"nobody has judged {a} and {b}")
    return found


def all_rulings(catalogue: Catalogue, *, withdrawn: bool = False) -> list[Ruling]:
    """The rulings that hold, oldest first; ``withdrawn``: and those that were taken back."""
    return [one for one in catalogue.rulings() if withdrawn or one.withdrawn is None]


def rulings_about(catalogue: Catalogue, refs: Iterable[RecordRef]) -> list[Ruling]:
    """The rulings that hold about any of these records."""
    wanted = set(refs)
    return [one for one in all_rulings(catalogue) if one.a in wanted or one.b in wanted]


def _stated(because: str, by: str) -> tuple[str, str]:
    because, by = because.strip(), by.strip()
    if not because:
        raise RulingRefused("a judgement says why")
    if not by:
        raise RulingRefused("a judgement says who makes it")
    if len(because) > LONGEST_REASON or len(by) > LONGEST_NAME:
        raise RulingRefused(f"why may have {LONGEST_REASON} characters, who {LONGEST_NAME}")
    return because, by


def _numbers(connection: Connection, refs: Iterable[RecordRef]) -> dict[RecordRef, int]:
    """The numbers of live records. Raises: NoSuchRecord."""
    known = rows.records_by_ref(connection, refs)
    for ref in refs:
        if ref not in known or known[ref].payload is None:
            raise NoSuchRecord(str(ref))
    return {ref: row.number for ref, row in known.items()}


def _said_the_same(connection: Connection, refs: Iterable[RecordRef]) -> set[int]:
    """The live ones of these records and of all that people judged the same as them, be it through a deleted one."""
    seen: set[int] = set()
    frontier = {row.number for row in rows.records_by_ref(connection, refs).values()}
    while frontier:
        seen |= frontier
        frontier = {number for pair in ruling_rows.ruled_at(connection, frontier).same for number in pair} - seen
    return rows.live_among(connection, seen)


def _refuse_contradiction(a: RecordRef, b: RecordRef, verdict: RulingVerdict, held: Iterable[Ruling]) -> None:
    held = list(held)
    same = [one for one in held if one.verdict == "same"]
    paths = _chains(a, same)
    if verdict == "different":
        if b in paths:
            raise RulingRefused(f"{a} and {b} were judged the same: {_told(paths[b])}. Withdraw that first")
        return
    of_b = _chains(b, same)
    for one in held:
        for x, y in ((one.a, one.b), (one.b, one.a)):
            if one.verdict == "different" and x in paths and y in of_b:
                chain = _told((*paths[x], one, *reversed(of_b[y])))
                raise RulingRefused(f"{a} and {b} cannot be the same: {chain}. Withdraw one of these first")


def _chains(start: RecordRef, same: Iterable[Ruling]) -> Mapping[RecordRef, tuple[Ruling, ...]]:
    """Every record that was judged the same as this one, each with the shortest chain of rulings that leads there."""
    leading: dict[RecordRef, list[Ruling]] = {}
    for one in same:
        leading.setdefault(one.a, []).append(one)
        leading.setdefault(one.b, []).append(one)
    found: dict[RecordRef, tuple[Ruling, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for one in leading.get(here, ()):
            there = one.b if one.a == here else one.a
            if there not in found:
                found[there] = (*found[here], one)
                waiting.append(there)
    return found


def _told(chain: Iterable[Ruling]) -> str:
    return "; ".join(
        f"{one.a} and {one.b} are {'the same' if one.verdict == 'same' else 'different'}"
        f" (judgement {one.number}, {one.by}, {one.at:%Y-%m-%d}: {one.because})"
        for one in chain
    )


def _outcome(connection: Connection, ruling: Ruling, derived: Derived, *, repeated: bool = False) -> Ruled:
    found = rows.records_by_ref(connection, (ruling.a, ruling.b))
    of_a, of_b = (
        row.edition if (row := found.get(ref)) is not None and row.payload is not None else None
        for ref in (ruling.a, ruling.b)
    )
    return Ruled(ruling, of_a, of_b, derived, repeated)
