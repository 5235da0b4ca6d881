"""A report as it is asked for: its sums, the lines chosen, one page of them. Whoever shows it goes by this."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mappings.library import Library
from search_api.errors import NotFound
from search_api.selecting.asking import Asked, region_of
from search_api.selecting.buying import Advice, Brief
from search_api.selecting.found import Checked
from search_api.selecting.reports import Report, Reports
from search_api.selecting.selection import Advised, Totals, advised, chosen, totals

REMEMBERED = 4
"""Finished reports of which the figures of all lines stay in memory: some 30 MB for the largest."""

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Answered:
    """What is told of a report."""

    report: Report
    asked: Asked
    totals: Totals
    found: int  # lines chosen
    lines: tuple[tuple[Checked, Advice], ...]  # of the page asked

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // self.asked.size))


@dataclass(slots=True)
class Answers:
    """Answers from the reports in the store. Safe from several threads."""

    reports: Reports
    libraries: Mapping[str, Library]
    _briefs: OrderedDict[tuple[str, object], list[Brief]] = field(default_factory=OrderedDict)

    def report(self, name: str) -> Report:
        """Raises: NotFound when there is no such report, or no longer."""
        found = self.reports.report(name)
        if found is None:
            raise NotFound("There is no such report, or it is past its time.")
        return found

    def page(self, name: str, asked: Asked) -> Answered:
        """The sums and one page of the lines chosen; the last page for one beyond it.

        Raises: NotFound.
        """
        report = self.report(name)
        every = self._advised(report, asked)
        kept = chosen(every, asked.choice)
        last = max(1, -(-len(kept) // asked.size))
        asked = asked.model_copy(update={"page": min(asked.page, last)})
        shown = kept[(asked.page - 1) * asked.size : asked.page * asked.size]
        lines = tuple(self._told(report, shown))
        return Answered(report, asked, totals(every, asked.rule), len(kept), lines)

    def all_lines(self, name: str, asked: Asked) -> tuple[Report, Totals, Iterator[tuple[Checked, Advice]]]:
        """The sums, and all lines chosen, read from the store as they are taken.

        Raises: NotFound.
        """
        report = self.report(name)
        every = self._advised(report, asked)
        return report, totals(every, asked.rule), self._told(report, chosen(every, asked.choice))

    def _advised(self, report: Report, asked: Asked) -> list[Advised]:
        return advised(self._all(report), asked.rule, region_of(asked.mine, self.libraries))

    def _all(self, report: Report) -> list[Brief]:
        key = (report.id, report.finished_at)
        if report.state == "done" and (known := self._briefs.get(key)) is not None:
            return known
        found = self.reports.briefs(report.id)
        if report.state == "done":
            self._briefs[key] = found
            while len(self._briefs) > REMEMBERED:
                self._briefs.popitem(last=False)
        return found

    def _told(self, report: Report, some: Sequence[Advised]) -> Iterator[tuple[Checked, Advice]]:
        for at in range(0, len(some), AT_ONCE):
            step = some[at : at + AT_ONCE]
            lines = self.reports.lines(report.id, [one.line.number for one in step])
            yield from ((lines[one.line.number], one.advice) for one in step if one.line.number in lines)
