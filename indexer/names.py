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
_SEVERAL_ROLES = re.compile(r"[.,;、，；/·‧・\s]+")
_CODE = re.compile(r"(?:.*/relators?/)?([a-z]{3})$")


class Name(NamedTuple):
    """A name without its dress: the name, its original form that stood beside it, dates, and the role it carried."""

    name: str
    original: str = ""
    dates: str = ""
    role: str = ""


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


def authority_number(written: Iterable[str]) -> str:
    """The number or address of the authority record a heading names ($0, $1, UNIMARC $3): the first; "" for none."""
    return next((match.group() for text in written if (match := _NUMBER.match(text.strip()))), "")


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
