"""Big5 and its extensions: text from its bytes. What has no meaning there becomes U+FFFD.

All of them share the 13,053 characters of 1984, what ETEN added (kana, Cyrillic, signs) and seven characters of CP950.
Beyond those they disagree: rows 81 to A0, C8 and FA to FE are Hong Kong's supplement to one, Unicode-at-on (Unicode
補完計畫, taken in Taiwan for Simplified Chinese and Japanese) to another, a library's own characters (造字) to a third;
they give some 4,600 pairs unlike characters. Plain ``big5`` therefore reads only what all agree on; which extension is
meant, a library's file says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from indexer.eacc import REPLACEMENT

Extension = Literal["big5", "big5-hkscs", "big5-uao"]

PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]")
_TOKEN = re.compile(rb"[\x00-\x7f]+|([\x81-\xfe][\x40-\x7e\xa1-\xfe])|.", re.DOTALL)
_TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
_ETEN = range(0xC6A1, 0xC8D4)  # what ETEN put after the frequent characters; Python's cp950 has older guesses there
_ETEN_BESIDE = {0xC6CD: "幺", 0xC6CF: "廴", 0xC6D3: "无", 0xC6D5: "癶", 0xC6D7: "隶", 0xC6DE: "〃", 0xC6DF: "仝"}
_ETEN_SYMBOLS_END = 0xC879  # beyond, Hong Kong and Unicode-at-on fill ETEN's gaps unlike
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def decoded_big5(data: bytes, extension: Extension, notes: list[str] | None = None) -> str:
    """The text of Big5 bytes; ``notes`` is told of pairs that only an extension could explain."""
    table = _table(extension)
    own = 0
    text: list[str] = []
    for match in _TOKEN.finditer(data):
        pair = match[1]
        if pair is None:
            run = match[0]
            text.append(run.decode("ascii") if run.isascii() else REPLACEMENT)
            continue
        character = table.get(int.from_bytes(pair, "big"), REPLACEMENT)
        own += character == REPLACEMENT
        text.append(character)
    if own and notes is not None:
        notes.append(_OF_AN_EXTENSION if extension == "big5" else f"characters that {extension} does not have")
    return "".join(text)


_OF_AN_EXTENSION = 'characters beyond Big5: if they are not the library\'s own, say "big5-hkscs" or "big5-uao"'


@cache
def _table(extension: Extension) -> Mapping[int, str]:
    """The character of every pair of bytes; private-use characters, which no one else can show, are left out."""
    if extension == "big5-uao":
        from uao.b2u import b2u_table  # type: ignore[import-untyped]  # half a megabyte that few need

        uao: dict[int, str] = b2u_table
        return {pair: character for pair, character in uao.items() if pair > 0xFF and not _PRIVATE.match(character)}
    common = _common()
    return _of_codec("big5hkscs") | common if extension == "big5-hkscs" else common


def _common() -> dict[int, str]:
    """What all extensions agree on; signs as Windows has them."""
    standard = {
        pair: character
        for pair, character in _of_codec("cp950").items()
        if 0xA140 <= pair < 0xFA40 and not 0xC6A1 <= pair < 0xC940
    }
    eten = {
        pair: character
        for pair, character in _of_codec("big5hkscs").items()
        if pair in _ETEN and pair <= _ETEN_SYMBOLS_END
    }
    return standard | eten | _ETEN_BESIDE


def _of_codec(codec: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for lead in range(0x81, 0xFF):
        for trail in _TRAILS:
            try:
                found[lead << 8 | trail] = bytes((lead, trail)).decode(codec)
            except UnicodeDecodeError:
                continue
    return found
