"""What a record brings to matching: the few facts that tell editions apart, folded once, then only compared.

Titles and names stand in two forms: vernacular when the record has one, and Latin letters (its own romanisation, else
the Hanyu reading of a Chinese one), so that records of either kind can meet. Absence is empty or None, never a
difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from indexer.bindings import bindings
from indexer.companions import companion_words
from indexer.dates import plausible, years_printed
from indexer.edition_statements import edition_statement
from indexer.extents import height, preliminaries
from indexer.numerals import CHINESE_NUMERAL, number
from indexer.readings import hanyu, hanyu_of_name
from indexer.record import Agent, Carrier, Format, Record, RecordRef, Title
from indexer.romanisations import common_chinese, common_korean, hangul_in_letters, has_hangul
from indexer.text import fold, has_cjk, has_han
from indexer.variants import fold_variants


class Form(NamedTuple):
    """A title, name or publisher as it is compared: ``vernacular`` is "" for what is written in Latin letters."""

    vernacular: str = ""
    latin: str = ""  # folded words
    joined: str = ""  # the same without blanks, in the one spelling of all romanisations, which part words as they like
    surname: str = ""  # of a name: its entry word in Latin letters
    words: str = ""  # of a text in characters: each a word of its own

    def __str__(self) -> str:
        return self.vernacular or self.latin

    def __bool__(self) -> bool:
        return bool(self.vernacular or self.latin)


NOTHING = Form()


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A record's facts for keys and comparison."""

    ref: RecordRef
    format: Format
    carrier: Carrier
    title: Form  # title proper, article and part off
    whole: Form  # with other title information and the part's name
    parts: tuple[str, ...]  # numbers of the part: ("2",), ("上",)
    numbers: tuple[str, ...]  # numbers in the whole title, as decimal digits
    isbns: frozenset[str]
    bindings: frozenset[str]  # hard, soft: those its ISBNs are said to be of
    issns: frozenset[str]
    lccns: frozenset[str]
    oclcs: frozenset[str]
    year: int | None
    years: frozenset[int]  # every year of publication it states
    all_years: frozenset[int]  # those, and every other year its imprints mention: of copyright, of a printing
    year_doubted: bool
    pages: int | None
    leaves: tuple[str, ...]  # Roman numbers of pages and counts in brackets beside them: xii, 345 p.
    height: float | None  # centimetres
    volumes: int | None
    edition: int | None
    revised: bool
    reprinted: bool  # says that it is a later printing, or may be
    creators: tuple[Form, ...]
    translators: tuple[Form, ...]
    publishers: tuple[Form, ...]
    companion: frozenset[str]  # words of its title that say it goes with another book: 題解, study guide
    place: str
    country: str
    language: str

    @property
    def serial(self) -> bool:
        """Whether it goes on: its year and extent then say little about which one it is."""
        return self.format in (Format.SERIAL, Format.NEWSPAPER)

    def explains_year_of(self, other: Profile) -> bool:
        """Whether their years differ because the later one is that of a printing: as its record says, or as its number
        shows. Whatever has other pages is set anew, and no printing."""
        if self.year is None or other.year is None or self.year == other.year:
            return False
        if self.pages and other.pages and not nearly(self.pages, other.pages):
            return False
        later = self if self.year > other.year else other
        return later.reprinted or self.counts_printings_of(other)

    def counts_printings_of(self, other: Profile) -> bool:
        """Whether their edition numbers count printings: more than one a year, and the extent stays the same.

        So 八版 two years after 初版, and a second and a third edition of one year. Chinese statements are believed
        longer: 二版 in the year of 初版 is an edition.
        """
        if self.edition is None or other.edition is None or self.year is None or other.year is None:
            return False
        if self.revised or other.revised or self.edition == other.edition:
            return False
        same_extent = self.pages == other.pages and self.volumes == other.volumes and bool(self.pages or self.volumes)
        rise, years = self.edition - other.edition, self.year - other.year
        in_characters = bool(self.title.vernacular and other.title.vernacular)
        return same_extent and rise * years >= 0 and abs(rise) > abs(years) + in_characters


def nearly(pages: int, others: int) -> bool:
    """Whether two counts of pages are of one setting: leaves before and after are counted or not."""
    return abs(pages - others) <= max(NEARLY_PAGES, NEARLY_SHARE * max(pages, others))


NEARLY_PAGES, NEARLY_SHARE = 2, 0.01

_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_ARTICLES = re.compile(
    r"(?:the|an?|der|die|das|ein|eine|le|la|les|un|une|el|los|las|una|il|lo|gli|o|os|as|het|de|een) (?=\S)"
)
_UNITS = "冊册卷集輯辑部篇編编券巻卷期回本"
_NUMERAL = f"[0-9０-９{CHINESE_NUMERAL}]+"
_WHOLE_AT_END = re.compile(rf"[\s(（\[〔,，、:：;.]*全\s*(?:{_NUMERAL})?\s*[{_UNITS}][)）\]〕]*$")
"""全3冊: that it is the whole set, which the extent says too."""

_PART_AT_END = re.compile(
    rf"(?:[\s(（\[〔,，、:：;.]+(?P<bare>[上中下]|{_NUMERAL})"
    rf"|[\s(（\[〔,，、:：;.]*(?P<counted>(?:第\s*{_NUMERAL}|[上中下])\s*[{_UNITS}]"
    rf"|第\s*{_NUMERAL}|[{_UNITS}]\s*{_NUMERAL}|(?:{_NUMERAL}|首)部曲))"
    r"[)）\]〕]*$"
)
_LATIN_PART_AT_END = re.compile(
    r"[\s,;:.(\[]+(?:v(?:ol(?:ume)?)?|pt|part|bd|band|t(?:ome)?|bk|book|no)\b\.?\s*(?P<number>\d+|[ivxlc]+)\W*$",
    re.IGNORECASE,
)
_WORD = re.compile(rf"\d+|[{CHINESE_NUMERAL}]+|[^\W\d_]+")
_YEAR_PRINTED = re.compile(r"(?<!\d)[12]\d{3}(?!\d)", re.ASCII)
_CHARACTER = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
_PUBLISHER_NOISE = re.compile(
    r"\b(?:and|company|co|inc|incorporated|ltd|limited|pub|publ|publishing|publishers?|press|sons?|bros|brothers|the|"
    r"verlag|edition|editions|editorial|editions|librairie|libreria|books?|printed|printers?|by|for|group|gmbh|llc)\b"
)
_CJK_PUBLISHER_NOISE = re.compile(
    r"(?:股份)?有限公司$|出版(?:社|公司|事业|集团|部|组)?|文化(?:事业)?|图书(?:公司)?|印书馆|书[店局社]$|株式会社|발행|출판사|公司$"
)
_PUBLISHERS_SHORT = {
    "univ": "university",
    "govt": "government",
    "gov't": "government",
    "print": "printing",
    "prtg": "printing",
    "off": "office",
    "dept": "department",
    "assn": "association",
    "assoc": "association",
    "inst": "institute",
    "soc": "society",
    "natl": "national",
    "internat": "international",
    "pr": "press",
}
_GOVERNMENT_PRINTING = re.compile(r"\bg p o\b|\bgpo\b")
_SUBTITLE = re.compile(r"(?<=\S)(?:\s*：\s*|\s*:\s+|\s*--\s*|\s+[/;]\s+)(?=\S)")
"""Where a title proper that holds its subtitle, typed into it, is parted from it."""

_SN = re.compile(r"^\W*(?:s\W*n|s\W*l|出版者不[詳详]|出版地不[詳详]|\[?publisher not identified\]?)\W*$", re.IGNORECASE)


@lru_cache(maxsize=65536)
def form(
    text: str, romanised: str = "", chinese: bool = True, read: Callable[[str], str] = hanyu, korean: bool = False
) -> Form:
    """A text as it is compared. ``chinese``: its ideographs may be read in Hanyu where no romanisation is given.
    ``korean``: what stands in Latin letters is Korean.
    """
    folded = fold(text)
    if not has_cjk(folded):
        return Form("", folded, _joined(folded, chinese, korean)) if folded else NOTHING
    vernacular = fold_variants(folded).replace(" ", "")
    latin = fold(romanised)
    if not latin and chinese and has_han(vernacular):
        latin = fold(_HAN_RUN.sub(lambda run: f" {read(run.group())} ", text))
    hangul = has_hangul(vernacular)
    if not latin and hangul:
        latin = fold(hangul_in_letters(text))
    return Form(
        vernacular,
        latin,
        _joined(latin, chinese, korean or hangul),
        words=_CHARACTER.sub(r" \g<0> ", fold_variants(folded)),
    )


def _joined(latin: str, chinese: bool, korean: bool) -> str:
    if korean:
        return common_korean(latin)
    return (common_chinese(latin) if chinese else "") or latin.replace(" ", "")


def profile(record: Record) -> Profile:
    """The facts of a record that matching looks at."""
    title = record.title or Title("")
    reads_chinese = not record.languages or record.languages[0] not in ("jpn", "kor")
    head, rest = _parted(title.proper)
    proper, parts_in_title = _without_part(head)
    parts = _parts(title.part_number) or parts_in_title
    korean = record.languages[:1] == ("kor",)
    short = form(_without_article(proper), _romanised_proper(title, proper), reads_chinese, korean=korean)
    whole_text = " ".join(text for text in (proper, rest, title.other, title.part_name) if text)
    whole = (
        form(_without_article(whole_text), title.romanised, reads_chinese, korean=korean)
        if whole_text != proper
        else short
    )
    statement = edition_statement(record.edition)
    years = {record.year} if record.year is not None else set()
    for imprint in record.imprints[:2]:
        years |= {year for year in years_printed(imprint.date)[:1] if year}
    others = {record.copyright_year, record.end_year} | {
        plausible(int(digits)) for imprint in record.imprints for digits in _YEAR_PRINTED.findall(imprint.date)
    }
    return Profile(
        ref=record.ref,
        format=record.format,
        carrier=record.carrier,
        title=short,
        whole=whole,
        parts=parts,
        numbers=_numbers(whole.vernacular or whole.latin),
        isbns=frozenset(record.numbers("isbn")),
        bindings=bindings(record.identifiers),
        issns=frozenset(record.numbers("issn")),
        lccns=frozenset(record.numbers("lccn")),
        oclcs=frozenset(record.numbers("oclc")),
        year=record.year,
        years=frozenset(years),
        all_years=frozenset(years | {year for year in others if year is not None}),
        year_doubted=record.year_questionable,
        pages=record.pages,
        leaves=preliminaries(record.extent),
        height=height(record.extent),
        volumes=record.volumes,
        edition=statement.number,
        revised=statement.revised,
        reprinted=statement.printing or statement.weak,
        creators=tuple(name_form(agent, reads_chinese, korean) for agent in record.agents[:6]),
        translators=tuple(name_form(agent, reads_chinese, korean) for agent in record.agents if "trl" in agent.roles),
        publishers=tuple(
            publisher_form(imprint.publisher, imprint.romanised, reads_chinese, korean)
            for imprint in record.imprints[:3]
            if imprint.publisher and not _SN.match(imprint.publisher)
        ),
        companion=companion_words(whole.vernacular, whole.latin),
        place=fold_variants(fold(record.imprints[0].place)) if record.imprints else "",
        country=record.country,
        language=record.languages[0] if record.languages else "",
    )


def title_form(text: str, romanised: str = "") -> Form:
    """A title as it is compared: without its article and what is typed behind it."""
    return form(_without_article(_parted(text)[0]), romanised)


def _parted(text: str) -> tuple[str, str]:
    head, _, rest = _SUBTITLE.sub("\n", text, count=1).partition("\n")
    return head, rest


def _without_article(text: str) -> str:
    match = _ARTICLES.match(text.casefold()) if text[:1].isascii() else None
    return text[match.end() :] if match else text


def _romanised_proper(title: Title, proper: str) -> str:
    """The romanisation of the title proper alone: what stands before the first ISBD sign, when there is more."""
    if not title.romanised or (proper == title.proper and not (title.other or title.part_name)):
        return title.romanised
    return re.split(r"\s*[:=/;]\s|\.\s", title.romanised, maxsplit=1)[0]


def _without_part(proper: str) -> tuple[str, tuple[str, ...]]:
    """A title proper without the part's number that cataloguers append to it, and that number."""
    if (whole := _WHOLE_AT_END.search(proper, max(len(proper) - _END, 0))) is not None and whole.start():
        proper = proper[: whole.start()].rstrip()
    pattern = _LATIN_PART_AT_END if proper.isascii() or not has_cjk(proper) else _PART_AT_END
    match = pattern.search(proper, max(len(proper) - _END, 0))
    if match is None or match.start() == 0:
        return proper, ()
    found = next(text for text in match.groups() if text)
    return proper[: match.start()].rstrip(), _parts(found)


_END = 200  # characters in which a part's number stands: looking for it in all of a hostile title costs its square

_THIRDS = dict.fromkeys(("上", "shang", "jo"), "上") | dict.fromkeys(("中", "zhong", "chung", "chu"), "中")
_THIRDS |= dict.fromkeys(("下", "xia", "hsia", "ge"), "下")


def _parts(text: str) -> tuple[str, ...]:
    """The numbers of a part designation: ``v. 2, pt. 1`` is ("2", "1"), ``上冊`` ("上",); its words if it has none."""
    words = _WORD.findall(fold(text))
    numbers = []
    for word in words[1:] if len(words) > 1 and words[0] == "v" else words:  # "v." is a volume, no five
        bare = word.strip(_UNITS + "第曲").replace("首", "一")
        if bare in _THIRDS and (word is words[0] or not bare.isascii()):
            numbers.append(_THIRDS[bare])
        elif bare and (value := number(bare)) is not None:
            numbers.append(str(value))
    if numbers:
        return tuple(numbers)
    return (fold_variants("".join(words)),) if words else ()


def _numbers(text: str) -> tuple[str, ...]:
    """The numbers a folded title names, in order; single Roman letters are too often words to count."""
    found = []
    for word in _WORD.findall(text):
        value = number(word) if word.isdecimal() or (len(word) > 1 and word.isascii()) else None
        if value is not None:
            found.append(str(value))
    return tuple(found)


def name_form(agent: Agent, chinese: bool, korean: bool) -> Form:
    """A name as it is compared; ``chinese`` and ``korean`` as for `form`."""
    person = agent.kind == "person"
    return _name_form(agent.name, agent.romanised or agent.original, person, chinese, korean)


@lru_cache(maxsize=65536)
def _name_form(name: str, latin: str, person: bool, chinese: bool, korean: bool) -> Form:
    whole = form(name, latin, chinese, hanyu_of_name if person else hanyu, korean)
    if whole.vernacular:
        romanised = latin.partition(",")[0] if "," in latin else ""
        return whole._replace(surname=_joined(fold(romanised) or whole.latin.partition(" ")[0], chinese, korean))
    entry = fold(name.partition(",")[0])
    return Form("", whole.latin, whole.joined, _joined(entry, chinese, korean))


@lru_cache(maxsize=65536)
def publisher_form(name: str, romanised: str, chinese: bool, korean: bool = False) -> Form:
    """A publisher without the words publishers share (出版社, Press, & Co.), whole when nothing else would be left."""
    whole = form(name, romanised, chinese, korean=korean)
    if whole.vernacular:
        core = _CJK_PUBLISHER_NOISE.sub("", whole.vernacular)
        return Form(core or whole.vernacular, whole.latin, whole.joined)
    full = " ".join(_PUBLISHERS_SHORT.get(word, word) for word in whole.latin.split())
    core = " ".join(_PUBLISHER_NOISE.sub(" ", _GOVERNMENT_PRINTING.sub("government printing office", full)).split())
    core = core or whole.latin
    return Form("", core, core.replace(" ", ""))
