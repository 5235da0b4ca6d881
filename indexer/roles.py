"""What those a heading names did: MARC relator codes of the codes and words that catalogues write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from indexer.record import Agent
from indexer.text import has_han
from mappings.table import load_table

RELATORS = load_table("relators")
TERMS = RELATORS.sources["terms"]
_UNIMARC_RELATORS = RELATORS.sources["unimarc"]

READ = 1000  # characters: a name is a line, and searching a hostile one costs the square of its length
EDGES = " .,;:/()[]（）〔〕［］，、；：。|｜‖‧·・"
_SEVERAL_HAN_ROLES = re.compile(r"[.,;、，；/·‧・&+\s]+|[及與与和並并兼]")
_SEVERAL_ROLES = re.compile(r"[,;/&+]|\.\s| (?:and|und|et|y|e) ")
_AND_SO_ON = frozenset({"etc", "et al", "joint", "others", "等"})
_CODE = re.compile(r"(?:.*/relators?/)?([a-zA-Z]{3})$")


def with_roles(agent: Agent, *stated: str) -> Agent:
    """An agent who did this first of all; the same agent where it is not said, or known already."""
    wanted = tuple(dict.fromkeys((*filter(None, stated), *agent.roles)))
    if wanted == agent.roles or set(wanted) == set(agent.roles):
        return agent
    return replace(agent, role=wanted[0], more_roles=wanted[1:])


MAX_ROLE = 60
"""Characters of a code or term that nobody has words for which are kept, to be counted and shown."""


def roles(codes: Iterable[str], terms: Iterable[str]) -> tuple[str, ...]:
    """The MARC relator codes of what a heading says its bearer did, each once: of codes ($4), then of terms ($e, $j).

    A code is ``aut``, a relator's URI, UNIMARC's ``070``, or CMARC's words, of which there may be several: ``譯.圖``.
    What no table knows stands last, as written; a term beside a code only says the same in words, and counts when it
    is known.
    """
    known: dict[str, None] = {}
    unknown: dict[str, None] = {}
    coded = False
    for code in codes:
        coded = True
        for one in _of_code(code[:READ]):
            (known if one in RELATORS else unknown)[one] = None
    for term in terms:
        for one in _of_term(term[:READ]):
            if one in RELATORS:
                known[one] = None
            elif not coded:
                unknown[one] = None
    return (*known, *unknown)


@lru_cache(maxsize=4096)
def _of_code(code: str) -> tuple[str, ...]:
    code = code.strip(EDGES)
    if own := _UNIMARC_RELATORS.get(code):
        return (own,)
    if match := _CODE.fullmatch(code):
        return (match.group(1).lower(),)
    return (code[:MAX_ROLE],) if code.isascii() and not code.isalpha() and code else _of_term(code)


@lru_cache(maxsize=4096)
def _of_term(text: str) -> tuple[str, ...]:
    """The codes of a term, of each part of one that names several things; a term of which nothing is known as it is."""
    text = text.strip(EDGES)
    term = text.casefold()
    if not term:
        return ()
    if own := TERMS.get(term):
        return (own,)
    split = _SEVERAL_HAN_ROLES if has_han(term) else _SEVERAL_ROLES
    parts = [part for part in (part.strip(EDGES) for part in split.split(term)) if part and part not in _AND_SO_ON]
    found = [own for part in parts for own in _of_part(part)]
    return tuple(dict.fromkeys(found)) if found else (text[:MAX_ROLE],)


def _of_part(part: str) -> tuple[str, ...]:
    """The codes of words written together, 撰文攝影; of a compound that is not all known, of how it ends: 共同翻譯."""
    if own := TERMS.get(part):
        return (own,)
    if not has_han(part):
        return ()
    found: list[str] = []
    place = 0
    while place < len(part):
        size = next((size for size in (4, 3, 2, 1) if part[place : place + size] in TERMS), 0)
        if not size:
            return next(((own,) for size in (2, 1) if (own := TERMS.get(part[-size:]))), ())
        found.append(TERMS[part[place : place + size]])
        place += size
    return tuple(found)
