"""Searches whose address is mistaken: what can be mended without asking, and the nearest search that can be made."""

from __future__ import annotations

from collections.abc import Sequence

from search_api.errors import InvalidRequest
from search_api.search_params import CLAUSE_FIELDS, FILTER_FIELDS, TEXT_LIMIT, SearchParams
from search_api.texts import Texts

Pairs = Sequence[tuple[str, str]]

_YEARS = ("year_from", "year_to")
_PLACES = frozenset({"page", "after", "size"})
"""Parameters that say where in a result a page is; an error that names none is theirs."""


def years_in_order(pairs: Pairs) -> tuple[list[tuple[str, str]], tuple[str, str] | None]:
    """The pairs of an address with its years from the earlier to the later, and these when they came the wrong way
    round; None when they did not, or are no years at all."""
    given = dict(pairs)
    try:
        first, last = (int(given.get(name, "")) for name in _YEARS)
    except ValueError:
        return list(pairs), None
    if first <= last:
        return list(pairs), None
    mended = {"year_from": str(last), "year_to": str(first)}
    return [(name, mended.get(name, value)) for name, value in pairs], (str(last), str(first))


def nearest(pairs: Pairs) -> SearchParams | None:
    """The search that is left when what cannot be searched for is left out; None when nothing is."""
    left = list(pairs)
    while left:
        try:
            params = SearchParams.read(left)
        except InvalidRequest as exc:
            wrong = {exc.field.partition(".")[0]} if exc.field else _PLACES
            kept = [pair for pair in left if pair[0] not in wrong]
            if len(kept) == len(left):
                return None
            left = kept
        else:
            return params if params.pairs() else None
    return None


def typed(pairs: Pairs) -> tuple[str, str]:
    """The first field that is searched in and its words, as the search box shows them."""
    given = dict(pairs)
    return next(((name, given[name]) for name in CLAUSE_FIELDS if given.get(name)), ("q", ""))


def what_is_wrong(pairs: Pairs, field: str, t: Texts) -> str:
    """What is wrong with a search, in words a patron knows; ``field`` is the parameter to blame, "" for its page."""
    text = dict(pairs).get(field, "")
    if not field:
        return t("error.too_deep_help")
    if field in CLAUSE_FIELDS and len(text) > TEXT_LIMIT:
        return t("error.too_long_help", length=t.number(len(text)), most=t.number(TEXT_LIMIT))
    return t("error.bad_field_help", field=_called(field, t))


def _called(field: str, t: Texts) -> str:
    if field in CLAUSE_FIELDS:
        return t(f"field.{field}")
    if field in _YEARS:
        return t("results.years_from" if field == "year_from" else "results.years_to")
    if field in FILTER_FIELDS and FILTER_FIELDS[field] != "division":
        return t(f"facet.{FILTER_FIELDS[field]}")
    return t("error.this_choice")
