"""Editions as the pages show them: pure functions from the domain model to what a template prints."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from stdnum import isbn as stdnum_isbn

from indexer.record import Agent, Classification, Edition, Format, Identifier, Imprint, Sourced, Title
from indexer.text import has_cjk
from search_api.cldr_names import html_code
from search_api.labels import Labels
from search_api.texts import Texts

_HTML_LANGUAGE = {
    "chi": "zh-Hant",
    "jpn": "ja",
    "kor": "ko",
    "vie": "vi",
    "tha": "th",
    "ind": "id",
    "may": "ms",
    "eng": "en",
    "fre": "fr",
    "ger": "de",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "rus": "ru",
    "heb": "he",
    "ara": "ar",
}
"""MARC language codes → the ``lang`` attribute, so that each text gets its own glyphs and line breaks."""

_ICON = {
    Format.EBOOK: "screen",
    Format.AUDIOBOOK: "disc",
    Format.SOUND: "disc",
    Format.FILM: "disc",
    Format.SERIAL: "serial",
    Format.NEWSPAPER: "serial",
    Format.SCORE: "score",
    Format.MAP: "map",
    Format.SOFTWARE: "screen",
}

# The main classes of DDC in those of 中文圖書分類法, for the colour of the cloth only.
_DDC_CLASS = {"0": "0", "1": "1", "2": "2", "3": "5", "4": "8", "5": "3", "6": "4", "7": "9", "8": "8", "9": "7"}


_HAN_AND_KANA = ("zh", "ja", "ko")
_WIDE = ("zh", "ja")
"""Languages written with full-width punctuation."""

_CONTINUING = frozenset({Format.SERIAL, Format.NEWSPAPER})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EditionView:
    """What a row and the head of an edition page print."""

    id: str
    url: str
    title: str  # short: what stands on the cover and in a list
    full_title: str  # with subtitle and part
    lang: str  # of the title, BCP 47
    romanised: str
    by: str
    imprint: str
    kind: str  # format, language and extent in words
    icon: str
    cloth: str  # CSS classes of the cover
    wide: bool  # the title stands across, not down
    holders: tuple[str, ...]  # names, in the order of the libraries' regions
    isbn: str = ""  # the first of its own, thirteen digits: what a picture of its cover is asked for by
    text_lang: str = ""  # of everything but the title
    beside: str = ""  # its title in another of its languages
    beside_lang: str = ""


@dataclass(frozen=True, slots=True)
class FactValue:
    text: str
    lang: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    values: tuple[FactValue, ...]


def html_language(edition: Edition) -> str:
    """The ``lang`` of an edition's own texts; Chinese from the mainland and Singapore is in simplified characters."""
    language = edition.languages[0] if edition.languages else ""
    if language == "chi" and edition.country in {"cc", "si"}:
        return "zh-Hans"
    return _HTML_LANGUAGE.get(language, "und")


def _colon(lang: str) -> str:
    return "：" if lang.startswith(_WIDE) else ": "


def whole_title(title: Title, colon: str = ": ") -> str:
    """A title with its subtitle and part, as a patron reads it."""
    text = colon.join(part for part in (title.proper, title.other) if part)
    return ". ".join(part for part in (text, title.part_number, title.part_name) if part)


def cloth(edition: Edition) -> str:
    """CSS classes of a cover: its colour is the main class, its shade a hash of the title."""
    numbers = {c.value.scheme: c.value.number for c in edition.classifications}
    main = numbers.get("ncsclt", "")[:1]
    if not main.isdigit():
        main = _DDC_CLASS.get(numbers.get("ddc", "")[:1], "0")
    title = edition.title.proper if edition.title else ""
    shade = hashlib.blake2b(title.encode(), digest_size=1).digest()[0] % 3
    return f"c{main} k{shade}" if shade else f"c{main}"


def imprint_text(edition: Edition, lang: str) -> str:
    """Place, publisher and year in one line, edition statement and extent behind."""
    stated = edition.imprints[0].value if edition.imprints else Imprint()
    statement = edition.editions[0].value if edition.editions else ""
    extent = edition.extents[0].value if edition.extents else ""
    if not any(character.isdigit() for character in extent):
        extent = ""  # "v." of a serial says nothing
    place_and_date = _imprint(stated, lang, _years(edition))
    return " · ".join(part for part in (place_and_date, statement, extent) if part)


def _years(edition: Edition) -> str:
    """The years of publication, open at the end for what still appears, ``?`` behind a doubtful one; "" when none is
    known."""
    if edition.year is None:
        return ""
    if edition.year_questionable:
        return f"{edition.year}?"
    if edition.end_year is not None and edition.end_year != edition.year:
        return f"{edition.year}–{edition.end_year}"
    goes_on = edition.format in _CONTINUING and edition.end_year is None
    return f"{edition.year}–" if goes_on else str(edition.year)


def statement_of_responsibility(edition: Edition) -> str:
    """Who made it: as on the title page, else the names of the first makers."""
    if edition.responsibilities:
        return edition.responsibilities[0].value
    return ("、" if html_language(edition).startswith(_WIDE) else "; ").join(_names(edition)[:3])


def _names(edition: Edition) -> list[str]:
    return list(dict.fromkeys(agent.value.name for agent in edition.agents))


def edition_view(
    edition: Edition, t: Texts, labels: Labels, link: Callable[[str], str], *, read_in: str = ""
) -> EditionView:
    """The row or head of an edition; ``link`` makes a page's address from its path.

    A book in several languages shows its title in two of them, that in the reader's first: ``read_in`` is the MARC code
    of the language that was asked for, "" for that of the page.
    """
    text_lang = lang = html_language(edition)
    title = edition.title or Title(t("results.untitled"))
    beside, beside_lang = _title_beside(edition, readers := html_code(read_in) if read_in else t.language)
    if beside and _same(beside_lang, readers) and not _same(lang, readers):
        title, lang, beside, beside_lang = beside, beside_lang, title, lang
    languages = t("edition.list").join(labels.language(code) for code in edition.languages[:3])
    kind = (labels.format(edition.format), languages)
    return EditionView(
        id=edition.id,
        url=link(f"editions/{edition.id}"),
        title=title.proper,
        full_title=whole_title(title, _colon(lang)),
        lang=lang,
        text_lang=text_lang,
        beside=whole_title(beside, _colon(beside_lang)) if beside else "",
        beside_lang=beside_lang,
        romanised=title.romanised,
        by=statement_of_responsibility(edition),
        imprint=imprint_text(edition, text_lang),
        kind=" · ".join(part for part in kind if part),
        icon=_ICON.get(edition.format, "book"),
        cloth=cloth(edition),
        wide=not lang.startswith(("zh", "ja", "ko")),
        holders=tuple(labels.library(code) for code in labels.in_order(edition.libraries)),
        isbn=next((i.value.value for i in edition.identifiers if i.value.kind == "isbn" and i.value.valid), ""),
    )


def _title_beside(edition: Edition, readers: str) -> tuple[Title | None, str]:
    """The parallel title in the readers' language, else the first, with its language; a title in a language that the
    book is not in, as the English ones that many publishers add, is left to the record."""
    others = [_HTML_LANGUAGE.get(code) or html_code(code) for code in edition.languages[1:]]
    found = []
    for title in (one.value for one in edition.titles if one.value.kind == "parallel"):
        lang = next((one for one in others if one.startswith(_HAN_AND_KANA) == has_cjk(title.proper)), "")
        if lang:
            found.append((title, lang))
    return next((one for one in found if _same(one[1], readers)), found[0] if found else (None, ""))


def _same(one: str, other: str) -> bool:
    """Whether two BCP 47 tags are of one language, in whatever script."""
    return one.partition("-")[0] == other.partition("-")[0]


def facts(edition: Edition, t: Texts, labels: Labels, link: Callable[[str], str]) -> tuple[Fact, ...]:
    """The record of an edition as pairs of name and values; what is not stated is left out."""
    lang = html_language(edition)

    def search(field: str, text: str) -> str:
        return link("search?" + urlencode({"in": field, "q": f'"{text}"'}))

    def plain(values: Iterable[Sourced[str]]) -> list[FactValue]:
        return [FactValue(value.value, lang) for value in values]

    titles = [title.value for title in edition.titles]
    named = {whole_title(title) for n, title in enumerate(titles) if n == 0 or title.kind in _NO_VARIANTS}
    roles: dict[str, dict[str, None]] = {}
    for stated in edition.agents:
        roles.setdefault(stated.value.name, {}).update(dict.fromkeys(stated.value.roles))
    makers = [
        FactValue(agent.name, lang, search("creator", agent.name), _agent_note(agent, roles[agent.name], labels))
        for agent in _once(edition.agents, lambda a: a.name)
    ]
    subjects = [
        FactValue(s.text, "und", link("search?" + urlencode({"subject": s.text})))
        for s in _once(edition.subjects, lambda s: s.text)
    ]
    classes = [
        FactValue(c.number, "und", note=labels.scheme(c.scheme)) for c in _once(edition.classifications, _class_key)
    ]
    links = [
        FactValue(
            x.value.label or urlsplit(x.value.url).hostname or t("edition.open_link"),
            "und",
            x.value.url,
            t("edition.list").join(labels.library(code) for code in labels.in_order(x.libraries)),
        )
        for x in edition.links
        if x.value.url.startswith(("http://", "https://"))
    ]
    series = [
        FactValue(" ; ".join(part for part in (s.value.title, s.value.number) if part), lang) for s in edition.series
    ]
    entries: list[tuple[str, list[FactValue]]] = [
        ("title", [FactValue(whole_title(title, _colon(lang)), lang) for title in titles[:1]]),
        ("romanised", [FactValue(one, f"{lang.split('-')[0]}-Latn") for one in _romanised(titles)]),
        *((f"title_{kind}", _titles_of(titles, kind)) for kind in _TITLES_WITH_ROWS),
        ("variants", [FactValue(text, "und") for text in _whole_titles(titles, but=_NO_VARIANTS) if text not in named]),
        ("host", [FactValue(whole_title(title), "und") for title in titles if title.kind == "host"][:3]),
        ("related", [FactValue(whole_title(title), "und") for title in titles if title.kind == "related"][:5]),
        ("creators", makers),
        ("edition", plain(edition.editions[:3])),
        ("imprint", [FactValue(_imprint(imprint.value, lang), lang) for imprint in edition.imprints[:3]]),
        ("year", _doubtful_year(edition, t)),
        ("copyright_year", _years_stated(edition.copyright_years, but=edition.year)),
        ("original_year", _years_stated(edition.original_years)),
        ("extent", plain(edition.extents[:3])),
        ("series", series),
        ("language", [FactValue(labels.language(code), t.language) for code in edition.languages]),
        ("original", [FactValue(labels.language(code), t.language) for code in edition.original_languages]),
        ("intermediate", [FactValue(labels.language(code), t.language) for code in edition.intermediate_languages]),
        ("subtitles", [FactValue(labels.language(code), t.language) for code in edition.subtitle_languages]),
        ("audience", [FactValue(labels.audience(code), t.language) for code in edition.audience]),
        ("subjects", subjects),
        ("classification", classes),
        ("isbn", _numbers(edition, "isbn", t)),
        ("issn", _numbers(edition, "issn", t)),
        *((kind, _numbers(edition, kind, t)) for kind in ("ismn", "oclc", "lccn", "national")),
        ("numbers", _numbers(edition, "other", t)),
        ("notes", plain(edition.notes)),
        ("summary", plain(edition.summaries[:1])),
        ("contents", plain(edition.contents[:1])),
        ("links", links),
    ]
    return tuple(Fact(t(f"edition.{key}"), tuple(values)) for key, values in entries if values)


_TITLES_WITH_ROWS = ("uniform", "parallel", "former", "later")
_NO_VARIANTS = ("host", "contents", "related", *_TITLES_WITH_ROWS)
"""Kinds of titles that have rows of their own or none."""


def _titles_of(titles: Iterable[Title], kind: str) -> list[FactValue]:
    texts = dict.fromkeys(whole_title(title) for title in titles if title.kind == kind)
    return [FactValue(text, "und") for text in texts]


def _romanised(titles: Iterable[Title]) -> list[str]:
    """The romanised forms of the title itself, as its records have it."""
    return list(dict.fromkeys(one.romanised for one in titles if one.kind == "proper" and one.romanised))[:2]


def _whole_titles(titles: Iterable[Title], but: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(whole_title(title) for title in titles if title.kind not in but))


def _imprint(imprint: Imprint, lang: str, years: str = "") -> str:
    """Place, publisher and date as readers of the language write them; ``years`` stands before the date as stated."""
    colon, comma = ("：", "，") if lang.startswith(_WIDE) else (": ", ", ")
    house = colon.join(part for part in (imprint.place, imprint.publisher) if part)
    return comma.join(part for part in (house, years or imprint.date) if part)


def _doubtful_year(edition: Edition, t: Texts) -> list[FactValue]:
    if edition.year is None or not edition.year_questionable:
        return []
    return [FactValue(str(edition.year), "und", note=t("edition.year_questionable"))]


def _years_stated(years: Iterable[Sourced[int]], but: int | None = None) -> list[FactValue]:
    return [FactValue(str(year.value), "und") for year in years if year.value != but]


def _agent_note(agent: Agent, roles: Iterable[str], labels: Labels) -> str:
    """What stands beside a name; ``roles`` are those of every statement that names it."""
    parts = (agent.romanised, agent.original, agent.dates, *map(labels.role, roles))
    return ", ".join(part for part in parts if part)


def _class_key(classification: Classification) -> str:
    return f"{classification.scheme} {classification.number}"


def _numbers(edition: Edition, kind: str, t: Texts) -> list[FactValue]:
    """The numbers of one kind; one that is cancelled or mistaken says so."""
    numbers: Iterable[Identifier] = _once(edition.identifiers, lambda i: f"{i.kind} {i.value}")
    comma = "，" if t.language == "zh-Hant" else ", "
    return [
        FactValue(
            _hyphenated(n.value) if kind == "isbn" and n.valid else n.value,
            "und",
            note=comma.join(part for part in (n.qualifier, _doubt(n, t)) if part),
        )
        for n in numbers
        if n.kind == kind
    ]


def _doubt(number: Identifier, t: Texts) -> str:
    if number.valid:
        return ""
    if number.linked:
        return t("edition.linked_number")
    return t("edition.cancelled_number" if number.cancelled else "edition.wrong_number")


def _hyphenated(isbn: str) -> str:
    """An ISBN-13 with its hyphens, without any when its registration group is not assigned."""
    parts = stdnum_isbn.split(isbn)
    return "-".join(parts) if all(parts) else isbn


def _once(values: Iterable[Sourced[T]], key: Callable[[T], str]) -> list[T]:
    """The values with distinct keys, the first of each."""
    kept: dict[str, T] = {}
    for sourced in values:
        kept.setdefault(key(sourced.value), sourced.value)
    return list(kept.values())
