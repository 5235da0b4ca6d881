from __future__ import annotations

from pathlib import Path

import pytest

from mappings.library import load_libraries
from mappings.themes import THEMES_FILE, Theme, ThemesInvalid, load_themes

MEMBERS = ("riverton", "hillside")

GOOD = """
[[themes]]
code = "craft"
name = { "zh-Hant" = "工藝", en = "Crafts" }
search = { q = "工藝", year_from = 2000, language = ["chi", "eng"] }
focus = ["riverton"]
"""


def load(folder: Path, text: str) -> tuple[Theme, ...]:
    file = folder / "themes.toml"
    file.write_text(text, encoding="utf-8")
    return load_themes(MEMBERS, file)


def test_the_themes_of_the_demo_name_four_searches_and_their_libraries() -> None:
    libraries = load_libraries()
    themes = load_themes(libraries)
    assert [theme.name["zh-Hant"] for theme in themes] == ["文化創意", "多元文化", "知識性", "青少年"]
    assert all(theme.focus and set(theme.focus) <= set(libraries) for theme in themes)


def test_a_consortium_without_these_libraries_has_the_themes_and_nobodys_focus() -> None:
    assert [theme.focus for theme in load_themes(MEMBERS, THEMES_FILE)] == [(), (), (), ()]


def test_a_theme_is_a_search_with_its_values_one_after_the_other(tmp_path: Path) -> None:
    [theme] = load(tmp_path, GOOD)
    assert theme.pairs == [("q", "工藝"), ("year_from", "2000"), ("language", "chi"), ("language", "eng")]
    assert theme.focus == ("riverton",)


def test_a_file_without_themes_has_none(tmp_path: Path) -> None:
    assert load(tmp_path, "") == ()


WRONG = [
    (GOOD.replace('"riverton"', '"nowhere"'), "themes.0.focus = 'nowhere'", "a library that is none"),
    (GOOD + GOOD, "themes.1.code = 'craft'", "two of one code"),
    (GOOD.replace("search =", "query ="), "themes.0.query", "an unknown key"),
    (GOOD.replace('"craft"', '"Craft work"'), "themes.0.code", "a code that no address takes"),
    (GOOD.replace(', en = "Crafts"', ""), "give a text for en", "a name without English"),
    (GOOD.replace('q = "工藝", year_from = 2000, language = ["chi", "eng"]', ""), "themes.0.search", "nothing sought"),
    ("themes = 3", "themes = 3", "no list"),
    ("[[themes]", "not readable as TOML", "no TOML"),
]


@pytest.mark.parametrize(("text", "message", "why"), WRONG, ids=[why for _, _, why in WRONG])
def test_what_is_wrong_with_a_theme_is_said(tmp_path: Path, text: str, message: str, why: str) -> None:
    with pytest.raises(ThemesInvalid) as caught:
        load(tmp_path, text)
    assert message in str(caught.value), why
    assert "themes.toml" in str(caught.value)
