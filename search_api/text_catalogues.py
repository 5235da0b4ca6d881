"""Interface texts as they are kept: gettext catalogues (.po), one per language and domain, checked as they are read.

``locale/<language>/<domain>.po``; ``msgctxt`` is our key (``results.held``), ``msgid`` the English text,
``msgid_plural`` the English of several, ``msgstr`` the text of the language. The default language's catalogues name
every key there is; English needs none of its own, since it stands in them. An entry that is empty or marked fuzzy
counts as not translated.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

_CONTEXT = re.compile(r'\s*msgctxt\s+"(?P<key>[^"]*)"\s*$')
_STRING = re.compile(r'\s*(?:(?:msg\w+)(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"\s*')
_KEY = re.compile(r"[a-z][a-z_]*\.[A-Za-z0-9_:-]+")
_PLURAL_FORMS = re.compile(r"\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+);?\s*")

Plural = Callable[[int], int]
"""Which form of a text a number takes, from 0."""


class TextsInvalid(ValueError):
    """A catalogue of texts cannot be used; the message names file, line, key and what is wrong. Start-up stops."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text as it stands in a catalogue."""

    key: str
    english: tuple[str, ...]  # one text, or that of one and that of several
    forms: tuple[str, ...]  # of the language, as many as its plural rule has; empty when not translated
    line: int


@dataclass(frozen=True, slots=True)
class TextCatalogue:
    """All texts of one domain in one language."""

    path: Path
    entries: Mapping[str, Entry]  # by key, in the order of the file
    plural: Plural


def english_plural(n: int) -> int:
    """Which of the two English forms a number takes."""
    return 0 if n == 1 else 1


def read_catalogue(path: Path) -> TextCatalogue:
    """Reads one ``.po`` file as it is: there is nothing to compile.

    Raises: TextsInvalid.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = _lines_of_keys(path, lines)
        found = read_po(iter(lines), ignore_obsolete=True, abort_invalid=True)
    except (OSError, UnicodeDecodeError) as exc:
        raise TextsInvalid(f"{path}: not readable as UTF-8 text: {exc}") from exc
    except PoFileError as exc:
        raise TextsInvalid(f"{path}:{exc.lineno + 1}: not a gettext catalogue: {exc}") from exc
    forms, plural = _plural(path, found)
    entries = {}
    for message in found:
        if message.id:
            entry = _entry(path, message, at, forms)
            entries[entry.key] = entry
    return TextCatalogue(path, MappingProxyType(entries), plural)


def _lines_of_keys(path: Path, lines: list[str]) -> dict[str, int]:
    """Where each key stands, from 1. An open quotation mark would swallow a text, a second entry hide the first."""
    at: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#") and not _STRING.fullmatch(line):
            raise TextsInvalid(f"{path}:{number}: {line.strip()!r}: not a keyword and a text in quotation marks")
        if match := _CONTEXT.match(line):
            key = match["key"]
            if key in at:
                raise TextsInvalid(f"{path}:{number}: {key}: stands twice, first in line {at[key]}")
            at[key] = number
    return at


def _plural(path: Path, found: Catalog) -> tuple[int, Plural]:
    stated = dict(found.mime_headers).get("Plural-Forms", "")
    match = _PLURAL_FORMS.fullmatch(stated)
    if match is None:
        raise TextsInvalid(f"{path}:1: Plural-Forms: {stated!r}: give Language, and nplurals=…; plural=…;")
    try:
        return int(match[1]), gettext.c2py(match[2])
    except ValueError as exc:
        raise TextsInvalid(f"{path}:1: Plural-Forms: {stated!r}: {exc}") from exc


def _entry(path: Path, message: Message, at: Mapping[str, int], forms: int) -> Entry:
    key = message.context or ""
    line = at.get(key, message.lineno or 1)
    where = f"{path}:{line}: {key or repr(message.id)}"
    if not _KEY.fullmatch(key):
        raise TextsInvalid(f"{where}: msgctxt must be a key such as results.held")
    english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    texts = (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)
    if message.fuzzy or not any(texts):
        return Entry(key, english, (), line)
    wanted = forms if len(english) > 1 else 1
    if len(texts) != wanted or not all(texts):
        raise TextsInvalid(f"{where}: has {sum(map(bool, texts))} of {wanted} plural forms")
    _check_placeholders(where, english, texts)
    return Entry(key, english, texts, line)


def _check_placeholders(where: str, english: tuple[str, ...], texts: tuple[str, ...]) -> None:
    """What stands in braces is filled in by the program: one more would fail on the page, one less hide a figure."""
    named = [placeholders(where, text) for text in english]
    allowed, needed = frozenset().union(*named), frozenset.intersection(*named)
    for text in texts:
        found = placeholders(where, text)
        if found - allowed:
            raise TextsInvalid(f"{where}: {{{min(found - allowed)}}} is not in the English text {english[-1]!r}")
        if needed - found:
            raise TextsInvalid(f"{where}: lacks {{{min(needed - found)}}} of the English text {english[-1]!r}")


def placeholders(where: str, text: str) -> frozenset[str]:
    """The names in a text's braces.

    Raises: TextsInvalid for braces that cannot be filled in.
    """
    try:
        parts = list(Formatter().parse(text))
    except ValueError as exc:
        raise TextsInvalid(f"{where}: {text!r}: {exc}") from exc
    names = [(name, form, conversion) for _, name, form, conversion in parts if name is not None]
    for name, form, conversion in names:
        if not name.isidentifier() or form or conversion:
            raise TextsInvalid(f"{where}: {text!r}: only a name may stand in braces")
    return frozenset(name for name, _, _ in names)
