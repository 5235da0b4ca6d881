"""Names of people and bodies as cataloguers write them, told apart from what is not part of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from indexer.record import Agent
from indexer.remembered import remembered
from indexer.text import clean, has_han, is_romanised, trim_isbd
from mappings.table import load_table

RELATORS = load_table("relators")
_TERMS = RELATORS.sources["terms"]
_UNIMARC_RELATORS = RELATORS.sources["unimarc"]

_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_OF_WHERE_AND_WHEN = re.compile(rf"^[(\[（〔【［][{_HAN}]{{1,4}}[)\]）〕】］]\s*")
_OF_WHEN_BEHIND = re.compile(
    r"\s*[(（\[〔](?:先秦|[東西]?[漢汉周晉晋]|三國|[魏隋唐宋遼辽金元明清]|五代|[南北]朝|[南北]宋|民[國国])[)）\]〕]$"
)
_LATIN_FORM = re.compile(r"\s*[(（\[]\s*(?P<form>[^()（）\[\]]*[A-Za-zÀ-ɏ][^()（）\[\]]*)[)）\]]\s*$")
_DATES = re.compile(
    r"[,，]?\s*(?P<dates>(?:b\.\s?|d\.\s?|ca\.\s?|fl\.\s?)?\d{3,4}\??\s?(?:[-–~]\s?(?:\d{3,4}\??)?)?)\s*$"
)
_HAN_DATES = re.compile(
    r"(?:[,，]\s*|\s*[(（〔\[])\s*(?P<dates>(?:約|ca\.?\s?|b\.\s?|d\.\s?)?\d{3,4}\??\s?[-–~—]?\s?(?:約|ca\.?\s?)?(?:\d{3,4}\??)?)\s*年?[)）〕\]]?$"
)
_COMMA = re.compile(r",(?=\S)")
_STATEMENTS = re.compile(r"[;；]")
_OPENING = frozenset("(（〔[")
_AND_OTHERS = re.compile(r"\s*[(（\[]?等(?:人|多人)?[)）\]]?$")
_LONG_ROLES = sorted((term for term in _TERMS if has_han(term) and len(term) >= 2), key=len, reverse=True)
_SHORT_ROLES = frozenset("著撰編译譯繪绘輯辑校注註编圖图作")
_READ = 1000  # characters: a name is a line, and searching a hostile one costs the square of its length
_EDGES = " .,;:/()[]（）〔〕［］，、；：。"
_SEVERAL_HAN_ROLES = re.compile(r"[.,;、，；/·‧・&+\s]+|[及與与和並并兼]")
_SEVERAL_ROLES = re.compile(r"[,;/&+]|\.\s| (?:and|und|et|y|e) ")
_AND_SO_ON = frozenset({"etc", "et al", "joint", "others", "等"})
_CODE = re.compile(r"(?:.*/relators?/)?([a-zA-Z]{3})$")


class Name(NamedTuple):
    """A name without its dress: the name, its original form that stood beside it, dates, and the role it carried."""

    name: str
    original: str = ""
    dates: str = ""
    role: str = ""


@remembered
def person(text: str) -> Name:
    """A person's name from a heading: ``(清)曹雪芹``, ``海明威(Ernest Hemingway)``, ``曹雪芹等著``, ``Austen, Jane,``.

    Country or dynasty in brackets before the name, a dynasty behind it, dates, and a role or 等 written after it, are
    not part of it. One character of role is taken off only where three remain before it, because it may end a given
    name (張愛著).
    """
    name = trim_isbd(clean(text[:_READ]))
    if not has_han(name):
        return Name(name)
    name, role = _without_role(_OF_WHERE_AND_WHEN.sub("", name))
    name = _OF_WHEN_BEHIND.sub("", name)
    name, dates = _without_dates(name)
    original = ""
    if (form := _LATIN_FORM.search(name)) and form.start():
        original, dates_beside = latin_form(form.group("form"))
        name, dates = name[: form.start()], dates or dates_beside
    return Name(trim_isbd(name), original, dates, role)


def _without_dates(name: str) -> tuple[str, str]:
    """``魯迅(1881-1936)`` and ``魯迅, 1881-1936`` in two; a name with something Latin in the brackets stays whole."""
    match = _HAN_DATES.search(name)
    if match is None or not match.start() or not _OPENING.isdisjoint(name[: match.start()]):
        return name, ""
    return name[: match.start()].rstrip(" ,，"), match.group("dates").strip()


def latin_form(text: str) -> tuple[str, str]:
    """A name in Latin letters beside a Chinese one, as (name, dates): ``(Austen, Jane, 1775-1817)``."""
    text = text.strip(" ()（）[]")
    dates = _DATES.search(text)
    name = text[: dates.start()] if dates else text
    if not is_romanised(name):
        return "", ""
    return _COMMA.sub(", ", trim_isbd(name)), dates.group("dates").strip() if dates else ""


def _without_role(name: str) -> tuple[str, str]:
    stripped = name.rstrip(_EDGES) if name.endswith(("著", "編", "譯", "等", " ")) else name
    for term in _LONG_ROLES:
        if stripped.endswith(term) and len(stripped) >= len(term) + 2:
            return _without_others(stripped[: -len(term)]), _TERMS[term]
    if stripped[-1:] in _SHORT_ROLES and (len(stripped) >= 4 or stripped[-2:-1] in " )）]等"):
        return _without_others(stripped[:-1]), _TERMS.get(stripped[-1], "")
    return _without_others(stripped), ""


def _without_others(name: str) -> str:
    name = name.rstrip(" ,，.;")
    others = _AND_OTHERS.search(name)
    return name[: others.start()] if others and others.start() >= 2 else name


def role_stated(name: str, responsibility: str) -> str:
    """The role that a statement of responsibility gives a name: 張玲 is trl in ``奧斯丁著 ; 張玲, 張揚譯``.

    It is what the part of the statement that holds the name ends with; "" when the name is not there as written.
    """
    if not name:
        return ""
    for statement in _STATEMENTS.split(responsibility[:_READ]):
        _, found, after = statement.rpartition(name)
        if found and (after := after.strip(_EDGES)):
            return _TERMS.get(after.removeprefix("等")) or _without_role(f"　　　{after}")[1]
    return ""


_NUMBER = re.compile(r"\S+(?: \d+)?")


def authority_numbers(written: Iterable[str]) -> tuple[str, ...]:
    """The numbers and addresses of the authority record a heading names ($0, $1, UNIMARC $3), without what follows."""
    return tuple(dict.fromkeys(match.group() for text in written if (match := _NUMBER.match(text.strip()))))


def with_role(agent: Agent, role: str) -> Agent:
    """An agent who did this first of all; the same agent where it is not said."""
    if not role or role in agent.roles:
        return agent
    return replace(agent, role=role, more_roles=agent.roles)


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
        for one in _of_code(code[:_READ]):
            (known if one in RELATORS else unknown)[one] = None
    for term in terms:
        for one in _of_term(term[:_READ]):
            if one in RELATORS:
                known[one] = None
            elif not coded:
                unknown[one] = None
    return (*known, *unknown)


@lru_cache(maxsize=4096)
def _of_code(code: str) -> tuple[str, ...]:
    code = code.strip(_EDGES)
    if own := _UNIMARC_RELATORS.get(code):
        return (own,)
    if match := _CODE.fullmatch(code):
        return (match.group(1).lower(),)
    return (code[:MAX_ROLE],) if code.isascii() and not code.isalpha() and code else _of_term(code)


@lru_cache(maxsize=4096)
def _of_term(text: str) -> tuple[str, ...]:
    """The codes of a term, of each part of one that names several things; a term of which nothing is known as it is."""
    text = text.strip(_EDGES)
    term = text.casefold()
    if not term:
        return ()
    if own := _TERMS.get(term):
        return (own,)
    split = _SEVERAL_HAN_ROLES if has_han(term) else _SEVERAL_ROLES
    parts = [part for part in (part.strip(_EDGES) for part in split.split(term)) if part and part not in _AND_SO_ON]
    found = [own for part in parts for own in _of_part(part)]
    return tuple(dict.fromkeys(found)) if found else (text[:MAX_ROLE],)


def _of_part(part: str) -> tuple[str, ...]:
    """The codes of words written together, 撰文攝影; of a compound that is not all known, of how it ends: 共同翻譯."""
    if own := _TERMS.get(part):
        return (own,)
    if not has_han(part):
        return ()
    found: list[str] = []
    place = 0
    while place < len(part):
        size = next((size for size in (4, 3, 2, 1) if part[place : place + size] in _TERMS), 0)
        if not size:
            return next(((own,) for size in (2, 1) if (own := _TERMS.get(part[-size:]))), ())
        found.append(_TERMS[part[place : place + size]])
        place += size
    return tuple(found)
