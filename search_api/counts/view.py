"""The counts in words and pictures, in one interface language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from babel.numbers import format_percent

from search_api.counts.ledger import MIN_DAYS, MIN_TIMES
from search_api.counts.picture import Picture, picture
from search_api.counts.report import Counts, Report, first_of_month
from search_api.counts.tally import HANDOFFS
from search_api.labels import Labels
from search_api.texts import Texts


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table of counts."""

    name: str
    address: str  # of what the row is about, "" for the row looked at
    code: str  # of a library, "" for none
    counts: Counts
    share: int  # of the largest row's hand-offs, in hundredths: the length of its bar


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with what it shows in words."""

    picture: Picture
    words: str
    first: str
    last: str
    top: str


class CountsView:
    """A report as its page shows it."""

    def __init__(self, report: Report, t: Texts, labels: Labels, address: str) -> None:
        self._report = report
        self._t = t
        self._labels = labels
        self._address = address  # of the page, to which a month can be added

    def month(self) -> str:
        return self.month_in_words(self._report.month)

    def month_in_words(self, month: date) -> str:
        return format_skeleton("yMMMM", month, locale=self._t.locale)

    def sentence(self) -> str:
        """The month in one sentence; what a director reads aloud."""
        counts = self._looked_at()
        if not counts.times:
            return self._t("counts.none", month=self.month())
        if not counts["search"]:
            return self._t("counts.no_search", month=self.month(), handoffs=counts.handoffs)
        share = counts.in_vain
        return self._t(
            "counts.sentence",
            month=self.month(),
            n=counts["search"],
            share="—" if share is None else self._percent(share),
            handoffs=counts.handoffs,
        )

    def figures(self) -> tuple[Figure, ...]:
        counts, t = self._looked_at(), self._t
        share = counts.in_vain
        of_them = {what: counts[what] for what in HANDOFFS}
        return (
            Figure(t("counts.search"), t.number(counts["search"]), ""),
            Figure(
                t("counts.no_hit"),
                t.number(counts["no_hit"]),
                "" if share is None else t("counts.of_searches", share=self._percent(share)),
            ),
            Figure(t("counts.asked"), t.number(counts["asked"]), ""),
            Figure(t("counts.handoffs"), t.number(counts.handoffs), t("counts.handoffs_of", **of_them)),
        )

    def days(self) -> Drawing:
        """Searches day by day, those in vain dark."""
        t, days = self._t, self._report.days
        total = sum(counts["search"] for counts in days.values())
        return self._drawing(
            [(t.day(day), counts) for day, counts in days.items()],
            t("counts.days_in_words", days=len(days), n=total),
        )

    def months_drawn(self) -> Drawing:
        """Searches month by month, those in vain dark; the first month first."""
        months = list(self._report.months.items())[::-1]
        total = sum(counts["search"] for _, counts in months)
        return self._drawing(
            [(self.month_in_words(month), counts) for month, counts in months],
            self._t("counts.months_in_words", months=len(months), n=total),
        )

    def months(self) -> tuple[Line, ...]:
        """The months, the last first, without those before the first count."""
        rows = list(self._report.months.items())
        while len(rows) > 1 and not rows[-1][1].times:
            rows.pop()
        return tuple(
            self._line(
                self.month_in_words(month),
                "" if month == self._report.month else f"{self._address}?month={month:%Y-%m}",
                "",
                counts,
                [one for _, one in rows],
            )
            for month, counts in rows
        )

    def libraries(self) -> tuple[Line, ...]:
        """The members in their usual order."""
        found = self._report.libraries
        return tuple(
            self._line(self._labels.library(code), "", code, found[code], list(found.values()))
            for code in self._labels.in_order(found)
        )

    def wishes_note(self) -> str:
        return self._t("counts.wishes_note", days=MIN_DAYS, times=MIN_TIMES)

    def _looked_at(self) -> Counts:
        return self._report.months.get(self._report.month, Counts())

    def _percent(self, share: float) -> str:
        return format_percent(share, "0.#%", locale=self._t.locale)

    def _line(self, name: str, address: str, code: str, counts: Counts, all_rows: Sequence[Counts]) -> Line:
        most = max((one.handoffs for one in all_rows), default=0)
        return Line(name, address, code, counts, round(100 * counts.handoffs / most) if most else 0)

    def _drawing(self, rows: Sequence[tuple[str, Counts]], words: str) -> Drawing:
        t = self._t
        drawn = picture(
            [
                (t("counts.column", when=when, n=one["search"], no_hit=one["no_hit"]), one["search"], one["no_hit"])
                for when, one in rows
            ]
        )
        return Drawing(drawn, words, rows[0][0], rows[-1][0], t.number(drawn.top))


def is_month_of(text: str) -> date | None:
    """The first day of a month written as 2026-11; None for anything else."""
    try:
        return first_of_month(date.fromisoformat(f"{text}-01"))
    except ValueError:
        return None
