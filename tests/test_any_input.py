"""No input raises anything but the documented errors, in any form, dialect, character set and preset.

`make fuzz` goes through the same door with atheris, for as long as one likes; what it found is in the tables of the
modules it found it in.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.raw_record import PayloadFormat, RawRecord
from tests.support.anything import DIALECTS, ENCODINGS, FORMATS, PRESETS, choice, read_any, try_anything
from tests.support.marc import LEADER, from_values, iso2709, marcxml
from tests.support.real_files import ABSENT, DATA, iso2709_files, iso2709_records

TEXT = (
    "=001  7\n=005  20240101\n=008  040101s2004    ch            000 0 chi d\n"
    "=020  \\\\$a9789570835878 (平裝) :$cNT$300\n=100  1\\$aCao, Xueqin,$dapproximately 1717-1763,$eauthor.\n"
    "=200  1\\$a傲慢與偏見$f奧斯汀著$g孫!T*!N|!YF\n=210  \\\\$a臺北市$c里仁$d民93\n=215  \\\\$a354!_w$d21公分\n"
    "=245  10$6880-01$aHonglou meng /$cCao Xueqin zhu.\n=264  \\1$aTaibei$bLiren$c[2004?]\n"
    "=505  0\\$tOne /$rA -- $tTwo.\n=880  10$6245-01/$1$a紅樓夢 /$c曹雪芹著.\n=952  $aMAIN$p123$o857.49$yBK"
)
ANYWHERE = st.integers(0, 10_000)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(FORMATS),
    st.lists(st.tuples(ANYWHERE, st.integers(0, 4), st.binary(max_size=6)), min_size=1, max_size=8),
    st.sampled_from(DIALECTS),
    st.sampled_from(ENCODINGS),
    st.sampled_from(PRESETS),
)
def test_a_record_changed_anywhere_is_read_or_refused_with_a_reason(
    form: PayloadFormat, changes: list[tuple[int, int, bytes]], dialect: str, encoding: str, holdings: str
) -> None:
    data = iso2709(TEXT) if form == "iso2709" else marcxml(TEXT)
    if form == "oai_dc":
        data = "<dc><title>紅樓夢 : 校注</title><creator>曹雪芹 (清)</creator><date>民國93年</date></dc>".encode()
    for place, length, inserted in changes:
        at = place % len(data)
        data = data[:at] + inserted + data[at + length :]
    read_any(RawRecord("testlib", "1", form, data), dialect=dialect, encoding=encoding, holdings=holdings)


TAG = st.one_of(
    st.sampled_from([20, 100, 200, 210, 215, 225, 245, 264, 300, 490, 505, 600, 606, 700, 760, 805, 852, 880, 952]).map(
        "{:03}".format
    ),
    st.from_regex(r"[0-9A-Za-z]{3}", fullmatch=True),
)
VALUE = st.lists(
    st.one_of(st.binary(max_size=12), st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass"))),
    max_size=5,
).map(lambda parts: b"  \x1f" + b"\x1f".join(parts))


@settings(max_examples=400, deadline=None)
@given(
    st.text(st.characters(max_codepoint=127), min_size=24, max_size=24),
    st.lists(st.tuples(TAG, VALUE), max_size=8),
    st.sampled_from(DIALECTS),
    st.sampled_from(ENCODINGS),
    st.sampled_from(PRESETS),
)
def test_fields_of_anything_are_read_or_refused_with_a_reason(
    leader: str, fields: list[tuple[str, bytes]], dialect: str, encoding: str, holdings: str
) -> None:
    data = from_values(LEADER[:5] + leader[5:10] + LEADER[10:17] + leader[17:20] + LEADER[20:], fields)
    read_any(RawRecord("testlib", "1", "iso2709", data), dialect=dialect, encoding=encoding, holdings=holdings)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["iso2709", "marcxml", "oai_dc", "dump", "answer", "apart"]), st.integers(0, 255), st.binary())
def test_any_bytes_are_borne_in_any_form(form: str, setting: int, data: bytes) -> None:
    try_anything(choice(form, setting) + data)


@pytest.mark.skipif(not DATA.is_dir(), reason=ABSENT)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_real_records_are_borne_in_a_dialect_and_a_character_set_they_are_not_in(dialect: str) -> None:
    for file in iso2709_files():
        records = list(iso2709_records(file))
        for number, data in enumerate(records[:: max(1, len(records) // 6)]):
            for encoding in (ENCODINGS[number % len(ENCODINGS)], "auto"):
                read_any(RawRecord("testlib", "1", "iso2709", data), dialect=dialect, encoding=encoding)
