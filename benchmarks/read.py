"""`make bench-read`: records a second on one core, our reader against pymarc in the same run, with ratios.

Real files are read where they are (`../shared/data`), else generated records. Each figure is the median of several
rounds; in each round both readers take the same records, one after the other, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import gc
import io
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pymarc
from rich.console import Console
from rich.progress import track
from rich.table import Table

from fixtures.generate import records
from harvester.store import PayloadFormat, RawRecord
from indexer.marc import Field, Marc
from indexer.read import dialect_in, read, record_of, taken_apart
from mappings.library import Harvest, Library, Records

DATA = Path(__file__).parents[2] / "shared" / "data" / "marc"
GENERATED = 5_000
ROUNDS = 5

UTF8 = ("folio-1000-62distinct.utf8.mrc", "dnb-499.utf8.mrc", "austen-383-from-49-libraries.utf8.mrc")
MARC8 = ("uva-2000.marc8.mrc", "lc-1960s-2000.marc8.mrc", "jazz-1000.marc8.mrc")

LIBRARY = Library(
    code="bench",
    name={"en": "Benchmark"},
    region="north",
    kind="city",
    harvest=Harvest(protocol="marc-dump", files=("records.mrc",)),
    records=Records(holdings="marc21-852"),
)

Work = Callable[[RawRecord], Any]


def pymarc_record(raw: RawRecord) -> pymarc.Record:
    """The record as pymarc reads it."""
    if raw.format == "marcxml":
        [record] = pymarc.parse_xml_to_array(io.BytesIO(raw.payload))  # type: ignore[no-untyped-call]
        return cast(pymarc.Record, record)
    return pymarc.Record(raw.payload, to_unicode=True, hide_utf8_warnings=True)


def mapped_from_pymarc(raw: RawRecord) -> object:
    """The record as our mapping gives it when pymarc has taken it apart."""
    record = pymarc_record(raw)
    marc = Marc(
        str(record.leader),
        [(field.tag, field.data or "") for field in record.fields if field.control_field],
        [
            Field(field.tag, field.indicator1, field.indicator2, tuple((s.code, s.value) for s in field.subfields))
            for field in record.fields
            if not field.control_field
        ],
    )
    return record_of(marc, dialect_in(marc, LIBRARY), raw, LIBRARY)


READERS: dict[str, tuple[Work, Work]] = {
    "parse": (lambda raw: taken_apart(raw, LIBRARY), pymarc_record),
    "parse and map": (lambda raw: read(raw, LIBRARY), mapped_from_pymarc),
}
"""What is done → by our reader, by pymarc."""


def payloads(*, generated: bool = False) -> tuple[str, dict[str, list[RawRecord]]]:
    """What is read, and where it comes from."""
    if DATA.is_dir() and not generated:
        utf8, marc8 = _iso2709(UTF8), _iso2709(MARC8)
        source = "real records"
    else:
        utf8 = [record.payload for record in islice(records(GENERATED), GENERATED)]
        marc8 = [_in_marc8(payload) for payload in utf8]
        source = "generated records"
    xml = [bytes(pymarc.record_to_xml(_readable(data), namespace=True)) for data in utf8]  # type: ignore[no-untyped-call]
    return source, {
        "UTF-8 ISO 2709": _raw(utf8, "iso2709"),
        "MARC-8 ISO 2709": _raw(marc8, "iso2709"),
        "MARCXML": _raw(xml, "marcxml"),
    }


def _iso2709(files: Sequence[str]) -> list[bytes]:
    return [data + b"\x1d" for file in files for data in (DATA / file).read_bytes().split(b"\x1d")[:-1]]


def _readable(payload: bytes) -> pymarc.Record:
    return pymarc.Record(payload, to_unicode=True, hide_utf8_warnings=True)


def _in_marc8(payload: bytes) -> bytes:
    """The record said to be MARC-8, with letters that ASCII lacks as an accented one of MARC-8."""
    record = _readable(payload)
    for field in record.fields:
        if field.control_field:
            field.data = (field.data or "").encode("ascii", "replace").decode()
        else:
            field.subfields = [
                pymarc.Subfield(s.code, "".join(c if c.isascii() else "\xe2e" for c in s.value))
                for s in field.subfields
            ]
    record.force_utf8 = False
    record.leader = pymarc.Leader(str(record.leader)[:9] + " " + str(record.leader)[10:])
    return bytes(record.as_marc())


def _raw(payloads: Sequence[bytes], kind: PayloadFormat) -> list[RawRecord]:
    return [RawRecord("bench", str(number), kind, payload) for number, payload in enumerate(payloads)]


def rate(work: Work, raws: Sequence[RawRecord]) -> float:
    """Records a second. Rubbish is collected before, not meanwhile."""
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        for raw in raws:
            work(raw)
        return len(raws) / (time.perf_counter() - began)
    finally:
        gc.enable()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--generated", action="store_true", help="generated records even where real ones are")
    arguments = parser.parse_args()
    rounds = arguments.rounds
    console = Console()
    source, sets = payloads(generated=arguments.generated)
    rates: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for _ in track(range(rounds), "rounds", console=console, transient=True):
        for kind, raws in sets.items():
            for what, (ours, pymarcs) in READERS.items():
                rates.setdefault((kind, what), []).append((rate(ours, raws), rate(pymarcs, raws)))
    table = Table("", "", title=f"records/s on one core, {source}, median of {rounds} rounds", title_justify="left")
    for heading in ("records", "ours", "pymarc", "ratio"):
        table.add_column(heading, justify="right")
    for (kind, what), measured in rates.items():
        mine, others = (statistics.median(rates) for rates in zip(*measured, strict=True))
        ratio = statistics.median(mine / other for mine, other in measured)
        table.add_row(kind, what, f"{len(sets[kind]):,}", f"{mine:,.0f}", f"{others:,.0f}", f"{ratio:.1f} ×")
    console.print(table)


if __name__ == "__main__":
    main()
