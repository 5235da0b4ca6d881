"""A book is what it is whatever comes with it, and in whatever order a record codes the two."""

from __future__ import annotations

import pytest

from indexer.forms import form_in_marc21, marc21_form, unimarc_form
from indexer.record import Carrier, Format
from tests.support.marc import marc

_LEADER = "=LDR  00000nam a2200000 i 4500\n"
_FIXED = "=008  150101s2015    ch            000 0 chi d\n"
_PAGED = "=300  \\\\$a200面 ;$c21公分"
_WITH_DISC = f"{_PAGED} +$e1片CD"
_VOLUME = "\n=336  \\\\$btxt\n=337  \\\\$bn\n=338  \\\\$bnc"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"=007  sd f\n{_FIXED}{_WITH_DISC}{_VOLUME}", "a sound disc"),
        (f"=007  co |\n{_FIXED}{_WITH_DISC}{_VOLUME}", "a CD-ROM"),
        (f"=007  vd |\n{_FIXED}{_WITH_DISC}{_VOLUME}", "a DVD"),
        (f"=007  cr |\n{_FIXED}{_WITH_DISC}{_VOLUME}", "a site on the web"),
        (f"=006  m     q  d\n{_FIXED}{_WITH_DISC}{_VOLUME}", "006 of what is on the disc"),
        (f"=006  m     o  d\n{_FIXED}{_WITH_DISC}{_VOLUME}", "006 of what is on line"),
        (f"=007  sd f\n{_FIXED}{_WITH_DISC}", "no carrier type: pages say what it is"),
        (f"=007  co |\n{_FIXED}{_PAGED}", "pages alone, where 300 does not tell of the disc"),
        (f"=007  ta\n=007  sd f\n{_FIXED}=300  \\\\$av. ;$c21 cm", "text first"),
        (f"=007  sd f\n=007  ta\n{_FIXED}=300  \\\\$av. ;$c21 cm", "text second"),
        (f"=007  he |\n{_FIXED}=300  \\\\$a200 p. +$e2 microfiches", "microfiches in a pocket"),
        (f"=007  co |\n{_FIXED}=300  \\\\$a200 p. + 1 CD-ROM", "a plus sign within $a"),
        (f"{_FIXED}{_WITH_DISC}\n=336  \\\\$btxt\n=338  \\\\$bsd\n=338  \\\\$bnc", "the disc's carrier type first"),
        (f"=007  sd f\n{_FIXED}=300  \\\\$a1 score\n=338  \\\\$a冊", "a carrier type in words"),
    ],
)
def test_a_book_with_a_disc_is_a_printed_book(text: str, why: str) -> None:
    record = marc(_LEADER + text)
    assert marc21_form(record) == form_in_marc21(record) == (Format.BOOK, Carrier.PRINT), why


@pytest.mark.parametrize(
    ("text", "carrier", "why"),
    [
        (f"=007  co |\n{_FIXED}=300  \\\\$a1片光碟 ;$c12公分", Carrier.DISC, "nothing but a disc"),
        (f"=007  co |\n{_FIXED}", Carrier.DISC, "nothing said of its extent"),
        (f"=007  co |\n{_FIXED}=300  \\\\$a1 CD-ROM (200 p.)", Carrier.DISC, "pages on a disc"),
        (f"=007  cr |\n{_FIXED}=300  \\\\$axii, 200 p.", Carrier.ONLINE, "pages kept from the printed book's record"),
        (f"=007  cr |\n{_FIXED}=300  \\\\$a1 online resource (200 p.)\n=338  \\\\$bcr", Carrier.ONLINE, "all agree"),
        (
            f"=007  co |\n{_FIXED.replace('ch            ', 'ch      q     ')}{_PAGED}",
            Carrier.DISC,
            "form of item is of the thing itself",
        ),
        (
            f"=007  ta\n=007  cr |\n{_FIXED.replace('ch            ', 'ch      o     ')}{_PAGED}",
            Carrier.ONLINE,
            "an e-book that keeps the code of the printed one",
        ),
        (f"=006  m     o  d\n{_FIXED}=300  \\\\$axii, 200 p.", Carrier.ONLINE, "006 of an e-book, with old pages"),
        (f"=007  hd |\n{_FIXED}=300  \\\\$a200 p.\n=533  \\\\$aMicrofilm.", Carrier.MICROFORM, "a reproduction"),
        (f"=007  hd |\n{_FIXED}=300  \\\\$a200 p.", Carrier.MICROFORM, "pages of what was filmed"),
    ],
)
def test_what_is_on_a_disc_on_line_or_filmed_is_no_printed_book(text: str, carrier: Carrier, why: str) -> None:
    record = marc(_LEADER + text)
    assert marc21_form(record).carrier == form_in_marc21(record).carrier == carrier, why


def test_a_film_with_a_booklet_is_a_film() -> None:
    record = marc("=LDR  00000ngm a2200000 i 4500\n=007  vd |\n=007  ta\n=300  \\\\$a1 DVD (90 min.) +$e20 p.")
    assert marc21_form(record) == form_in_marc21(record) == (Format.FILM, Carrier.DISC)


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("=135  \\\\$aco\n=215  \\\\$a200面$e1片CD-ROM", (Format.BOOK, Carrier.PRINT), "a disc in a book"),
        ("=135  \\\\$avo\n=215  \\\\$a1片CD-ROM", (Format.EBOOK, Carrier.DISC), "nothing but a disc"),
        ("=135  \\\\$avo", (Format.EBOOK, Carrier.DISC), "nothing said of its extent"),
        ("=135  \\\\$avr\n=215  \\\\$a200面", (Format.EBOOK, Carrier.ONLINE), "pages of an e-book"),
        ("=130  \\\\$aa\n=215  \\\\$a200 p.$e2 microfiches", (Format.BOOK, Carrier.PRINT), "microfiches in a pocket"),
        ("=130  \\\\$aa\n=215  \\\\$a200 p.", (Format.BOOK, Carrier.MICROFORM), "pages of what was filmed"),
    ],
)
def test_a_unimarc_book_is_what_its_extent_says(text: str, expected: tuple[Format, Carrier], why: str) -> None:
    assert unimarc_form(marc(f"=LDR  00000nam  2200000   4500\n{text}")) == expected, why


@pytest.mark.parametrize(
    ("text", "carrier", "why"),
    [
        ("=336  \\\\$a觸覺式文字$btct", Carrier.BRAILLE, "without media and carrier type"),
        ("=336  \\\\$a觸覺式文字", Carrier.BRAILLE, "in words"),
        ("=336  \\\\$atactile text$btct\n=338  \\\\$bnc", Carrier.BRAILLE, "with them"),
        ("=336  \\\\$btct\n=336  \\\\$btxt", Carrier.PRINT, "ordinary letters beside"),
        ("=336  \\\\$btxt", Carrier.PRINT, "the twin"),
        ("", Carrier.PRINT, "no content type"),
    ],
)
def test_text_to_be_felt_is_braille(text: str, carrier: Carrier, why: str) -> None:
    assert marc21_form(marc(f"{_LEADER}{_FIXED}{text}")).carrier == carrier, why
