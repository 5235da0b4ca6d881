"""Interface texts in every language, plural forms where a language has them, dates and numbers as CLDR writes them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from mappings.table import INTERFACE_LANGUAGES
from mappings.table import LANGUAGES as TABLE_LANGUAGES
from search_api.text_catalogues import Plural, TextCatalogue, TextsInvalid, english_plural, read_catalogue

__all__ = ["LANGUAGES", "OWN_NAMES", "STAFF_LANGUAGES", "Texts", "TextsInvalid", "load_texts", "texts"]

LOCALE_FOLDER = Path(__file__).parent / "locale"
LANGUAGES = INTERFACE_LANGUAGES
"""Interface languages, the default first; codes as in the ``lang`` attribute."""

STAFF_LANGUAGES = ("zh-Hant", "en")
"""The languages of what only staff see; whoever reads another one sees it in English."""

OWN_NAMES = {
    "zh-Hant": "繁體中文",
    "en": "English",
    "ja": "日本語",
    "vi": "Tiếng Việt",
    "id": "Bahasa Indonesia",
    "th": "ไทย",
}
"""What the interface languages call themselves: who looks for theirs reads no other."""

DOMAINS = {"patron": LANGUAGES, "staff": STAFF_LANGUAGES}
"""What is translated into which languages."""

LABELS = "labels"
"""The domain of what codes are called; its keys and its English come from ``mappings/tables``."""

LABEL_LANGUAGES = tuple(language for language in LANGUAGES if language not in TABLE_LANGUAGES)

_ENGLISH = "en"  # the language of every msgid
_LOCALES = {"zh-Hant": "zh_Hant_TW", "en": "en_GB", "ja": "ja_JP", "vi": "vi_VN", "id": "id_ID", "th": "th_TH"}
_FULL_WIDTH = frozenset({"zh-Hant", "ja"})
_STOPS = {"zh-Hant": "。", "ja": "。", "th": " "}
_BUDDHIST = frozenset({"th"})
"""Languages whose territory counts years from the Buddha's death: CLDR's calendarPreferenceData, which Babel lacks."""

_DAY, _DAY_OF_YEAR, _TIME = "MMMd", "yMMMd", "Hm"
"""CLDR's skeletons of a day about now, of any day, and of a time in 24 hours."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of one language, with the rule that chooses among its forms."""

    forms: tuple[str, ...]
    plural: Plural


class Texts:
    """The texts of one interface language. Call it with a key (``results.held``) and what its braces name."""

    def __init__(self, language: str, texts: Mapping[str, Text]) -> None:
        self.language = language
        self.locale = Locale.parse(_LOCALES[language])
        self.full_width = language in _FULL_WIDTH  # punctuation as wide as a character, and no space beside it
        self.stop = _STOPS.get(language, ". ")  # between two sentences
        self.zone: ZoneInfo | None = None  # of times of day; None is the server's own
        self._texts = texts
        self._zoned: dict[ZoneInfo, Texts] = {}
        self._patterns = {
            name: str(self.locale.datetime_skeletons[name].pattern) for name in (_DAY, _DAY_OF_YEAR, _TIME)
        }

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key. ``n`` chooses the plural form; numbers are written with the language's separators.

        Raises: KeyError for a key that no catalogue has.
        """
        text = self._texts[key]
        form = text.forms[0] if len(text.forms) == 1 else text.forms[text.plural(values["n"])]  # type: ignore[arg-type]
        shown = {k: self.number(v) if isinstance(v, int) else v for k, v in values.items()}
        return form.format(**shown)

    def in_zone(self, zone: ZoneInfo) -> Texts:
        """The same texts, with times of day as they are in a zone."""
        if zone not in self._zoned:
            self._zoned[zone] = zoned = copy(self)
            zoned.zone = zone
        return self._zoned[zone]

    def keys(self) -> frozenset[str]:
        return frozenset(self._texts)

    def number(self, value: int) -> str:
        if -1000 < value < 1000:  # nothing to separate: most numbers of a page, each of which would take 0.1 ms
            return str(value)
        return format_decimal(value, locale=self.locale)

    def day(self, value: date) -> str:
        """A day of about now: 11月27日, 27 Nov."""
        return format_date(value, self._patterns[_DAY], locale=self.locale)

    def full_day(self, value: date) -> str:
        """A day with its year: 2026年11月27日, 27 Nov 2026, 27 พ.ย. พ.ศ. 2569."""
        if self.language in _BUDDHIST:
            return f"{self.day(value)} พ.ศ. {value.year + 543}"
        return format_date(value, self._patterns[_DAY_OF_YEAR], locale=self.locale)

    def time(self, value: datetime) -> str:
        """A time of day, 24 hours."""
        return format_time(value.astimezone(self.zone), self._patterns[_TIME], locale=self.locale)

    def moment(self, value: datetime, zone: ZoneInfo) -> str:
        """A day and time, and whose: 21 Nov 2026, 03:12 (Asia/Taipei)."""
        at = value.astimezone(zone)
        time = format_time(at, self._patterns[_TIME], tzinfo=zone, locale=self.locale)
        both = str(self.locale.datetime_formats["medium"]).format(time, self.full_day(at.date()))
        return f"{both}（{zone.key}）" if self.full_width else f"{both} ({zone.key})"


@cache
def texts(language: str) -> Texts:
    """The texts of an interface language, read once. What a language lacks is in English.

    Raises: TextsInvalid when a catalogue cannot be used.
    """
    found: dict[str, Text] = {}
    for domain, languages in DOMAINS.items():
        source = _catalogue(LOCALE_FOLDER / LANGUAGES[0] / f"{domain}.po")
        for key, entry in source.entries.items():
            if key in found:
                raise TextsInvalid(f"{source.path}:{entry.line}: {key}: is in another domain too")
            found[key] = Text(entry.english, english_plural)
        if language in languages and language != _ENGLISH:
            found |= _translated(source, _catalogue(LOCALE_FOLDER / language / f"{domain}.po"))
    return Texts(language, found)


def _translated(source: TextCatalogue, own: TextCatalogue) -> dict[str, Text]:
    """What a catalogue translates of today's English: a translation of other words would say what no longer holds."""
    return {
        key: Text(entry.forms, own.plural)
        for key, entry in own.entries.items()
        if entry.forms and key in source.entries and entry.english == source.entries[key].english
    }


@cache
def label_texts(language: str) -> Mapping[str, str]:
    """What codes are called in a language that the tables of codes have no labels in: ``formats.book`` → 図書.

    Empty for the languages that they have.

    Raises: TextsInvalid when the catalogue cannot be used.
    """
    if language not in LABEL_LANGUAGES:
        return {}
    entries = _catalogue(LOCALE_FOLDER / language / f"{LABELS}.po").entries
    return {key: entry.forms[0] for key, entry in entries.items() if entry.forms}


def load_texts() -> None:
    """Reads every language, so that a mistaken catalogue stops the start-up and not a patron's page.

    Raises: TextsInvalid.
    """
    for language in LANGUAGES:
        texts(language)
        label_texts(language)


@cache
def _catalogue(path: Path) -> TextCatalogue:
    return read_catalogue(path)
