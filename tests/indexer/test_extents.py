from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extents import height, pages, preliminaries, volumes


@pytest.mark.parametrize(
    ("extent", "counted", "why"),
    [
        ("xii, 354 p. :", 354, "roman numerals number the preliminaries"),
        ("354, [2] p.", 354, "the largest run is the text"),
        ("5,357面", 357, "preliminary pages, not thousands"),
        ("1,230面", 230, "so too where it might be thousands: Chinese rules group none"),
        ("2, 368面", 368, "with a blank"),
        ("1,045面", 1045, "no sequence begins with 0"),
        ("3冊(1,230面)", 1230, "of three volumes, thousands"),
        ("1,230 p.", 1230, "Western rules put a blank between sequences"),
        ("1, 230 p.", 230, "as here"),
        ("12,345 p.", 345, "nobody binds so many"),
        ("1.230 S.", 1230, "German grouping"),
        ("[39], 299面", 299, "unnumbered preliminaries"),
        ("２３４面", 234, "full-width digits"),
        ("245頁", 245, "頁"),
        ("352페이지", 352, "Korean"),
        ("201 tr.", 201, "Vietnamese"),
        ("250 หน้า", 250, "Thai"),
        ("xi, 300 hlm.", 300, "Indonesian"),
        ("ix, 245 S.", 245, "German"),
        ("1 online resource (354 pages)", 354, "pages in brackets"),
        ("2 v. (xi, 1200 p.)", 1200, "the pages of a set"),
        ("123 leaves", 123, "leaves where no pages are counted"),
        ("1 v. (various pagings)", None, "pages not counted"),
        ("3冊", None, "volumes are no pages"),
        ("1 sound disc (45 min.)", None, "minutes are no pages"),
        ("", None, "nothing stated"),
    ],
)
def test_the_main_page_number(extent: str, counted: int | None, why: str) -> None:
    assert pages(extent) == counted, why


@pytest.mark.parametrize(
    ("extent", "counted", "why"),
    [
        ("3 v.", 3, "English"),
        ("1 volume (various pagings)", 1, "RDA"),
        ("3冊", 3, "Chinese"),
        ("全2冊", 2, "complete in two"),
        ("十二冊", 12, "in Chinese numerals"),
        ("三冊", 3, "below ten"),
        ("2 Bde.", 2, "German"),
        ("3 jilid", 3, "Indonesian"),
        ("4 tập", 4, "Vietnamese"),
        ("v. 1-3", None, "which are held, not how many there are"),
        ("354 p.", None, "pages are no volumes"),
        ("", None, "nothing stated"),
    ],
)
def test_volumes(extent: str, counted: int | None, why: str) -> None:
    assert volumes(extent) == counted, why


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789,，. []()面頁p冊全第vS三十"))
def test_no_extent_fails_or_counts_more_than_anybody_binds(text: str) -> None:
    counted = pages(text)
    assert counted is None or 0 < counted <= 20_000
    assert volumes(text) != 0


@pytest.mark.parametrize(
    ("extent", "centimetres", "why"),
    [
        ("viii, 173 p. ; 26 cm", 26, "as everybody writes it"),
        ("344面 ; 21公分", 21, "in Chinese"),
        ("255 p. ; 24 x 30 cm.", 24, "the height stands first"),
        ("228 p. ; 17 1/2 cm", 17, "a fraction"),
        ("199 p. : ill. ; 25cm + 1 CD", 25, "without a blank"),
        ("255 p.", None, "not stated"),
        ("", None, "no extent"),
    ],
)
def test_heights(extent: str, centimetres: float | None, why: str) -> None:
    assert height(extent) == centimetres


@pytest.mark.parametrize(
    ("extent", "numbers", "why"),
    [
        ("viii, 173 p. ; 26 cm", ("viii",), "pages of a preface"),
        ("xi, [4], 26-115, xx p.", ("xi", "xx"), "before and after"),
        ("173 p. : ill.", (), "none"),
        ("1 v. : ill. ; xl cm", (), "only the first element counts"),
    ],
)
def test_preliminaries(extent: str, numbers: tuple[str, ...], why: str) -> None:
    assert preliminaries(extent) == numbers
