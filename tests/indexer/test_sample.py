"""What a few records tell of how a library's are to be read."""

from __future__ import annotations

import pytest

from harvester.raw_record import RawRecord
from indexer.sample import Sample, sample
from tests.support.marc import marcxml
from tests.support.oai import oai_library

LIBRARY = oai_library("http://x.example", "lib")
TITLE = "\n=245  10$aA title\n"
KOHA = f"=001  1{TITLE}=952  \\\\$aBC$bBC$cADULT$o857.49$pB200$920$yBK\n=999  \\\\$c200$d200"
PLAIN = f"=001  1{TITLE}=852  8\\$bMAIN$cSTACK$h857.49$pA100"
BARE = f"=001  1{TITLE}"
UNIMARC = "=001  1\n=100  \\\\$a20240101d2024    m  y0chiy50      ea\n=200  1\\$aA title\n"


def told(*records: str) -> Sample:
    return sample([RawRecord("lib", str(n), "marcxml", marcxml(text)) for n, text in enumerate(records)], LIBRARY)


FITS = [
    ((KOHA, KOHA), "koha-952", "marc21"),
    ((PLAIN, PLAIN), "marc21-852", "marc21"),
    ((PLAIN, KOHA, KOHA, KOHA), "koha-952", "marc21"),
    ((UNIMARC + "=995  \\\\$bMAIN$f1234$k857.49",), "unimarc-995", "unimarc"),
    ((UNIMARC, BARE), None, "auto"),
]


@pytest.mark.parametrize(("records", "preset", "dialect"), FITS)
def test_the_preset_that_finds_most_comes_first(records: tuple[str, ...], preset: str | None, dialect: str) -> None:
    found = told(*records)
    assert (found.fits[0].name if found.fits else None) == preset
    assert found.dialect == dialect


def test_local_ids_are_where_every_record_has_them() -> None:
    found = told(KOHA, KOHA, PLAIN)
    assert (found.local_ids["001"], found.local_ids["999$c"]) == (3, 2)


def test_what_cannot_be_read_is_counted_with_its_reason() -> None:
    found = sample([RawRecord("lib", "1", "iso2709", b"no MARC at all")], LIBRARY)
    assert sum(found.unreadable.values()) == 1
    assert found.dialect == "auto"
