"""Records longer than ISO 2709 has digits for, as those who write them nevertheless do."""

from __future__ import annotations

import io
from collections.abc import Callable

import pymarc
import pytest

from harvester.marc_split import iso2709_pieces, iso2709_record
from indexer.transmission import from_iso2709

_ITEMS = [f"{number:06d}" for number in range(1_000)]


def _record(number: Callable[[int, int], bytes], *, status: bytes = b"n", long: int = 100) -> bytes:
    """A record with a copy for each of `_ITEMS`, all fields of one length; ``number`` spells a number in a width."""
    fields = [("001", b"77"), ("245", "10\x1fa紅樓夢".encode())]
    fields += [("952", b"  \x1fp" + item.encode() + b"\x1fz" + b"x" * long) for item in _ITEMS]
    body = b"".join(value + b"\x1e" for _, value in fields)
    directory, place = b"", 0
    for tag, value in fields:
        directory += tag.encode() + number(len(value) + 1, 4) + number(place, 5)
        place += len(value) + 1
    base = 24 + len(directory) + 1
    leader = number(base + len(body) + 1, 5) + status + b"am a22" + number(base, 5) + b" a 4500"
    return leader + directory + b"\x1e" + body + b"\x1d"


def _largest(value: int, width: int) -> bytes:
    return b"%0*d" % (width, min(value, 10**width - 1))


def _zero(value: int, width: int) -> bytes:
    return b"%0*d" % (width, value if value < 10**width else 0)


def _anew(value: int, width: int) -> bytes:
    return b"%0*d" % (width, value % 10**width)


def _all_digits(value: int, width: int) -> bytes:
    return b"%0*d" % (width, value)


WRITERS = [
    (_largest, "99999 where a number has no room, as marc4j writes"),
    (_zero, "zeros, as ruby-marc writes"),
    (_anew, "counted anew from 100,000"),
    (_all_digits, "all digits, as pymarc writes"),
]


@pytest.mark.parametrize("long", [120, 11_000], ids=["many fields", "long fields"])
@pytest.mark.parametrize(("number", "why"), WRITERS, ids=[why for _, why in WRITERS])
def test_a_record_too_long_for_its_numbers_is_read_whole_and_its_neighbours_too(
    number: Callable[[int, int], bytes], why: str, long: int
) -> None:
    neighbour = pymarc_record(1)
    data = _record(number, long=long)
    cuts = [iso2709_record(piece.data) for piece in iso2709_pieces(io.BytesIO(neighbour + data + neighbour))]
    assert [(cut.control_number, cut.deleted) for cut in cuts] == [("1", False), ("77", False), ("1", False)], why
    assert cuts[1].payload == data, "it is kept as it came"
    marc = from_iso2709(data)
    assert marc.value("245$a") == "紅樓夢"
    assert [field.first("p") for field in marc.fields("952")] == _ITEMS, why
    assert {len(field.first("z")) for field in marc.fields("952")} == {long}
    assert "directory wrong: fields taken in turn between their terminators" in marc.repairs


def test_a_long_record_that_was_deleted_says_so() -> None:
    [cut] = [iso2709_record(piece.data) for piece in iso2709_pieces(io.BytesIO(_record(_all_digits, status=b"d")))]
    assert (cut.control_number, cut.deleted) == ("77", True)


def pymarc_record(copies: int) -> bytes:
    record = pymarc.Record(force_utf8=True)
    record.add_field(pymarc.Field(tag="001", data="1"))  # type: ignore[no-untyped-call]
    for number in range(copies):
        subfields = [pymarc.Subfield(code="p", value=f"{number:06d}"), pymarc.Subfield(code="z", value="註" * 30)]
        record.add_field(pymarc.Field(tag="952", indicators=pymarc.Indicators(" ", " "), subfields=subfields))  # type: ignore[no-untyped-call]
    return record.as_marc()


@pytest.mark.parametrize("copies", [1, 900, 9_000])
def test_what_pymarc_writes_is_read_however_long_it_is(copies: int) -> None:
    data = pymarc_record(copies)
    marc = from_iso2709(data)
    assert [field.first("p") for field in marc.fields("952")] == [f"{number:06d}" for number in range(copies)]
    assert bool(marc.repairs) == (len(data) > 99_999), "the twin: a short one needs no repair"
    [piece] = iso2709_pieces(io.BytesIO(data))
    assert iso2709_record(piece.data).control_number == "1"


def test_barcodes_in_a_long_record_are_not_taken_for_the_lengths_of_others() -> None:
    """Every run of five digits near the end may be the length of what follows it: one that is, with a number where the
    base address would be, cut the record in two."""
    data = _record(_largest)
    at = len(data) - 2_000
    data = data[:at] + b"02000nam a2200100 a 4500" + data[at + 24 :]
    assert [len(piece.data) for piece in iso2709_pieces(io.BytesIO(data))] == [len(data)]
