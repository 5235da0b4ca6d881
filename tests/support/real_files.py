"""The real records beside the checkout, for tests that read them. Tests skip where they are not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

DATA = Path(__file__).parents[3] / "shared" / "data"
ABSENT = f"the real records are not here: {DATA}"

_SUFFIXES = (".mrc", ".marc", ".dat")


def iso2709_files() -> list[Path]:
    """The files of ISO 2709, good ones first."""
    folders = ("marc", "yaz", "broken")
    return [p for name in folders for p in sorted((DATA / name).glob("*")) if p.suffix in _SUFFIXES]


def iso2709_records(file: Path) -> Iterator[bytes]:
    """The records of a file: what stands before each record terminator."""
    *whole, rest = file.read_bytes().split(b"\x1d")
    for data in whole:
        yield data.lstrip(b"\r\n\x00\x1a ") + b"\x1d"
    if rest.strip(b"\r\n\x00\x1a "):
        yield rest


def marcxml_files() -> list[Path]:
    """The files of MARCXML, OAI-PMH answers included."""
    named = ("marc/*.xml", "broken/*.xml", "oai/pennstate*.xml", "oai/vufindharvest/*marc.xml")
    return [file for name in named for file in sorted(DATA.glob(name))]


def xml_records(file: Path) -> Iterator[bytes]:
    """The MARC records of a file of MARCXML, or of an answer that holds them, each alone."""
    parser = etree.XMLParser(recover=True, resolve_entities=False)
    for element in etree.fromstring(file.read_bytes(), parser).iter("{*}record"):
        if element.find("{*}leader") is not None:
            yield etree.tostring(element, encoding="utf-8", with_tail=False)
