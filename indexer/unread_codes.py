"""Codes that a record's fields carry and its values cannot: read as nothing or as *other*, so they are kept to be told.

What a value does keep (a language of three letters, a relator, a branch) `unknown_codes` finds in the record itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from indexer import audiences
from indexer.marc import Field, Marc
from indexer.marc21_coded import AUDIENCE_CODED, OF_COUNTRIES, known_languages, split_codes
from indexer.remembered import remembered
from indexer.schemes import is_number_source, scheme_named, thesaurus_is_known
from indexer.text import clean
from mappings.table import load_table

_COUNTRIES = load_table("countries")
_ISO_COUNTRIES = _COUNTRIES.sources["unimarc"]
# fmt: off
_CARRIERS = frozenset((
    "sg", "sb", "se", "sd", "si", "sq", "ss", "st", "sw", "sz", "ck", "cb", "cd", "ce", "ca", "cf", "ch", "cr",
    "cz", "ha", "he", "hf", "hb", "hc", "hd", "hg", "hh", "hj", "hz", "pp", "pz", "mc", "mf", "mr", "mo", "gd",
    "gf", "gc", "gs", "gt", "mz", "eh", "es", "ez", "no", "nn", "na", "nb", "nc", "nr", "nz", "vc", "vf", "vd",
    "vr", "vz", "zu",
))
# fmt: on
"""RDA's carriers, as 338 $b has them."""
# fmt: off
_CONTENT_TYPES = frozenset((
    "crd", "cri", "crm", "crt", "crn", "crf", "cod", "cop", "ntv", "ntm", "prm", "snd", "spw", "sti", "tci", "tcm",
    "tcn", "tct", "tcf", "txt", "tdf", "tdm", "tdi", "xxx", "zzz",
))
# fmt: on
"""RDA's content types, as 336 $b has them."""
_MEDIA_TYPES = frozenset("schpgmenvxz")
"""RDA's media, as 337 $b has them."""
_RDA = {"336": ("content_type", _CONTENT_TYPES), "337": ("media_type", _MEDIA_TYPES), "338": ("carrier", _CARRIERS)}
_CODED = {
    "105": (
        *["abcdefghijklmnoyz"] * 4,  # illustrations
        *["abcdefghijklmnopqrstvwyz"] * 4,  # nature of the contents
        *["01"] * 3,  # of a conference, a Festschrift, with an index
        "abcdefghiyz",  # literary form
        "abcdy",  # biography
    ),
    "106": ("defghijrstyz",),  # form of the text
}
"""UNIMARC's codes of books and of texts, position by position of $a."""
_SUBDIVISION = re.compile(r"(?P<country>[A-Za-z]{2})-[A-Za-z0-9]{1,3}")
"""Of a country by ISO 3166-2."""
_NOTHING_SAID = frozenset(" |#u-")
_NOT_CODED = frozenset(" |#-.\\_")
_EDITION = re.compile(r"\d|[版訂订]")
_EDITION_OF_DEWEY = re.compile(r"\[?\d|full|abridged", re.IGNORECASE)

MARC21_TAGS = (
    *("LDR", "008", "024", "041", "044", "082", "083", "084", "336", "337", "338", "385"),
    *("600", "610", "611", "630", "647", "648", "650", "651", "655"),
)
UNIMARC_TAGS = (
    *("100", "017", "101", "102", "105", "106"),
    *("600", "601", "602", "604", "605", "606", "607", "608", "681", "686"),
)
_MARC21_FIELDS = tuple(tag for tag in MARC21_TAGS[2:] if tag not in ("024", "082", "083"))
_UNIMARC_FIELDS = UNIMARC_TAGS[1:]


def of_marc21(marc: Marc) -> tuple[str, ...]:
    """``kind:code`` of each code that nothing could be made of, each once; () when there is none.

    041 that names no language, 044 no country, 082–084 $2 no scheme, 385 and 6XX $2 no thesaurus, 336–338 $b nothing
    of RDA's, 024 $2 no kind of number, 008/22 no audience.
    """
    found: dict[str, None] = {}
    audience = marc.control("008")[22:23]
    if audience and marc.leader[6] in AUDIENCE_CODED and marc.leader[7] not in "sib":
        found.update(dict.fromkeys(_audience(audience, audiences.coded_marc21)))
    for field in marc.fields(*_MARC21_FIELDS):
        if codes := _in_marc21(field):
            found.update(dict.fromkeys(codes))
    for field in marc.fields("082", "083"):  # class numbers differ from record to record, and their editions do not
        for code, value in field.subfields:
            if code == "2" and (unknown := _unknown_edition(value)):
                found[unknown] = None
    for field in marc.fields("024"):
        found.update(dict.fromkeys(_number_sources(field)))
    return tuple(found)


def of_unimarc(marc: Marc) -> tuple[str, ...]:
    """``kind:code`` of each code that nothing could be made of, each once; () when there is none.

    101 that names no language, 102 no country or part of one, 105 and 106 nothing at a position, 681 $v and 686 $2 no
    scheme, 6XX $2 no thesaurus, 017 $2 no kind of number, 100/17-19 no audience.
    """
    found: dict[str, None] = {}
    for field in marc.fields("100"):
        general = next((value for code, value in field.subfields if code == "a"), "")
        found.update(dict.fromkeys(code for one in general[17:20] for code in _audience(one, audiences.coded_unimarc)))
    for field in marc.fields(*_UNIMARC_FIELDS):
        if codes := _in_unimarc(field):
            found.update(dict.fromkeys(codes))
    return tuple(found)


def _audience(code: str, read: Callable[[str], list[str]]) -> list[str]:
    known = code in _NOTHING_SAID or read(code)
    return [] if known else [f"audience:{code}"]


@remembered
def _in_marc21(field: Field) -> tuple[str, ...]:
    if field.tag == "041":
        return _languages(field.all("adhjkp"), doubted=OF_COUNTRIES if field.ind2 != "7" else frozenset())
    if field.tag == "044":
        return _told(
            "country",
            [
                *(code for code in field.all("a") if code.lower() not in _COUNTRIES.labels),
                *(code for code in field.all("c") if code.lower()[:2] not in _ISO_COUNTRIES),
            ],
        )
    if field.tag in _RDA:
        kind, known = _RDA[field.tag]
        return _told(kind, (code for code in field.all("b") if code.lower() not in known))
    if field.tag == "084":
        return _told("scheme", (code for code in field.all("2") if not scheme_named(code)))
    return _told("thesaurus", (code for code in field.all("2") if not thesaurus_is_known(code)))


@remembered
def _unknown_edition(written: str) -> str:
    """``scheme:code`` where an 082 or 083 names neither an edition of Dewey's nor a scheme, else ""."""
    text = clean(written)
    return "" if not text or _EDITION_OF_DEWEY.match(text) or scheme_named(text) else f"scheme:{text}"


@remembered
def _in_unimarc(field: Field) -> tuple[str, ...]:
    if field.tag == "101":
        return _languages(field.all("abcj"), doubted=OF_COUNTRIES)
    if field.tag == "102":
        unknown = [code for code in field.all("a") if code.strip(" .").lower() not in _ISO_COUNTRIES]
        return (*_told("country", unknown), *_told("place", (c for c in field.all("b") if not _is_subdivision(c))))
    if field.tag in _CODED:
        return _told("coded_data", _at_positions(field))
    if field.tag == "017":
        return _number_sources(field)
    if field.tag in ("681", "686"):
        named = [*field.all("2"), *(field.all("v") if field.tag == "681" else ())]
        return _told("scheme", (text for text in named if not (scheme_named(text) or _EDITION.search(text))))
    return _told("thesaurus", (code for code in field.all("2") if not thesaurus_is_known(code)))


def _number_sources(field: Field) -> tuple[str, ...]:
    if field.ind1 != "7":
        return ()
    return _told("number_source", (code for code in field.all("2") if not is_number_source(code)))


def _is_subdivision(code: str) -> bool:
    named = _SUBDIVISION.fullmatch(code)
    return named is not None and named["country"].lower() in _ISO_COUNTRIES


def _at_positions(field: Field) -> Iterator[str]:
    """Each position of a coded $a that says what no table knows: ``105/04 q``."""
    coded = next((value for code, value in field.subfields if code == "a"), "")
    for at, (code, known) in enumerate(zip(coded, _CODED[field.tag], strict=False)):
        if code.lower() not in known and code not in _NOT_CODED:
            yield f"{field.tag}/{at:02d} {code}"


def _languages(values: Iterable[str], doubted: frozenset[str]) -> tuple[str, ...]:
    return _told("language", (code for code in split_codes(values) if _is_no_language(code.strip(" .|"), doubted)))


def _is_no_language(code: str, doubted: frozenset[str]) -> bool:
    if code.lower() in doubted:
        return True
    return code.lower() not in ("", "und", "zxx") and not known_languages((code,))


def _told(kind: str, codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{kind}:{code}" for code in codes if code)


def parted(unread: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(kind, code) of each code kept as ``kind:code``."""
    for text in unread:
        kind, _, code = text.partition(":")
        yield kind, code
