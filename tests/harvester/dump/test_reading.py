from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Callable

import pytest

from harvester import marc_split
from harvester.dump import archive
from harvester.dump import reading as dump_reading
from harvester.dump.reading import Reading, Role
from harvester.store import utc_now
from tests.support.marc_bytes import collection, iso2709, marcxml
from tests.support.oai import dump_library

COLUMNS = {"control_number": "id", "barcode": "barcode", "location": "place"}


def peak(content: bytes, role: Role = "full") -> int:
    """The most memory that reading a file takes, in bytes, beside the file itself."""
    reading = Reading(dump_library("x", items=COLUMNS), utc_now)
    file = io.BytesIO(content)
    tracemalloc.start()
    try:
        for _ in reading.pages("file", file, role):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        reading.seen.close()


KINDS: list[tuple[Callable[[int], bytes], str]] = [
    (lambda count: b"".join(iso2709(str(n), f"title {n * n}") for n in range(count)), "ISO 2709"),
    (lambda count: gzip.compress(b"".join(iso2709(str(n), f"title {n * n}") for n in range(count))), "packed"),
    (lambda count: collection(*(marcxml(str(n), f"title {n * n}") for n in range(count))), "MARCXML"),
    (lambda count: b"id,barcode,place\n" + b"".join(b"%d,B%d,main\n" % (n // 2, n) for n in range(count)), "copies"),
]


@pytest.mark.parametrize(("make", "kind"), KINDS, ids=[kind for _, kind in KINDS])
def test_four_times_the_records_take_no_more_memory(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[int], bytes], kind: str
) -> None:
    monkeypatch.setattr(marc_split, "CHUNK_BYTES", 16 * 1024)  # so that few records are many chunks and pages
    monkeypatch.setattr(archive, "HEAD_BYTES", 4 * 1024)
    monkeypatch.setattr(dump_reading, "PAGE_RECORDS", 50)
    peak(make(10))  # what is loaded once
    assert peak(make(4_000)) < peak(make(1_000)) + 150_000  # 3,000 records, kept, would be more
