"""What helps where a search finds nothing, or next to nothing: other searches, offered and never made unasked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Literal

from indexer.engine import SearchEngine, SearchPage
from indexer.identifiers import isbn13, issns
from indexer.query_fields import FIELD_NAMES
from search_api.correction_kinds import CorrectionKind
from search_api.did_you_mean import meant
from search_api.search_params import CLAUSE_FIELDS, SearchParams, is_bare_number

FEW, MANY_MORE = 3, 5
"""A search that finds no more than so few may be mistyped; another is offered when it finds so many times as much."""

WORDS_DROPPED = 6
"""Words of a query that are left out one at a time; a longer query is a sentence."""

SPELT = ("q", "title", "creator", "subject")
"""Parameters in which errors of typing are looked for."""

_QUOTES = re.compile('["“”„「」『』]')
_NAMED_NUMBER = re.compile(r"\bIS[BS]N(?:[- ]?1[03](?![0-9-]))?\s*[:：]?\s*([0-9][0-9 -]{6,15}[0-9Xx])", re.IGNORECASE)
_NAMED_FIELD = re.compile(r"(?<!\S)([^\W\d][\w-]{0,14})[:：]")
_YEARS = re.compile("(?:1[0-9]|20)[0-9]{2}-(?:1[0-9]|20)[0-9]{2}")
_OPERATORS = frozenset({"OR", "AND", "NOT", "|"})


@dataclass(frozen=True, slots=True)
class Correction:
    """Another search that finds something where this one finds nothing, or much where it finds little."""

    kind: CorrectionKind
    params: SearchParams
    total: int
    text: str = ""  # what it searches for instead, or leaves out


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the patron should know of what was typed."""

    kind: Literal["wrong_check_digit", "found_loosely"]
    text: str


def notices(params: SearchParams) -> tuple[Notice, ...]:
    """What is wrong with the numbers of a search: a check digit that does not belong to an ISBN or ISSN."""
    typed = (text for name in ("q", "isbn", "issn") for text in _numbers_in(getattr(params, name)))
    return tuple(Notice("wrong_check_digit", text) for text in dict.fromkeys(typed) if _is_wrong(text))


def _numbers_in(text: str) -> tuple[str, ...]:
    """What of a query may be an ISBN or ISSN: all of it, or what is named so (ISSN 0028-0837, isbn:…)."""
    if is_bare_number(text):
        return (text,) if text else ()
    return tuple(named[1].strip() for named in _NAMED_NUMBER.finditer(text))


def _is_wrong(text: str) -> bool:
    digits = "".join(c for c in text if c.isalnum())
    if len(digits) == 13:
        return digits.startswith(("978", "979")) and isbn13(digits) is None
    if len(digits) == 8 and "-" in text:
        return not _YEARS.fullmatch(text) and not any(issn.valid for issn in issns(text))
    return len(digits) == 10 and digits[:-1].isdecimal() and isbn13(text) is None


async def corrections(engine: SearchEngine, params: SearchParams, page: SearchPage) -> tuple[Correction, ...]:
    """Nearby searches that find something: for one whose page says that it found nothing or next to nothing.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    total = page.total
    if total > FEW:
        return ()
    found: list[Correction] = []
    async for kind, other, text in _candidates(engine, params, page):
        if other is None or any(other == known.params for known in found):
            continue
        more = (await engine.search(replace(other.request(), facets=(), offset=0, limit=0, by_work=False))).total
        if more and more >= MANY_MORE * total:
            found.append(Correction(kind, other, more, text))
    dropped = [one for one in found if one.kind == "without_word"]
    most = max((one.total for one in dropped), default=0)
    best = next((one for one in dropped if one.total == most), None)
    return tuple(one for one in found if one.kind != "without_word" or one is best)


async def _candidates(
    engine: SearchEngine, params: SearchParams, page: SearchPage
) -> AsyncIterator[tuple[CorrectionKind, SearchParams | None, str]]:
    found = [hit.edition for hit in page.hits]
    for name in SPELT:
        if (text := getattr(params, name)) and (better := await meant(engine, text, CLAUSE_FIELDS[name], found)):
            yield "spelling", params.changed(**{name: better}), better
    if page.total:
        return
    yield "isbn_check_digit", _with_check_digit(params), ""
    yield "without_filters", params.without_filters() if params.narrowed else None, ""
    if (bare := _QUOTES.sub(" ", params.q).strip()) and bare != params.q:
        yield "without_quotes", params.changed(q=bare), bare
    for word in _words(params.q):
        rest = " ".join(w for w in params.q.split() if w != word)
        yield "without_word", params.changed(q=rest), word
    yield "any_field", _in_any_field(params), ""


def _words(text: str) -> tuple[str, ...]:
    """The words of a query that may be left out one at a time: two or more, with nothing that binds them."""
    words = text.split()
    plain = not _QUOTES.search(text) and not _OPERATORS.intersection(words)
    return tuple(dict.fromkeys(words)) if plain and 2 <= len(words) <= WORDS_DROPPED else ()


def _with_check_digit(params: SearchParams) -> SearchParams | None:
    """The search with the last digit of a mistyped ISBN made right."""
    text = next((one for typed in (params.isbn, params.q) for one in _numbers_in(typed) if _is_wrong(one)), "")
    if not text:
        return None
    digits = "".join(c for c in text if c.isalnum())
    if len(digits) not in (10, 13):
        return None
    right = next((whole for last in "0123456789X" if (whole := isbn13(digits[:-1] + last))), None)
    return params.changed(isbn=right, q="") if right else None


def _in_any_field(params: SearchParams) -> SearchParams | None:
    """The search with the words of its single fields looked for anywhere."""
    words = [text for name in CLAUSE_FIELDS if name != "q" and (text := getattr(params, name))]
    unnamed = _NAMED_FIELD.sub(lambda name: "" if name[1].casefold() in FIELD_NAMES else name[0], params.q)
    if not words and unnamed == params.q:
        return None
    cleared = dict.fromkeys(CLAUSE_FIELDS, "")
    return params.changed(**{**cleared, "q": " ".join(filter(None, [unnamed, *words]))[:500]})
