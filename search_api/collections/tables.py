"""Comparisons as tables: what a page shows, a picture draws and a file holds are the rows made here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.record import Edition
from search_api.collections.compared import NOT_STATED, SCHEME_OF, Axis, Compared, Part, keys, share
from search_api.collections.held import Kind, Line
from search_api.labels import Labels
from search_api.search_params import BROADER
from search_api.selecting.words import hyphenated
from search_api.texts import Texts

Of = Literal["held", "unique"]
"""Whether what members hold is counted, or what only they hold."""

Figure = int | float | None
"""A count, a share from 0 to 1, or None where there is nothing to have a share of."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of figures. ``shares`` are those that a picture shades by, beside the figures."""

    key: str
    label: str
    figures: tuple[Figure, ...]
    shares: tuple[float | None, ...] = ()
    narrower: bool = False  # counted in the row above it, too


@dataclass(frozen=True, slots=True)
class Grid:
    """Figures by row and column, each column a member unless ``keys`` says otherwise."""

    corner: str  # what the rows are
    keys: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def members_grid(compared: Compared, labels: Labels, t: Texts) -> Grid:
    """Each member: what it holds, what only it holds, the share, and what nobody else holds in any edition."""
    with_works = any(one.last_of_work is not None for one in compared.members)
    columns = ["held", "unique", "unique_share", *(("last_of_work",) if with_works else ())]
    rows = []
    for code in labels.in_order(one.library for one in compared.members):
        one = compared.member(code)
        assert one is not None
        figures = (one.held.editions, one.unique.editions, one.unique_share, one.last_of_work)
        rows.append(Row(code, labels.library(code), figures[: len(columns)]))
    return Grid(t("collections.member"), tuple(columns), tuple(t(f"collections.col_{c}") for c in columns), tuple(rows))


def pairs_grid(compared: Compared, labels: Labels, t: Texts, *, shares: bool) -> Grid:
    """Members × members: of what the row's member holds, what the column's member holds too, as a count or a share."""
    codes = tuple(labels.in_order(one.library for one in compared.members))
    rows = []
    for code in codes:
        one = compared.member(code)
        assert one is not None
        counts = tuple(None if other == code else one.shared.get(other, 0) for other in codes)
        parts = tuple(None if other == code else one.shared_share(other) for other in codes)
        rows.append(Row(code, labels.library(code), parts if shares else counts, parts))
    return Grid(t("collections.member"), codes, tuple(map(labels.library, codes)), tuple(rows))


def axis_grid(compared: Compared, axis: Axis, of: Of, labels: Labels, t: Texts) -> Grid:
    """Keys of an axis × members, the whole catalogue in the first column; shares are of the member's own editions."""
    codes = tuple(labels.in_order(one.library for one in compared.members))
    parts: list[Part] = [_part(compared, code, of) for code in codes]
    whole = compared.whole if of == "held" else _together(parts, axis)
    rows = []
    for key in _broader_first(axis, keys(compared, axis)):
        counts = tuple(part.of(axis, key) for part in (whole, *parts))
        if not counts[0]:
            continue  # a class of which nobody holds anything alone
        shares = tuple(share(count, part.editions) for count, part in zip(counts, (whole, *parts), strict=True))
        narrower = key in BROADER.get("format", {}) if axis == "format" else False
        rows.append(Row(key, axis_label(axis, key, labels, t), counts, shares, narrower))
    headings = (t("collections.all_members"), *map(labels.library, codes))
    return Grid(t(f"collections.axis_{axis}"), ("", *codes), headings, tuple(rows))


def axis_label(axis: Axis, key: str, labels: Labels, t: Texts) -> str:
    """What a key of an axis is called."""
    if key == NOT_STATED:
        return t("collections.no_class" if axis in SCHEME_OF else "collections.not_stated")
    if axis == "decade":
        return t("collections.decade", first=key)
    if axis in SCHEME_OF:
        number = key.partition(":")[2].ljust(3, "0")
        facet = "division" if axis.endswith("division") else "classification"
        return f"{number} {labels.of_facet(facet, key)}"
    return labels.of_facet(axis, key)


def line_headings(kind: Kind, t: Texts) -> list[str]:
    """The headings of listed editions in a file."""
    return [t(f"collections.line_{name}") for name in (*_DESCRIBED, *_TOLD[kind])]


def line_cells(kind: Kind, line: Line, library: str, labels: Labels, t: Texts, *, site: str) -> list[str | int | None]:
    """An edition that is listed, in the order of the headings."""
    return [*_described(line.edition, labels, site), *_TELLING[kind](line, library, labels, t)]


_DESCRIBED = ("title", "creator", "publisher", "year", "isbn", "format", "language", "class", "edition", "address")
_TOLD: dict[Kind, tuple[str, ...]] = {
    "unique": ("call_number", "place", "copies", "coming", "others"),
    "lacking": ("held_by", "holders"),
}


def _described(edition: Edition, labels: Labels, site: str) -> list[str | int | None]:
    title = edition.title
    whole = " ".join(filter(None, (title.proper, title.other, title.part_number, title.part_name))) if title else ""
    isbns = (i.value.value for i in edition.identifiers if i.value.kind == "isbn" and i.value.valid)
    return [
        whole,
        edition.responsibilities[0].value if edition.responsibilities else "",
        edition.imprints[0].value.publisher if edition.imprints else "",
        edition.year,
        " ".join(map(hyphenated, dict.fromkeys(isbns))),
        labels.format(edition.format.value),
        "、".join(map(labels.language, edition.languages)),
        " ".join(dict.fromkeys(c.value.number for c in edition.classifications if c.value.scheme in ("ncsclt", "ddc"))),
        edition.id,
        f"{site}/editions/{edition.id}",
    ]


def _unique(line: Line, library: str, labels: Labels, t: Texts) -> list[str | int | None]:
    where = (
        " ".join(filter(None, (labels.branch(library, s.branch), labels.location(library, s.location))))
        for s in line.shelves
    )
    return [
        " ; ".join(dict.fromkeys(s.call_number for s in line.shelves if s.call_number)),
        " ; ".join(filter(None, dict.fromkeys(where))),
        line.copies or None,
        line.coming or None,
        t("collections.list_comma").join(map(labels.library, labels.in_order(line.others))),
    ]


def _lacking(line: Line, library: str, labels: Labels, t: Texts) -> list[str | int | None]:
    assert library not in line.libraries
    names = t("collections.list_comma").join(map(labels.library, labels.in_order(line.libraries)))
    return [len(line.libraries), names]


_TELLING: dict[Kind, Callable[[Line, str, Labels, Texts], list[str | int | None]]] = {
    "unique": _unique,
    "lacking": _lacking,
}


def _part(compared: Compared, code: str, of: Of) -> Part:
    one = compared.member(code)
    assert one is not None
    return one.held if of == "held" else one.unique


def _together(parts: Sequence[Part], axis: Axis) -> Part:
    """What is held by one library only, of all members: nothing is in two of the parts."""
    counts: dict[str, int] = {}
    for part in parts:
        for key, count in part.by.get(axis, {}).items():
            counts[key] = counts.get(key, 0) + count
    return Part(sum(part.editions for part in parts), {axis: counts})


def _broader_first(axis: Axis, found: Sequence[str]) -> list[str]:
    """Formats with the kinds of each behind it."""
    if axis != "format":
        return list(found)
    broader = BROADER["format"]
    order = []
    for key in found:
        if key not in broader:
            order += [key, *(one for one in found if broader.get(one) == key)]
    return [*order, *(key for key in found if key not in order)]
