"""What stands in a cell for an ISBN: one, several, one that a spreadsheet ruined, or the bar code of a ware."""

from __future__ import annotations

import re
import unicodedata

from indexer.identifiers import isbns, issns
from search_api.selecting.given import Numbers, Why

_FORMULA = re.compile(r'^\s*=?\s*"(.*)"\s*$', re.DOTALL)  # ="9789570835878": how some lists keep a spreadsheet off
_SCIENTIFIC = re.compile(r"(?<![\w.])\d(?:[.,]\d+)?E\+?\d{1,2}(?!\d)", re.IGNORECASE)
_POINT_ZERO = re.compile(r"(?<!\d)(\d{9,13})\.0+(?!\d)")
_DIGITS = re.compile(r"(?<!\d)\d(?:[\d -]*[\dXx])?(?!\d)")
_LOST = re.compile(r"97[89]\d{4}0{6}")
"""Six zeros at the end of thirteen digits: no publisher has such a number, a spreadsheet has rounded it."""

TAIWAN = "471"


def numbers(text: str) -> Numbers:
    """The ISBNs in a cell, in whatever dress; else what is wrong with what stands there.

    A text without digits gives nothing at all.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    shown = plain
    if match := _FORMULA.match(plain):
        plain = match[1]
    plain = _POINT_ZERO.sub(r"\1", plain.lstrip("'’`"))
    if _SCIENTIFIC.search(plain):
        return Numbers(why=Why.SPREADSHEET, wrong=plain)
    found = isbns(plain)
    good = [one for one in found if one.valid and not _LOST.fullmatch(one.value)]
    if good:
        first = good[0]
        return Numbers(
            tuple(dict.fromkeys(one.value for one in good)),
            qualifier=first.qualifier,
            volume=first.volume,
            mended=shown != text.strip() or plain != shown,
        )
    if any(_LOST.fullmatch(one.value) for one in found):
        return Numbers(why=Why.SPREADSHEET, wrong=plain)
    return _wrong(plain)


def _wrong(plain: str) -> Numbers:
    serial = next((one.value for one in issns(plain) if one.valid), "")
    digits = next((re.sub(r"[ -]", "", match.group()) for match in _DIGITS.finditer(plain)), "").upper()
    if serial and len(digits) == 8:
        return Numbers(issn=serial)
    if not digits:
        return Numbers()
    if len(digits) == 13 and not digits.startswith(("978", "979")):
        why = Why.COMMODITY if digits.startswith(TAIWAN) else Why.OTHER_NUMBER
        return Numbers(why=why, wrong=digits)
    if len(digits) in (10, 13):
        return Numbers(why=Why.WRONG_CHECK_DIGIT, wrong=digits, meant=meant(digits))
    if len(digits) >= 7:
        return Numbers(why=Why.WRONG_LENGTH, wrong=digits)
    return Numbers()


def meant(digits: str) -> tuple[str, ...]:
    """The valid ISBN-13s that one wrong digit, or two that changed places, make of these digits."""
    found: dict[str, None] = {}
    last = "0123456789X"
    for at, digit in enumerate(digits):
        for other in last if at == len(digits) - 1 and len(digits) == 10 else last[:10]:
            if other != digit:
                _add(found, digits[:at] + other + digits[at + 1 :])
        if at and digits[at - 1] != digit:
            _add(found, digits[: at - 1] + digit + digits[at - 1] + digits[at + 1 :])
    return tuple(found)


def _add(found: dict[str, None], digits: str) -> None:
    if len(digits) == 13 and not digits.startswith(("978", "979")):
        return
    if _is_valid(digits):
        found[_as_13(digits)] = None


def _is_valid(digits: str) -> bool:
    if len(digits) == 13:
        return digits.isdigit() and (sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))) % 10 == 0
    if not digits[:9].isdigit() or digits[9] not in "0123456789X":
        return False
    values = [*map(int, digits[:9]), 10 if digits[9] == "X" else int(digits[9])]
    return sum((10 - at) * value for at, value in enumerate(values)) % 11 == 0


def _as_13(digits: str) -> str:
    if len(digits) == 13:
        return digits
    body = f"978{digits[:9]}"
    check = -(sum(map(int, body[::2])) + 3 * sum(map(int, body[1::2]))) % 10
    return f"{body}{check}"
