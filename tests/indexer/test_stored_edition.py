"""Editions as index documents carry them: everything comes back, and what says nothing takes no room."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import orjson
import pytest

from indexer.record import (
    Agent,
    Carrier,
    Classification,
    Edition,
    Format,
    Holding,
    Identifier,
    Imprint,
    Item,
    Link,
    Member,
    Series,
    Sourced,
    Subject,
    Title,
)
from indexer.stored_edition import edition, row, stored

BARE = Edition("e1", (Member("ntl", "1", "1"),))
BY = ("haifeng", "ntl")


def full() -> Edition:
    """An edition with something other than the default in every field."""
    texts = dict.fromkeys(("responsibilities", "editions", "extents", "notes", "summaries", "contents"), "a text")
    years = dict.fromkeys(("years", "copyright_years", "original_years"), 1999)
    nouns = {
        "titles": Title("紅樓夢", romanised="Hong lou meng", kind="variant"),
        "agents": Agent("曹雪芹", role="aut", more_roles=("trl",), more_numbers=("n1",), main=True),
        "imprints": Imprint("臺北", "里仁", "1999"),
        "series": Series("a series", "3"),
        "subjects": Subject("fiction", numbers=("n2", "n3")),
        "classifications": Classification("857.49", "ncsclt"),
        "identifiers": Identifier("isbn", "9789861234567", valid=False),
        "links": Link("https://example.org/"),
    }
    values: dict[str, Any] = {name: (Sourced(value, BY),) for name, value in (texts | years | nouns).items()}
    codes = ("languages", "original_languages", "intermediate_languages", "subtitle_languages", "audience")
    values |= dict.fromkeys((*codes, "variant_names", "variant_subjects"), ("x", "y"))
    item = Item(barcode="B1", volume="v.1")
    return Edition(
        "e1",
        (Member("haifeng", "7", "7", "unimarc"), Member("ntl", "1", "1")),
        **values,
        end_year=2001,
        country="tw",
        format=Format.COMIC,
        carrier=Carrier.ONLINE,
        holdings=(Holding("ntl", "1", "1", items=(item, replace(item, note="torn"))), Holding("haifeng", "7", "7")),
        year_questionable=True,
        work="w1",
    )


def test_every_field_comes_back() -> None:
    whole = full()
    same = [one.name for one in fields(Edition) if getattr(whole, one.name) == getattr(BARE, one.name)]
    assert same == ["id"], "the test has to fill every field there is"
    assert edition(stored(whole)) == whole


def test_what_has_its_default_is_not_stored() -> None:
    assert orjson.loads(stored(BARE)) == {
        "id": "e1",
        "members": [{"library": "ntl", "identifier": "1", "local_id": "1"}],
    }
    assert edition(stored(BARE)) == BARE


def test_a_row_has_what_a_list_shows_and_nothing_else() -> None:
    shown = {
        "titles",
        "agents",
        "responsibilities",
        "editions",
        "imprints",
        "years",
        "extents",
        "identifiers",
        "subjects",
        "classifications",
    }
    found, whole = row(stored(full())), full()
    for one in fields(Edition):
        value = getattr(found, one.name)
        if one.name in shown or value != getattr(BARE, one.name):
            assert value == getattr(whole, one.name)
    assert (found.holdings, found.notes, found.links) == ((), (), ())
    assert found.libraries == whole.libraries


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing"),
        ("{", "cut off"),
        ("[]", "no object"),
        ("{}", "nothing that names it"),
        ('{"id": "e1", "members": [{"code": "ntl"}]}', "fields of another version"),
        ('{"id": "e1", "members": [], "shelf": 1}', "a field of another version"),
        ('{"id": "e1", "members": [], "titles": ["x"]}', "a value that is no noun"),
    ],
)
def test_what_is_of_another_version_is_refused(text: str, why: str) -> None:
    for read in (edition, row):
        with pytest.raises(ValueError, match="not an edition of this version"):
            read(text)
