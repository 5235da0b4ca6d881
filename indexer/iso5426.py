"""ISO 5426:1983, UNIMARC's extended Latin set (100 $a/26-29 = 03): text from its bytes.

It looks like MARC-8's extended Latin set and is not: the diacritics stand at C0 to DF there. They precede their letter
and follow it here. What has no meaning becomes U+FFFD.
"""

from __future__ import annotations

import unicodedata

from indexer.eacc import REPLACEMENT

_SIGNS = "¡„£$¥†§′‘“«♭©℗®ʻʼ‚\ufffd\ufffd\ufffd‡·″’”»♯ʹʺ¿"  # A1 to BF
_MARKS = (  # C0 to DF
    "\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0315\u0312\u030b\u031b\u030c"
    "\u0327\u031c\u0326\u0328\u0325\u032e\u0323\u0324\u0332\u0333\u0329\u032d\ufffd\ufe20\ufe21\ufe23"
)
_LETTERS = dict(
    zip(
        b"\xe1\xe2\xe6\xe8\xe9\xea\xec\xf1\xf2\xf3\xf5\xf6\xf8\xf9\xfa\xfb\xfc",
        "ÆĐĲŁØŒÞæđðıĳłøœßþ",
        strict=True,
    )
)
_CHARACTERS = {0xA1 + at: sign for at, sign in enumerate(_SIGNS)} | _LETTERS
_NON_SORTING = (0x88, 0x89)  # they bracket what sorting skips
_MOST_MARKS = 8  # on one letter: more are no text


def decoded_iso5426(data: bytes) -> str:
    """ISO 5426 bytes as NFC text."""
    text: list[str] = []
    marks: list[str] = []
    for byte in data:
        if byte in _NON_SORTING:
            continue
        if 0xC0 <= byte <= 0xDF:
            mark = _MARKS[byte - 0xC0]
            marks.append(mark if len(marks) < _MOST_MARKS else REPLACEMENT)
            continue
        text.append(chr(byte) if byte < 0x80 else _CHARACTERS.get(byte, REPLACEMENT))
        text += marks
        marks.clear()
    return unicodedata.normalize("NFC", "".join(text + marks))
