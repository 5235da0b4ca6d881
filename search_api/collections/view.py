"""What the pages of collections say of the part of the catalogue that is compared, and of themes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from indexer.document import isbns
from search_api.collections.compared import share
from search_api.collections.held import Line
from search_api.collections.scope import Scope
from search_api.collections.tables import Grid, Row
from search_api.collections.themes import Spread, ThemeScope
from search_api.labels import Labels
from search_api.search_params import FILTER_FIELDS
from search_api.texts import Texts
from search_api.views import edition_view

FORM = frozenset({"q", "language", "classification", "format", "year_from", "year_to"})
"""Parameters that the form of the page has fields for; the others go along with it."""


@dataclass(frozen=True, slots=True)
class ScopeView:
    """A scope in words."""

    words: str  # "" for the whole catalogue
    theme: str  # the code of the theme it is, "" when it is none
    address: str
    chosen: Mapping[str, str]  # parameter → its value in the form
    rest: tuple[tuple[str, str], ...]  # parameters without a field


def scope_view(scope: Scope, themes: Sequence[ThemeScope], labels: Labels, t: Texts) -> ScopeView:
    """A scope in words: the name of the theme that it is, else what is searched for."""
    theme = next((one.theme for one in themes if one.scope.pairs == scope.pairs), None)
    counted: dict[str, int] = {}
    for name, _ in scope.pairs:
        counted[name] = counted.get(name, 0) + 1
    fielded = {name: value for name, value in scope.pairs if name in FORM and counted[name] == 1}
    if theme is not None:
        words = theme.name.get(t.language) or theme.name["en"]
    else:
        words = t("collections.scope_and").join(_words(name, scope, labels, t) for name in counted)
    return ScopeView(
        words=words,
        theme=theme.code if theme else "",
        address=scope.address,
        chosen=fielded,
        rest=tuple((name, value) for name, value in scope.pairs if name not in fielded),
    )


def _words(name: str, scope: Scope, labels: Labels, t: Texts) -> str:
    values = [value for key, value in scope.pairs if key == name]
    if name in FILTER_FIELDS:
        return t("collections.list_comma").join(labels.of_facet(FILTER_FIELDS[name], value) for value in values)
    if name in ("year_from", "year_to"):
        return t(f"collections.scope_{name}", year=values[0])
    return t("collections.scope_words", words=values[0])


def spread_grid(
    found: Sequence[Spread],
    codes: Sequence[str],
    labels: Labels,
    t: Texts,
    *,
    shares: bool,
) -> Grid:
    """Themes × members: what each member holds of each theme, as a count or a share of the theme; all in the first
    column."""
    rows = []
    for one in found:
        parts = tuple(share(one.held.get(code, 0), one.editions) for code in codes)
        counts = (one.editions, *(one.held.get(code, 0) for code in codes))
        whole = 1.0 if one.editions else None
        name = one.theme.name.get(t.language) or one.theme.name["en"]
        rows.append(Row(one.theme.code, name, (whole, *parts) if shares else counts, (whole, *parts)))
    headings = (t("collections.all_members"), *map(labels.library, codes))
    return Grid(t("collections.theme"), ("", *codes), headings, tuple(rows))


def address(path: str, scope: Scope, extra: Mapping[str, str] | None = None) -> str:
    """An address with a scope and further parameters."""
    query = urlencode([*scope.pairs, *((extra or {}).items())])
    return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class LineView:
    """A listed edition as its row shows it."""

    url: str
    title: str
    lang: str
    about: str
    isbn: str
    shelves: tuple[str, ...]
    copies: int
    coming: int
    others: str
    held_by: int
    holders: str


def line_view(line: Line, library: str, t: Texts, labels: Labels, link: Callable[[str], str]) -> LineView:
    """A row; ``link`` makes a page's address from its path."""
    edition = edition_view(line.edition, t, labels, link)
    comma = t("collections.list_comma")
    return LineView(
        url=edition.url,
        title=edition.full_title,
        lang=edition.lang,
        about=" · ".join(filter(None, (edition.by, edition.imprint))),
        isbn=next(iter(isbns(line.edition)), ""),
        shelves=tuple(
            dict.fromkeys(
                " ".join(filter(None, (labels.location(library, one.location), one.call_number)))
                for one in line.shelves
            )
        ),
        copies=line.copies,
        coming=line.coming,
        others=comma.join(map(labels.library, labels.in_order(line.others))),
        held_by=len(line.libraries),
        holders=comma.join(map(labels.library, labels.in_order(line.libraries))),
    )
