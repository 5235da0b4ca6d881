"""Title fields in which a designation (GMD) or the statement of responsibility stands within the title, put in order.

``245 $a台灣經濟[電子資源]`` and ``245 $a臺灣史 / 王大明著``: records typed in one piece and converted ones have them.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise, zip_longest

from indexer.marc import Field
from indexer.stated import agents_stated

_CODES = {"245": ("abnp", "h", "c"), "200": ("adehi", "b", "f")}  # of titles, of the designation, of the statement
_DESIGNATION = re.compile(
    r"\s*[\[［〔](?P<named>"
    r"[電电]子(?:資源|资源|[書书檔]|資料|期刊)|[電电]腦檔|計算機檔|[錄录録][音影](?:[資资]料|[帶带])|[視视][聽听][資资]料|映像資料"
    r"|有[聲声](?:[資资]料|[書书])|(?:[微縮缩]影?|縮影)[資资]料|微縮|地[圖图](?:[資资]料)?|[樂乐][譜谱]|[點点]字(?:[資资]料|[書书])?"
    r"|大字(?:本|體|版)|(?:互[動动]式?)?多媒[體体](?:[組组]件)?|[圖图]片|投影片|幻[燈灯]片|教具|遊戲|玩具|手稿"
    r"|electronic (?:resource|book|journal)|computer file|machine-readable data file|sound recording|video ?recording"
    r"|motion picture|micro(?:form|film|fiche)s?|cartographic material|map|(?:printed |notated )?music|kit|game|toy"
    r"|text \((?:large print|braille)\)|large print|braille|manuscript|pictures?|slides?|filmstrip|graphic|realia"
    r")[\]］〕]\s*(?P<mark>[=:;/,.＝：；／]?)\s*$",
    re.IGNORECASE,
)
_SIGN = re.compile(r"\s+/\s+|\s*／\s*")
_SAID_IN_LATIN = re.compile(
    r"(?:by|edited|eds?\.|written|compiled|translated|transl?\.|illustrated|von|hrsg\.|herausgegeben|par|por"
    r"|a cura di)\s",
    re.IGNORECASE,
)
_READ = 2_000  # characters of a subfield
_MOST_SIGNS = 5


def parted(field: Field) -> Field:
    """A title field (245, UNIMARC 200) with its designation and its statement of responsibility in their own subfields.

    Where it has these already, or nothing in it can be nothing else, it is as it was: 有聲書的歷史, Input / output.
    """
    for _, value in field.subfields:
        if "[" in value or " / " in value or "［" in value or "／" in value or "〔" in value:
            return _parted(field)
    return field


def _parted(field: Field) -> Field:
    titles, designation, statement = _CODES[field.tag]
    said = {code for code, _ in field.subfields}
    found: list[tuple[str, str]] = []
    for code, value in field.subfields:
        rest, beyond = value, ""
        if code in titles and statement not in said:
            rest, beyond = _without_statement(value)
        named = _DESIGNATION.search(rest[-60:]) if code in titles and designation not in said else None
        if named and (title := rest[: len(rest) - len(named.group())].rstrip()):
            mark = named["mark"]
            rest = f"{title} {mark}" if mark else title
            found += [(code, rest), (designation, named["named"])]
            said.add(designation)
        else:
            found.append((code, rest))
        if beyond:
            found.append((statement, beyond))
            said.add(statement)
    return field._replace(subfields=tuple(found))


def _without_statement(text: str) -> tuple[str, str]:
    """A title and the statement behind its sign: one that names somebody with what they did, or begins as such do."""
    signs = list(islice(_SIGN.finditer(text[:_READ]), _MOST_SIGNS))
    for sign, following in zip_longest(signs, signs[1:]):
        one = text[sign.end() : following.start() if following else None].strip()
        if sign.start() and (_SAID_IN_LATIN.match(one) or any(agent.role for agent in agents_stated(one))):
            return text[: sign.start()], text[sign.end() :].strip()
    return text, ""


def without_parallel(field: Field) -> tuple[Field, Field | None]:
    """A 245 without the parallel title of its part, and that title; ISBD's sign stands at the end of the part before.

    ``$a學報.$p人文 =$bJournal.$pHumanities``: what follows $b is of the title there. Behind $a the sign is $b's affair.
    """
    for at, ((code, text), (following, _)) in enumerate(pairwise(field.subfields)):
        if code in "np" and following == "b" and (part := text.rstrip()).endswith(("=", "＝")):
            behind = field.subfields[at + 1 :]
            own = (*field.subfields[:at], (code, part[:-1].rstrip()), *(one for one in behind if one[0] not in "bnp"))
            parallel = tuple([("a" if one == "b" else one, value) for one, value in behind if one in "bnp"])
            return field._replace(subfields=own), field._replace(subfields=parallel)
    return field, None
