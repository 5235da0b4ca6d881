"""Holdings statements as runs of issues: the shapes that cataloguers, systems and vendors write."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from indexer.eras import ERAS
from indexer.numerals import CHINESE_NUMERAL, chinese_number

MAX_LENGTH = 5_000
"""Of a statement, in characters; longer ones are not read."""


@dataclass(frozen=True, slots=True)
class Point:
    """An issue as a statement names it: what it does not say is None."""

    volume: int | None = None
    number: int | None = None
    year: int | None = None

    @property
    def named(self) -> bool:
        return (self.volume, self.number, self.year) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Run:
    """From one issue to another, both included; ``last`` None with ``open`` is no end, without is a single one."""

    first: Point
    last: Point | None = None
    open: bool = False
    loose: bool = False  # a year of it is a guess: 92年 may be of the Republic

    @property
    def last_year(self) -> int | None:
        return self.last.year if self.last else None

    @property
    def within_a_volume(self) -> bool:
        """Whether it holds no more than a part of one volume."""
        return self.first.number is not None and self.last is not None and self.first.volume == self.last.volume


@dataclass(frozen=True, slots=True)
class Runs:
    """All that was read of a statement."""

    held: tuple[Run, ...] = ()
    lacking: tuple[Run, ...] = ()
    unread: bool = False  # a piece of what is held could not be read
    unread_lacking: bool = False


_ERA = "|".join(f"(?:{era.names})" for era in ERAS)
_ERA_YEAR = re.compile(
    rf"(?:{_ERA})\s*(?P<first>\d{{1,3}}|元)\s*年?(?:\s*-\s*(?P<other>{_ERA})?\s*(?P<last>\d{{1,3}}|元)(?=\s*(?:年|$|[),;:])))?"
)
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr|avril|mai|juin|juil|août|sept|okt|dez|märz"
    "|mrz|abr|spring|summer|autumn|fall|winter|frühjahr|sommer|herbst"
)
_MONTH = re.compile(
    rf":?\s*(?:\b\d\.?\s*quartal|\b(?:{_MONTHS})[^\W\d_]*\.?\s*(?:\d{{1,2}}(?!\d))?(?:st|nd|rd|th)?),?", re.IGNORECASE
)
_HAN_MONTH = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*月(?:\s*\d{1,2}\s*日)?|[春夏秋冬]季?(?:號|号)?")
_YEAR = r"(?<!\d)(?:1[5-9]\d\d|20\d\d)(?!\d)"
_SHORT_YEAR = re.compile(rf"({_YEAR})\s*([/-])\s*(\d\d)(?!\d|\.\d)")
_FINER = r"\s*[-./]\s*(?:0?[1-9]|[12]\d|3[01])(?!\d|\.\d)"
_DATE = re.compile(rf"({_YEAR})(?:年|{_FINER}(?:{_FINER})?)")
_YEARS = re.compile(_YEAR)
_HAN_YEAR = re.compile(r"(?<![\d.卷])(\d{2,3})\s*年(?!\s*\d+\s*[期號号])")
_LACKS = re.compile(
    r"\b(?:lack(?:s|ing)?|wanting|wants|missing|except(?:ing)?|not held|incomplete)\b\s*:?|缺(?!號)|尚缺|不含|除",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"-\s*(?:current|present|to date|date|now|heute|今|迄今|至今|現在|目前|)\s*$|[+＋]\s*$"
    r"|(?:至今|迄今|以後|以降|onwards?|to date|to present)\s*$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"suppl|補編|補遺|附刊|增刊|特刊|\bindex(?:es)?\b|索引|目次|\bcontinue[sd]\b|合併為|\bmerged\b", re.IGNORECASE
)
_VOLUME = (
    r"volumes?|vols?|v|bde?|band|tomes?|tomos?|toms?|t|jahrg(?:ang)?|jaarg(?:ang)?|jg|roč|год|т|vyp|knj"
    r"|year|yr|año|anno|tập|jilid"
)
_NUMBER = r"numbers?|nummer|ausgaben?|nums?|nos?|no|nrs?|n|issues?|iss|hefte?|h|fasc|numéro|č|số|edisi|#|№"
_TOKEN = re.compile(
    rf"(?P<volume>(?<![^\W\d_])(?:{_VOLUME})(?![^\W\d_])\.?)|(?P<number>(?<![^\W\d_])(?:{_NUMBER})(?![^\W\d_])\.?|[#№])"
    rf"|(?P<through>[總总](?:第|期|號|号)?)|(?P<figure>\d+(?:\s*/\s*\d+)*)(?:st|nd|rd|th)?|(?P<han>[{CHINESE_NUMERAL}]+(?=\s*[卷巻期號号冊册輯辑集]))"
    r"|(?P<first>創刊號|创刊号)|(?P<of_volume>[卷巻冊册輯辑集])|(?P<of_number>[期號号])|(?P<skip>第|[:.·\s年]+)|(?P<other>.)",
    re.IGNORECASE,
)
_DASH = re.compile(
    r"[‐‑‒–—―−~～〜]|\bto\b(?!\s+(?:date|present))|(?<=[\d卷期號号年月日)])\s*[至到]\s*(?=[\d第民vV])", re.IGNORECASE
)
_BEGAN = re.compile(r"\b(?:nachgewiesen|(?:print )?began with)\b:?", re.IGNORECASE)
_LEVELS = re.compile(
    rf"(?P<above>(?:\b(?:{_VOLUME})\.?\s*\d{{1,7}}|(?<!\d)\d{{1,7}}\.?\s*(?:{_VOLUME})\.?|(?<!\d)\d{{1,7}}\s*[卷巻]|{_YEAR})\)?)\s*,\s*"
    rf"(?=(?:第?\s*\d{{1,7}}\s*[期號号])|(?:{_NUMBER})\.?\s*\d|\d{{1,7}}\.?\s*(?:{_NUMBER})\b)",
    re.IGNORECASE,
)
"""A comma between the levels of one issue (Vol. 1, no. 2), and not between issues."""
_BARE = re.compile(r"[\s第]*\d+\s*")
_MONTH_OR_YEARS = re.compile(rf"\s*{_YEAR}-\d\d[\s.]*")
"""1998-02 alone: February, or five years."""
_PIECES = re.compile(r"[,;、；，]|\s(?:and|und|et|及|與)\s")


@lru_cache(maxsize=4096)
def runs(statement: str) -> Runs:
    """The runs that a statement names, held and lacking, and whether something of it could not be read."""
    text = _plain(" ".join(statement.split())) if len(statement) <= MAX_LENGTH else ""
    if not text:
        return Runs(unread=True)
    held: list[Run] = []
    lacking: list[Run] = []
    unread_lacking = lacks = False
    unread = any(
        _may_be_years(part) for part in _PIECES.split(_DASH.sub("-", unicodedata.normalize("NFKC", statement)))
    )
    before: Run | None = None
    for piece in _pieces(text):
        begins = _LACKS.search(piece)
        parts = [(piece, lacks)]
        if begins:
            parts = [(piece[: begins.start()], lacks), (piece[begins.end() :], True)]
            lacks = True
        for raw, of_lacking in parts:
            part = raw.strip(" .:*" if raw.count("(") == raw.count(")") else " .:*()")
            if not part or _BESIDE.search(part):
                continue
            run = _run(part, before)
            if run is None:
                unread, unread_lacking = unread or not of_lacking, unread_lacking or of_lacking
                continue
            before = run
            (lacking if of_lacking else held).append(run)
        if ";" in piece[-1:]:
            lacks = False
    if lacks and not lacking:
        unread_lacking = True
    return Runs(tuple(held), tuple(lacking), unread, unread_lacking)


def _may_be_years(part: str) -> bool:
    """Whether a part is a year and two figures that may be a month as well as the last of several years."""
    return _MONTH_OR_YEARS.fullmatch(part) is not None and int(part.strip(" .")[-2:]) <= 12


def _plain(statement: str) -> str:
    """The text with one kind of dash, one kind of bracket, years of the Common Era, and a dot for what is finer."""
    text = unicodedata.normalize("NFKC", statement)
    text = re.sub(r"[\[\]<>{}【】?]", "", text)  # what the cataloguer supplied, or leaves open
    text = _BEGAN.sub("", text)
    text = _DASH.sub("-", text)
    text = re.sub(r"\(\s*(\d{1,7})\s*\)(?=[卷期])", r"\1", text)
    text = _MONTH.sub("·", _HAN_MONTH.sub("·", text))
    text = re.sub(rf"-(?:\s+|\s*·\s*)({_YEAR})\s*-\s*$", r"(\1)-", text)  # v.1-  1934-
    text = re.sub(r"\s*-\s*", "-", text)
    text = _ERA_YEAR.sub(_of_era, text)
    text = _SHORT_YEAR.sub(_full_year, text)
    text = _DATE.sub(r"\1", text)
    text = re.sub(rf"({_YEAR})\s*,\s*(?=\d{{1,2}}(?:-|\s*$|\s*\())", r"\1:no.", text)
    text = re.sub(rf"(?<=\d)\s+({_YEAR}-(?:{_YEAR})?)(?=\s*(?:$|[,;]))", r" (\1)", text)
    text = _LEVELS.sub(lambda found: f"{found['above']}:", text)
    return re.sub(r"\(\s*[-·,.:/]*\s*\)", "", text).strip()


def _of_era(found: re.Match[str]) -> str:
    begun = _offset(found[0])
    first = begun + _era_year(found["first"])
    if not found["last"]:
        return str(first)
    ended = _offset(found["other"]) if found["other"] else begun  # 昭和50年-平成3年
    return f"{first}-{ended + _era_year(found['last'])}"


def _offset(text: str) -> int:
    return next(era.offset for era in ERAS if re.match(era.names, text))


def _era_year(text: str) -> int:
    return 1 if text == "元" else int(text)


def _full_year(found: re.Match[str]) -> str:
    """1984-85 and 1999/00 as two years; 1999-03 is a month."""
    first, mark, short = int(found[1]), found[2], int(found[3])
    year = first - first % 100 + short + (100 if short < first % 100 else 0)
    if short > 12 or (mark == "/" and short == (first + 1) % 100):
        return f"{first}{mark}{year}"
    return found[0]


def _pieces(text: str) -> list[str]:
    """The text at its commas and semicolons, those in brackets left alone; a semicolon ends its piece."""
    found, depth, piece = [], 0, ""
    for char in _PIECES.sub(lambda mark: ";" if mark[0] in ";；" else ",", text):
        depth += (char == "(") - (char == ")")
        if char in ",;" and depth <= 0:
            found.append(piece + (char if char == ";" else ""))
            piece, depth = "", 0
        else:
            piece += char
    return [*found, piece]


@dataclass(frozen=True, slots=True)
class _Years:
    first: int | None = None
    last: int | None = None
    open: bool = False
    loose: bool = False


def _run(piece: str, before: Run | None) -> Run | None:
    """A piece as a run; None when it cannot be read. ``before`` names what a bare number counts."""
    piece = piece.rstrip(";").strip()
    if "(" in piece and piece.count("(") > piece.count(")"):
        piece += ")"
    is_open = bool(_OPEN.search(piece)) and not piece.endswith(")")
    if is_open:
        piece = _OPEN.sub("", piece).strip()
    leading = re.match(rf"({_YEAR}(?:[-/]{_YEAR})*)\s*:(?=\s*[^\W\d]|\s*第)", piece)
    told = [leading[1]] if leading else []
    if leading:
        piece = piece[leading.end() :]
    sides: list[tuple[str, list[str]]] = []
    for side in _at_the_dash(piece):
        brackets = re.findall(r"\(([^()]*)\)", side)
        sides.append((re.sub(r"\([^()]*\)", " ", side), brackets))
    years = [_years([*(told if at == 0 else []), *brackets], side) for at, (side, brackets) in enumerate(sides)]
    points: list[Point] = []
    for at, ((side, _), dated) in enumerate(zip(sides, years, strict=True)):
        point = _point(_HAN_YEAR.sub(" ", side), _above(points, before, at))
        if point is None:
            return None
        points.append(replace(point, year=point.year if point.year is not None else dated.first))
    first = points[0]
    loose = any(one.loose for one in years)
    if len(points) == 1:
        if not first.named:
            return None
        last_year = years[0].last
        is_open = is_open or years[0].open
        if is_open:
            return Run(first, None, open=True, loose=loose)
        end = Point(_highest(sides[0][0], first.volume), _highest(sides[0][0], first.number), last_year or first.year)
        return Run(first, end, loose=loose)
    last = points[1]
    last = replace(last, volume=_highest(sides[1][0], last.volume), number=_highest(sides[1][0], last.number))
    if not last.named and not is_open:
        return None
    last_year = years[1].last or years[1].first or last.year
    if years[1].first is not None and not years[0].first and sides[1][1]:
        # v.1-12 (1999-2010): the brackets at the end speak of both ends.
        first = replace(first, year=years[1].first)
    elif last_year is None:
        last_year = years[0].last
    if first.named and last.volume is None and last.number is not None and _BARE.fullmatch(sides[0][0]):
        first = Point(None, first.number or first.volume, first.year)  # 1-10期: the caption is of both ends
    if _backwards(first, replace(last, year=last_year)):
        return None
    is_open = is_open or years[1].open
    if is_open and years[1].open and last.volume is None and last.number is None:
        return Run(first, None, open=True, loose=loose)
    return Run(first, replace(last, year=last_year), open=False, loose=loose)


def _backwards(first: Point, last: Point) -> bool:
    """Whether a run ends before it begins: one of the two is mistaken, and nobody knows which."""
    if first.year is not None and last.year is not None and last.year < first.year:
        return True
    if first.volume is not None and last.volume is not None and last.volume != first.volume:
        return last.volume < first.volume
    same = first.volume == last.volume
    return same and first.number is not None and last.number is not None and last.number < first.number


def _at_the_dash(piece: str) -> list[str]:
    """The two ends of a run; dashes within brackets, and those of a number such as 12-3, are not its dash."""
    depth = 0
    for at, char in enumerate(piece):
        depth += (char == "(") - (char == ")")
        if char == "-" and depth == 0:
            return [piece[:at], piece[at + 1 :]]
    return [piece]


def _above(points: list[Point], before: Run | None, at: int) -> Point | None:
    """What a bare number stands under: the beginning of its own run, or what was named before."""
    if at and points:
        return points[0]
    return (before.last or before.first) if before else None


def _years(brackets: list[str], side: str) -> _Years:
    """The years that an end of a run states, in brackets or bare."""
    for text in brackets:
        if found := [int(year) for year in _YEARS.findall(text)]:
            return _Years(found[0], found[-1], bool(re.search(r"-\s*$", text)))
    for text in (*brackets, side):
        if found := [int(year) + 1911 for year in _HAN_YEAR.findall(text)]:
            return _Years(found[0], found[-1], loose=True)
    for text in brackets:
        if found := [int(year) + 1911 for year in re.findall(r"(?<!\d)(\d{2,3})\.\d{1,2}(?!\d)", text)]:
            return _Years(found[0], found[-1], loose=True)
    return _Years()


def _point(side: str, above: Point | None) -> Point | None:
    """An end of a run: numbers with their captions, before or after; bare ones take the level of what is above.

    None when a word stands there that is no caption."""
    volume: int | None = None
    number: int | None = None
    year: int | None = None
    level = ""
    bare: list[int] = []
    tokens = [token for token in _TOKEN.finditer(side) if token.lastgroup != "skip"]
    for at, token in enumerate(tokens):
        kind = token.lastgroup or ""
        if kind == "other":
            return None
        follows = tokens[at + 1].lastgroup if at + 1 < len(tokens) else ""
        if kind == "first":
            number = 1
        elif kind in ("figure", "han"):
            value = _value(token[0]) if kind == "figure" else chinese_number(token[0])
            if value is None:
                return None
            if level == "volume":
                volume = value
            elif level == "number" or (level == "through" and number is None):
                number = value
            elif not level:
                bare.append(value)
            level = ""
        elif kind in ("of_volume", "volume") and bare and (kind == "of_volume" or follows not in _FIGURES):
            volume = bare.pop()
        elif kind in ("of_number", "number") and bare and (kind == "of_number" or follows not in _FIGURES):
            number = bare.pop()
        elif kind in ("volume", "number", "through"):
            level = kind
    for value in bare:
        if _is_year(value) and year is None:
            year = value
        elif volume is None and number is None:
            if above is not None and above.number is not None:
                volume, number = above.volume, value
            elif above is not None and above.volume is None and above.year is not None:
                return None  # a number among years
            else:
                volume = value
        elif volume is None:
            volume = value
        elif number is None:
            number = value
        else:
            return None
    if above is not None and volume is None and number is not None and above.number is not None and year is None:
        volume = above.volume
    return Point(volume, number, year)


_FIGURES = ("figure", "han")


def _value(figure: str) -> int | None:
    digits = re.match(r"\d+", figure)
    return int(digits[0]) if digits and len(digits[0]) < 7 else None


def _highest(side: str, value: int | None) -> int | None:
    """The end of a number that stands for several: 25/26."""
    if value is None:
        return None
    joined = re.search(rf"(?<!\d){value}((?:\s*/\s*\d{{1,6}})+)(?!\d)", side)
    return max(value, *(int(one) for one in re.findall(r"\d+", joined[1]))) if joined else value


def _is_year(value: int) -> bool:
    return 1500 <= value <= 2099
