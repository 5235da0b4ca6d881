"""Interface texts: plurals, dates and numbers as people write them; mistaken catalogues stop the start-up."""

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from indexer.evidence import STATEMENTS
from search_api import texts as module
from search_api import texts_update
from search_api.texts import LANGUAGES, TextsInvalid, texts

MOMENT = datetime(2026, 11, 27, 1, 5, tzinfo=UTC)
TAIPEI = ZoneInfo("Asia/Taipei")

HEADER = 'msgid ""\nmsgstr ""\n"Language: vi\\n"\n"Plural-Forms: nplurals={n}; plural={rule};\\n"\n\n'
ONE = 'msgctxt "a.held"\nmsgid "{n} library"\nmsgid_plural "{n} libraries"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a source catalogue of one text, and every other catalogue empty."""
    for domain, languages in module.DOMAINS.items():
        for language in languages:
            write(tmp_path, "", language, domain)
    write(tmp_path, ONE + 'msgstr[0] "{n}館收藏"\n')
    for language in module.LABEL_LANGUAGES:
        write(tmp_path, "", language, module.LABELS)
    monkeypatch.setattr(module, "LOCALE_FOLDER", tmp_path)
    return tmp_path


def write(folder: Path, body: str, language: str = "zh-Hant", domain: str = "patron", header: str = "") -> Path:
    path = folder / language / f"{domain}.po"
    path.parent.mkdir(exist_ok=True)
    path.write_text((header or HEADER.format(n=1, rule=0)) + body, encoding="utf-8")
    return path


def fresh(language: str) -> module.Texts:
    return module.texts.__wrapped__(language)


def test_english_counts_one_and_many() -> None:
    assert texts("en")("results.held", n=1) == "1 library"
    assert texts("en")("results.held", n=1234) == "1,234 libraries"


def test_chinese_counts_without_plural() -> None:
    assert texts("zh-Hant")("results.held", n=1) == "1館收藏"


@pytest.mark.parametrize(
    ("n", "words"), [(1, "1 raamat"), (2, "2 knihy"), (5, "5 knih")], ids=["one", "two to four", "five and more"]
)
def test_a_language_counts_by_the_rule_of_its_own_catalogue(folder: Path, n: int, words: str) -> None:
    rule = HEADER.format(n=3, rule="(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2")
    write(folder, ONE + 'msgstr[0] "{n} raamat"\nmsgstr[1] "{n} knihy"\nmsgstr[2] "{n} knih"\n', "vi", header=rule)
    assert fresh("vi")("a.held", n=n) == words


def test_an_unknown_key_is_an_error_not_an_empty_text() -> None:
    with pytest.raises(KeyError):
        texts("en")("no.such")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "the language lacks it"),
        (ONE + 'msgstr[0] ""\n', "it is empty"),
        ("#, fuzzy\n" + ONE + 'msgstr[0] "{n} perpustakaan"\n', "it is marked as doubtful"),
        (ONE.replace("libraries", "houses") + 'msgstr[0] "{n} rumah"\n', "it translates other words"),
    ],
)
def test_what_is_not_translated_is_in_english(folder: Path, body: str, why: str) -> None:
    write(folder, body, "id")
    assert fresh("id")("a.held", n=2) == "2 libraries", why


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        (ONE + 'msgstr[0] "{m}館"\n', 6, "a.held: {m} is not in the English text"),
        (ONE + 'msgstr[0] "有館收藏"\n', 6, "a.held: lacks {n}"),
        (ONE + 'msgstr[0] "{n館"\n', 6, "a.held: '{n館'"),
        (ONE + 'msgstr[0] "{n.__class__}館"\n', 6, "only a name may stand in braces"),
        (ONE + 'msgstr[0] "{n}館"\nmsgstr[1] "{n}館"\n', 7, "not a gettext catalogue: msg has more translations"),
        (ONE + 'msgstr[0] "{n}館"\n\n' + ONE + 'msgstr[0] "{n}館"\n', 11, "a.held: stands twice, first in line 6"),
        ('msgid "Library"\nmsgstr "館"\n', 6, "msgctxt must be a key"),
        ('msgctxt "a.b"\nmsgid "Library\nmsgstr "館"\n', 7, "not a keyword and a text"),
        ("<<<<<<< HEAD\n", 6, "not a keyword and a text"),
    ],
)
def test_a_mistaken_catalogue_stops_the_start_up_with_file_and_line(
    folder: Path, body: str, line: int, says: str
) -> None:
    path = write(folder, body)
    with pytest.raises(TextsInvalid, match=re.escape(says)) as caught:
        fresh("en")
    assert str(caught.value).startswith(f"{path}:{line}:")


def test_a_catalogue_without_its_plural_rule_stops_the_start_up(folder: Path) -> None:
    write(folder, "", header='msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n\n', language="th")
    with pytest.raises(TextsInvalid, match="Plural-Forms"):
        fresh("th")


@pytest.mark.parametrize(
    ("language", "day", "full", "moment"),
    [
        ("zh-Hant", "11月27日", "2026年11月27日", "2026年11月27日 09:05（Asia/Taipei）"),
        ("en", "27 Nov", "27 Nov 2026", "27 Nov 2026, 09:05 (Asia/Taipei)"),
        ("ja", "11月27日", "2026年11月27日", "2026年11月27日 9:05（Asia/Taipei）"),
        ("vi", "27 thg 11", "27 thg 11, 2026", "9:05 27 thg 11, 2026 (Asia/Taipei)"),
        ("id", "27 Nov", "27 Nov 2026", "27 Nov 2026 09.05 (Asia/Taipei)"),
        ("th", "27 พ.ย.", "27 พ.ย. พ.ศ. 2569", "27 พ.ย. พ.ศ. 2569 09:05 น. (Asia/Taipei)"),
    ],
)
def test_days_and_times_are_written_as_people_there_write_them(language: str, day: str, full: str, moment: str) -> None:
    t = texts(language)
    assert (t.day(date(2026, 11, 27)), t.full_day(date(2026, 11, 27))) == (day, full)
    assert t.moment(MOMENT, TAIPEI) == moment
    assert t.time(MOMENT)


@pytest.mark.parametrize(
    ("language", "number"), [("en", "12,345"), ("vi", "12.345"), ("id", "12.345"), ("th", "12,345")]
)
def test_numbers_are_separated_as_people_there_separate_them(language: str, number: str) -> None:
    assert texts(language).number(12345) == number


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_judgement_has_words(language: str) -> None:
    assert {f"reason.{statement}" for statement in STATEMENTS} <= texts(language).keys()


def test_updating_adds_new_keys_takes_out_old_ones_and_marks_what_has_to_be_looked_at(folder: Path) -> None:
    write(
        folder,
        ONE
        + 'msgstr[0] "{n}館"\n\nmsgctxt "a.new"\nmsgid "New"\nmsgstr "新"\n\n'
        + 'msgctxt "a.changed"\nmsgid "Much changed"\nmsgstr "改"\n',
    )
    write(
        folder,
        ONE + 'msgstr[0] "{n} perpustakaan"\n\nmsgctxt "a.gone"\nmsgid "Gone"\nmsgstr "Hilang"\n\n'
        '# said so by our librarian\nmsgctxt "a.changed"\nmsgid "Changed"\nmsgstr "Berubah"\n',
        "id",
    )
    found = {(one.language, one.domain): one.missing for one in texts_update.update(folder)}
    assert found["id", "patron"] == ("a.new", "a.changed")
    assert found["zh-Hant", "patron"] == ()
    written = (folder / "id" / "patron.po").read_text(encoding="utf-8")
    assert "a.gone" not in written
    assert "said so by our librarian" in written
    assert 'msgstr "Berubah"' in written
    assert fresh("id")("a.held", n=3) == "3 perpustakaan"
    assert fresh("id")("a.changed") == "Much changed"


def test_updating_what_is_up_to_date_changes_no_byte(tmp_path: Path) -> None:
    copied = tmp_path / "locale"
    shutil.copytree(module.LOCALE_FOLDER, copied)
    texts_update.update(copied)
    once = {path: path.read_bytes() for path in copied.rglob("*.po")}
    texts_update.update(copied)
    assert once == {path: path.read_bytes() for path in copied.rglob("*.po")}
