"""Chinese, Japanese and Korean text of two bytes a character that was taken for Latin-1 and sent as UTF-8, decoded.

`garbled` tells Big5 and Cyrillic from their bytes alone. The pairs of GB, EUC and Shift_JIS overlap: which is meant is
decided for the record as a whole, by the language it states and by the characters that titles are mostly made of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from indexer.frequent import in_any_form
from indexer.single_byte import cyrillic_set

OF_1252 = {bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d"}

_PAIRS = re.compile(rb"[\x81-\xfe][\x80-\xff]")
_LETTER = re.compile("[A-Za-z]")
_SCRIPT = re.compile("[\u3400-\u9fff\u3041-\u30ff\uac00-\ud7a3]")
_KANA = re.compile("[\u3041-\u30fe]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_ALLOWED = re.compile("[\u2010-\u2026\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uff5e·×°±℃①-⑳Ⅰ-Ⅻ\x00-\x7f]*")
_HAN_OF_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")


class _Set(NamedTuple):
    name: str
    codec: str
    languages: frozenset[str]


_SETS = (
    _Set("gb18030", "gb18030", frozenset({"chi", "zho"})),
    _Set("euc-jp", "euc_jp", frozenset({"jpn"})),
    _Set("shift_jis", "cp932", frozenset({"jpn"})),
    _Set("euc-kr", "euc_kr", frozenset({"kor"})),
)
_STATED, _FEW = (0.25, 2), (0.5, 4)
"""The share of characters that titles are mostly made of, and how many characters at least: where the record states the
language, and where it states none or another."""
_BETTER = 1.25
"""How much larger the share has to be than that of any other set."""


def bytes_taken(text: str) -> bytes:
    """The bytes that Latin-1, or Windows-1252, gives as this text; none where it has other characters."""
    try:
        return bytes([OF_1252.get(character) or ord(character) for character in text])
    except ValueError:
        return b""


def pairs_decoded(texts: Sequence[str], languages: frozenset[str]) -> tuple[str, dict[int, str]]:
    """The set that texts of a record were in, "" where none is certain, and the decoded texts by their place."""
    taken = {at: data for at, text in enumerate(texts) if not text.isascii() and (data := bytes_taken(text))}
    evidence = [data for data in taken.values() if _PAIRS.search(data) and not _is_utf8(data)]
    stated = any(one.languages & languages for one in _SETS)
    if not evidence or (not stated and cyrillic_set(b"".join(b"\x1fa" + data + b"\x1e" for data in evidence))):
        return "", {}  # letters of Cyrillic are pairs of frequent characters, too
    shares = {one: _share(evidence, one) for one in _SETS}
    big5 = _share(evidence, _Set("big5", "cp950", frozenset()))[0]
    best, (share, count) = max(
        shares.items(), key=lambda told: (told[1][0] * (2 if told[0].languages & languages else 1), told[1][1])
    )
    least, some = _STATED if best.languages & languages else _FEW
    others = max((one for at, (one, _) in shares.items() if at is not best and not at.languages & languages), default=0)
    if share < least or count < some or (share < _BETTER * max(others, big5) and not best.languages & languages):
        return "", {}
    if best.languages & languages and share < big5:
        return "", {}
    return best.name, {at: text for at, data in taken.items() if (text := _decoded(data, best.codec))}


def _share(evidence: Sequence[bytes], one: _Set) -> tuple[float, int]:
    """The share of telling characters among those that texts give in a set, and how many; (0, 0) where any text has no
    meaning there, or gives signs that no title has."""
    telling = count = 0
    for data in evidence:
        text = _decoded(data, one.codec)
        if not text:
            return 0.0, 0
        count += len(_SCRIPT.findall(text))
        if one.name == "euc-kr":
            telling += len(_HANGUL.findall(text))
        else:
            telling += sum(character in in_any_form() for character in text)
            telling += len(_KANA.findall(text)) if one.languages == {"jpn"} else 0
    if one.name == "euc-kr" and telling * 5 < count * 4:
        return 0.0, 0  # the syllables are most of its pairs: Chinese in another set gives them, too
    return (telling / count * (0.5 if one.name == "euc-kr" else 1.0), count) if count else (0.0, 0)


def _decoded(data: bytes, codec: str) -> str:
    """The text of bytes that are pairs of a set, "" where they are not all, or some are UTF-8 as it should be."""
    if _HAN_OF_UTF8.search(data) and _is_utf8(data) and any(map(in_any_form().__contains__, data.decode())):
        return ""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return ""
    if not _ALLOWED.fullmatch(text):
        return ""
    surely = _PAIRS.search(data) or (len(_SCRIPT.findall(text)) > 1 and not _LETTER.search(text))
    return text if surely else ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
