"""Code tables: what a code means in each interface language, checked when they are loaded.

A table is a TOML file in ``mappings/tables``:

    default = { "zh-Hant" = "其他", en = "Other" }     # what an unknown code is called; "" shows the code itself

    [labels]
    chi = { "zh-Hant" = "中文", en = "Chinese" }

    [from.iso]                                          # other people's codes and words → ours
    zh = "chi"
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from mappings.library import Label

TABLES_FOLDER = Path(__file__).parent / "tables"
LANGUAGES = ("zh-Hant", "en")
"""The languages that every label must have."""

INTERFACE_LANGUAGES = (*LANGUAGES, "ja", "vi", "id", "th")
"""The languages of the pages, the default first; a label that one of them lacks is in English there."""

_SECTIONS = frozenset({"default", "labels", "from"})


class TableInvalid(ValueError):
    """A code table cannot be used; the message names file, key and what is allowed. Start-up stops."""


class CodeTable:
    """Codes and their labels. Codes met that the table lacks are counted in ``unseen``, never dropped."""

    def __init__(
        self,
        name: str,
        labels: Mapping[str, Label],
        default: Label | None = None,
        sources: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.name = name
        self.labels: Mapping[str, Label] = MappingProxyType(dict(labels))
        self.default = default
        self.sources: Mapping[str, Mapping[str, str]] = MappingProxyType(dict(sources or {}))
        self.unseen: Counter[str] = Counter()

    def label(self, code: str, language: str = "zh-Hant") -> str:
        """What the code is called in an interface language.

        A code that the table lacks gets the table's default, else the code itself, and is counted.
        """
        label = self.labels.get(code)
        if label is None:
            self.unseen[code] += 1
            label = self.default
        if label is None:
            return code
        return label.get(language) or label.get("en") or next(iter(label.values()))

    def translated(self, source: str, value: str) -> str:
        """Our code for somebody else's code or word, "" where the table has none; what it has not is counted.

        Raises: KeyError when the table has no such source, which is a mistake in the calling code.
        """
        code = self.sources[source].get(value, "")
        if not code and value:
            self.unseen[f"{source}:{value}"] += 1
        return code

    def __contains__(self, code: object) -> bool:
        return code in self.labels

    def __iter__(self) -> Iterator[str]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)


def load_table(name: str, folder: Path = TABLES_FOLDER) -> CodeTable:
    """The table of this name, whole and checked.

    Raises: TableInvalid, naming file, key, value and what is allowed.
    """
    file = folder / f"{name}.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise TableInvalid(f"{file}: not readable as TOML: {exc}") from exc
    if unknown := sorted(table.keys() - _SECTIONS):
        raise TableInvalid(f"{file}: {unknown[0]}: unknown; allowed are {', '.join(sorted(_SECTIONS))}")
    labels = table.get("labels")
    if not isinstance(labels, dict) or not labels:
        raise TableInvalid(f"{file}: labels: give at least one code")
    for code, label in labels.items():
        _check_label(file, f"labels.{code}", label)
    default = table.get("default")
    if default is not None:
        _check_label(file, "default", default)
    sources = table.get("from", {})
    for source, words in sources.items():
        _check_source(file, f"from.{source}", words, labels)
    return CodeTable(name, labels, default, sources)


def _check_label(file: Path, key: str, label: object) -> None:
    if (
        not isinstance(label, dict)
        or not set(LANGUAGES) <= set(label) <= set(INTERFACE_LANGUAGES)
        or not all(map(_is_text, label.values()))
    ):
        raise TableInvalid(
            f"{file}: {key} = {label!r}: give a text for each of {', '.join(LANGUAGES)}; "
            f"there may be others for {', '.join(INTERFACE_LANGUAGES[len(LANGUAGES) :])}"
        )


def _check_source(file: Path, key: str, words: object, labels: Mapping[str, object]) -> None:
    if not isinstance(words, dict):
        raise TableInvalid(f"{file}: {key} = {words!r}: give a table of word = code")
    for word, code in words.items():
        if code not in labels:
            raise TableInvalid(f"{file}: {key}.{word} = {code!r}: must be one of the codes in labels")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
