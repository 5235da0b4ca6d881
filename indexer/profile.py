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
from indexer.designations import WORD, part_alone, part_numbers, without_part
from indexer.edition_statements import edition_statement
from indexer.extents import height, preliminaries
from indexer.gaps import with_gaps
from indexer.kana import common_japanese, has_kana, is_kana, kana_in_letters
from indexer.numerals import number, roman_number
from indexer.readings import hanyu, hanyu_of_name
from indexer.record import Agent, Carrier, Format, Record, RecordRef, Series, Title
from indexer.romanisations import common_chinese, common_korean, hangul_in_letters, has_hangul
from indexer.text import fold, has_cjk, has_han
from indexer.title_numbers import chinese_in_digits, english_in_digits, pinyin_in_digits
from indexer.variants import fold_variants
from indexer.version_words import disc_words, version_words


class Form(NamedTuple):
    """A title, name or publisher as it is compared: ``vernacular`` is "" for what is written in Latin letters."""

    vernacular: str = ""
    latin: str = ""  # folded words
    joined: str = ""  # the same without blanks, in the one spelling of all romanisations, which part words as they like
    surname: str = ""  # of a name: its entry word in Latin letters
    words: str = ""  # of a text in characters: each a word of its own
    gaps: str = ""  # of a text in characters of which some could not be typed: with a mark where they lack

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
    counted: int | None  # the number of an edition statement too high to be believed by itself
    revised: bool
    reprinted: bool  # says that it is a later printing, or may be
    creators: tuple[Form, ...]
    translators: tuple[Form, ...]
    publishers: tuple[Form, ...]
    companion: frozenset[str]  # words of its title that say it goes with another book: 題解, study guide
    versions: frozenset[str]  # for which readers, as its title or edition statement says: 注音版, 大字版
    stated: frozenset[str]  # words of who made it, as stated, where the title is so short that others bear it
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
        if self.edition_numbers(other) is not None and self.edition is None:
            return self.counts_printings_of(other) or self.counted == other.counted
        return later.reprinted or self.counts_printings_of(other)

    def edition_numbers(self, other: Profile) -> tuple[int, int] | None:
        """The numbers of both editions; those too high to be believed count beside one another."""
        if self.edition is not None and other.edition is not None:
            return self.edition, other.edition
        if self.counted is not None and other.counted is not None:
            return self.counted, other.counted
        return None

    def counts_printings_of(self, other: Profile) -> bool:
        """Whether their edition numbers count printings: more than one a year, and the extent stays the same.

        So 八版 two years after 初版, and a second and a third edition of one year. Chinese statements are believed
        longer: 二版 in the year of 初版 is an edition.
        """
        numbers = self.edition_numbers(other)
        if numbers is None or self.year is None or other.year is None:
            return False
        if self.revised or other.revised or numbers[0] == numbers[1]:
            return False
        same_extent = self.pages == other.pages and self.volumes == other.volumes and bool(self.pages or self.volumes)
        rise, years = numbers[0] - numbers[1], self.year - other.year
        in_characters = bool(self.title.vernacular and other.title.vernacular)
        return same_extent and rise * years >= 0 and abs(rise) > abs(years) + in_characters


def nearly(pages: int, others: int) -> bool:
    """Whether two counts of pages are of one setting: leaves before and after are counted or not."""
    return abs(pages - others) <= max(NEARLY_PAGES, NEARLY_SHARE * max(pages, others))


NEARLY_PAGES, NEARLY_SHARE = 2, 0.01

_ROMAN_AMONG_CHARACTERS = re.compile("(?<![a-z])(?:i{1,3}|i?v|vi{1,3}|i?x)(?![a-z])")
"""初級Ⅱ, folded."""

SEQUEL = re.compile("[续補补后外别二][集编篇传录]|附[录册编]|索引|目录|外[一二三]种|续")
"""Designations, folded, of what is no part of a book but another one after it."""

_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_ARTICLES = re.compile(
    r"(?:the|an?|der|die|das|ein|eine|le|la|les|un|une|el|los|las|una|il|lo|gli|o|os|as|het|de|een) (?=\S)"
)
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
        folded = in_digits(folded, chinese)
        return Form("", folded, _joined(folded, chinese, korean)) if folded else NOTHING
    spaced = chinese_in_digits(fold_variants(folded))
    vernacular = spaced.replace(" ", "")
    latin = in_digits(fold(romanised), chinese)
    if not latin and is_kana(text):
        latin = fold(kana_in_letters(text))
    elif not latin and chinese and has_han(vernacular):
        latin = pinyin_in_digits(fold(_HAN_RUN.sub(lambda run: f" {read(run.group())} ", text)))
    hangul = has_hangul(vernacular)
    if not latin and hangul:
        latin = fold(hangul_in_letters(text))
    return Form(
        vernacular,
        latin,
        _joined(latin, chinese, korean or hangul),
        words=_CHARACTER.sub(r" \g<0> ", spaced),
        gaps=chinese_in_digits(with_gaps(text)),
    )


def in_digits(latin: str, chinese: bool) -> str:
    """A folded text in Latin letters with its numbers in digits, be they spelt in English or Pinyin."""
    found = english_in_digits(latin)
    return pinyin_in_digits(found) if chinese else found


def _joined(latin: str, chinese: bool, korean: bool) -> str:
    if korean:
        return common_korean(latin)
    return common_chinese(latin) or latin.replace(" ", "") if chinese else common_japanese(latin)


def profile(record: Record) -> Profile:
    """The facts of a record that matching looks at."""
    title = record.title or Title("")
    reads_chinese = _language(record) not in ("jpn", "kor") and not has_kana(title.proper)
    head, rest = _parted(title.proper)
    if rest and _is_series(head, record.series) and has_cjk(rest):
        head, rest = _parted(rest)
    proper, parts_in_title = without_part(head)
    parts_in_subtitle = part_alone(title.other) if title.other else ()
    parts = part_numbers(title.part_number) or parts_in_title or parts_in_subtitle
    korean = record.languages[:1] == ("kor",)
    short = form(_without_article(proper), _romanised_proper(title, proper), reads_chinese, korean=korean)
    other = "" if parts_in_subtitle else title.other
    whole_text = " ".join(text for text in (proper, rest, other, title.part_name) if text)
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
        numbers=_numbers(whole.words or whole.latin, roman=bool(whole.vernacular) or _language(record) != "chi"),
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
        counted=statement.counted,
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
        versions=version_words(whole.vernacular) | _versions_stated(record.edition, record.extent),
        stated=_words_stated(record.responsibility) if is_short(whole) else frozenset(),
        place=fold_variants(fold(record.imprints[0].place)) if record.imprints else "",
        country=record.country,
        language=_language_believed(record, short),
    )


SHORT_TITLE = 4
"""Words, in Latin letters, of a title that books of several authors bear."""


def is_short(title: Form) -> bool:
    """Whether a whole title in Latin letters has few words."""
    return not title.vernacular and len(title.latin.split()) <= SHORT_TITLE


def _words_stated(responsibility: str) -> frozenset[str]:
    return frozenset(fold(responsibility).split()) if responsibility else frozenset()


_WRITTEN_IN_CHARACTERS = frozenset({"chi", "zho", "cmn", "yue", "nan", "hak", "lzh", "jpn", "kor"})
_SAYS_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})
_LATIN_LETTER = re.compile("[A-Za-z]")


def _language(record: Record) -> str:
    return record.languages[0] if record.languages else ""


def _language_believed(record: Record, title: Form) -> str:
    """The language a record states, "" where it says none or its title is in letters of no such language: a template
    filled in by default."""
    language = _language(record)
    if language in _SAYS_NO_LANGUAGE or (title.vernacular and language not in _WRITTEN_IN_CHARACTERS):
        return ""
    in_other_letters = bool(title.latin) and not title.vernacular and not _LATIN_LETTER.search(title.latin)
    return "" if language == "eng" and in_other_letters and not title.latin.isascii() else language


def title_form(text: str, romanised: str = "") -> Form:
    """A title as it is compared: without its article and what is typed behind it."""
    return form(_without_article(_parted(text)[0]), romanised)


def _parted(text: str) -> tuple[str, str]:
    head, _, rest = _SUBTITLE.sub("\n", text, count=1).partition("\n")
    return head, rest


@lru_cache(maxsize=8192)
def _versions_stated(edition: str, extent: str) -> frozenset[str]:
    return version_words(fold_variants(fold(edition))) | disc_words(fold_variants(fold(extent)))


_SERIES = re.compile("(?:文庫|文库|叢書|丛书|叢刊|丛刊|書系|书系|系列|コミックス\\w*|ライブラリー)$")


def _is_series(head: str, series: tuple[Series, ...]) -> bool:
    """Whether what is typed before a title is its series: one the record names, or one by its last word."""
    return _SERIES.search(head) is not None or any(one.title == head for one in series)


def _without_article(text: str) -> str:
    match = _ARTICLES.match(text.casefold()) if text[:1].isascii() else None
    return text[match.end() :] if match else text


def _romanised_proper(title: Title, proper: str) -> str:
    """The romanisation of the title proper alone: what stands before the first ISBD sign, when there is more."""
    if not title.romanised or (proper == title.proper and not (title.other or title.part_name)):
        return title.romanised
    return re.split(r"\s*[:=/;]\s|\.\s", title.romanised, maxsplit=1)[0]


def _numbers(text: str, roman: bool) -> tuple[str, ...]:
    """The numbers a folded title names, in order; single Roman letters are too often words to count, and in Pinyin
    *li* and *di* are (``roman`` False)."""
    found = []
    for word in WORD.findall(text):
        value = number(word) if word.isdecimal() or (roman and len(word) > 1 and word.isascii()) else None
        if value is not None:
            found.append(str(value))
    if has_cjk(text):
        found += [str(roman_number(numeral)) for numeral in _ROMAN_AMONG_CHARACTERS.findall(text)]
    return tuple(found)


def name_form(agent: Agent, chinese: bool, korean: bool) -> Form:
    """A name as it is compared; ``chinese`` and ``korean`` as for `form`."""
    person = agent.kind == "person"
    return _name_form(agent.name, agent.romanised or agent.original, person, chinese, korean)


@lru_cache(maxsize=65536)
def _name_form(name: str, latin: str, person: bool, chinese: bool, korean: bool) -> Form:
    whole = form(name, latin, chinese, hanyu_of_name if person else hanyu, korean)
    if not latin and is_kana(name):
        return Form(whole.vernacular)  # a foreigner's, spelt by its sound: in Latin letters it looks otherwise
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
    return Form("", core, _joined(core, chinese, korean))
