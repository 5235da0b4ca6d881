"""Where library systems put their copies: the presets of `records.holdings`, by name.

A preset is the fields it reads, in that order. Where subfields alone do not tell (fields that belong together, patterns
that numbers are read by), a function of the record stands in for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from indexer.holdings import marc21, sudoc
from indexer.holdings.copies import Copy
from indexer.marc import Marc
from mappings.item_field import ItemField

Source = ItemField | Callable[[Marc], Iterable[Copy]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a preset reads, whose way of keeping copies that is, and what describes it."""

    whose: str
    described_in: str
    reads: tuple[Source, ...] = ()
    choose: str = ""  # what a librarian should know before choosing it


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
"""$a is the home branch, $b where the copy is; $7 (not for loan) before $5 (restricted); $x is for staff."""

_UNIMARC_995 = ItemField(
    tag="995",
    branch="bc",
    location="e",
    call_number="k",
    collection="h8",
    barcode="f",
    item_id="9",
    volume="lv",
    copy_number="6",
    item_type="r",
    policy="o",
    note="u",
    url="7",
    gone={"0": ()},
)
"""The letters are those of the recommendation, the digits Koha's; $l is a volume, $v an issue."""

_CMARC_805 = ItemField(
    tag="805",
    branch="a",
    location="b",
    collection="t",
    classification="d",
    author_mark="e",
    year="y",
    volume="v",
    copy_number="k",
    barcode="c",
    item_type="p",
    note="n",
)
"""$c 登錄號, $d 分類號, $e 著者號, $y 年代號 or 部冊號, $k 複本號; $t and $v name the scheme of $d and its edition, in
some libraries 特藏號 and 部冊號; $z is the field it came from, $f the cataloguer."""

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
"""$n and $m are for staff."""

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
    gone={"l": ("DISCARD", "WITHDRAWN", "SHADOW")},
)
"""$l is the home location, $k where the copy is now. Comments of staff and of circulation ($o) may name readers."""

_SYMPHONY_SEEN = "Items of the University of Virginia, Laurentian and jazz files, and the Stanford indexer's mapping"
_SIERRA_CHOOSE = 'Sites map these themselves: look at ten records. `records.local_id = "907$a"`.'

PRESETS: Mapping[str, Reading] = {
    "none": Reading("", "", choose="No copies are read, or only those of `records.item_fields`."),
    "aleph-996": Reading(
        "Ex Libris Aleph (Czechia, Slovakia)",
        "Items (Z30) as libraries send them to knihovny.cz; its RecordManager2 leaves out those with $q 0",
        (
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
    ),
    "alma-ava": Reading(
        "Ex Libris Alma, with availability added",
        "Ex Libris developer network: Retrieve Bibs, Availability",
        (
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
            ItemField(
                tag="AVE",
                describes="holding",
                branch="lb",
                url="u",
                coverage="s",
                note="mn",
                gone={"e": ("NOT AVAILABLE",)},
            ),
        ),
        "AVA counts copies and does not number them: live states are told for the place, not for a copy. AVD (digital "
        "representations) has no address and is not read.",
    ),
    "cmarc-805": Reading(
        "CMARC 館藏記錄, as sent to NBINet",
        "中國機讀編目格式 805; the 18 fields in the Austen file",
        (_CMARC_805,),
    ),
    "evergreen-852": Reading(
        "Evergreen, `marc_export --items`",
        "Evergreen's marc_export, and its documentation of Exporting MARC Records",
        (
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
                gone={"x": ("HIDDEN",)},
            ),
        ),
        "The first $b owns the copy, the second lends it. Copies with $x hidden are not for the public.",
    ),
    "folio-952": Reading(
        "FOLIO, OAI-PMH `marc21_withholdings`",
        "mod-oai-pmh, RecordMetadataManager",
        (
            ItemField(
                tag="952",
                first_indicator="f",
                second_indicator="f",
                branch="c",
                location="ds",
                call_number="feg",
                volume="jkl",
                copy_number="n",
                barcode="m",
                item_type="i",
                policy="pr",
                gone={"t": ("1",)},
            ),
        ),
        "Only 952 with both indicators f are FOLIO's own. $t 1 is suppressed from discovery. What is on line stands in "
        "856.",
    ),
    "german-924": Reading(
        "The German union catalogues",
        "Vereinbarungen zum Datentausch in MARC 21, Lokaldaten",
        (
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
        "$b is an ISIL, $d the code for inter-library loan.",
    ),
    "koha-952": Reading("Koha, MARC21", "Koha's default MARC21 framework, items.*", (_KOHA_952,)),
    "marc21-852": Reading(
        "MARC 21; the default",
        "MARC 21 Format for Holdings Data",
        (marc21.copies,),
        "Also for holdings records of their own.",
    ),
    "polaris-852": Reading(
        "Polaris",
        "A library's Z39.50 answer in the test suite of ReShare",
        (ItemField(tag="852", branch="a", location="b", call_number="h", barcode="p", item_type="w", note="z"),),
    ),
    "rusmarc-899": Reading(
        "RUSMARC",
        "RUSMARC 899 Данные о местонахождении (now obsolete there)",
        (
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
    ),
    "sierra-907": Reading(
        "Innovative Sierra, Millennium: records without items, with the places of their copies",
        "No public description; 907 and 998 of the Austen file",
        (
            ItemField(tag="907", describes="holding", location="b", not_places=("MULTI", "NONE")),
            ItemField(tag="998", describes="holding", location="a", not_places=("MULTI", "NONE")),
        ),
        "Says where copies stand and not how many: choose it only where no 945, 949 or 989 comes. A date in 907 $b "
        "is passed over. " + _SIERRA_CHOOSE,
    ),
    "sierra-945": Reading(
        "Innovative Sierra, Millennium",
        "No public description; 945 of the file of the Library of Congress (1960s)",
        (_SIERRA_945,),
        _SIERRA_CHOOSE,
    ),
    "sierra-949": Reading(
        "Innovative Sierra, Millennium: items as they are loaded",
        "No public description: what its load tables read",
        (_SIERRA_945.model_copy(update={"tag": "949", "second_indicator": "1", "volume": "cv"}),),
        _SIERRA_CHOOSE,
    ),
    "sierra-989": Reading(
        "Innovative Sierra, as exported for Pika and Aspen",
        "The indexing profiles of Pika and Aspen Discovery",
        (
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
        _SIERRA_CHOOSE,
    ),
    "symphony-926": Reading(
        "SirsiDynix Symphony, Unicorn: Z39.50",
        "Answers of Stanford, Toronto and others",
        (
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
        "$b is where a copy is now: a shelf or a state.",
    ),
    "symphony-949": Reading(
        "SirsiDynix Symphony, Unicorn: files with items in 949",
        _SYMPHONY_SEEN,
        (_SYMPHONY_999.model_copy(update={"tag": "949"}),),
    ),
    "symphony-999": Reading("SirsiDynix Symphony, Unicorn: files with items in 999", _SYMPHONY_SEEN, (_SYMPHONY_999,)),
    "taiwan-095": Reading(
        "Systems of Taiwan that send CMARC's 805 in MARC21 records",
        "No public description: the subfields of CMARC 805",
        (_CMARC_805.model_copy(update={"tag": "095"}),),
        "A local field, so look at ten records; where subfields differ, describe the field with `records.item_fields`.",
    ),
    "unimarc-930": Reading("Sudoc", "Abes, guide méthodologique: 930, 915, 955, 316", (sudoc.copies,)),
    "unimarc-995": Reading(
        "Koha and others, UNIMARC",
        "Recommandation 995 (ABF, ADBDP, FULBI, 1995), and Koha's framework",
        (_UNIMARC_995,),
    ),
}
