"""Numbers that name editions: found in the text cataloguers write them in, checked, and in one form each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from stdnum import isbn, ismn, issn
from stdnum.exceptions import ValidationError

from indexer.marc import Field
from indexer.record import Identifier
from indexer.text import clean

_ISBN = re.compile(r"(?<![0-9])(?:97[89][- ]?)?\d(?:[- ]?\d){7,9}[- ]?[\dXx](?![0-9])|(?<![0-9])\d(?:-?\d){8,13}[Xx]?")
_TWO = 20  # digits that two ISBNs have at least
_TOGETHER = re.compile(r"(?<![0-9])\d(?:-?[\dXx]){19,77}(?![0-9])")
_CSBN = re.compile(
    r"(?:CN\s?|[统統]一[书書][号號]\W{0,3})(\d{4,6})\s?[·・‧•.．]\s?(\d{1,5})(?!\d)"
    r"|(?<![\d.·])(\d{4,6})\s?[·・‧•]\s?(\d{1,5})(?!\d)"
)
_ISIL = re.compile(r"(?!OCLC)[A-Z]{1,4}-[A-Za-z0-9:/-]{1,11}")
_PREFIX = re.compile(r"^\W*(?:e-?|p-?|s)?(?:isbn|issn|ismn|sbn)(?:-1[03])?\W*", re.IGNORECASE)
_PRICE = re.compile(
    r"[:：;；,]?\s*(?:(?:(?<![A-Za-z])(?:NT|US|HK|[A-Z]{1,2}))?\s?[$£€¥￥₩฿]"
    r"|(?<![A-Za-z])(?:NTD?|TWD|RMB?|CNY|[UHS][SKG]D|EUR|GBP|JPY|KRW|DM|Rp\.?|Rs\.?)"
    r"|(?:新[台臺]|人民|港|[台臺])幣|人民币|定[價价][:：]?)"
    r"\s*\d[\d,.]*(?:\s?[元圓円])?|[:：]\s*\d[\d,.]*\s?[元圓円]"
)
_BETWEEN = re.compile(r"\s*[)）\]][\s:;,]*(?:[(（\[]\s*|$)|\s+(?=[;:]\s*$)")
_BRACKETED = re.compile(r"\s*[(\[][^)\]]+[)\]]\s*")
_QUALIFIER_EDGES = " ()[]{}（）［］【】:：;；,，、。/"
_ISSN = re.compile(r"(?<!\d)(\d{4})[-‐–]?(\d{3}[\dXx])(?![0-9])")
_ISMN = re.compile(r"(?:979[- ]?0|[Mm])(?:[- ]?\d){8,9}")
_NUMERAL = "[0-9一二三四五六七八九十百]+"
_VOLUME = re.compile(
    rf"第\s*{_NUMERAL}(?:\s*[-~至、]\s*{_NUMERAL})?\s*[冊册卷集輯辑部編编期本篇巻号號]|[上中下前後续續][冊册卷集輯巻編编篇]"
    rf"|(?<![全共\d一二三四五六七八九十])[冊册卷集輯辑]\s*{_NUMERAL}"
    r"|(?<=[（(:;,\s])[上中下](?=[）):;,\s])"
    rf"|(?<=[(:;])\s*(?:\d{{1,3}}|[一二三四五六七八九十]{{1,3}})(?=\s*[):;])|제?\s*\d+\s*권"
    r"|(?<![^\W\d_])(?:v(?:ol(?:ume)?)?|bd|band|t(?:om(?:e|o)?)?|pt|part|bk|book|no|jilid|tập|ch|т)"
    r"(?![^\W\d_])\.?\s*(?:\d+(?:\s*-\s*\d+)?|[ivxlc]+)\b",
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
    if marks_gpn(text):
        text = _GPN.sub(" ", text)  # ten digits too
    if len(text) >= _TWO:
        text = _TOGETHER.sub(_apart, text)
    matches = list(_ISBN.finditer(_PREFIX.sub("", text) if text[:1].isalpha() else text))
    if not matches:
        return ()
    source = matches[0].string
    found: list[Identifier] = []
    before = source[: matches[0].start()]
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        own = source[match.end() : following.start() if following else len(source)]
        if match is matches[0] and _BRACKETED.fullmatch(before):
            own = f"{before} {own}"  # (set) 957-08-1234-5
        number, valid = _isbn(match.group())
        if number:
            said = "; ".join(part for part in (_qualifier(own), qualifier) if part)
            volume = volume_named(said) if said else ""
            found.append(Identifier("isbn", number, said, valid and not cancelled, volume, cancelled))
    return tuple(found)


def _apart(run: re.Match[str]) -> str:
    """ISBNs that are written together, apart; as they stand where the run is not all made of correct ones."""
    digits, found = run.group().replace("-", ""), list[str]()
    at = 0
    while at < len(digits):
        sizes = (13, 10) if digits.startswith(("978", "979"), at) else (10,)
        number = next((n for size in sizes if len(n := digits[at : at + size]) == size and _isbn(n)[1]), "")
        if not number:
            return run.group()
        found.append(number)
        at += len(number)
    return " ".join(found)


def csbns(text: str) -> tuple[Identifier, ...]:
    """The 统一书号 in a text, which Chinese books had before ISBNs, as ``(csbn)11018·1234``."""
    found = (tuple(filter(None, match.groups())) for match in _CSBN.finditer(_plain(text)))
    return tuple(Identifier("national", f"(csbn){publisher}·{number}") for publisher, number in found)


def isbns_of(field: Field, qualifier: str) -> Iterator[Identifier]:
    """The ISBNs of a field, $z cancelled; the subfields of code ``qualifier`` say of the number before them."""
    numbers: list[tuple[str, bool, list[str]]] = []
    leading: list[str] = []
    for code, text in field.subfields:
        if code in ("a", "z"):
            numbers.append((clean(text), code == "z", []))
        elif code == qualifier and (said := clean(text).strip(_QUALIFIER_EDGES)):
            (numbers[-1][2] if numbers else leading).append(said)
    for text, cancelled, own in numbers:
        if is_gpn(text) and any(map(marks_gpn, (*leading, *own))):
            continue  # 020 $a1009300001 $q(GPN)
        yield from isbns(text, qualifier="; ".join((*leading, *own)), cancelled=cancelled)
        if not text.isascii() or text.startswith("CN"):
            yield from csbns(text)


def volume_named(qualifier: str) -> str:
    """The volume that a qualifier names, as written: ``平裝:第1冊`` is 第1冊, ``v. 1 : pbk.`` is v. 1.

    "" when it names none or the whole set (全套, 全2冊, set).
    """
    match = _VOLUME.search(f"({qualifier[:_READ]})")
    return match.group().strip() if match else ""


_GPN_NUMBER = r"\d(?:-?\d){7,9}(?!-?\d)|\d\d \d{3} \d{5}(?!\d)"
_GPN = re.compile(
    rf"(?:GPN|政府出版品(?:統一|统一)?[編编][號号])\W{{0,3}}(?P<number>{_GPN_NUMBER})"
    r"|[統统]一[編编][號号]\W{0,3}(?P<unified>[1-4]0-?(?:0[89]\d|1\d\d)-?\d{5})(?!\d)"
    rf"|(?<!\d)(?P<before>\d(?:-?\d){{9}})\s*[(（\[]?\s*GPN(?!\W{{0,3}}\d)",
    re.IGNORECASE,
)
"""Besides the marked: 統一編號, which companies have too, in eight digits."""
_GPN_ALONE = re.compile(r"[1-4]0(?:0[89]\d|1\d\d)\d{5}")
"""Kind, year of the Republic and running number: what the scheme, begun in ROC 87, gives."""


def gpns(text: str) -> tuple[Identifier, ...]:
    """The government publication numbers a text marks with GPN or 政府出版品統一編號, as ``(gpn)1009300001``."""
    if not marks_gpn(text):
        return ()
    found = (match["number"] or match["unified"] or match["before"] for match in _GPN.finditer(_plain(text)))
    return tuple(Identifier("national", f"(gpn){number.replace('-', '').replace(' ', '')}") for number in found)


def marks_gpn(text: str) -> bool:
    """Whether a text says of a number that it is one of government publications."""
    return "GPN" in text.upper() or "一編號" in text or "品編號" in text or "一编号" in text


def is_gpn(text: str) -> bool:
    """Whether a text is nothing but a government publication number, by its form: 1009300001, 10-093-00001."""
    return _GPN_ALONE.fullmatch(text.strip().replace("-", "")) is not None


_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー－"), "-")


def _isbn(written: str) -> tuple[str, bool]:
    digits = written.replace("-", "").replace(" ", "").upper()
    if len(digits) == 9 and digits.isdigit():
        digits = "0" + digits  # the Standard Book Number of before 1970
    if len(digits) == 13 and digits.startswith(("978", "979")) and digits.isdecimal() and digits.isascii():
        weighted = sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))
        return digits, weighted % 10 == 0
    try:
        return isbn.to_isbn13(isbn.validate(digits)), True
    except ValidationError:
        return digits if 9 <= len(digits) <= 14 else "", False


def _qualifier(text: str) -> str:
    """What a text beside a number says of it: prices out, ``(v.1) (pbk.)`` as ``v.1; pbk.``."""
    text = text.strip(_QUALIFIER_EDGES)
    if not text:
        return ""
    return _BETWEEN.sub("; ", _PRICE.sub(" ", clean(text)).strip(_QUALIFIER_EDGES))


def issns(text: str, *, kind: str = "issn", cancelled: bool = False) -> tuple[Identifier, ...]:
    """Every ISSN in a text as ``1234-567X``; one with a wrong check digit, or a cancelled one, is not ``valid``.

    ``kind`` is ``issn_l`` for the number that links the media of one serial: it names none of them alone.
    """
    found = []
    for first, last in _ISSN.findall(_plain(text)):
        valid = issn.is_valid(first + last) and not cancelled
        found.append(Identifier(kind, f"{first}-{last.upper()}", "", valid, "", cancelled))
    return tuple(found)


def ismns(text: str, *, cancelled: bool = False) -> tuple[Identifier, ...]:
    """Every ISMN (printed music) in a text as 13 digits; the older ``M-2306-7118-7`` becomes ``9790230671187``."""
    found = []
    for written in _ISMN.findall(_plain(text)):
        number = re.sub(r"[- ]", "", written).upper()
        number = "9790" + number[1:] if number.startswith("M") else number
        found.append(Identifier("ismn", number, "", ismn.is_valid(number) and not cancelled, "", cancelled))
    return tuple(found)


def of_source(source: str, text: str, *, cancelled: bool = False) -> Identifier:
    """A number of any other kind as ``(source)number``, bare where its source is not stated."""
    whole = f"({source}){text}" if source else text
    return Identifier("other", whole, valid=not cancelled, cancelled=cancelled)


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


def oclc_stated(text: str) -> str:
    """The OCLC number that a 035 gives, marked by its organisation or its own prefix, else ""."""
    organisation, number = control_number(text)
    if organisation.lower() in ("ocolc", "oclc"):
        return oclc(number)
    return "" if organisation else oclc_control_number(number)


def oclc_control_number(text: str) -> str:
    """The OCLC number that a 001 spells with its prefix (``ocm``, ``ocn``, ``on``), else ""."""
    match = _OCLC_001.match(text.strip())
    return (match.group(1) or match.group(2)) if match else ""


def of_organisation(text: str, *, cancelled: bool = False) -> tuple[Identifier, ...]:
    """The number that a 035 gives a record in another organisation's catalogue, as ``(TW-TpNCL)000123``.

    Nothing where no organisation is named by its ISIL: a system (Sirsi) has the same numbers in every library.
    """
    organisation, number = control_number(text)
    return (of_source(organisation, number, cancelled=cancelled),) if _ISIL.fullmatch(organisation) else ()


def control_number(text: str) -> tuple[str, str]:
    """A 035 as (the organisation in parentheses, the number after it); the organisation is "" when not stated."""
    match = _CONTROL_PREFIX.match(text.strip())
    return (match.group(1), match.group(2).strip()) if match else ("", text.strip())


def _plain(text: str) -> str:
    text = text[:_READ]
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_DASHES)
