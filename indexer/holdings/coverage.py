"""Whether a library's holdings statement covers an issue: ``v.10(2003)-v.14(2007)``, 第1卷-, 民國70-78年, 缺第3期.

Statements are written for people. What is read of one is believed; a piece that cannot be read leaves the answer open,
and never makes a library hold what it does not, or lack what it may hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexer.holdings.statement_runs import Run, Runs, runs


class Covers(StrEnum):
    """What a statement says of an issue."""

    YES = "yes"
    NO = "no"
    OPEN = "open"  # it cannot be read, or says too little: ask


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wanted of a serial; what is not known of it is None."""

    volume: int | None = None
    number: int | None = None
    year: int | None = None

    @property
    def known(self) -> bool:
        return (self.volume, self.number, self.year) != (None, None, None)


def covers(statement: str, issue: Issue) -> Covers:
    """What a holdings statement says of an issue; an empty one, and an issue of which nothing is known, are OPEN."""
    if not issue.known:
        return Covers.OPEN
    return _covers(runs(statement), issue)


def any_covers(statements: Iterable[str], issue: Issue) -> Covers:
    """The same of all that a library holds of a serial: one statement that covers it is enough."""
    said = {covers(statement, issue) for statement in statements if statement.strip()}
    if Covers.YES in said:
        return Covers.YES
    return Covers.NO if said == {Covers.NO} else Covers.OPEN


def _covers(read: Runs, issue: Issue) -> Covers:
    lacking = [_within(run, issue) for run in read.lacking]
    for run, lacks in zip(read.lacking, lacking, strict=True):
        if lacks is Covers.YES and not _finer(run, issue):
            return Covers.NO
    held = _any(_within(run, issue) for run in read.held)
    if held is Covers.YES:
        # It may be one of those that are lacking: those of a number when only the year is known.
        return Covers.OPEN if read.unread_lacking or set(lacking) - {Covers.NO} else Covers.YES
    return Covers.OPEN if read.unread or not read.held else held


def _any(said: Iterable[Covers]) -> Covers:
    found = set(said)
    if Covers.YES in found:
        return Covers.YES
    return Covers.OPEN if Covers.OPEN in found else Covers.NO


def _finer(run: Run, issue: Issue) -> bool:
    """Whether what lacks is only a part of what is wanted: an issue of a volume, a volume of a year."""
    if run.first.number is not None and issue.number is None:
        return True
    return run.first.volume is not None and issue.volume is None and issue.number is None


def _within(run: Run, issue: Issue) -> Covers:
    """Whether a run holds an issue: by its numbers, and by its years where both are known."""
    numbered, dated = _by_number(run, issue), _by_year(run, issue)
    if numbered is None and dated is None:
        return Covers.OPEN
    if numbered is None:
        if not dated:
            return Covers.OPEN if run.loose else Covers.NO
        return Covers.OPEN if run.loose or _at_an_edge(run, issue) else Covers.YES
    if dated is None or numbered == dated or run.loose:
        return Covers.YES if numbered else Covers.NO
    # Another number in the only year of the run, or in the volume it begins or ends with: an issue that lacks. Else the
    # number or the year is mistaken.
    of_one_year = run.first.year is not None and run.first.year == run.last_year
    at_an_end = issue.volume is not None and issue.volume in (run.first.volume, run.last.volume if run.last else None)
    return Covers.NO if not numbered and (of_one_year or at_an_end) else Covers.OPEN


def _at_an_edge(run: Run, issue: Issue) -> bool:
    """Whether only a part of the year that is wanted need be there: the run begins or ends within it."""
    begins = issue.year == run.first.year and run.first.number not in (None, 1)
    ends = run.last is not None and issue.year == run.last_year and run.last.number is not None
    return begins or ends


def _by_number(run: Run, issue: Issue) -> bool | None:
    """Whether the numbers of the run hold those of the issue; None where they cannot be compared."""
    first, last = run.first, run.last
    if first.volume is None:
        if first.number is None or issue.number is None or issue.volume is not None:
            return None  # numbers counted through are not those within a volume
        return first.number <= issue.number and _to(last.number if last else None, issue.number, open_=run.open)
    if issue.volume is None:
        return None
    wanted, ends = issue.volume, last.volume if last else None
    if wanted < first.volume or not _to(ends, wanted, open_=run.open):
        return False
    if issue.number is not None:
        if wanted == first.volume and first.number is not None and issue.number < first.number:
            return False
        if last and wanted == ends and last.number is not None and issue.number > last.number:
            return False
    elif (wanted == first.volume and (first.number or 1) > 1) or (run.within_a_volume and wanted == first.volume):
        return None  # a part of the volume is there
    return True


def _by_year(run: Run, issue: Issue) -> bool | None:
    if run.first.year is None or issue.year is None:
        return None
    return run.first.year <= issue.year and _to(run.last_year, issue.year, open_=run.open)


def _to(last: int | None, wanted: int, *, open_: bool) -> bool:
    return open_ if last is None else wanted <= last


def first_that_covers(statements: Sequence[str], issue: Issue) -> str:
    """The statement to tell as the reason; the first when none covers it, "" when there is none."""
    stated = [one for one in statements if one.strip()]
    return next((one for one in stated if covers(one, issue) is Covers.YES), stated[0] if stated else "")
