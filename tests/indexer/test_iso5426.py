from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.iso5426 import decoded_iso5426


@pytest.mark.parametrize(
    ("data", "text", "why"),
    [
        (b"plain", "plain", "ASCII"),
        (b"Les mis\xc2erables", "Les misérables", "a diacritic precedes its letter"),
        (b"Fran\xd0cois", "François", "below the letter too"),
        (b"\xc8u and \xc9u", "ü and ü", "diaeresis and umlaut are one in Unicode"),
        (b"\xc3\xc1a", "\u1ea7", "two marks on one letter are composed"),
        (b"\xe9rsted, \xfbtra\xfbe, \xf3", "Ørsted, ßtraße, ð", "letters of their own"),
        (b"\x88Le \x89p\xc1ere", "Le père", "non-sorting marks"),
        (b"\xabvoil\xc1a\xbb", "«voilà»", "signs"),
        (b"a\xff\x81", "a\ufffd\ufffd", "bytes of no character are lost, and seen to be"),
        (b"a\xc2", "a\u0301".replace("a\u0301", "á"), "a diacritic at the end goes on what is there"),
    ],
)
def test_iso5426_is_read(data: bytes, text: str, why: str) -> None:
    assert decoded_iso5426(data) == text, why


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_fail_to_decode(data: bytes) -> None:
    assert isinstance(decoded_iso5426(data), str)
