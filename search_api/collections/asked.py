"""What a request of this room is about: which part of the catalogue, and which editions of whose."""

from __future__ import annotations

from fastapi import Request

from search_api.collections.held import Kind, Question
from search_api.collections.room import collections_of
from search_api.collections.scope import NARROWING, Scope
from search_api.errors import InvalidRequest, NotFound

OWN = frozenset({"theme", "at_least", "works", "after", "size", "table", "of", "show", "lang"})
"""Parameters beside those of a search."""


def scope_of(request: Request) -> Scope:
    """What of the catalogue a request is about: the parameters of a search, or a theme by its code.

    Raises: InvalidRequest for a parameter that is none.
    """
    pairs = list(request.query_params.multi_items())
    themes = [value for name, value in pairs if name == "theme" and value]
    unknown = sorted({name for name, _ in pairs} - NARROWING - OWN)
    if unknown:
        raise InvalidRequest(f"There is no parameter {unknown[0]}.", field=unknown[0], code="unknown_parameter")
    if not themes:
        return Scope.read(pairs)
    found = next((one for one in collections_of(request).themes if one.theme.code == themes[0]), None)
    if found is None:
        raise InvalidRequest(f"There is no theme {themes[0]}.", field="theme")
    return Scope.read([*found.scope.pairs, *(pair for pair in pairs if pair[0] not in dict(found.scope.pairs))])


def question_of(request: Request, kind: Kind, library: str, *, at_least: int = 1, works: bool = False) -> Question:
    """Raises: NotFound for a library that is no member, InvalidRequest."""
    if library not in collections_of(request).libraries:
        raise NotFound(f"There is no library {library}.")
    return Question(kind, library, scope_of(request), at_least, works)
