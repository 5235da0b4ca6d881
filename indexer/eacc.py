"""EACC and CCCII: East Asian characters of three bytes, and the codes of them that were left as ASCII in a text.

EACC (ANSI/NISO Z39.64) is MARC-8's set of them, by pymarc's table. It descends from CCCII (中文資訊交換碼), which
libraries in Taiwan used: a layer of six planes holds the characters, the layers above hold their variants at the
same places.
EACC moved characters of CCCII's first plane to where they are the simplified form of another; a system that
converts CCCII by EACC's table stops at such a code, and what is left of the field stays as ASCII: ``354!_w`` for 354面.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pymarc import marc8_mapping

from indexer.frequent import in_any_form

REPLACEMENT = "\ufffd"

_EACC: dict[int, tuple[int, int]] = marc8_mapping.CODESETS[0x31]
_ODD: dict[int, int] = marc8_mapping.ODD_MAP
_FIRST_PLANE, _PLANES, _LAYERS_END = 0x21, 6, 0x69  # from plane 69 on: Japanese and Korean, no variants
_HAN_ROWS = range(0x30, 0x63)  # of the first plane: the 4,808 characters in most frequent use

# Where EACC has no character and CCCII has one: the place between its neighbours, which stand by radical and strokes,
# leaves one character that EACC has elsewhere. Places that leave several are not here.
_MOVED = (
    "213028丑 21303C么 21304A乩 21304E了 21304F予 213056云 213131余 213150佰 213276克 21333B冬 21333F冽 213346几 "
    "21334A凶 213358划 213379剷 21343F勾 213465卜 213468占 21354B合 213570咀 21373A嘩 213763囌 21376A困 213875壹 "
    "21392D夸 21394E妍 213964姍 213968姜 213A56孚 213A64它 213A79家 213C45布 213C47希 213C48帘 213C50席 213C62干 "
    "213C64并 213C66幸 213C67幹 213D35弁 213D56彫 213D5A彷 213D5D征 213D70徨 213D7E志 213E5A悽 213F77扇 213F7B才 "
    "213F7C扎 21425B斗 214268於 214274旦 214365朦 214572欠 214575欲 214622止 214626歧 214645毓 21465F氾 21467D注 "
    "214923澹 214A71狸 214B25獎 214B3D玳 214C3D疋 214D25皈 214D79矇 214F38稜 21506D糸 215225缶 21522A罈 21527D肆 "
    "215351脣 21542A致 215570蔑 21564D虫 21564E虱 215770複 215827覆 215950谷 21595B象 215974貳 215B65迂 215C25逕 "
    "215C35遊 215C69郁 215D39里 215D7B鍊 215E38鐘 215E41鑒 215E66闔 215F77面 216169鬨"
)
_CCCII: dict[int, str] = {int(entry[:6], 16): entry[6] for entry in _MOVED.split()} | {
    0x21223C: "·",  # between the parts of a foreign name
    0x21442C: "板",  # of 臺北縣板橋市; 杰 could stand there too
}


def character(code: int) -> str:
    """The character of a code in EACC, else in CCCII's first layer, else of the variant's first layer; "" for none."""
    if (entry := _EACC.get(code)) is not None:
        return chr(entry[0])
    if (moved := _CCCII.get(code)) is not None:
        return moved
    if (odd := _ODD.get(code)) is not None:
        return chr(odd)
    plane = code >> 16
    if _FIRST_PLANE + _PLANES <= plane < _LAYERS_END and (code >> 8 & 0xFF) >= _HAN_ROWS.start:
        first = (_FIRST_PLANE + (plane - _FIRST_PLANE) % _PLANES) << 16 | code & 0xFFFF
        return chr(_EACC[first][0]) if first in _EACC else _CCCII.get(first, "")
    return ""


class Repaired(NamedTuple):
    """A text whose left-over codes were looked for: how many were decoded, how many have no character (now U+FFFD).

    ``left`` counts what looks like codes and stays as it is, because it could be meant.
    """

    text: str
    decoded: int
    lost: int
    left: int = 0


_START = re.compile(r"(?:[!'3]\+[!-~])?![\"+0-~][!-~]")
_OF_WRITING = re.compile(  # what follows an exclamation mark and looks like a code: tags, smileys, escapes
    r"!(?:</?[A-Za-z][A-Za-z ]*/?>|<[a-z/!]|[\^>=@;T]_|_[_!]|(.)\1|\\[nrt])"
)
_CJK = (
    "\u2e80-\u303f\u3041-\u30ff\u3100-\u312f\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003fffd"
)
_HAS_CJK = re.compile(f"[{_CJK}]")
_AFTER_CJK = re.compile(rf"[{_CJK}][.,()\[\]/:;·‧]?\Z")
_BEFORE_CJK = re.compile(rf"[.,()\[\]/:;·‧]?[{_CJK}]")
_LETTER = re.compile(r"[^\W\d_]")
_DESIGNATED = re.compile(r"[!-~]{3}(?:(?!\(B)[!-~]{3})*")  # a run after its escape, which lost the escape character
_BEFORE_TOKEN = re.compile(r"(?:\A|[\s\d.,()\[\]:;·‧/–—-])\Z")
_AFTER_TOKEN = re.compile(r"\Z|[\s\d.,()\[\]:;·‧/–—-]")
# What stands in a code but hardly after an exclamation mark that is meant: not as in "!?5", "![1]", "!A.", "!R&B".
_ODD_FIRST = frozenset("<>\\_`")
_ODD_LAST = frozenset("<>@\\^_`{|}")


def left_over(texts: list[str], *, east_asian: bool = False) -> list[Repaired | None]:
    """The texts of a record's subfields with codes left as ASCII decoded; None for each that has none.

    A run of codes must touch a Chinese, Japanese or Korean character, or stand in a text without another letter, or
    stand by itself, in a record that has such characters. It must hold a code that no writing gives by chance; runs
    that could be words after exclamation marks (``!GO!GO``) are codes only where the record has others that cannot be.
    A record without such characters has codes only between their escapes, or where a run that stands by itself gives
    characters that names and titles are made of; what else looks like codes stays and is counted. Where the record says
    that it is in Chinese, Japanese or Korean, ``east_asian``, texts of nothing but codes are codes too.
    """
    least = 1 if any(map(_HAS_CJK.search, texts)) else 2
    results = [_undesignated(text, least) if "$1" in text else None for text in texts]
    plain = [result.text if result else text for text, result in zip(texts, results, strict=True)]
    found = [_runs(text) if "!" in text else [] for text in plain]
    stated = east_asian and _are_all_there_is(plain, found)
    if not stated and not any(map(_HAS_CJK.search, plain)) and not any(run.sure for runs in found for run in runs):
        found = [[run._replace(fits=False) for run in runs] for runs in found]
    believed = stated or any(run.certain and run.fits for runs in found for run in runs)
    if believed:
        found = [runs or _of_variants(text) for text, runs in zip(plain, found, strict=True)]
    return [
        _repaired(text, runs, result, believed=believed) if runs else result
        for text, runs, result in zip(plain, found, results, strict=True)
    ]


def _are_all_there_is(texts: list[str], found: list[list[_Run]]) -> bool:
    """Whether codes that are no words by themselves make up whole texts: several that differ, each with a character."""
    codes = ""
    characters: set[str] = set()
    for text, runs in zip(texts, found, strict=True):
        if runs and sum(map(str.isalpha, text)) == sum(sum(map(str.isalpha, text[r.start : r.end])) for r in runs):
            codes += "".join(text[run.start : run.end] for run in runs)
            characters.update(*(run.characters for run in runs))
    bare = codes.replace("!", "")
    return len(characters) >= _DISTINCT and REPLACEMENT not in characters and not bare.isalpha() and not bare.isdigit()


_DISTINCT = 3


class _Run(NamedTuple):
    start: int
    end: int
    characters: str  # U+FFFD for a code without one
    certain: bool
    alone: bool = False  # no other letter is in the text
    fits: bool = False  # it stands where codes stand
    sure: bool = False  # it would be one in a text of any language


def _of_variants(text: str) -> list[_Run]:
    """A text that is nothing but codes of planes without an exclamation mark: several, which no word is made of."""
    if len(text) % 3 or not _SURELY_VARIANTS <= len(text) // 3 <= _LONGEST_OF_VARIANTS or text.isalnum():
        return []
    found = [_of_variant(text, at) for at in range(0, len(text), 3)]
    if not all(found) or not any(one in in_any_form() for one in found):
        return []
    return [_Run(0, len(text), "".join(found), certain=True, alone=True, fits=True)]


_SURELY_VARIANTS, _LONGEST_OF_VARIANTS = 2, 100


def _of_variant(text: str, at: int) -> str:
    """The character of a code of another plane than the first, "" for none; three digits are a number but for 冊."""
    code = text[at : at + 3]
    if len(code) < 3 or not code.isascii() or code[0] == "!" or (code.isdigit() and code != _VOLUME):
        return ""
    one = _plausible(code)
    return one if one.isalpha() else ""


_VOLUME = "330"
_DIGITS = frozenset("0123456789")


def _is_sure(run: _Run, codes: str, before: str) -> bool:
    """Whether a run that fits is one whatever else the record holds: by what it gives, and because no word after an
    exclamation mark looks so; a single code is one only as the pages or volumes after a number."""
    if REPLACEMENT in run.characters or not run.fits:
        return False
    if len(run.characters) == 1:
        return run.certain and before.isdigit() and run.characters in _COUNTED
    if run.alone and run.certain and len(run.characters) >= _SURELY:
        return True
    frequent = sum(character in in_any_form() for character in run.characters)
    words = codes.replace("!", "").isalpha()
    if len(run.characters) == 2:
        return frequent == 2 and (run.certain or (not words and any(map(str.isalpha, codes))))
    return frequent * 2 >= len(run.characters) and (run.certain or not words) and len(set(run.characters)) > 2


_SURELY = 4  # codes: so many are no word
_COUNTED = "面頁葉冊卷期輯集"


def _undesignated(text: str, least: int) -> Repaired | None:
    """Runs between ``$1`` and ``(B``, the escapes of MARC-8 without their first character; None when there are none.

    Shorter ones than ``least`` stay and are counted: they are mostly what is left of a currency sign.
    """
    decoded = left = done = at = 0
    parts: list[str] = []
    failed = [0, 0, 0]  # up to where no run begins, by the place of its first character: else long ones cost squares
    while (start := text.find("$1", at)) >= 0:
        at = start + 1
        first = start + 2
        if first < failed[first % 3] or not (designated := _DESIGNATED.match(text, first)):
            continue
        end = designated.end()
        if not text.startswith("(B", end):
            failed[first % 3] = end
            continue
        at = end + 2
        found = [_plausible(text[place : place + 3]) for place in range(first, end, 3)]
        if not all(found) or REPLACEMENT in found or not any(one.isalpha() for one in found):
            continue
        if len(found) < least:
            left += len(found)
            continue
        decoded += len(found)
        parts += [text[done:start], *found]
        done = at
    return Repaired("".join([*parts, text[done:]]), decoded, 0, left) if decoded or left else None


def _runs(text: str) -> list[_Run]:
    first_letter = letter.start() if (letter := _LETTER.search(text)) else len(text)
    last_letter = next((at for at in range(len(text) - 1, -1, -1) if text[at].isalpha()), -1)
    found: list[_Run] = []
    failed = [0, 0, 0]  # up to where no run begins, by the place of its first character: else long ones cost squares
    at = 0
    while start := _START.search(text, at):
        at = start.start()
        if at < failed[at % 3]:
            at += 1
            continue
        at = _with_first(text, at)
        run = _run(text, at)
        if not run.characters:
            failed[at % 3] = run.end
            if (codes := (run.end - at) // 3) >= _SURELY:  # of characters that no table has
                found.append(_Run(at, run.end, REPLACEMENT * codes, certain=True))
                at = run.end
            else:
                at += 1
            continue
        alone = first_letter >= at and last_letter < run.end
        touches = _AFTER_CJK.search(text[max(at - 2, 0) : at]) or _BEFORE_CJK.match(text[run.end : run.end + 2])
        token = _BEFORE_TOKEN.search(text[max(at - 1, 0) : at]) and _AFTER_TOKEN.match(text[run.end : run.end + 1])
        run = run._replace(alone=alone, fits=bool(alone or touches or token))
        sure = _is_sure(run, text[at : run.end], text[max(at - 1, 0) : at])
        found.append(run._replace(sure=sure, certain=run.certain or sure))
        at = run.end
    return found


def _with_first(text: str, at: int) -> int:
    """Where a run begins that seems to begin there: its first codes may be of planes that have no exclamation mark."""
    if _BEFORE_TOKEN.search(text[at - 1 : at]) and (
        at < 3 or text[at - 3 : at].isdigit() or not _of_variant(text, at - 3)
    ):
        return at
    first = at
    while first >= 3 and text[first - 3] != "!" and _of_variant(text, first - 3):
        first -= 3
    before = text[first - 1 : first]
    return first if first == 0 or _BEFORE_TOKEN.search(before) or _HAS_CJK.match(before) else at


def _run(text: str, start: int) -> _Run:
    """The codes in turn from there, as far as they can be codes; without characters where none of them is known."""
    characters: list[str] = []
    certain = False
    at = start
    while at + 3 <= len(text):
        if one := _next(text, at, begun=bool(characters)):
            characters.append(one)
            certain = certain or _is_odd(text, at)
            at += 3
        elif characters and (digits := _NUMBER.match(text, at)) and _of_variant(text, digits.end()):
            characters += digits[0]
            at = digits.end()
        else:
            break
    codes = text[start:at]
    certain = certain or (len(set(characters)) >= 3 and len(characters) >= 4 and not codes.replace("!", "").isalnum())
    han = [one for one in characters if one != REPLACEMENT and one.isalpha()]
    lone = len(characters) == 1 and certain  # CCCII's code for a character that no table has
    return _Run(start, at, "".join(characters) if han or lone else "", certain)


_NUMBER = re.compile(r"[0-9]{1,4}?(?=[^!][^!][^!](?![0-9]))")  # before a code of a plane that has no exclamation mark


def _next(text: str, at: int, *, begun: bool) -> str:
    """What `_plausible` says of the code there, in a run that has begun or is to begin.

    Within a run a variant that EACC lacks is the character it is one of; and 330 before what is counted is a number.
    """
    code, following = text[at : at + 3], text[at + 3 : at + 6]
    if code.isdigit() and begun and (code != _VOLUME or (following[:1] == "!" and _plausible(following) in _COUNTED)):
        return ""
    if one := _plausible(code):
        return one
    if begun and following[:1] == "!" and "!" not in code and " " not in code and code.isascii() and code.isprintable():
        known = _plausible(following)
        return character(int.from_bytes(code.encode("ascii"), "big")) if known and known != REPLACEMENT else ""
    return ""


def _plausible(code: str) -> str:
    """The character of three ASCII characters, U+FFFD when they can be a code without one, "" when they are none."""
    if len(code) != 3 or not (code.isascii() and code.isprintable()) or " " in code:
        return ""
    plane, row = ord(code[0]), ord(code[1])
    number = int.from_bytes(code.encode("ascii"), "big")
    symbols = (row in (0x22, 0x2B) and plane == _FIRST_PLANE) or (row == 0x2B and plane in (0x27, 0x33))
    if symbols or (plane == _FIRST_PLANE and row in _HAN_ROWS):
        return character(number) or REPLACEMENT
    return chr(_EACC[number][0]) if number in _EACC else ""  # elsewhere most places are empty: none by chance


def _is_odd(text: str, at: int) -> bool:
    """Whether a code is one that nothing else can be."""
    mark, first, last = text[at], text[at + 1], text[at + 2]
    if mark != "!" or not "0" <= first <= "b" or _OF_WRITING.match(text, at):
        return False
    return first in _ODD_FIRST or last in _ODD_LAST or (last == "~" and not first.isdigit())


def _repaired(text: str, runs: list[_Run], before: Repaired | None, *, believed: bool) -> Repaired | None:
    """The text with the runs that are codes decoded, and those that may be counted; None when there are neither."""
    codes = [run for run in runs if believed and run.fits]
    parts: list[str] = []
    at = 0
    for run in codes:
        parts += [text[at : run.start], run.characters]
        at = run.end
    characters = "".join(run.characters for run in codes)
    lost = characters.count(REPLACEMENT)
    left = sum(len(run.characters) for run in runs if run.certain and not (believed and run.fits))
    left += before.left if before else 0
    numbers = sum(map(_DIGITS.__contains__, characters))  # between codes
    decoded = len(characters) - lost - numbers + (before.decoded if before else 0)
    return Repaired("".join([*parts, text[at:]]), decoded, lost, left) if decoded or lost or left else None
