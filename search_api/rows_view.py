"""Works and editions as the result page prints them: what they are on the left, who has them now on the right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from indexer.record import Edition
from search_api.labels import Labels
from search_api.marking import Marking, Piece
from search_api.now_view import HaveView, Now
from search_api.result_rows import Group
from search_api.search_params import SearchParams, standing
from search_api.search_view import LinkView
from search_api.texts import Texts
from search_api.views import EditionView, edition_view, html_language


@dataclass(frozen=True, slots=True)
class RowView:
    """An edition shown whole."""

    view: EditionView
    title: tuple[Piece, ...]  # with subtitle, what was typed told apart
    have: HaveView


@dataclass(frozen=True, slots=True)
class LineView:
    """An edition in one line."""

    year: str
    view: EditionView
    held: str


@dataclass(frozen=True, slots=True)
class WorkView:
    """A work, or an edition that is alone: then it has one row, and nothing else is shown of it."""

    rows: tuple[RowView, ...]
    title: tuple[Piece, ...] = ()
    lang: str = ""
    by: str = ""  # whose it is, of how many editions and libraries
    languages: tuple[LinkView, ...] = ()  # each with its count
    rest: str = ""  # how many editions are not shown whole; "" when none
    lines: tuple[LineView, ...] = ()
    url: str = ""  # finds all of its editions
    all: str = ""  # what that link says


class RowsView:
    """Writes the rows of one result in one interface language; ``link`` makes an address from a path."""

    def __init__(self, params: SearchParams, now: Now, t: Texts, labels: Labels, link: Callable[[str], str]) -> None:
        self._params = params
        self._now = now
        self._t = t
        self._labels = labels
        self._link = link
        self._read_in = params.language[0] if len(params.language) == 1 else ""
        self._marking = Marking.of(" ".join(filter(None, (params.q, params.title, params.title_is))))

    def works(self, groups: Sequence[Group]) -> tuple[WorkView, ...]:
        return tuple(map(self._work, groups))

    def forms(self, groups: Iterable[Group]) -> tuple[tuple[str, str], ...]:
        """How what was typed is written in the editions found, where that is in other forms; with their languages."""
        return self._marking.forms(_titles(groups))

    def _work(self, group: Group) -> WorkView:
        rows = tuple(map(self._row, group.shown))
        if group.matching == 1:
            return WorkView(rows)
        t, first = self._t, rows[0].view
        all_of_it = self._params.of_work(group.first.work)
        counted = t("results.work_editions", n=group.matching)
        held = t("results.held", n=group.libraries) if group.libraries else ""
        makers = [agent.value.name for agent in group.first.agents[:1]]
        return WorkView(
            rows=rows,
            title=self._marking.pieces(first.title),
            lang=first.lang,
            by=" · ".join(filter(None, (*makers, t("figures.comma").join(filter(None, (counted, held)))))),
            languages=tuple(
                LinkView(f"{self._labels.language(code)} {t.number(n)}", self._search(self._of(all_of_it, code)))
                for code, n in group.languages
            ),
            rest=t("results.rest", n=group.matching - len(rows)) if group.matching > len(rows) else "",
            lines=tuple(map(self._line, group.folded)),
            url=self._search(all_of_it),
            all=t("results.all_of_work", n=group.matching),
        )

    def _of(self, params: SearchParams, language: str) -> SearchParams:
        return params if language in params.language else params.changed(language=(language,))

    def _view(self, edition: Edition) -> EditionView:
        """An edition whose page is opened with the reader's own libraries, and where they look, in its address."""
        view = edition_view(edition, self._t, self._labels, self._link, read_in=self._read_in)
        return replace(view, url=view.url + standing(self._params.pairs()))

    def _row(self, edition: Edition) -> RowView:
        view = self._view(edition)
        return RowView(view, self._marking.pieces(view.full_title), self._now.have(edition.id))

    def _line(self, edition: Edition) -> LineView:
        return LineView(
            year="" if edition.year is None else str(edition.year),
            view=self._view(edition),
            held=self._t("results.held", n=len(edition.libraries)),
        )

    def _search(self, params: SearchParams) -> str:
        return self._link(f"search?{urlencode(params.pairs())}")


def _titles(groups: Iterable[Group]) -> Iterator[tuple[str, str]]:
    for group in groups:
        for edition in (*group.shown, *group.folded):
            if edition.title:
                yield edition.title.proper, html_language(edition)
