"""Copies that stand in fields which the library's preset does not read."""

from __future__ import annotations

import pytest

from indexer.holdings.presets import PRESETS
from indexer.holdings.unread import UnreadCopies, tags_of, unread_copies
from tests.support.marc import marc

ALL_OF_852 = ("evergreen-852", "marc21-852", "polaris-852")
KOHA = "=952  \\\\$aHF$bHF$cA$o857.7 8765$pB1$9501"


@pytest.mark.parametrize(
    ("fields", "preset", "told", "why"),
    [
        (KOHA, "marc21-852", [("952", ("koha-952",))], "Koha's items under the default preset"),
        ("=805  \\\\$aNCL$cW1$d857.7$e8765", "marc21-852", [("805", ("cmarc-805",))], "CMARC's"),
        ("=095  \\\\$aNCL$cW1$d857.7$e8765", "marc21-852", [("095", ("taiwan-095",))], "Taiwan's local field"),
        ("=995  \\\\$bSC$fB1$k857.7 8765", "marc21-852", [("995", ("unimarc-995",))], "UNIMARC's"),
        ("=930  \\\\$5 751052105:1$b751052105$aA 1", "marc21-852", [("930", ("unimarc-930",))], "read by a function"),
        ("=852  \\\\$bM$h857.7$i8765$p1", "koha-952", [("852", ALL_OF_852)], "equally good ones"),
        (KOHA, "koha-952", [], "its own preset reads it, and found it empty or withdrawn"),
        ("=952  \\\\$bnote", "marc21-852", [], "a place alone may be anything"),
        ("=500  \\\\$anote", "marc21-852", [], "no such field"),
    ],
)
def test_fields_of_other_presets_are_told(
    fields: str, preset: str, told: list[tuple[str, tuple[str, ...]]], why: str
) -> None:
    found = unread_copies([marc(f"=245  00$aT\n{fields}")], (), preset)
    assert [(one.tag, one.presets) for one in found] == told, why


def test_a_field_that_the_library_describes_itself_is_read() -> None:
    assert unread_copies([marc(KOHA)], {"952"}, "none") == ()


def test_every_preset_names_the_fields_it_reads() -> None:
    assert {tag for preset in PRESETS for tag in tags_of(preset)} >= {"852", "930", "952"}
    assert tags_of("none") == ()


def test_fields_of_few_records_are_not_told() -> None:
    plain = [marc("=245  00$aT")]
    assert unread_copies([marc(KOHA), *plain * 9], (), "marc21-852") == (UnreadCopies("952", ("koha-952",), 1, 10),)
    assert unread_copies([marc(KOHA), *plain * 10], (), "marc21-852") == ()
