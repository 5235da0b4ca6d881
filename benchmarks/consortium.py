"""A generated consortium on disk: a library and its ISO 2709 file per member, and which record is truly which book."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress

from fixtures.generate import LIBRARIES, records
from indexer.record import RecordRef
from mappings.library import Harvest, Library

REGIONS = ("north", "central", "south", "east")


@dataclass(frozen=True, slots=True)
class GeneratedConsortium:
    """Where it lies and what is true of it."""

    folder: Path
    libraries: dict[str, Library]
    records: int

    @property
    def truth_file(self) -> Path:
        return self.folder / "truth.tsv"

    def truth(self) -> Iterator[tuple[RecordRef, str]]:
        """Every record and the book it describes."""
        with self.truth_file.open(encoding="utf-8", newline="") as file:
            for library, control_number, book in csv.reader(file, delimiter="\t"):
                yield RecordRef(library, control_number), book


def generated_consortium(folder: Path, count: int, progress: Progress) -> GeneratedConsortium:
    """The consortium of ``count`` records, written into the folder unless it is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    consortium = GeneratedConsortium(folder, {code: _library(folder, code) for code in LIBRARIES}, count)
    if not consortium.truth_file.exists():
        _write(consortium, progress)
    return consortium


def _write(consortium: GeneratedConsortium, progress: Progress) -> None:
    task = progress.add_task("generate", total=consortium.records)
    files = {code: (consortium.folder / f"{code}.mrc").open("wb") for code in LIBRARIES}
    unfinished = consortium.truth_file.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", newline="") as truth:
        write = csv.writer(truth, delimiter="\t", lineterminator="\n").writerow
        for record in records(consortium.records):
            files[record.library].write(record.payload)
            write((record.library, record.control_number, record.edition))
            progress.advance(task)
    for file in files.values():
        file.close()
    unfinished.replace(consortium.truth_file)


def _library(folder: Path, code: str) -> Library:
    file = str((folder / f"{code}.mrc").absolute())
    return Library(
        code=code,
        name={"en": f"{code.title()} Library"},
        region=REGIONS[LIBRARIES.index(code) % len(REGIONS)],
        kind="city",
        harvest=Harvest(protocol="marc-dump", files=(file,)),
    )
