"""An edition as something to cite: one value of each kind, makers by what they did.

Exports, citations and embedded metadata are all written from it, so that they cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from indexer.record import Agent, Edition, Format, Imprint, Title
from indexer.text import has_cjk
from search_api.protocols.kinds import KINDS, Kind
from search_api.views import html_language, whole_title

Part = Literal["author", "editor", "translator", "illustrator", "director", "performer", "contributor"]

_PARTS: dict[str, Part] = {
    **dict.fromkeys(("", "aut", "cre", "cmp", "dis", "lyr", "lbt", "art", "pht", "ctg", "prg", "cmm"), "author"),
    **dict.fromkeys(("edt", "com", "edc", "edm"), "editor"),
    "trl": "translator",
    "ill": "illustrator",
    **dict.fromkeys(("drt", "fmd"), "director"),
    **dict.fromkeys(("prf", "sng", "mus", "nrt", "act", "cnd", "itr", "voc"), "performer"),
}
"""MARC relator code → the part somebody has in a citation; all others contribute."""

_STILL_APPEARING = 9999
_ENDED_BY_DESIGN = frozenset({Format.SERIAL, Format.NEWSPAPER})
_FIRST_EDITION = re.compile(
    r"(?:第?[一1１]版|初版|再?初版第?[一1１]刷|1st ed(?:ition|\.)?|first ed(?:ition|\.)?|第1版第1刷|初版第1刷)\.?",
    re.IGNORECASE,
)
_LASTING = re.compile(r"https?://(?:(?:dx\.)?doi\.org|hdl\.handle\.net)/")
_PAGES = re.compile(r"(\d+)\s*(?:面|页|頁|p\b|pages|ページ|쪽|tr\b|หน้า|hlm)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Maker:
    """Somebody, as a citation names them. ``family`` is "" for bodies and for names that are not to be turned round."""

    name: str  # as catalogued: Harari, Yuval Noah; 曹雪芹
    part: Part
    family: str = ""
    given: str = ""
    person: bool = True
    romanised: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """Absence is "" or (), as in the domain model."""

    id: str
    url: str  # permanent, absolute
    format: Format
    kind: Kind
    lang: str  # BCP 47, of the edition's own texts; "und" when not known
    title: str  # with subtitle and part
    short_title: str
    romanised: str
    makers: tuple[Maker, ...]
    edition: str  # "" for a first edition
    place: str
    publisher: str
    year: int | None
    end_year: int | None  # None: of one year, or still appearing (`goes_on`)
    goes_on: bool
    extent: str
    pages: int | None
    series: tuple[tuple[str, str], ...]  # title and number
    isbns: tuple[str, ...]
    issns: tuple[str, ...]
    summary: str
    notes: tuple[str, ...]
    subjects: tuple[str, ...]
    call_number: str
    links: tuple[str, ...]  # where the text itself is to be had on line
    cited_url: str  # of what is on line: a link that lasts or that several members give, else the catalogue's own

    @property
    def cjk(self) -> bool:
        """Whether it is cited in the way of Chinese, Japanese and Korean books."""
        return has_cjk(self.title)

    @property
    def years(self) -> str:
        """The year or years: 1984, 1984–1986, 1981–; "" when not known."""
        if self.year is None:
            return ""
        if self.goes_on:
            return f"{self.year}–"
        return f"{self.year}–{self.end_year}" if self.end_year else str(self.year)

    def by(self, part: Part) -> tuple[Maker, ...]:
        return tuple(maker for maker in self.makers if maker.part == part)


def reference(edition: Edition, site: str) -> Reference:
    """An edition as something to cite; ``site`` is the catalogue's own address, without a slash at its end."""
    lang = html_language(edition)
    colon = "：" if lang.startswith(("zh", "ja")) else ": "
    title = edition.title or Title("")
    imprint = next((one.value for one in edition.imprints if one.value.publisher), None) or (
        edition.imprints[0].value if edition.imprints else Imprint()
    )
    statement = edition.editions[0].value if edition.editions else ""
    extent = edition.extents[0].value if edition.extents else ""
    pages = _PAGES.search(extent)
    serial = edition.format in _ENDED_BY_DESIGN
    ended = edition.end_year if edition.end_year not in (None, _STILL_APPEARING, edition.year) else None
    links = [
        one
        for one in edition.links
        if one.value.kind == "fulltext" and one.value.url.startswith(("http://", "https://"))
    ]
    return Reference(
        id=edition.id,
        url=f"{site}/editions/{edition.id}",
        format=edition.format,
        kind=KINDS[edition.format],
        lang=lang,
        title=whole_title(title, colon),
        short_title=title.proper,
        romanised=title.romanised,
        makers=tuple(_makers(edition)),
        edition="" if _FIRST_EDITION.fullmatch(statement) else statement,
        place=imprint.place,
        publisher=imprint.publisher,
        year=edition.year,
        end_year=ended,
        goes_on=edition.end_year == _STILL_APPEARING or (serial and edition.end_year is None),
        extent=extent,
        pages=int(pages[1]) if pages else None,
        series=tuple(dict.fromkeys((one.value.title, one.value.number) for one in edition.series)),
        isbns=_numbers(edition, "isbn"),
        issns=_numbers(edition, "issn"),
        summary=edition.summaries[0].value if edition.summaries else "",
        notes=tuple(note.value for note in edition.notes),
        subjects=tuple(dict.fromkeys(one.value.text for one in edition.subjects)),
        call_number=next((one.call_number for one in edition.holdings if one.call_number), ""),
        links=tuple(dict.fromkeys(one.value.url for one in links)),
        cited_url=next(
            (one.value.url for one in links if len(one.libraries) > 1 or _LASTING.match(one.value.url)),
            f"{site}/editions/{edition.id}",  # a single member's link may open for its own readers only
        ),
    )


def _numbers(edition: Edition, kind: str) -> tuple[str, ...]:
    """The edition's own valid numbers of a kind, those of the whole first."""
    own = [one.value for one in edition.identifiers if one.value.kind == kind and one.value.valid]
    return tuple(dict.fromkeys(one.value for one in sorted(own, key=lambda one: bool(one.volume))))


def _makers(edition: Edition) -> Iterable[Maker]:
    """Everybody once for each part they had; who is named without a role is an author."""
    roles: dict[str, dict[str, None]] = {}
    first: dict[str, Agent] = {}
    for stated in edition.agents:
        agent = stated.value
        first.setdefault(agent.name, agent)
        roles.setdefault(agent.name, {}).update(dict.fromkeys(agent.roles))
    for name, agent in first.items():
        if agent.kind != "person" and not agent.main and not roles[name]:
            yield _maker(agent, "contributor")
            continue
        parts = dict.fromkeys(_PARTS.get(role, "contributor") for role in (roles[name] or ("",)))
        for part in parts:
            yield _maker(agent, part)


def _maker(agent: Agent, part: Part) -> Maker:
    family, comma, given = agent.name.partition(", ")
    turned = bool(comma) and agent.kind == "person" and not has_cjk(agent.name)
    return Maker(
        name=agent.name,
        part=part,
        family=family if turned else "",
        given=given if turned else "",
        person=agent.kind == "person",
        romanised=agent.romanised,
    )
