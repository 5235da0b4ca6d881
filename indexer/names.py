"""Names of people and bodies as cataloguers write them, told apart from what is not part of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from indexer.text import clean, has_han, is_romanised, trim_isbd
from mappings.table import load_table

_RELATORS = load_table("relators")
_TERMS = _RELATORS.sources["terms"]
_UNIMARC_RELATORS = _RELATORS.sources["unimarc"]

_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_OF_WHERE_AND_WHEN = re.compile(rf"^[(\[（〔【［][{_HAN}]{{1,4}}[)\]）〕】］]\s*")
_LATIN_FORM = re.compile(r"\s*[(（\[]\s*(?P<form>[^()（）\[\]]*[A-Za-zÀ-ɏ][^()（）\[\]]*)[)）\]]\s*$")
_DATES = re.compile(
    r"[,，]?\s*(?P<dates>(?:b\.\s?|d\.\s?|ca\.\s?|fl\.\s?)?\d{3,4}\??\s?(?:[-–~]\s?(?:\d{3,4}\??)?)?)\s*$"
)
_LONG_ROLES = sorted((term for term in _TERMS if has_han(term) and len(term) >= 2), key=len, reverse=True)
_SHORT_ROLES = frozenset("著撰編譯繪輯校注註")
_READ = 1000  # characters: a name is a line, and searching a hostile one costs the square of its length
_EDGES = " .,;:/()[]（）〔〕［］，、；：。"
_SEVERAL_ROLES = re.compile(r"[.,;、，；/·‧・\s]+")
_CODE = re.compile(r"(?:.*/relators?/)?([a-z]{3})$")


class Name(NamedTuple):
    """A name without its dress: the name, the other form that stood beside it, dates, and the role code it carried."""

    name: str
    romanised: str = ""
    dates: str = ""
    role: str = ""


def person(text: str) -> Name:
    """A person's name from a heading: ``(清)曹雪芹``, ``海明威(Ernest Hemingway)``, ``曹雪芹著``, ``Austen, Jane,``.

    Country or dynasty in brackets before the name, and a role written after it, are not part of it. One character of
    role is taken off only where three remain before it, because it may end a given name (張愛著).
    """
    name = trim_isbd(clean(text[:_READ]))
    if not has_han(name):
        return Name(name)
    name = _OF_WHERE_AND_WHEN.sub("", name)
    name, role = _without_role(name)
    romanised = dates = ""
    if (form := _LATIN_FORM.search(name)) and form.start():
        romanised, dates = latin_form(form.group("form"))
        name = name[: form.start()]
    return Name(trim_isbd(name), romanised, dates, role)


def latin_form(text: str) -> tuple[str, str]:
    """A name in Latin letters beside a Chinese one, as (name, dates): ``(Austen, Jane, 1775-1817)``."""
    text = text.strip(" ()（）[]")
    dates = _DATES.search(text)
    name = text[: dates.start()] if dates else text
    if not is_romanised(name):
        return "", ""
    return trim_isbd(name), dates.group("dates").strip() if dates else ""


def _without_role(name: str) -> tuple[str, str]:
    stripped = name.rstrip(_EDGES) if name.endswith(("著", "編", "譯", "等", " ")) else name
    for term in _LONG_ROLES:
        if stripped.endswith(term) and len(stripped) >= len(term) + 2:
            return stripped[: -len(term)].rstrip(" ,，.;等"), _TERMS[term]
    if stripped[-1:] in _SHORT_ROLES and (len(stripped) >= 4 or stripped[-2:-1] in " )）]"):
        return stripped[:-1].rstrip(" ,，.;等"), _TERMS.get(stripped[-1], "")
    return stripped, ""


def role(codes: Iterable[str], terms: Iterable[str]) -> str:
    """The MARC relator code of the first code or term that has one: ``aut``, a relator's URI, ``070``, 著, translator.

    A code of three letters that no table knows is kept; a word that no table knows gives "".
    """
    for written in codes:
        code = written.strip(_EDGES)
        if own := _UNIMARC_RELATORS.get(code):
            return own
        if match := _CODE.fullmatch(code):
            return match.group(1)
        if own := _term(code):
            return own
    return next((own for term in terms if (own := _term(term))), "")


def _term(text: str) -> str:
    term = text.strip(_EDGES).lower()
    if own := _TERMS.get(term):
        return own
    for part in _SEVERAL_ROLES.split(term) if has_han(term) else term.split(","):
        if own := _TERMS.get(part.strip(_EDGES)):
            return own
    if has_han(term):
        return next((own for size in (2, 1) if (own := _TERMS.get(term[-size:]))), "")
    return ""
