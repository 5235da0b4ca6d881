"""Names in Latin and other alphabets, told from the dates and the words for what their bearers did."""

from __future__ import annotations

import re

from indexer.roles import TERMS
from indexer.text import trim_isbd

_OTHERS = re.compile(r"[\s,;.]*[\[(]?\s*\b(?:et\.? al\.?|and others)\s*[\])]?$", re.IGNORECASE)
_ABOUT = r"(?:(?:b|d|ca|c|fl|r|born|died|active|approximately|circa|about|flourished|um|etwa|vers)\b\.?\s?){0,2}"
_BEFORE_CHRIST = r"(?:B\.?\s?C\.?(?:\s?E\.?)?|v\.\s?Chr\.|av\. J\.-C\.|a\.\s?C\.)"
_DAY = r"(?: [A-Z][a-z]+\.?(?: \d{1,2})?)?"
_YEAR = rf"(?:{_ABOUT}\d{{1,4}}\??(?: or \d{{1,4}})?{_DAY}(?:\s?(?:{_BEFORE_CHRIST}|A\.?D\.?))?)"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
_CENTURY = rf"(?:{_ABOUT}{_ORDINAL}(?:[-/]{_ORDINAL})? cent(?:ury|uries|\.)?(?:\s?{_BEFORE_CHRIST})?)"
_LIFE = re.compile(rf"(?:{_CENTURY}|{_YEAR}(?:\s?[-–]\s?(?:{_YEAR})?)?|[-–]\s?{_YEAR})")
_A_YEAR = re.compile(rf"\d{{3}}|{_BEFORE_CHRIST}|cent")
_LAST_PART = re.compile(r"(?:,\s*|\s*[(\[])(?P<part>[^,()\[\]]{1,60})[)\]]?[.,]?$")
_AND = re.compile(r" and | & |/")


def undressed(name: str) -> tuple[str, str, tuple[str, ...]]:
    """A name without ``et al.``, dates and roles behind it, its dates, and the roles in their order.

    ``Dickens, Charles, 1812-1870, author`` and ``Plato, approximately 428 B.C.-348 B.C.``. A forename that is a word
    for a role stays (Smith, Ed): a role is written small, or behind more than a surname.
    """
    if name[-3:].lower() in ("al.", " al") or name[-4:].lower() in ("al.]", "al.)") or name[-6:].lower() == "others":
        name = trim_isbd(_OTHERS.sub("", name))
    dates = ""
    roles: list[str] = []
    while (last := _LAST_PART.search(name, max(0, len(name) - 70))) and last.start():
        part = last["part"].strip()
        if not dates and part[-1:] and _A_YEAR.search(part) and _LIFE.fullmatch(part):
            dates = part
        elif said := _roles(part, name[: last.start()]):
            roles = [*said, *roles]
        else:
            break
        name = trim_isbd(name[: last.start()])
    return name, dates, tuple(dict.fromkeys(roles))


def _roles(part: str, before: str) -> list[str]:
    said = [TERMS.get(word.strip(" .").casefold(), "") for word in _AND.split(part)]
    return said if all(said) and (part[0].islower() or "," in before) else []


def role_in_front(name: str) -> tuple[str, str]:
    """``Author: Dickens, Charles`` without what he did, and its code."""
    word, colon, rest = name.partition(":")
    role = TERMS.get(word.strip().casefold(), "") if colon and rest.strip() else ""
    return (rest.strip(), role) if role else (name, "")
