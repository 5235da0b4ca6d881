"""Labelled pairs of records, read from a folder.

A folder of pairs holds ``labels.csv`` (id1, id2, label: 1 = same edition, 0 = not; in any order of columns) and the
records, in one file or several: as MARC-in-JSON, one a line or an array (``.json``, ``.jsonl``, ``.ndjson``), as ISO
2709 (``.mrc``, ``.marc``, ``.iso``) or as MARCXML (``.xml``), or a ``.zip`` of these; MARC21, UNIMARC or both. They
stand two a pair in the order of the labels, or else are found by their ids (001). Of the other columns of
``labels.csv`` these are used: ``work`` says which pairs must not be parted when some are learned from and others
judged, ``kind`` gathers pairs that are counted together, ``why`` is printed with a mistake.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from lxml import etree

from harvester.store import RawRecord
from indexer import marc21, unimarc
from indexer.cluster import components
from indexer.marc import Field, Marc
from indexer.read import Unreadable, dialect_of, read
from indexer.record import Record
from mappings.library import Harvest, Library

CLUSTER = "CID"
"""The field of a record that names the cluster its label was derived from: never a feature."""

_JSON = (".json", ".jsonl", ".ndjson")
_ISO_2709 = (".mrc", ".marc", ".iso")
_XML = (".xml",)
_FORMS = (*_JSON, *_ISO_2709, *_XML)
_NEEDED = ("id1", "id2", "label")
_SEPARATORS = (",", ";", "\t")
_END_OF_RECORD = b"\x1d"
_LIBRARY = Library(
    code="pairs",
    name={"en": "Pairs"},
    region="north",
    kind="special",
    harvest=Harvest(protocol="marc-dump", files=("pairs",)),
)

Clustered = tuple[Record, str]
"""A record and the cluster its label was derived from, "" when it names none."""


class PairsUnusable(ValueError):
    """The folder does not hold pairs in the form described; the message says what is wrong, and where."""


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


@dataclass(frozen=True, slots=True)
class _Label:
    """A line of the labels."""

    line: int
    a: str
    b: str
    same: bool
    work: str
    why: str
    kind: str


def read_pairs(folder: Path) -> list[LabelledPair]:
    """The pairs of a folder, in the order of its labels.

    Raises: PairsUnusable when labels and records do not fit together.
    """
    labels = _labels(folder / "labels.csv")
    files = [_records(name, data) for name, data in _files(folder)]
    together = [one for file in files for one in file]
    in_order = next((one for one in (together, *files) if _follow(one, labels)), None)
    paired = _by_ids(folder, labels, together) if in_order is None else _in_twos(in_order)
    links = []
    for label, ((_, cluster), (_, other)) in zip(labels, paired, strict=True):
        links.append((label.work or cluster or label.a, label.work or other or label.b))
    group_of = _groups(links)
    return [
        LabelledPair(a, b, label.same, group_of[link[0]], label.why, label.kind)
        for label, ((a, _), (b, _)), link in zip(labels, paired, links, strict=True)
    ]


def _labels(file: Path) -> list[_Label]:
    if not file.is_file():
        raise PairsUnusable(f"{file.parent}: no labels.csv")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        raise PairsUnusable(f"{file}: not in UTF-8: {exc}") from exc
    heading = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=heading.count))
    columns = [name.strip().casefold() for name in next(rows, [])]
    if missing := [name for name in _NEEDED if name not in columns]:
        raise PairsUnusable(f"{file}: the columns {', '.join(_NEEDED)} are needed; {', '.join(missing)} is not there")
    found = []
    for row in rows:
        values = dict(zip(columns, map(str.strip, row), strict=False))
        if not any(values.values()):
            continue
        if values.get("label") not in ("0", "1"):
            raise PairsUnusable(
                f"{file}: line {rows.line_num}: label {values.get('label', '')!r} of {values['id1']} is neither 0 nor 1"
            )
        told = (values.get(name, "") for name in ("work", "why", "kind"))
        found.append(_Label(rows.line_num, values["id1"], values["id2"], values["label"] == "1", *told))
    if not found:
        raise PairsUnusable(f"{file}: no pair")
    return found


def _follow(records: Sequence[Clustered], labels: Sequence[_Label]) -> bool:
    """Whether the records stand two a pair in the order of the labels; one without an id stands where it should."""
    wanted = [identifier for label in labels for identifier in (label.a, label.b)]
    return len(records) == len(wanted) and all(
        record.local_id in ("", asked) for (record, _), asked in zip(records, wanted, strict=True)
    )


def _in_twos(records: Sequence[Clustered]) -> list[tuple[Clustered, Clustered]]:
    return list(zip(records[::2], records[1::2], strict=True))


def _by_ids(folder: Path, labels: Sequence[_Label], records: Sequence[Clustered]) -> list[tuple[Clustered, Clustered]]:
    """The records of each label, found by their ids wherever they stand."""
    known: dict[str, Clustered] = {}
    for one in records:
        own = one[0].local_id
        if own and known.setdefault(own, one) != one:
            raise PairsUnusable(f"{folder}: two unlike records {own}, and records do not follow labels.csv")
    if unlabelled := known.keys() - {identifier for label in labels for identifier in (label.a, label.b)}:
        raise PairsUnusable(
            f"{folder}: {len(labels)} labels, {len(records)} records, and no label of {_some(unlabelled)}"
        )
    for label in labels:
        if missing := {label.a, label.b} - known.keys():
            raise PairsUnusable(f"{folder}: line {label.line} of labels.csv: no record {_some(missing)}")
    return [(known[label.a], known[label.b]) for label in labels]


def _some(identifiers: Iterable[str]) -> str:
    first, *rest = sorted(identifiers)
    return f"{first} and {len(rest)} more" if rest else first


def _groups(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each name → the first of all names that links lead to from it."""
    links = list(links)
    names = {name for link in links for name in link}
    return {name: part[0] for part in components(names, links) for name in part}


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of records, by name, those of archives among them."""
    none = True
    for file in sorted(folder.iterdir()):
        if _holds_records(file.name):
            none = False
            yield file.name, file.read_bytes()
        elif file.suffix.casefold() == ".zip":
            try:
                with zipfile.ZipFile(file) as archive:
                    members = [(f"{file.name}/{name}", archive.read(name)) for name in sorted(archive.namelist())]
            except zipfile.BadZipFile as exc:
                raise PairsUnusable(f"{file}: {exc}") from exc
            members = [(name, data) for name, data in members if _holds_records(name)]
            none = none and not members
            yield from members
    if none:
        raise PairsUnusable(f"{folder}: no {', '.join(_FORMS)} or .zip of such beside labels.csv")


def _holds_records(name: str) -> bool:
    """Whether a file is one of records, and none of those a Mac adds to archives (``__MACOSX/._pairs.json``)."""
    return name.casefold().endswith(_FORMS) and not Path(name).name.startswith("._")


def _records(name: str, data: bytes) -> list[Clustered]:
    """The records of a file. Raises: PairsUnusable for one that cannot be read."""
    suffix = Path(name).suffix.casefold()
    found: list[Clustered] = []
    try:
        if suffix in _JSON:
            sources = orjson.loads(data) if data.lstrip()[:1] == b"[" else map(orjson.loads, _lines(data))
            found.extend(map(_of_json, sources))
        elif suffix in _XML:
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
            records = (one for one in root.iter("{*}record") if one.find("{*}leader") is not None)  # none of OAI-PMH
            found.extend(_of_file("marcxml", etree.tostring(one, encoding="utf-8", with_tail=False)) for one in records)
        else:
            parts = (part.lstrip() for part in data.split(_END_OF_RECORD) if part.strip())
            found.extend(_of_file("iso2709", part + _END_OF_RECORD) for part in parts)
    except (orjson.JSONDecodeError, etree.XMLSyntaxError, Unreadable, LookupError, TypeError) as exc:
        raise PairsUnusable(f"{name}: record {len(found) + 1}: {exc}") from exc
    return found


def _lines(data: bytes) -> Iterator[bytes]:
    return filter(bytes.strip, data.removeprefix(b"\xef\xbb\xbf").splitlines())


def _of_json(source: Mapping[str, Any]) -> Clustered:
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


def _of_file(form: str, payload: bytes) -> Clustered:
    record = read(RawRecord("pairs", "", form, payload), _LIBRARY)
    return replace(record, identifier=record.local_id), ""
