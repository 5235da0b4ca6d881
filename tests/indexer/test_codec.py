"""A record comes back from its bytes exactly as it went in."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import codec
from indexer.record import Carrier, Format, Holding, Identifier, Item, Record, Title
from tests.support.records import make_record

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def _strategy(field: dataclasses.Field[Any]) -> st.SearchStrategy[Any]:
    kind = str(field.type)
    if kind.startswith("tuple["):
        inner = kind.removeprefix("tuple[").removesuffix(", ...]")
        nouns = {noun.__name__: noun for noun in codec._FIELDS}
        return st.lists(_noun(nouns[inner]) if inner in nouns else _TEXT, max_size=3).map(tuple)
    return {
        "int": st.integers(0, 9999),
        "str": _TEXT,
        "bool": st.booleans(),
        "int | None": st.none() | st.integers(-3000, 3000),
        "Format": st.sampled_from(Format),
        "Carrier": st.sampled_from(Carrier),
    }[kind]


def _noun(noun: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(noun, **{field.name: _strategy(field) for field in dataclasses.fields(noun)})


@given(_noun(Record))
def test_any_record_survives_the_round_trip(record: Record) -> None:
    assert codec.decode(codec.encode(record)) == record


def test_a_record_with_nothing_stated_survives() -> None:
    record = Record("ntl", "1", "1", "marc21")
    assert codec.decode(codec.encode(record)) == record


def test_holdings_keep_their_items_and_enumerations_their_type() -> None:
    holding = Holding("ntl", "1", "1", items=(Item(barcode="b", volume="2"),), url="http://x.example/")
    record = make_record(holdings=1, format=Format.SCORE, carrier=Carrier.DISC)
    record = dataclasses.replace(record, holdings=(holding,))
    back = codec.decode(codec.encode(record))
    assert back.holdings == (holding,)
    assert back.format is Format.SCORE
    assert back.carrier is Carrier.DISC


def test_an_invalid_identifier_stays_invalid() -> None:
    record = dataclasses.replace(make_record(), identifiers=(Identifier("isbn", "1", valid=False),))
    assert codec.decode(codec.encode(record)).identifiers[0].valid is False


def test_equal_records_give_equal_bytes() -> None:
    assert codec.encode(make_record("紅樓夢", "ntl:1")) == codec.encode(make_record(Title("紅樓夢"), "ntl:1"))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "nothing at all"),
        (b"0" + codec.encode(make_record())[1:], "an older version"),
        (b"1not zstandard", "damaged bytes"),
        (codec.VERSION + codec._ZSTANDARD.compressor.compress(b'{"titel": []}'), "a field no record has"),
    ],
)
def test_other_bytes_are_refused_not_guessed_at(data: bytes, why: str) -> None:
    with pytest.raises(codec.CodecMismatch):
        codec.decode(data)
