"""`make bench-read`: records a second on one core, ours beside pymarc in the same run, and the share of the target.

Two sources: generated records (60 % Chinese, holdings, known truth) and the real files of `../shared/data`. Each figure
is the median of several rounds; in each round both readers take the same records, one after the other, so that a busy
machine slows both; what is counted is the time of the processor. Every measurement is a process of its own that reads
each record once: what the mapping remembers (`indexer.remembered`) it has learnt from these very records, as in a load,
and not from the round before.
"""

from __future__ import annotations

import argparse
import gc
import io
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import pymarc
from rich.console import Console
from rich.progress import track
from rich.table import Table

from fixtures.generate import records
from fixtures.marc8 import in_marc8
from harvester.store import PayloadFormat, RawRecord
from indexer import frequent
from indexer.marc import Field, Marc
from indexer.read import dialect_in, read, record_of, taken_apart
from mappings.library import Harvest, Library, Records

DATA = Path(__file__).parents[2] / "shared" / "data" / "marc"
GENERATED = 10_000
ROUNDS = 5
TARGETS = {"UTF-8 ISO 2709": 30_000, "MARC-8 ISO 2709": 12_000, "MARCXML": 12_000}
"""Records a second to be read and mapped, by what they are sent as."""

UTF8 = ("folio-1000-62distinct.utf8.mrc", "dnb-499.utf8.mrc", "austen-383-from-49-libraries.utf8.mrc")
MARC8 = ("uva-2000.marc8.mrc", "lc-1960s-2000.marc8.mrc", "jazz-1000.marc8.mrc")

LIBRARIES = {
    code: Library(
        code=code,
        name={"en": "Benchmark"},
        region="north",
        kind="city",
        harvest=Harvest(protocol="marc-dump", files=("records.mrc",)),
        records=Records(holdings="marc21-852", encoding=encoding),
    )
    for code, encoding in (("bench", "auto"), ("bench-marc8", "marc-8"))
}
"""One library says that it sends MARC-8: lone letters of it may as well be Latin-1's, which is not guessed."""

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
    return record_of(marc, dialect_in(marc, LIBRARIES[raw.library]), raw, LIBRARIES[raw.library])


MAPPED = "read and map"
READERS: dict[str, tuple[Work, Work]] = {
    "read": (lambda raw: taken_apart(raw, LIBRARIES[raw.library]), pymarc_record),
    MAPPED: (lambda raw: read(raw, LIBRARIES[raw.library]), mapped_from_pymarc),
}
"""What is done → by our reader, by pymarc. The mapping is ours in both: all of `Record`, with copies."""

Sets = dict[str, list[RawRecord]]


def sources(generated: int) -> Iterator[tuple[str, Sets]]:
    """What is read, by what it is sent as; the real files only where they are."""
    made = [record.payload for record in records(generated)]
    yield "generated records", _sets(made, [in_marc8(payload) for payload in made])
    if DATA.is_dir():
        yield "real records", _sets(_iso2709(UTF8), _iso2709(MARC8))


def _sets(utf8: list[bytes], marc8: list[bytes]) -> Sets:
    xml = [bytes(pymarc.record_to_xml(_readable(data), namespace=True)) for data in utf8]  # type: ignore[no-untyped-call]
    return {
        "UTF-8 ISO 2709": _raw(utf8, "iso2709"),
        "MARC-8 ISO 2709": _raw(marc8, "iso2709", "bench-marc8"),
        "MARCXML": _raw(xml, "marcxml"),
    }


def _iso2709(files: Sequence[str]) -> list[bytes]:
    """The records of these files, each once: one of them holds 62 records a thousand times."""
    found = (data + b"\x1d" for file in files for data in (DATA / file).read_bytes().split(b"\x1d")[:-1])
    return list({_description(data): data for data in found}.values())


def _description(payload: bytes) -> tuple[bytes, ...]:
    """What a record says but for its numbers and dates, which stand first."""
    return tuple(payload.split(b"\x1e")[6:])


def _readable(payload: bytes) -> pymarc.Record:
    return pymarc.Record(payload, to_unicode=True, hide_utf8_warnings=True)


def _raw(payloads: Sequence[bytes], kind: PayloadFormat, library: str = "bench") -> list[RawRecord]:
    return [RawRecord(library, str(number), kind, payload) for number, payload in enumerate(payloads)]


def rate(work: Work, raws: Sequence[RawRecord]) -> float:
    """Records a second of the processor, in a process that begins as this one is, its rubbish collected before."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_measure, args=(work, raws, sender))
    process.start()
    sender.close()
    measured = float(receiver.recv())
    process.join()
    return measured


def _measure(work: Work, raws: Sequence[RawRecord], sender: Connection) -> None:
    gc.collect()
    gc.disable()
    began = time.process_time()
    for raw in raws:
        work(raw)
    sender.send(len(raws) / (time.process_time() - began))


def text_length(raws: Sequence[RawRecord]) -> float:
    """Characters of titles, names, subjects and notes in a record, on average: what a search index is given."""
    found = (
        len(text)
        for raw in raws
        for field in taken_apart(raw, LIBRARIES[raw.library]).data_fields
        if field.tag[0] in "1245678" and field.tag != "040"
        for code, text in field.subfields
        if code.isalpha()
    )
    return sum(found) / len(raws)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--records", type=int, default=GENERATED, help="how many are generated")
    arguments = parser.parse_args()
    console = Console()
    frequent.in_any_form()  # a table made once a process, in the time of five hundred records
    for source, sets in sources(arguments.records):
        console.print(_table(source, sets, arguments.rounds, console))


def _table(source: str, sets: Sets, rounds: int, console: Console) -> Table:
    rates: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for _ in track(range(rounds), "rounds", console=console, transient=True):
        for kind, raws in sets.items():
            for what, (ours, pymarcs) in READERS.items():
                rates.setdefault((kind, what), []).append((rate(ours, raws), rate(pymarcs, raws)))
    length = text_length(sets["UTF-8 ISO 2709"])
    title = f"records/s of one core, {source}, {length:.0f} characters of text each, median of {rounds} rounds"
    table = Table("", "", title=title, title_justify="left")
    for heading in ("records", "ours", "pymarc, mapped by ours", "ratio", "of the target"):
        table.add_column(heading, justify="right")
    for (kind, what), measured in rates.items():
        mine, others = (statistics.median(rates) for rates in zip(*measured, strict=True))
        ratio = statistics.median(mine / other for mine, other in measured)
        share = f"{mine / TARGETS[kind]:.0%} of {TARGETS[kind]:,}" if what == MAPPED else ""
        table.add_row(kind, what, f"{len(sets[kind]):,}", f"{mine:,.0f}", f"{others:,.0f}", f"{ratio:.1f} ×", share)
    return table


if __name__ == "__main__":
    main()
