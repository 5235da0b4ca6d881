"""What a thing is by the words and codes beside its title: general material designations and content types.

Many records of films and sound recordings are coded as books, and only these say what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.record import Format

_NAMED = (  # the special before the general: 有聲書 is no 錄音, a talking book no book
    (re.compile(r"有[聲声][書书]|audio ?book|talking book|spoken", re.IGNORECASE), Format.AUDIOBOOK),
    (
        re.compile(
            r"[錄录]影|(?<!投)影片|[電电]影|影碟|[視视][聽听]|video|motion picture|(?<!micro)film", re.IGNORECASE
        ),
        Format.FILM,
    ),
    (re.compile(r"[錄录]音|唱片|音[樂乐]光碟|sound|audio(?!visual)|phono", re.IGNORECASE), Format.SOUND),
    (re.compile(r"[樂乐][譜谱]|\bscores?\b|printed music|notated music", re.IGNORECASE), Format.SCORE),
    (re.compile(r"地[圖图]|[輿舆][圖图]|cartographic|\bmaps?\b", re.IGNORECASE), Format.MAP),
    (re.compile(r"遊[戲戏]|桌遊|玩具|拼[圖图]|\bgames?\b|\btoys?\b|\bpuzzles?\b", re.IGNORECASE), Format.GAME),
    (re.compile(r"多媒[體体][組组]件|教具|\bkit\b", re.IGNORECASE), Format.KIT),
    (re.compile(r"投影片|幻[燈灯]片|[圖图]片|\bslides?\b|\bpictures?\b|transparenc", re.IGNORECASE), Format.PICTURE),
)
_CONTENT_TYPES = {  # RDA, as 336 $b has them
    "spw": Format.AUDIOBOOK,
    "prm": Format.SOUND,
    "snd": Format.SOUND,
    "tdi": Format.FILM,
    "tdm": Format.FILM,
    "ntm": Format.SCORE,
    "ntv": Format.SCORE,
    "cri": Format.MAP,
    "crm": Format.MAP,
    "crt": Format.MAP,
}


def medium_named(designation: str) -> Format | None:
    """The format that a general material designation names (錄影資料, [videorecording]); None for text on paper or
    screen, and for what is no such word."""
    if not designation:
        return None
    return next((form for pattern, form in _NAMED if pattern.search(designation)), None)


def medium_coded(content_types: Iterable[str]) -> Format | None:
    """The format that RDA's content types name, None where text is among them or nothing is said."""
    codes = list(content_types)
    if "txt" in codes:
        return None
    return next((_CONTENT_TYPES[code] for code in codes if code in _CONTENT_TYPES), None)
