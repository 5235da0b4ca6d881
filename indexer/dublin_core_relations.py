"""What Dublin Core says of numbers, addresses and other things: dc:identifier, dc:relation, dc:source and their kin.

dc:identifier names the thing itself. What a relation or a source names is something else, so its numbers are kept to be
found by, as those that MARC21 has in $z, and never matched by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from indexer.dublin_core_imprints import Elements
from indexer.identifiers import gpns, isbns, ismns, issns, of_source
from indexer.links import COVER_ADDRESS
from indexer.record import Identifier, Link, Series
from indexer.text import trim_isbd

_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>\"]+|(?<![\w.])www\.[\w-]+\.[^\s<>\"]+", re.IGNORECASE)
_EDGES = " \t:：;；,，.。()（）[]<>-–—|"
_OF_SERIES = re.compile(
    r"(?:叢書(?:名)?|丛书(?:名)?|系列|集叢(?:名)?|(?:is )?part of(?: (?:the )?series)?|series)\s*[:：]\s*(?P<title>.+)",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_HANDLE = re.compile(r"hdl:\s*(\S+/\S+)", re.IGNORECASE)
_ISSN_ALONE = re.compile(r"\d{4}-\d{3}[\dXx]")
_ISBN_LABEL = re.compile(r"isbn|^[\d\s-]{9,17}[\dXx]\b", re.IGNORECASE)
_NUMBER = re.compile(r"[^\s]*\d[^\s]*")
_RELATIONS = ("relation", "source", "isFormatOf", "hasFormat", "isVersionOf", "hasVersion")
_READ = 300  # characters of a number
_MAX_TITLE = 20_000
_MAX_LABEL = 80  # characters beside an address; a longer text is a note with an address in it
_MAX_NUMBER = 60


def series(elements: Elements) -> tuple[Series, ...]:
    """The series of dcterms:isPartOf, and of what dc:relation or dc:source says is one (叢書: …), with its number."""
    stated = [*elements.get("isPartOf", ()), *(_series_in(text) for text in _related(elements))]
    found = (_series(text) for text in stated if text and not (_address(text) or _is_number(text)))
    return tuple(dict.fromkeys(one for one in found if one.title))


def _series(text: str) -> Series:
    title, _, number = text[:_MAX_TITLE].partition(" ; ")
    return Series(trim_isbd(title), trim_isbd(number))


def _series_in(text: str) -> str:
    told = _OF_SERIES.match(text[:500])
    return told.group("title").strip() if told else ""


def _related(elements: Elements) -> list[str]:
    return [text for name in _RELATIONS for text in elements.get(name, ())]


def notes(elements: Elements) -> tuple[str, ...]:
    """The descriptions after the first, and what relations, sources and identifiers say in words: no bare addresses, no
    numbers."""
    about = [*elements.get("abstract", ()), *elements.get("description", ())]
    related = (t for t in _related(elements) if not (_is_labelled_address(t) or _series_in(t) or _is_number(t)))
    cited = (t for t in elements.get("identifier", ()) if not _is_labelled_address(t) and _is_citation(t))
    return tuple(dict.fromkeys((*about[1:], *related, *cited)))


def _is_number(text: str) -> bool:
    return not any(char.isalpha() for char in text) or text[:4].lower() in (
        "urn:",
        "doi:",
        "oai:",
        "hdl:",
        "issn",
        "isbn",
    )


def _is_citation(text: str) -> bool:
    """Whether an identifier is no number but words: 臺灣風物, 12期, 頁 1-20."""
    if _number_kinds(text) or _DOI.match(text) or _HANDLE.match(text) or text[:4].lower() == "oai:":
        return False
    return _NUMBER.fullmatch(text[:_READ]) is None or len(text) > _MAX_NUMBER


def identifiers(elements: Elements) -> tuple[Identifier, ...]:
    """ISBN, ISSN, ISMN and GPN that dc:identifier names as such or that stand there alone; other numbers as written.

    Those of relations and sources are of something else: not valid for this.
    """
    found: list[Identifier] = []
    for text in elements.get("identifier", ()):
        if not _address(text):
            found.extend(_number_kinds(text) or _other(text))
    for text in (*_related(elements), *elements.get("isPartOf", ())):
        if not _address(text):
            of_another = _number_kinds(text) or (_other(text) if _is_number(text) else ())
            found.extend(replace(one, valid=False, linked=True) for one in of_another)
    return tuple(dict.fromkeys(found))


def _number_kinds(text: str) -> tuple[Identifier, ...]:
    """The numbers of known kinds in an element that is not an address."""
    label = text[:30].lower()
    if "issn" in label:
        return issns(text[:_READ])
    if "ismn" in label:
        return ismns(text[:_READ])
    if _ISSN_ALONE.fullmatch(text):
        return tuple(number for number in issns(text) if number.valid)
    if "gpn" in label or "統一編號" in label:
        return gpns(text[:_READ])
    if _ISBN_LABEL.search(text[:40]):
        return isbns(re.sub(r"(?i)^\s*(?:urn:)?isbn[:\s]*", "", text[:_READ]))
    return ()


def _other(text: str) -> Iterator[Identifier]:
    """A number of nobody's scheme; the name that OAI-PMH gives the record is none."""
    if text[:4].lower() != "oai:" and not (_DOI.match(text) or _HANDLE.match(text)) and not _is_citation(text):
        yield of_source("", text)


def links(elements: Elements) -> tuple[Link, ...]:
    """The addresses in identifiers, relations and sources with the words beside them; DOIs and handles as addresses.

    Whether the text itself is there is not said.
    """
    found: list[Link] = []
    for text in (*elements.get("identifier", ()), *_related(elements), *elements.get("isPartOf", ())):
        if address := _address(text):
            url = address.group()
            beside = f"{text[: address.start()]} {text[address.end() : address.end() + _MAX_LABEL]}".strip(_EDGES)
            label = beside if _is_labelled_address(text) else ""
            leads_to = "cover" if COVER_ADDRESS.search(url) else "elsewhere"
            found.append(Link(url if "://" in url else f"http://{url}", label, leads_to))
        elif doi := _DOI.match(text):
            found.append(Link(f"https://doi.org/{doi.group(1)}"))
        elif handle := _HANDLE.match(text):
            found.append(Link(f"https://hdl.handle.net/{handle.group(1)}"))
    return tuple(dict.fromkeys(found))


def _address(text: str) -> re.Match[str] | None:
    return _ADDRESS.search(text[:_MAX_TITLE])


def _is_labelled_address(text: str) -> bool:
    address = _address(text)
    return address is not None and len(text) - len(address.group()) <= _MAX_LABEL
