"""What is wrong with a file of configuration, in a librarian's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic_core import ErrorDetails

from mappings.access import masked


def problem(error: ErrorDetails, keys: Mapping[str, Iterable[str]]) -> str:
    """One thing that is wrong: the key, its value, what is allowed. ``keys`` are the keys of each table by its name."""
    *tables, key = map(str, error["loc"]) if error["loc"] else ("file",)
    name = ".".join((*tables, key))
    if error["type"] == "missing":
        return f"{name}: is required"
    if error["type"] == "extra_forbidden":
        allowed = sorted(_of_table([table for table in tables if not table.isdigit()], keys))
        return f"{name} = {error['input']!r}: no such key; allowed are {', '.join(allowed)}"
    return masked(f"{name} = {error['input']!r}: {error['msg']}")


def _of_table(path: list[str], keys: Mapping[str, Iterable[str]]) -> Iterable[str]:
    """The keys of a table; ``groups.*`` in ``keys`` stands for a table of any name."""
    named = ".".join(path)
    return keys[named] if named in keys else keys[".".join((*path[:-1], "*"))]
