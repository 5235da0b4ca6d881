"""A draft of a library's file as TOML, to be reviewed: what was found stands above it and beside the keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from search_api.probe import Draft

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def toml_of(draft: Draft) -> str:
    """The file's text; it loads as it is."""
    return "\n".join([*_heading(draft), "", *_tables(draft), ""])


def _heading(draft: Draft) -> Iterator[str]:
    questions = f" with {draft.asked} questions" if draft.asked else ""
    yield f"# As it was found on {draft.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC{questions}. To be reviewed."
    if not draft.known:
        yield f"# To be saved as {draft.code}.toml: the file's name is the library's code."
    yield "# A line with ! should be looked at before the first harvest."
    yield "#"
    for finding in draft.findings:
        yield f"# {'!' if finding.doubt else ' '} {_comment(finding.about)}: {_comment(finding.words)}"


def _tables(draft: Draft) -> Iterator[str]:
    tables = {}
    for key, value in draft.table.items():
        if isinstance(value, Mapping) and key != "name":
            tables[key] = value
        else:
            yield from _pair(draft, key, key, value)
    for name, table in tables.items():
        yield from _table(draft, name, table)


def _table(draft: Draft, name: str, table: Mapping[str, Any]) -> Iterator[str]:
    """A table, and after it the tables within it."""
    within = {key: value for key, value in table.items() if isinstance(value, Mapping) and value}
    yield ""
    yield f"[{name}]"
    for key, value in table.items():
        if key not in within:
            yield from _pair(draft, f"{name}.{key}", key, value)
    for at, words in draft.comments.items():
        key = at.removeprefix(f"{name}.")
        if key != at and "." not in key and key not in table:
            yield f"# {key}: {_comment(words)}"
    for key, value in within.items():
        yield from _table(draft, f"{name}.{_key(key)}", value)


def _pair(draft: Draft, at: str, key: str, value: object) -> Iterator[str]:
    words = draft.comments.get(at, "")
    yield f"{_key(key)} = {_value(value)}{f'  # {_comment(words)}' if words else ''}"


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _string(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_value, value))}]"
    return str(value)  # numbers, dates


def _string(text: str) -> str:
    return '"' + "".join(ESCAPES.get(one, one if one.isprintable() else _code_point(one)) for one in text) + '"'


def _code_point(character: str) -> str:
    return f"\\U{ord(character):08X}"


def _comment(text: str) -> str:
    """One line that no server can break out of."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
