"""Interface texts: complete in every language, plural where the language is."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from indexer.evidence import STATEMENTS
from search_api import texts as module
from search_api.texts import LANGUAGES, TextsInvalid, texts

TEMPLATES = Path(module.__file__).parent / "templates"


def test_every_language_has_the_same_keys() -> None:
    assert texts("en").keys() == texts("zh-Hant").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_a_template_names_exists(language: str) -> None:
    named = {
        key for file in TEMPLATES.glob("*.html") for key in re.findall(r"t\('([a-z_]+\.[a-z_]+)'[,)]", file.read_text())
    }
    assert len(named) > 30
    assert named <= texts(language).keys()


def test_english_counts_one_and_many() -> None:
    assert texts("en")("results.held", n=1) == "1 library"
    assert texts("en")("results.held", n=1234) == "1,234 libraries"


def test_chinese_counts_without_plural() -> None:
    assert texts("zh-Hant")("results.held", n=1) == "1館收藏"


def test_an_unknown_key_is_an_error_not_an_empty_text() -> None:
    with pytest.raises(KeyError):
        texts("en")("no.such")


def test_a_language_file_that_lacks_a_key_stops_the_start_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zh-Hant.toml").write_text('[a]\nb = "乙"\nc = "丙"\n', encoding="utf-8")
    (tmp_path / "en.toml").write_text('[a]\nb = "b"\n', encoding="utf-8")
    monkeypatch.setattr(module, "LOCALE_FOLDER", tmp_path)
    with pytest.raises(TextsInvalid, match=r"a\.c"):
        module.texts.__wrapped__("en")


def test_days_and_times_are_written_as_people_there_write_them() -> None:
    assert texts("zh-Hant").day(date(2026, 11, 27)) == "11月27日"
    assert texts("en").day(date(2026, 11, 27)) == "27 Nov"
    moment = datetime(2026, 11, 27, 9, 5, tzinfo=UTC)
    assert re.fullmatch(r"\d\d:\d\d", texts("en").time(moment))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_judgement_has_words(language: str) -> None:
    assert {f"reason.{statement}" for statement in STATEMENTS} <= texts(language).keys()
