"""Labelled pairs of records, read from a folder.

A folder of pairs holds ``labels.csv`` (id1, id2, label: 1 = same edition, 0 = not) and the records, two a pair in the
order of the labels: as MARC-in-JSON, one a line (``.json``, ``.jsonl``, ``.ndjson``, or a ``.zip`` of one), as ISO 2709
(``.mrc``, ``.marc``, ``.iso``) or as MARCXML (``.xml``). Of the other columns of ``labels.csv`` these are used:
``work`` says which pairs must not be parted when some are learned from and others judged, ``kind`` gathers pairs that
are counted together, ``why`` is printed with a mistake.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from lxml import etree

from harvester.store import RawRecord
from indexer import marc21, unimarc
from indexer.cluster import components
from indexer.marc import Field, Marc
from indexer.read import dialect_of, read
from indexer.record import Record
from mappings.library import Harvest, Library

CLUSTER = "CID"
"""The field of a record that names the cluster its label was derived from: never a feature."""

_JSON = (".json", ".jsonl", ".ndjson")
_ISO_2709 = (".mrc", ".marc", ".iso")
_END_OF_RECORD = b"\x1d"
_LIBRARY = Library(
    code="pairs",
    name={"en": "Pairs"},
    region="north",
    kind="special",
    harvest=Harvest(protocol="marc-dump", files=("pairs",)),
)


class PairsUnusable(ValueError):
    """The folder does not hold pairs in the form described; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """``group``: pairs of one group must not be parted. ``kind`` and ``why``: what its maker says makes it hard, and
    why the label is what it is."""

    a: Record
    b: Record
    same: bool
    group: str = ""
    why: str = ""
    kind: str = ""


def read_pairs(folder: Path) -> list[LabelledPair]:
    """The pairs of a folder, in the order of its labels.

    Raises: PairsUnusable when labels and records do not fit together.
    """
    file = folder / "labels.csv"
    if not file.is_file():
        raise PairsUnusable(f"{folder}: no labels.csv")
    with file.open(encoding="utf-8-sig", newline="") as text:
        labels = list(csv.DictReader(text))
    if labels and not {"id1", "id2", "label"} <= labels[0].keys():
        raise PairsUnusable(f"{file}: the columns id1, id2 and label are needed")
    records = list(_records(folder))
    if len(records) != 2 * len(labels):
        raise PairsUnusable(f"{folder}: {len(labels)} labels, but {len(records)} records")
    links = []
    for label, (a, cluster), (b, other) in zip(labels, records[::2], records[1::2], strict=True):
        if (a.local_id, b.local_id) != (label["id1"], label["id2"]):
            raise PairsUnusable(f"{folder}: records {a.local_id}, {b.local_id} do not follow labels.csv")
        if label["label"] not in ("0", "1"):
            raise PairsUnusable(f"{file}: label {label['label']!r} of {a.local_id} is neither 0 nor 1")
        work = label.get("work") or ""
        links.append((work or cluster or a.local_id, work or other or b.local_id))
    group_of = _groups(links)
    return [
        LabelledPair(a, b, label["label"] == "1", group_of[link[0]], label.get("why") or "", label.get("kind") or "")
        for label, (a, _), (b, _), link in zip(labels, records[::2], records[1::2], links, strict=True)
    ]


def _groups(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each name → the first of all names that links lead to from it."""
    links = list(links)
    names = {name for link in links for name in link}
    return {name: part[0] for part in components(names, links) for name in part}


def _records(folder: Path) -> Iterator[tuple[Record, str]]:
    """The records and their clusters, from the first file in a form that is known."""
    for file in sorted(folder.iterdir()):
        if file.suffix in _JSON:
            return map(_of_json, filter(bytes.strip, file.read_bytes().splitlines()))
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                name = next((name for name in archive.namelist() if _holds_records(name)), "")
                if not name:
                    raise PairsUnusable(f"{file}: no {', '.join(_JSON)} among its members")
                return map(_of_json, filter(bytes.strip, archive.read(name).splitlines()))
        if file.suffix in _ISO_2709:
            parts = file.read_bytes().split(_END_OF_RECORD)
            return (_of_file("iso2709", part.lstrip() + _END_OF_RECORD) for part in parts if part.strip())
        if file.suffix == ".xml":
            found = etree.parse(file, etree.XMLParser(resolve_entities=False)).iter("{*}record")
            return (_of_file("marcxml", etree.tostring(one, encoding="utf-8")) for one in found)
    raise PairsUnusable(f"{folder}: no .json, .zip, .mrc or .xml beside labels.csv")


def _holds_records(member: str) -> bool:
    """Whether a member of an archive is one of records, and none of those a Mac adds (``__MACOSX/._pairs.json``)."""
    return member.endswith(_JSON) and not Path(member).name.startswith("._")


def _of_json(line: bytes) -> tuple[Record, str]:
    source: dict[str, Any] = orjson.loads(line)
    control: list[tuple[str, str]] = []
    data: list[Field] = []
    cluster = ""
    for field in source["fields"]:
        for tag, value in field.items():
            if tag == CLUSTER:
                cluster = value if isinstance(value, str) else next(iter(value["subfields"][0].values()))
            elif isinstance(value, str):
                control.append((tag, value))
            else:
                subfields = tuple((code, text) for one in value["subfields"] for code, text in one.items())
                data.append(Field(tag, value["ind1"], value["ind2"], subfields))
    marc = Marc(source["leader"], control, data)
    identifier = marc.control("001")
    of_dialect = marc21.record if dialect_of(marc) == "marc21" else unimarc.record
    return of_dialect(marc, "pairs", identifier, identifier, ()), cluster


def _of_file(form: str, payload: bytes) -> tuple[Record, str]:
    record = read(RawRecord("pairs", "", form, payload), _LIBRARY)
    return replace(record, identifier=record.local_id), ""
