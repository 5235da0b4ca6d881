"""Brings every language's catalogues up to the keys and the English of today: ``make texts``.

A new key is added untranslated, a key that is gone is taken out, and a translation whose English has changed is kept
but marked fuzzy, as gettext's own tools do.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from mappings.table import load_table
from search_api.labels import TABLES
from search_api.text_catalogues import read_catalogue
from search_api.texts import DOMAINS, LABEL_LANGUAGES, LABELS, LANGUAGES, LOCALE_FOLDER

_ENGLISH = "en"
_HEADERS = frozenset({"Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms"})
"""What a catalogue's header says: dates and names of programs would differ after every run."""


@dataclass(frozen=True, slots=True)
class Translated:
    """How far a language's catalogue has come."""

    domain: str
    language: str
    keys: int
    missing: tuple[str, ...]  # keys without a translation that holds


def update(folder: Path = LOCALE_FOLDER) -> list[Translated]:
    """Writes the catalogues anew and says how far each has come.

    Raises: text_catalogues.TextsInvalid for a catalogue that cannot be read; nothing of it is written.
    """
    found = []
    for domain, languages in DOMAINS.items():
        source = _messages(folder / LANGUAGES[0] / f"{domain}.po")
        for language in languages:
            if language == _ENGLISH:
                continue
            path = folder / language / f"{domain}.po"
            read_catalogue(path)
            if language != LANGUAGES[0]:
                _write(path, _merged(source, _messages(path)))
            entries = read_catalogue(path).entries
            missing = tuple(key for key, entry in entries.items() if not entry.forms)
            found.append(Translated(domain, language, len(entries), missing))
    labels = _labels()
    for language in LABEL_LANGUAGES:
        path = folder / language / f"{LABELS}.po"
        _write(path, _merged(labels, _messages(path)))
        entries = read_catalogue(path).entries
        missing = tuple(key for key, entry in entries.items() if not entry.forms)
        found.append(Translated(LABELS, language, len(entries), missing))
    return found


def _labels() -> Catalog:
    """The labels of the tables that pages show, by table and code, in English."""
    source = Catalog(charset="utf-8", fuzzy=False)
    for table in TABLES:
        for code, label in load_table(table).labels.items():
            source.add(label["en"], "", context=f"{table}.{code}")
    return source


def _messages(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, ignore_obsolete=True, abort_invalid=True)


def _merged(source: Catalog, own: Catalog) -> Catalog:
    before = {message.context: message for message in own if message.id}
    forms = own.num_plurals
    merged = Catalog(locale=own.locale, header_comment=own.header_comment, charset="utf-8", fuzzy=False)
    merged.mime_headers = [(name, value) for name, value in own.mime_headers if name in _HEADERS]
    for message in source:
        if not message.id:
            continue
        was = before.get(message.context)
        several = isinstance(message.id, tuple)
        empty = ("",) * forms if several else ""
        fits = was is not None and isinstance(was.id, tuple) == several
        merged.add(
            message.id,
            was.string if was is not None and fits else empty,
            flags=_flags(message, was if fits else None),
            auto_comments=message.auto_comments,
            user_comments=was.user_comments if was else (),
            context=message.context,
        )
    return merged


def _flags(message: Message, was: Message | None) -> set[str]:
    translated = was is not None and (any(was.string) if isinstance(was.string, tuple) else bool(was.string))
    outdated = translated and was is not None and (was.fuzzy or was.id != message.id)
    return (message.flags - {"fuzzy"}) | ({"fuzzy"} if outdated else set())


def _write(path: Path, catalog: Catalog) -> None:
    written = io.BytesIO()
    write_po(written, catalog, width=0)
    path.write_text("".join(_without_noise(written.getvalue().decode())), encoding="utf-8")


def _without_noise(text: str) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        name, colon, _ = line.removeprefix('"').partition(": ")
        if not (line.startswith('"') and colon and name not in _HEADERS and "\\n" in line and "-" in name):
            yield line


def main() -> None:
    for one in update():
        said = f"{one.language:8} {one.domain:7} {one.keys - len(one.missing)} of {one.keys}"
        sys.stdout.write(f"{said}{': ' if one.missing else ''}{', '.join(one.missing)}\n")


if __name__ == "__main__":
    main()
