"""Pictures as numbers: shades, labels and figures."""

from __future__ import annotations

import pytest

from search_api.collections.picture import bars, figure_text, heat
from search_api.collections.tables import Figure, Grid, Row
from search_api.texts import texts

T = texts("en")


def grid(*rows: tuple[str, tuple[Figure, ...], tuple[float | None, ...]], headings: tuple[str, ...] = ()) -> Grid:
    keys = tuple(f"k{n}" for n in range(len(rows[0][1])))
    return Grid("rows", keys, headings or keys, tuple(Row(key, key, figures, shares) for key, figures, shares in rows))


FIGURES = [
    (0, "0", "a count of none"),
    (1234, "1,234", "separators"),
    (0.0, "0%", "no share"),
    (0.004, "<1%", "what rounds to nothing but is something"),
    (0.006, "1%", "rounded"),
    (0.996, "100%", "rounded up"),
    (1.0, "100%", "all"),
    (None, "–", "no share of nothing"),
]


@pytest.mark.parametrize(("figure", "text", "why"), FIGURES, ids=[why for *_, why in FIGURES])
def test_a_figure_is_written(figure: Figure, text: str, why: str) -> None:
    assert figure_text(figure, T) == text, why


def test_shades_rise_with_the_share_and_none_has_its_own() -> None:
    shares = (0.0, 0.01, 0.25, 0.49, 0.5)
    found = heat(grid(("row", (0, 1, 25, 49, 50), shares)), T)
    assert [cell.level for cell in found.cells] == [0, 1, 3, 6, 6]
    assert [cell.text for cell in found.cells] == ["0", "1", "25", "49", "50"]
    assert found.greatest == "50%"


def test_a_member_beside_itself_says_nothing_and_a_share_of_nothing_a_dash() -> None:
    found = heat(grid(("k0", (None, 0.5), (None, 0.5)), ("k1", (None, None), (None, None))), T)
    assert [(cell.text, cell.level) for cell in found.cells] == [("", -1), ("50", 6), ("–", 0), ("", -1)]


def test_cells_do_not_overlap_and_all_lie_inside() -> None:
    found = heat(grid(*[(f"row {n}", (n, 100_000), (0.1, 0.2)) for n in range(5)]), T)
    places = {(cell.x, cell.y) for cell in found.cells}
    assert len(places) == 10
    assert all(x + found.cell_width <= found.width and y + 30 <= found.height for x, y in places)


LABELS = [
    ("海風市立圖書館", ["海風市立"], "without what all have in common"),
    ("Haifeng City Library", ["Haifeng City"], "nor in English"),
    ("河畔大學圖書館（新加坡）", ["河畔大學", "（新加坡）"], "what stands in brackets by itself"),
    ("國立公共資訊圖書館", ["國立公共資訊"], "on one line where there is room"),
    ("Library", ["Library"], "a name that is nothing else"),
]


@pytest.mark.parametrize(("name", "lines", "why"), LABELS, ids=[why for *_, why in LABELS])
def test_a_column_is_labelled(name: str, lines: list[str], why: str) -> None:
    found = heat(grid(("row", (1,), (0.1,)), headings=(name,)), T)
    assert [text for _, text in found.columns[0].lines] == lines, why
    assert found.columns[0].whole == name


def test_many_columns_stand_close_and_their_labels_are_cut() -> None:
    names = tuple(f"The very long name of library number {n}" for n in range(40))
    found = heat(grid(("row", (1,) * 40, (0.1,) * 40), headings=names), T)
    assert found.cell_width == 50
    assert all(len(label.lines) <= 3 for label in found.columns)


def test_bars_are_as_long_as_their_counts_and_of_nothing_as_nothing() -> None:
    assert [bar.width for bar in bars([("a", 10), ("b", 5), ("c", 0)], T)] == [100, 50, 0]
    assert [bar.width for bar in bars([("a", 0)], T)] == [0]
    assert bars([], T) == ()


def test_a_picture_of_nothing_is_small_and_no_error() -> None:
    assert heat(Grid("x", (), (), ()), T).cells == ()
