from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.garbled import may_be_garbled, unscrambled
from indexer.marcxml_transmission import from_marcxml
from indexer.transmission import Malformed, from_iso2709
from tests.support.real_files import ABSENT, DATA, iso2709_files, iso2709_records, marcxml_files, xml_records


def test_a_record_is_decoded_as_a_whole() -> None:
    texts = [text.encode("cp1251").decode("latin-1") for text in ("Война и мир", "Москва", "роман")]
    told = unscrambled([*texts, "1984"])
    assert [one.text for one in told] == ["Война и мир", "Москва", "роман", "1984"]
    assert [bool(one.note) for one in told] == [True, True, True, False]


@pytest.mark.parametrize("text", ["Pride and prejudice", "紅樓夢 / 曹雪芹", "Les misérables : édition intégrale", "??"])
def test_other_text_costs_no_second_look(text: str) -> None:
    assert not may_be_garbled(text.encode())
    assert [tuple(one) for one in unscrambled([text])] == [(text, "")]


@pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
def test_nothing_in_real_records_is_called_garbled_or_decoded() -> None:
    seen = 0
    records = [(from_iso2709, data) for file in iso2709_files() for data in iso2709_records(file)]
    for read, data in [*records, *((from_marcxml, data) for file in marcxml_files() for data in xml_records(file))]:
        try:
            marc = read(data)
        except Malformed:
            continue
        assert not [one for one in marc.repairs if "garbled" in one or "taken for Latin-1" in one]
        seen += 1
    assert seen > 8_000


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(max_codepoint=0x17F), max_size=30), max_size=4))
def test_no_text_fails_and_none_is_dropped(texts: list[str]) -> None:
    told = unscrambled(texts)
    assert len(told) == len(texts)
    assert all(one.note or one.text == text for one, text in zip(told, texts, strict=True))
