"""Numbers that name editions: found in the text cataloguers write them in, checked, and in one form each."""

from __future__ import annotations

import re
import unicodedata

from stdnum import isbn, ismn, issn
from stdnum.exceptions import ValidationError

from indexer.record import Identifier
from indexer.text import clean

_ISBN = re.compile(r"(?<![0-9])(?:97[89][- ]?)?\d(?:[- ]?\d){7,9}[- ]?[\dXx](?![0-9])|(?<![0-9])\d(?:-?\d){8,13}[Xx]?")
_PREFIX = re.compile(r"^\W*(?:e-?|p-?|s)?(?:isbn|issn|ismn|sbn)(?:-1[03])?\W*", re.IGNORECASE)
_PRICE = re.compile(
    r"(?:[:：;；]|\b)\s*(?:NT\s?\$|US\s?\$|HK\s?\$|[A-Z]{1,2}\$|RM|NTD|RMB|CNY|USD|EUR|GBP|JPY|[$£€¥￥₩฿]|新[台臺]幣|人民幣|港幣|Rp\.?)\s*\d"
    r".*$|[:：]\s*[\d,.]+\s*(?:元|圓|円).*$"
)
_QUALIFIER_EDGES = " ()[]{}（）［］【】:：;；,，、。/"
_ISSN = re.compile(r"(?<!\d)(\d{4})[-‐–]?(\d{3}[\dXx])(?![0-9])")
_ISMN = re.compile(r"(?:979[- ]?0|[Mm])(?:[- ]?\d){8,9}")
_NUMERAL = "[0-9一二三四五六七八九十百]+"
_VOLUME = re.compile(
    rf"第\s*{_NUMERAL}(?:\s*[-~至、]\s*{_NUMERAL})?\s*[冊册卷集輯辑部編编期本篇巻号號]|[上中下前後续續][冊册卷集輯巻編编篇]"
    rf"|(?<![全共\d一二三四五六七八九十])[冊册卷集輯辑]\s*{_NUMERAL}|(?<=[（(:;,\s])[上中下](?=[）):;,\s])"
    r"|(?<![A-Za-z])(?:v(?:ol(?:ume)?)?|bd|band|t(?:om(?:e|o)?)?|pt|part|bk|book|no|jilid|tập|ch)\b\.?\s*(?:\d+(?:\s*-\s*\d+)?|[ivxlc]+)\b",
    re.IGNORECASE,
)
_OCLC = re.compile(r"^\s*(?:\(OCoLC\)\s*)?(?:oc[mnl]|on|ocolc)?\s*0*(\d{1,14})\D?", re.IGNORECASE)
_OCLC_001 = re.compile(r"^oc[mn]0*(\d+)|^on0*(\d{10,})", re.IGNORECASE)
_READ = 1000  # characters: a field of numbers is short, and searching a hostile one costs the square of its length
_CONTROL_PREFIX = re.compile(r"^\(([^)]+)\)\s*(.+)$")


def isbn13(text: str) -> str | None:
    """The ISBN in a text as 13 digits without hyphens, or None when there is none or its check digit is wrong."""
    return next((found.value for found in isbns(text) if found.valid), None)


def isbns(text: str, *, qualifier: str = "", cancelled: bool = False) -> tuple[Identifier, ...]:
    """Every ISBN in a field as typed, each with the qualifier that follows it: ``957-08-1234-5 (平裝) : NT$250``.

    ``qualifier`` is what the field says besides, of all of them; the volume is the one the qualifier names.

    A nine-digit SBN counts as an ISBN-10. One with a wrong check digit, or a cancelled one, is kept as ``valid=False``
    in the digits it was written with (as ISBN-13 where those can be formed).
    """
    text = _plain(text)
    matches = list(_ISBN.finditer(_PREFIX.sub("", text) if text[:1].isalpha() else text))
    if not matches:
        return ()
    source = matches[0].string
    found: list[Identifier] = []
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        own = source[match.end() : following.start() if following else len(source)]
        number, valid = _isbn(match.group())
        if number:
            said = "; ".join(part for part in (_qualifier(own), qualifier) if part)
            found.append(Identifier("isbn", number, said, valid and not cancelled, volume_named(said)))
    return tuple(found)


def volume_named(qualifier: str) -> str:
    """The volume that a qualifier names, as written: ``平裝:第1冊`` is 第1冊, ``v. 1 : pbk.`` is v. 1.

    "" when it names none or the whole set (全套, 全2冊, set).
    """
    match = _VOLUME.search(f"({qualifier[:_READ]})")
    return match.group().strip() if match else ""


_GPN = re.compile(r"GPN\W{0,3}(?P<number>\d{8,10})(?!\d)", re.IGNORECASE)


def gpns(text: str) -> tuple[Identifier, ...]:
    """The government publication numbers (政府出版品統一編號) a text marks with GPN, as ``(gpn)1009300001``."""
    if "GPN" not in text.upper():
        return ()
    return tuple(Identifier("national", f"(gpn){number}") for number in _GPN.findall(_plain(text)))


_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー－"), "-")


def _isbn(written: str) -> tuple[str, bool]:
    digits = written.replace("-", "").replace(" ", "").upper()
    if len(digits) == 9 and digits.isdigit():
        digits = "0" + digits  # the Standard Book Number of before 1970
    try:
        return isbn.to_isbn13(isbn.validate(digits)), True
    except ValidationError:
        return digits if 9 <= len(digits) <= 14 else "", False


def _qualifier(text: str) -> str:
    return _PRICE.sub("", clean(text)).strip(_QUALIFIER_EDGES)


def issns(text: str, *, cancelled: bool = False) -> tuple[Identifier, ...]:
    """Every ISSN in a text as ``1234-567X``; one with a wrong check digit, or a cancelled one, is not ``valid``."""
    found = []
    for first, last in _ISSN.findall(_plain(text)):
        found.append(Identifier("issn", f"{first}-{last.upper()}", "", issn.is_valid(first + last) and not cancelled))
    return tuple(found)


def ismns(text: str, *, cancelled: bool = False) -> tuple[Identifier, ...]:
    """Every ISMN (printed music) in a text as 13 digits; the older ``M-2306-7118-7`` becomes ``9790230671187``."""
    found = []
    for written in _ISMN.findall(_plain(text)):
        number = re.sub(r"[- ]", "", written).upper()
        number = "9790" + number[1:] if number.startswith("M") else number
        found.append(Identifier("ismn", number, "", ismn.is_valid(number) and not cancelled))
    return tuple(found)


def lccn(text: str) -> str:
    """A Library of Congress control number normalised as the LCCN namespace says, or "" when there is none.

    No blanks, nothing from the first slash on, what follows a hyphen filled with zeros to six digits.
    """
    number = "".join(_plain(text).split()).partition("/")[0]
    before, hyphen, after = number.partition("-")
    if hyphen:
        if not after[:6].isdigit():
            return ""
        number = before + after.zfill(6)
    number = number.lower()
    return number if re.fullmatch(r"[a-z]{0,3}(?:\d{8}|\d{10})", number) else ""


def oclc(text: str) -> str:
    """An OCLC number without prefix and leading zeros: ``(OCoLC)ocm00123456`` is ``123456``; "" when there is none."""
    match = _OCLC.match(text)
    return match.group(1) if match else ""


def oclc_control_number(text: str) -> str:
    """The OCLC number that a 001 spells with its prefix (``ocm``, ``ocn``, ``on``), else ""."""
    match = _OCLC_001.match(text.strip())
    return (match.group(1) or match.group(2)) if match else ""


def control_number(text: str) -> tuple[str, str]:
    """A 035 as (the organisation in parentheses, the number after it); the organisation is "" when not stated."""
    match = _CONTROL_PREFIX.match(text.strip())
    return (match.group(1), match.group(2).strip()) if match else ("", text.strip())


def _plain(text: str) -> str:
    text = text[:_READ]
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_DASHES)
