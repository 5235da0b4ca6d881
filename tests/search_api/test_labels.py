"""What codes are called: by the tables, by each library's own file, or as they are."""

import pytest

from mappings.library import Harvest, Library, Records
from search_api.labels import Labels

ALPHA = Library(
    code="alpha",
    name={"zh-Hant": "甲圖書館", "en": "Alpha Library"},
    region="south",
    kind="city",
    harvest=Harvest(protocol="oai-pmh", url="http://127.0.0.1/"),
    records=Records(branches={"M": {"zh-Hant": "總館", "en": "Main"}}, locations={"REF": {"en": "Reference"}, "X": {}}),
)


def labels(language: str = "en") -> Labels:
    north = ALPHA.model_copy(update={"code": "zeta", "region": "north"})
    first = ALPHA.model_copy(update={"code": "beta", "order": -1})
    return Labels({"alpha": ALPHA, "zeta": north, "beta": first}, language)


def test_a_library_and_its_places_are_called_as_its_file_says() -> None:
    assert labels().library("alpha") == "Alpha Library"
    assert labels("zh-Hant").library("alpha") == "甲圖書館"
    assert labels("zh-Hant").branch("alpha", "M") == "總館"
    assert labels("zh-Hant").location("alpha", "REF") == "Reference", "a label in one language is better than a code"


def test_a_code_without_a_label_is_shown_as_it_is() -> None:
    assert labels().library("gone") == "gone"
    assert labels().branch("alpha", "NEW") == "NEW"
    assert labels().location("alpha", "X") == "X"
    assert labels().branch("gone", "M") == "M"
    assert labels().branch("alpha", "") == ""


def test_the_word_of_another_language_is_translated() -> None:
    """A live system names its branch in its own language, whatever the page's."""
    assert labels("en").branch("alpha", "總館") == "Main"
    assert labels("zh-Hant").branch("alpha", "Main") == "總館"


WORDS = [("en", ["Northern Taiwan", "Book", "Chinese"]), ("zh-Hant", ["北區", "圖書", "中文"])]


@pytest.mark.parametrize(("language", "words"), WORDS)
def test_regions_formats_and_languages_have_words(language: str, words: list[str]) -> None:
    found = labels(language)
    assert [found.region("north"), found.format("book"), found.language("chi")] == words


def test_what_is_not_stated_has_no_label() -> None:
    assert (labels().role(""), labels().scheme("")) == ("", "")


def test_libraries_stand_by_region_then_their_own_order_then_code() -> None:
    assert labels().in_order(["alpha", "gone", "beta", "zeta"]) == ["zeta", "beta", "alpha", "gone"]


def test_regions_stand_from_north_to_abroad_each_once() -> None:
    assert labels().regions_in_order(["abroad", "", "south", "north", "south"]) == ["north", "south", "abroad", ""]


def test_a_library_that_left_has_no_region() -> None:
    assert (labels().region_of("alpha"), labels().region_of("gone")) == ("south", "")
