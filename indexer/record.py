"""The domain model: what a record says once it is read, and what an edition is.

Standard library only. Absence is an empty string, an empty tuple or ``None`` and always means "not stated",
never "no". All text is NFC, free of ISBD punctuation at its ends, and never folded: folding is for keys and tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from indexer.quick import quick


class RecordRef(NamedTuple):
    """What names a record for ever: the library's code and the identifier its source gave (`library:identifier`)."""

    library: str
    identifier: str

    def __str__(self) -> str:
        return f"{self.library}:{self.identifier}"

    @classmethod
    def parse(cls, text: str) -> RecordRef:
        """Reads ``library:identifier``; the identifier may hold further colons.

        Raises: ValueError when there is no colon.
        """
        library, colon, identifier = text.partition(":")
        if not (library and colon and identifier):
            raise ValueError(f"a record is named library:identifier, not {text!r}")
        return cls(library, identifier)


class Format(StrEnum):
    """What kind of thing an edition is; the value is the facet code, its labels stand in ``mappings/tables``."""

    BOOK = "book"
    EBOOK = "ebook"
    AUDIOBOOK = "audiobook"
    SERIAL = "serial"
    NEWSPAPER = "newspaper"
    THESIS = "thesis"
    SCORE = "score"
    MAP = "map"
    SOUND = "sound"
    FILM = "film"
    PICTURE = "picture"
    SOFTWARE = "software"
    KIT = "kit"
    GAME = "game"
    PICTURE_BOOK = "picture_book"
    COMIC = "comic"
    LARGE_PRINT = "large_print"
    BRAILLE = "braille"
    ARTICLE = "article"
    MANUSCRIPT = "manuscript"
    OTHER = "other"

    @property
    def broader(self) -> Format | None:
        """The format this one is a kind of: whoever looks for books expects comics among them. None for most."""
        return _BROADER.get(self)

    @property
    def codes(self) -> tuple[str, ...]:
        """Its facet codes, its own first: what is found under it and under the format it is a kind of."""
        return (self.value, self.broader.value) if self.broader else (self.value,)


_BROADER = {
    Format.PICTURE_BOOK: Format.BOOK,
    Format.COMIC: Format.BOOK,
    Format.LARGE_PRINT: Format.BOOK,
    Format.BRAILLE: Format.BOOK,
}


class Carrier(StrEnum):
    """The physical side of it: two records of unlike carriers never share an edition."""

    PRINT = "print"
    ONLINE = "online"
    DISC = "disc"
    MICROFORM = "microform"
    BRAILLE = "braille"
    LARGE_PRINT = "large_print"
    UNKNOWN = "unknown"


@quick
@dataclass(frozen=True, slots=True)
class Title:
    """A title as catalogued, in the script of the work where the record gives it (880, UNIMARC 200)."""

    proper: str
    other: str = ""  # other title information: 245 $b, 200 $e
    part_number: str = ""  # 245 $n, 200 $h
    part_name: str = ""  # 245 $p, 200 $i
    romanised: str = ""  # the whole title in Latin letters, when the record gives both
    # proper | uniform | variant | cover | parallel | part | former | later | host | contents | related
    kind: str = "proper"


@quick
@dataclass(frozen=True, slots=True)
class Agent:
    """A person or body and what they did."""

    name: str
    kind: str = "person"  # person | corporate | meeting
    role: str = ""  # MARC relator code (aut, trl, edt, ill …), "" when not stated
    dates: str = ""
    romanised: str = ""
    main: bool = False  # main entry: 1XX, 700/710
    # the name as its bearer writes it, when the record gives it beside: 海明威(Ernest Hemingway); its reading in kana
    original: str = ""
    number: str = ""  # authority number ($0, $1, UNIMARC $3)
    more_roles: tuple[str, ...] = ()  # besides the first: 譯.圖; a word that no table knows stands as written
    more_numbers: tuple[str, ...] = ()  # of the same authority elsewhere

    @property
    def roles(self) -> tuple[str, ...]:
        """All that they did, in the order stated; empty when not stated."""
        return (self.role, *self.more_roles) if self.role else ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """All authority numbers, as written."""
        return (self.number, *self.more_numbers) if self.number else ()


@quick
@dataclass(frozen=True, slots=True)
class Imprint:
    place: str = ""
    publisher: str = ""
    date: str = ""  # as printed: 民93 [2004]
    romanised: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Subject:
    text: str  # subdivisions joined with " -- "
    scheme: str = ""  # lcsh, csht, bisac, ndlsh, …; "" when not stated
    kind: str = "topic"  # topic | person | corporate | title | place | genre | period
    romanised: str = ""
    numbers: tuple[str, ...] = ()  # authority numbers, as written
    reading: str = ""  # how it reads in another script than Latin: kana beside ideographs


@quick
@dataclass(frozen=True, slots=True)
class Classification:
    number: str
    scheme: str  # ddc | lcc | ncsclt | ho | clc | ndc | udc | kdc | other


@quick
@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that names the edition or the record elsewhere."""

    kind: str  # isbn | issn | issn_l (of all its media) | ismn | lccn | oclc | national | other ((source)number)
    value: str  # normalised: ISBN-13 without hyphens, ISSN 1234-567X, OCLC number without leading zeros
    qualifier: str = ""  # 平裝, pbk., v.1
    valid: bool = True  # False: cancelled ($z), another thing's, or the check digit is wrong; never for matching
    volume: str = ""  # the volume of a set it belongs to, "" for the whole or when not stated
    cancelled: bool = False  # the record itself takes it back ($z, ISSN $y): not the cataloguer's mistake
    linked: bool = False  # of something else that the record names (773, 776): found by, not its own


@quick
@dataclass(frozen=True, slots=True)
class Series:
    title: str
    number: str = ""
    romanised: str = ""
    reading: str = ""  # as of `Subject`


@quick
@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str = ""
    kind: str = "elsewhere"  # fulltext | contents | cover | elsewhere


@quick
@dataclass(frozen=True, slots=True)
class Item:
    """One copy. Its state is never harvested: it is asked live."""

    barcode: str = ""
    item_id: str = ""  # the library system's own item number (Koha 952 $9)
    call_number: str = ""
    volume: str = ""
    copy: str = ""
    item_type: str = ""
    note: str = ""
    collection: str = ""  # 特藏號: the part of the call number before the class
    classification: str = ""
    author_mark: str = ""  # 著者號
    year: str = ""  # of the call number, as written
    policy: str = ""  # lending policy, code as sent


@quick
@dataclass(frozen=True, slots=True)
class Holding:
    """One library's copies of a record at one place."""

    library: str
    record: str  # RecordRef.identifier of the record it belongs to
    local_id: str  # what the library's own system calls the record: the key for live availability
    branch: str = ""  # code as sent
    location: str = ""  # shelving place, code as sent
    call_number: str = ""
    summary: str = ""  # holdings statement: v.1-12, 1999-
    items: tuple[Item, ...] = ()
    url: str = ""  # electronic holding
    coverage: str = ""  # what of it is to be had on line: 1998-2004
    note: str = ""  # public note
    collection: str = ""  # parts of the call number, where no item tells them; as of `Item`
    classification: str = ""
    author_mark: str = ""
    year: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Record:
    """One library's record, read and normalised. Vernacular first; the romanised form stands beside it."""

    library: str
    identifier: str
    local_id: str  # control number (001) or the library's configured field
    dialect: str  # marc21 | unimarc
    titles: tuple[Title, ...] = ()  # the title proper first; may be empty
    responsibility: str = ""
    agents: tuple[Agent, ...] = ()  # main entries first
    edition: str = ""
    imprints: tuple[Imprint, ...] = ()
    year: int | None = None  # of publication, Common Era
    end_year: int | None = None  # serials and multi-volume works
    extent: str = ""
    pages: int | None = None  # the main page number
    volumes: int | None = None  # physical volumes, when stated
    series: tuple[Series, ...] = ()
    notes: tuple[str, ...] = ()
    summary: str = ""
    contents: str = ""
    subjects: tuple[Subject, ...] = ()
    classifications: tuple[Classification, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    languages: tuple[str, ...] = ()  # MARC codes: chi, jpn, vie
    original_languages: tuple[str, ...] = ()
    country: str = ""  # MARC country code: ch, ja, vm
    format: Format = Format.OTHER
    carrier: Carrier = Carrier.UNKNOWN
    links: tuple[Link, ...] = ()
    holdings: tuple[Holding, ...] = ()
    repairs: tuple[str, ...] = ()  # what was mended while reading, in words
    copyright_year: int | None = None
    original_year: int | None = None  # of the first publication of what this reproduces or translates
    year_questionable: bool = False  # the record itself doubts its year
    audience: tuple[str, ...] = ()  # target readers, codes of mappings/tables/audiences.toml
    subtitle_languages: tuple[str, ...] = ()
    replacements: int = 0  # characters that could not be decoded, shown as U+FFFD
    unread_codes: tuple[str, ...] = ()  # kind:code of codes that no value above keeps, because no table knows them
    intermediate_languages: tuple[str, ...] = ()  # of the translation it was itself translated from

    @property
    def ref(self) -> RecordRef:
        return RecordRef(self.library, self.identifier)

    @property
    def title(self) -> Title | None:
        return self.titles[0] if self.titles else None

    def numbers(self, kind: str, *, valid: bool = True) -> tuple[str, ...]:
        """The values of the identifiers of one kind, in record order, without repeats."""
        return tuple(dict.fromkeys(i.value for i in self.identifiers if i.kind == kind and i.valid is valid))


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A value and the libraries whose records state it, in the order of their codes."""

    value: T
    libraries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A record of an edition: where it came from and what its own system calls it."""

    library: str
    identifier: str
    local_id: str
    dialect: str = ""

    @property
    def ref(self) -> RecordRef:
        return RecordRef(self.library, self.identifier)


@dataclass(frozen=True, slots=True)
class Edition:
    """The records that describe one edition, as one. The first value of each tuple is the one to show."""

    id: str
    members: tuple[Member, ...]
    titles: tuple[Sourced[Title], ...] = ()
    responsibilities: tuple[Sourced[str], ...] = ()
    agents: tuple[Sourced[Agent], ...] = ()
    editions: tuple[Sourced[str], ...] = ()
    imprints: tuple[Sourced[Imprint], ...] = ()
    years: tuple[Sourced[int], ...] = ()
    end_year: int | None = None
    extents: tuple[Sourced[str], ...] = ()
    series: tuple[Sourced[Series], ...] = ()
    notes: tuple[Sourced[str], ...] = ()
    summaries: tuple[Sourced[str], ...] = ()
    contents: tuple[Sourced[str], ...] = ()
    subjects: tuple[Sourced[Subject], ...] = ()
    classifications: tuple[Sourced[Classification], ...] = ()
    identifiers: tuple[Sourced[Identifier], ...] = ()
    languages: tuple[str, ...] = ()
    original_languages: tuple[str, ...] = ()
    country: str = ""
    format: Format = Format.OTHER
    carrier: Carrier = Carrier.UNKNOWN
    links: tuple[Sourced[Link], ...] = ()
    holdings: tuple[Holding, ...] = field(default=())
    audience: tuple[str, ...] = ()
    subtitle_languages: tuple[str, ...] = ()
    copyright_years: tuple[Sourced[int], ...] = ()
    original_years: tuple[Sourced[int], ...] = ()  # of the first publication of what it reproduces or translates
    year_questionable: bool = False  # every record that states the year doubts it
    variant_names: tuple[str, ...] = ()  # of its agents, from authority records: to be found by, never shown as theirs
    variant_subjects: tuple[str, ...] = ()
    work: str = ""  # the work it is an edition of; "" while it is alone
    intermediate_languages: tuple[str, ...] = ()

    @property
    def libraries(self) -> tuple[str, ...]:
        """The codes of the libraries that hold it, sorted, each once."""
        return tuple(sorted({m.library for m in self.members}))

    @property
    def title(self) -> Title | None:
        return self.titles[0].value if self.titles else None

    @property
    def year(self) -> int | None:
        return self.years[0].value if self.years else None
