"""Every figure that the engine counts, against the same counted edition by edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from indexer.document import class_of, division_of
from indexer.engine import SearchEngine
from indexer.record import Edition
from search_api.collections.compared import AXES, NOT_STATED, Axis, Part, keys
from search_api.collections.measure import measured
from search_api.collections.scope import Scope
from search_api.services import Services
from tests.search_api.collections.conftest import MEMBERS, Site


def keys_of(edition: Edition, axis: Axis) -> set[str]:
    """The keys that an edition counts under."""
    classes = [c.value for c in edition.classifications]
    match axis:
        case "ncsclt" | "ddc":
            found = {class_of(c) for c in classes if c.scheme == axis}
        case "ncsclt_division" | "ddc_division":
            found = {division_of(c) for c in classes if c.scheme == axis.partition("_")[0]}
        case "decade":
            found = {str(edition.year // 10 * 10)} if edition.year else set()
        case "language":
            found = set(edition.languages)
        case "format":
            found = set(edition.format.codes)
    return found - {""} or {NOT_STATED}


def counted(editions: Iterable[Edition]) -> Part:
    some = list(editions)
    by = {axis: Counter(key for one in some for key in keys_of(one, axis)) for axis in AXES}
    return Part(len(some), {axis: dict(counts) for axis, counts in by.items()})


SCOPES = [
    ([], lambda e: True, "the whole catalogue"),
    ([("q", "茶經")], lambda e: e.title and e.title.proper == "茶經", "what a search finds"),
    ([("language", "chi")], lambda e: "chi" in e.languages, "one value of an axis, which narrows that axis, too"),
    (
        [("language", "vie"), ("language", "eng"), ("format", "book")],
        lambda e: {"vie", "eng"} & set(e.languages) and "book" in e.format.codes,
        "several filters",
    ),
    ([("year_from", "1990"), ("year_to", "2005")], lambda e: e.year and 1990 <= e.year <= 2005, "a span of years"),
    ([("q", "nobody has it")], lambda e: False, "nothing"),
]


@pytest.mark.parametrize(("pairs", "within", "why"), SCOPES, ids=[why for _, _, why in SCOPES])
async def test_every_figure_is_what_counting_by_hand_gives(
    opened: Services, made_up: Site, pairs: list[tuple[str, str]], within: object, why: str
) -> None:
    assert callable(within)
    editions = [edition for edition in made_up.editions if within(edition)]
    engine: SearchEngine = opened.engine
    found = await measured(engine, Scope.read(pairs), MEMBERS)
    assert (found.whole.editions, found.state) == (len(editions), await engine.state())
    assert told(found.whole) == told(counted(editions))
    assert found.held_by == {str(n): count for n, count in _holders(editions).items()}, why
    assert [one.library for one in found.members] == list(MEMBERS)
    for one in found.members:
        held = [edition for edition in editions if one.library in edition.libraries]
        assert told(one.held) == told(counted(held)), one.library
        assert told(one.unique) == told(counted(e for e in held if e.libraries == (one.library,))), one.library
        assert one.shared == {
            other: sum(other in edition.libraries for edition in held) for other in MEMBERS if other != one.library
        }
        assert one.unique_share == (one.unique.editions / len(held) if held else None)


def told(part: Part) -> tuple[int, dict[str, dict[str, int]]]:
    return part.editions, {axis: {k: n for k, n in counts.items() if n} for axis, counts in part.by.items()}


def _holders(editions: Iterable[Edition]) -> dict[int, int]:
    return dict(sorted(Counter(len(edition.libraries) for edition in editions).items()))


async def test_a_member_that_holds_nothing_is_there_with_nothing_and_no_share(opened: Services) -> None:
    found = await measured(opened.engine, Scope.read(), MEMBERS)
    delta = found.member("delta")
    assert delta is not None
    assert (delta.held.editions, delta.unique.editions, delta.unique_share) == (0, 0, None)
    assert found.member("former") is None


async def test_keys_stand_as_they_rise_newest_or_by_count_and_what_is_not_told_last(opened: Services) -> None:
    found = await measured(opened.engine, Scope.read(), MEMBERS)
    assert keys(found, "ncsclt") == ("ncsclt:3", "ncsclt:8", NOT_STATED)
    assert keys(found, "decade") == ("2020", "2000", "1990", "1980", NOT_STATED)
    languages = [key for key in keys(found, "language") if key]
    counts = [found.whole.of("language", key) for key in languages]
    assert counts == sorted(counts, reverse=True)
    assert keys(found, "format")[0] == "book"


async def test_progress_is_told_member_by_member(opened: Services) -> None:
    seen: list[tuple[int, int]] = []
    await measured(opened.engine, Scope.read(), MEMBERS, lambda done, of: seen.append((done, of)))
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4)]
