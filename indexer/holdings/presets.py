"""Where library systems put their copies: the presets of `records.holdings`, by name.

A preset is the fields it reads, in that order. Where subfields alone do not tell (fields that belong together, patterns
that numbers are read by), a function of the record stands in for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from indexer.holdings import marc21, sudoc
from indexer.holdings.copies import Copy
from indexer.marc import Marc
from mappings.item_field import ItemField

Source = ItemField | Callable[[Marc], Iterable[Copy]]

_KOHA_952 = ItemField(
    tag="952",
    branch="ab",
    location="c",
    call_number="o",
    collection="8",
    barcode="p",
    item_id="9",
    volume="h",
    copy_number="t",
    item_type="y",
    policy="75",
    note="z",
    url="u",
    gone={"0": ()},
)
"""Koha's item field, MARC21 flavour (Koha manual, "Item/holdings subfields"): $a home branch before $b where it is."""

_UNIMARC_995 = ItemField(
    tag="995",
    branch="bc",
    location="e",
    call_number="k",
    collection="h8",
    barcode="f",
    item_id="9",
    volume="v",
    copy_number="6",
    item_type="r",
    policy="o",
    note="u",
    url="7",
    gone={"0": ()},
)
"""The French recommendation 995, as Koha's UNIMARC flavour has it."""

_CMARC_805 = ItemField(
    tag="805",
    branch="a",
    location="b",
    classification="d",
    author_mark="e",
    year="y",
    copy_number="k",
    barcode="c",
    item_type="p",
    note="n",
)
"""館藏記錄, as Taiwan's libraries send it to the union catalogue (NBINet).

$c 登錄號, $d 分類號, $e 著者號, $y 年代號 or 部冊號, $k 複本號; $t and $v name the scheme of $d, $z the field
it came from, $f the cataloguer."""

_SIERRA_945 = ItemField(
    tag="945",
    location="l",
    call_number="fabk",
    volume="c",
    copy_number="g",
    barcode="i",
    item_id="y",
    item_type="t",
    gone={"s": ("W",)},
)
"""Items as Innovative's Millennium and Sierra export them; $n and $m are for staff. `records.local_id` is 907$a."""

_SYMPHONY_999 = ItemField(
    tag="999",
    branch="m",
    location="l",
    call_number="a",
    volume="v",
    copy_number="c",
    barcode="i",
    item_type="t",
    policy="r",
    note="o",
    public_marks=(".PUBLIC.", ".NOTE."),
    not_places=("CHECKEDOUT", "INTRANSIT", "HOLDS", "LOST", "MISSING", "BINDERY", "ON-ORDER"),
    gone={"l": ("DISCARD", "WITHDRAWN")},
)
"""Items as SirsiDynix Symphony (Unicorn) exports them.

$l is the home location, $k where it is now. Comments of staff and of circulation ($o) may name readers."""

PRESETS: Mapping[str, tuple[Source, ...]] = {
    "none": (),
    "aleph-996": (
        ItemField(
            tag="996",
            branch="l",
            location="r",
            call_number="ch",
            volume="d",
            barcode="b",
            item_id="t",
            gone={"q": ("0",)},
        ),
    ),
    "alma-ava": (
        ItemField(
            tag="AVA",
            describes="holding",
            branch="bq",
            location="jc",
            call_number="d",
            count="f",
            summary="v",
            note="t",
        ),
        ItemField(tag="AVE", describes="holding", branch="lb", url="u", coverage="s", note="mn"),
    ),
    "cmarc-805": (_CMARC_805,),
    "evergreen-852": (
        ItemField(
            tag="852",
            branch="b",
            location="c",
            call_number="kjhim",
            copy_number="t",
            barcode="p",
            item_type="g",
            note="z",
            url="u",
        ),
    ),
    "folio-952": (
        ItemField(
            tag="952",
            branch="c",
            location="d",
            call_number="feg",
            volume="jkl",
            copy_number="n",
            barcode="m",
            item_type="i",
            policy="p",
        ),
    ),
    "german-924": (
        ItemField(
            tag="924",
            describes="holding",
            branch="b",
            location="h",
            call_number="g",
            item_id="a",
            policy="d",
            summary="z",
            url="k",
            note="l",
        ),
    ),
    "koha-952": (_KOHA_952,),
    "marc21-852": (marc21.copies,),
    "polaris-852": (
        ItemField(tag="852", branch="a", location="b", call_number="h", barcode="p", item_type="w", note="z"),
    ),
    "rusmarc-899": (
        ItemField(
            tag="899",
            branch="a",
            location="bc",
            call_number="jkhim",
            barcode="px",
            copy_number="t",
            note="z",
        ),
    ),
    "sierra-945": (_SIERRA_945,),
    "sierra-949": (_SIERRA_945.model_copy(update={"tag": "949", "second_indicator": "1", "volume": "cv"}),),
    "sierra-989": (
        ItemField(
            tag="989",
            location="d",
            call_number="sar",
            volume="v",
            barcode="b",
            item_id="1",
            item_type="j",
            note="z3",
            url="u",
            gone={"g": ("W",)},
        ),
    ),
    "symphony-926": (
        ItemField(
            tag="926",
            branch="a",
            location="b",
            call_number="c",
            item_type="d",
            count="f",
            not_places=("CHECKEDOUT", "ON_SHELF", "INTRANSIT", "HOLDS", "LOST", "MISSING", "BINDERY", "ON-ORDER"),
            gone={"b": ("DISCARD", "WITHDRAWN")},
        ),
    ),
    "symphony-949": (_SYMPHONY_999.model_copy(update={"tag": "949"}),),
    "symphony-999": (_SYMPHONY_999,),
    "taiwan-095": (_CMARC_805.model_copy(update={"tag": "095"}),),
    "unimarc-930": (sudoc.copies,),
    "unimarc-995": (_UNIMARC_995,),
}
