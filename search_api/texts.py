"""Interface texts: one TOML file per language, the same keys in each, plural forms where a language has them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal

LOCALE_FOLDER = Path(__file__).parent / "locale"
LANGUAGES = ("zh-Hant", "en")
"""Interface languages, the default first; codes as in the ``lang`` attribute."""

_BABEL = {"zh-Hant": "zh_Hant_TW", "en": "en_GB"}


class TextsInvalid(ValueError):
    """A language file lacks a key or has one too many; start-up stops."""


class Texts:
    """The texts of one interface language. Call it with a key (``results.held``) and what its braces name."""

    def __init__(self, language: str, texts: Mapping[str, str | Mapping[str, str]]) -> None:
        self.language = language
        self.locale = Locale.parse(_BABEL[language])
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key. ``n`` chooses the plural form and is written with the language's separators.

        Raises: KeyError for a key no language file has.
        """
        text = self._texts[key]
        if not isinstance(text, str):
            text = text.get(self.locale.plural_form(values["n"]), text["other"])  # type: ignore[arg-type]
        shown = {k: self.number(v) if isinstance(v, int) else v for k, v in values.items()}
        return text.format(**shown)

    def keys(self) -> frozenset[str]:
        return frozenset(self._texts)

    def number(self, value: int) -> str:
        if -1000 < value < 1000:  # nothing to separate: most numbers of a page, each of which would take 0.1 ms
            return str(value)
        return format_decimal(value, locale=self.locale)

    def day(self, value: date) -> str:
        """A day of about now: 11月27日, 27 Nov."""
        return format_date(value, "M月d日" if self.language == "zh-Hant" else "d MMM", locale=self.locale)

    def time(self, value: datetime) -> str:
        """A time of day, 24 hours, in the server's own zone."""
        return format_time(value.astimezone(), "HH:mm", locale=self.locale)

    def moment(self, value: datetime, zone: ZoneInfo) -> str:
        """A day and time, and whose: 21 Nov 2026, 03:12 (Asia/Taipei)."""
        pattern = "y年M月d日 HH:mm" if self.language == "zh-Hant" else "d MMM y, HH:mm"
        at = format_datetime(value.astimezone(zone), pattern, locale=self.locale)
        return f"{at}（{zone.key}）" if self.language == "zh-Hant" else f"{at} ({zone.key})"


def _flat(table: Mapping[str, object]) -> dict[str, str | Mapping[str, str]]:
    return {
        f"{section}.{key}": text
        for section, texts in table.items()
        if isinstance(texts, dict)
        for key, text in texts.items()
    }


@cache
def texts(language: str) -> Texts:
    """The texts of an interface language, read once.

    Raises: TextsInvalid when its keys differ from the default language's.
    """
    tables = {
        code: _flat(tomllib.loads((LOCALE_FOLDER / f"{code}.toml").read_text(encoding="utf-8")))
        for code in {language, LANGUAGES[0]}
    }
    odd = tables[language].keys() ^ tables[LANGUAGES[0]].keys()
    if odd:
        raise TextsInvalid(f"{language}.toml and {LANGUAGES[0]}.toml differ in {', '.join(sorted(odd))}")
    return Texts(language, tables[language])
