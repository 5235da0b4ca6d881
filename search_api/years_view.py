"""The years of what was found as a small chart, each bar a link to its years."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from search_api.search_params import SearchParams

YEAR_BARS = 24
CHART_WIDTH, CHART_HEIGHT = 240, 46


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    url: str  # narrows the search to its years; "" where nothing is
    chosen: bool = True  # within the span that the search is narrowed to


@dataclass(frozen=True, slots=True)
class YearsView:
    first: int
    last: int
    bars: tuple[Bar, ...]
    kept: tuple[tuple[str, str], ...]  # the rest of the search, for the form
    chosen_from: str
    chosen_to: str


def years_view(
    counted: Mapping[int, int], params: SearchParams, address: Callable[[SearchParams], str]
) -> YearsView | None:
    """The chart of editions by year; None when no edition has a likely year."""
    counts = {year: count for year, count in counted.items() if count and 1000 < year < 2100}
    if not counts:
        return None
    first, last = min(counts), max(counts)
    return YearsView(
        first=first,
        last=last,
        bars=tuple(
            _bars(
                counts,
                first,
                last,
                lambda start, end: address(params.changed(year=(), year_from=start, year_to=end)),
                lambda start, end: _within(params, start, end),
            )
        ),
        kept=tuple(pair for pair in params.changed(year_from=None, year_to=None).pairs()),
        chosen_from=_shown(params.year_from),
        chosen_to=_shown(params.year_to),
    )


def _within(params: SearchParams, start: int, end: int) -> bool:
    """Whether any of these years is in the span that a search is narrowed to."""
    first = start if params.year_from is None else params.year_from
    last = end if params.year_to is None else params.year_to
    return first <= end and last >= start and (not params.year or any(start <= year <= end for year in params.year))


def _bars(
    counts: dict[int, int],
    first: int,
    last: int,
    address: Callable[[int, int], str],
    chosen: Callable[[int, int], bool],
) -> Iterator[Bar]:
    """Bars of equal spans of years, the highest as high as the chart."""
    span = max(1, -(-(last - first + 1) // YEAR_BARS))
    starts = range(first, last + 1, span)
    sums = [sum(counts.get(year, 0) for year in range(start, start + span)) for start in starts]
    width = CHART_WIDTH / len(starts)
    for n, (start, total) in enumerate(zip(starts, sums, strict=True)):
        height = max(1.0, total / max(sums) * CHART_HEIGHT) if total else 0.0
        label = f"{start}–{start + span - 1}: {total}" if span > 1 else f"{start}: {total}"
        url = address(start, start + span - 1) if total else ""
        x, y, wide, high = (round(one, 1) for one in (n * width, 48 - height, width * 0.8, height))
        yield Bar(x, y, wide, high, label, url, chosen(start, start + span - 1))


def _shown(year: int | None) -> str:
    return "" if year is None else str(year)
