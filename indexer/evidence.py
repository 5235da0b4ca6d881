"""What can be said of two records, each statement with its weight: the one list to read, argue about and change.

A statement is true of the pair; its weight is how much more likely it is of the same edition than of two, as a
natural logarithm (0 says nothing, below 0 speaks against). About one thing at most one statement is made, and none
where neither record says anything. Most weights were fitted on labelled pairs (docs/matching.md); those set by hand
stand apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from indexer.profile import Form, Profile

Value = object
Statement = tuple[str, Value, Value]
"""What is stated, and the two values it is stated of, the first record's first."""

PRIOR = -5.5
"""Where the sum begins: two records that merely share a key are two editions."""

PRIOR_OF_SERIALS = -3.0
"""The same for two serials: neither extent nor edition can speak for them."""

FITTED: dict[str, float] = {
    "titles_equal": 3.2,
    "titles_nearly_equal": 2.5,
    "titles_alike": 0.3,
    "titles_partly_alike": -1.0,
    "titles_hardly_alike": -2.2,
    "titles_differ": -2.9,
    "title_ends_equal": 0.8,
    "title_ends_alike": -1.3,
    "title_ends_partly_alike": -0.4,
    "title_ends_differ": -1.1,
    "subtitle_in_one_titles_equal": 1.1,
    "subtitle_in_one_titles_alike": 1.1,
    "subtitle_in_one_titles_partly_alike": -0.4,
    "subtitle_in_one_titles_differ": 0.2,
    "numbers_in_titles_differ": -3.2,
    "part_named_by_one": -0.5,
    "volumes_equal": 2.1,
    "volumes_differ": -0.4,
    "several_volumes_in_one": 0.9,
    "several_volumes_against_pages": -0.5,
    "creators_equal": 1.6,
    "a_creator_shared": 2.2,
    "creators_differ": -0.1,
    "creator_named_by_one": 0.5,
    "publishers_equal": 0.4,
    "publishers_alike": 0.9,
    "publishers_hardly_alike": 0.3,
    "publishers_differ": -1.4,
    "publisher_named_by_one": 1.0,
    "places_differ": -0.9,
    "countries_differ": -0.3,
    "languages_differ": -1.5,
    "years_equal": 3.1,
    "a_year_shared": 1.0,
    "year_given_by_one": 1.1,
    "one_years_apart": -1.2,
    "two_or_three_years_apart": -2.1,
    "some_years_apart": -2.2,
    "many_years_apart": -2.8,
    "pages_equal": 2.6,
    "pages_nearly_equal": 0.4,
    "pages_close": -0.1,
    "pages_differ": -1.1,
    "pages_far_apart": -1.2,
    "pages_given_by_one": 1.0,
    "editions_differ": -1.9,
    "later_edition_named_by_one": -1.9,
    "revised_says_one": -0.2,
}
"""Fitted on labelled pairs and rounded. Each is worth what it adds to the others: who differs in the creator mostly
differs in the title too, so that the creator adds little."""

BY_HAND: dict[str, float] = {
    "isbn_shared": 6.5,  # strong, not proof: publishers re-use them, cataloguers copy a set's onto its volumes
    "isbns_differ": -4.7,  # else all alike it is the other binding: left open, joined by a record that names both
    "issn_shared": 6.0,
    "issns_differ": -6.0,
    "lccn_shared": 5.0,
    "lccns_differ": -0.5,
    "oclc_number_shared": 5.5,
    "oclc_numbers_differ": -0.5,  # that catalogue holds many records twice, once a language of cataloguing
    "titles_in_unlike_scripts": 0.5,
    "number_in_one_title": -0.3,
    "parts_equal": 0.5,
    "parts_differ": -5.0,
    "translators_shared": 1.0,
    "translators_differ": -5.0,
    "publishers_differ_in_the_vernacular": -4.5,  # one publisher has one name in characters
    "editions_equal": 0.3,
    "years_of_printings": -0.2,  # the later record states a printing: 初版三刷
    "first_years_equal": 2.0,
    "first_years_differ": -1.5,
    "carriers_differ": -9.0,
    "formats_differ": -9.0,
}
"""What the labelled pairs hold too little of: identifiers, parts, Chinese, serials."""

WEIGHTS = FITTED | BY_HAND

_LATIN_LETTER = re.compile("[a-z]")


def similarity(a: Form, b: Form) -> float | None:
    """How alike two texts are, 0 to 100, in the script they share; None when they share none.

    In Chinese a character is a word, so a difference counts twice.
    """
    if a.vernacular and b.vernacular:
        return max(0.0, 2 * fuzz.ratio(a.vernacular, b.vernacular) - 100)
    if a.vernacular or b.vernacular:
        return fuzz.ratio(a.joined, b.joined) if a.joined and b.joined else None
    if not (a.latin and b.latin) or _in_unlike_letters(a.latin, b.latin):
        return None
    return 100.0 if a.joined == b.joined else fuzz.ratio(a.latin, b.latin)


def _in_unlike_letters(a: str, b: str) -> bool:
    """Whether one text is in Latin letters and the other has none: Thai or Russian against a romanisation."""
    return a.isascii() != b.isascii() and not _LATIN_LETTER.search(b if a.isascii() else a)


def statements(a: Profile, b: Profile) -> Iterator[Statement]:
    """Everything that can be said of the pair."""
    yield from _numbers(a, b)
    yield from _titles(a, b)
    yield from _parts(a, b)
    yield from _creators(a, b)
    yield from _publication(a, b)
    if a.serial and b.serial:
        if a.year is not None and b.year is not None:
            yield "first_years_equal" if a.year == b.year else "first_years_differ", a.year, b.year
    else:
        yield from _years(a, b)
        yield from _extent(a, b)
        yield from _editions(a, b)


def _step(prefix: str, value: float, steps: tuple[tuple[float, str], ...], lowest: str) -> str:
    for least, name in steps:
        if value >= least:
            return f"{prefix}_{name}"
    return f"{prefix}_{lowest}"


_TITLE_STEPS = (
    (99.5, "equal"),
    (95.0, "nearly_equal"),
    (88.0, "alike"),
    (78.0, "partly_alike"),
    (64.0, "hardly_alike"),
)
_END_STEPS = ((97.0, "equal"), (85.0, "alike"), (60.0, "partly_alike"))
CONTAINED = 80.0
"""How alike two titles in characters count when one contains the other."""

SAME_NAME = 80.0
SHARED_NAME = 90.0
"""How alike two names must be: those that stand first, and any two of them."""

UNLIKE_SCRIPTS_ALIKE = 78.0
"""Below this a romanisation and our reading of the characters say nothing: there are several romanisations."""


def _numbers(a: Profile, b: Profile) -> Iterator[Statement]:
    for kind, of_a, of_b in (
        ("isbn", a.isbns, b.isbns),
        ("issn", a.issns, b.issns),
        ("lccn", a.lccns, b.lccns),
        ("oclc_number", a.oclcs, b.oclcs),
    ):
        if of_a and of_b and (kind != "issn" or (a.serial and b.serial)):  # on a book it is its series' number
            shared = of_a & of_b
            yield (f"{kind}_shared", min(shared), min(shared)) if shared else (f"{kind}s_differ", min(of_a), min(of_b))


def _titles(a: Profile, b: Profile) -> Iterator[Statement]:
    """How alike the titles are, at best, and how alike to their very ends: generic titles differ in the tail."""
    values = (str(a.whole), str(b.whole))
    ends = similarity(a.whole, b.whole)
    if ends is None or not (a.title and b.title):
        if a.title and b.title:
            yield "titles_in_unlike_scripts", *values
        return
    pairs = ((a.title, b.title), (a.title, b.whole), (a.whole, b.title))
    best = max(ends, *(similarity(x, y) or 0.0 for x, y in pairs))
    in_latin = not (a.whole.vernacular or b.whole.vernacular)
    if in_latin:
        best = max(best, fuzz.token_set_ratio(a.whole.latin, b.whole.latin))
    elif best < CONTAINED and _one_contains_the_other(a.title.vernacular, b.title.vernacular):
        best = CONTAINED
    elif best < UNLIKE_SCRIPTS_ALIKE and bool(a.whole.vernacular) != bool(b.whole.vernacular):
        yield "titles_in_unlike_scripts", *values
        return
    yield _step("titles", best, _TITLE_STEPS, "differ"), *values
    one_has_more = (a.whole is a.title) != (b.whole is b.title)
    yield _step("subtitle_in_one_titles" if one_has_more else "title_ends", ends, _END_STEPS, "differ"), *values
    if a.numbers != b.numbers:
        if a.numbers and b.numbers:
            if not (set(a.numbers) <= set(b.numbers) or set(b.numbers) <= set(a.numbers)):
                yield "numbers_in_titles_differ", a.numbers, b.numbers
        else:
            yield "number_in_one_title", a.numbers, b.numbers


def _one_contains_the_other(a: str, b: str) -> bool:
    """紅樓夢 in 紅樓夢校注: the same book by less of its title, or another about it. Shorter ones say nothing."""
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) >= 3 and shorter in longer


def _parts(a: Profile, b: Profile) -> Iterator[Statement]:
    if a.parts and b.parts:
        yield "parts_equal" if a.parts == b.parts else "parts_differ", a.parts, b.parts
    elif a.parts or b.parts:
        yield "part_named_by_one", a.parts, b.parts
    if a.volumes is not None and b.volumes is not None:
        if a.volumes == b.volumes:
            if a.volumes > 1:
                yield "volumes_equal", a.volumes, b.volumes
        else:
            yield "volumes_differ", a.volumes, b.volumes
    elif max(a.volumes or 0, b.volumes or 0) > 1:
        yield (
            "several_volumes_against_pages" if (a.pages or b.pages) else "several_volumes_in_one",
            a.volumes,
            b.volumes,
        )


def _creators(a: Profile, b: Profile) -> Iterator[Statement]:
    if a.creators and b.creators:
        main = _name_similarity(a.creators[0], b.creators[0])
        if main is not None and main >= SAME_NAME:
            yield "creators_equal", str(a.creators[0]), str(b.creators[0])
        elif (best := _most_alike(a.creators, b.creators)) is not None:
            statement = "a_creator_shared" if best >= SHARED_NAME else "creators_differ"
            yield statement, str(a.creators[0]), str(b.creators[0])
    elif a.creators or b.creators:
        yield "creator_named_by_one", _first(a.creators), _first(b.creators)
    if a.translators and b.translators and (best := _most_alike(a.translators, b.translators)) is not None:
        statement = "translators_shared" if best >= SAME_NAME else "translators_differ"
        yield statement, str(a.translators[0]), str(b.translators[0])


def _first(forms: tuple[Form, ...]) -> str:
    return str(forms[0]) if forms else ""


def _first_word(text: str) -> str:
    return text.partition(" ")[0]


def _most_alike(a: tuple[Form, ...], b: tuple[Form, ...]) -> float | None:
    """The likeness of the two names most alike; None when no two share a script."""
    return max((likeness for x in a for y in b if (likeness := _name_similarity(x, y)) is not None), default=None)


def _name_similarity(a: Form, b: Form) -> float | None:
    if a.vernacular and b.vernacular:
        return fuzz.ratio(a.vernacular, b.vernacular)
    if a.vernacular or b.vernacular:
        return fuzz.ratio(a.joined, b.joined) if a.joined and b.joined else None
    if a.latin == b.latin:
        return 100.0
    return max(fuzz.token_sort_ratio(a.latin, b.latin), fuzz.token_set_ratio(a.latin, b.latin) - 3)


def _publication(a: Profile, b: Profile) -> Iterator[Statement]:
    if a.publishers and b.publishers:
        alike = [s for x in a.publishers for y in b.publishers if (s := _publisher_similarity(x, y)) is not None]
        if alike:
            best = max(alike)
            name = "equal" if best >= 98 else "alike" if best >= 80 else "hardly_alike" if best >= 60 else "differ"
            vernacular = all(p.vernacular for p in (*a.publishers, *b.publishers))
            if name == "differ" and vernacular:
                name = "differ_in_the_vernacular"
            yield f"publishers_{name}", str(a.publishers[0]), str(b.publishers[0])
    elif a.publishers or b.publishers:
        yield "publisher_named_by_one", _first(a.publishers), _first(b.publishers)
    if a.country and b.country and a.country != b.country:
        yield "countries_differ", a.country, b.country
    if a.place and b.place and a.place.isascii() == b.place.isascii() and _first_word(a.place) != _first_word(b.place):
        yield "places_differ", a.place, b.place
    if a.language and b.language and a.language != b.language:
        yield "languages_differ", a.language, b.language


def _publisher_similarity(a: Form, b: Form) -> float | None:
    if a.vernacular and b.vernacular:
        return fuzz.partial_ratio(a.vernacular, b.vernacular)
    if a.vernacular or b.vernacular:
        return fuzz.partial_ratio(a.joined, b.joined) if a.joined and b.joined else None
    return fuzz.partial_ratio(a.latin, b.latin) if a.latin and b.latin else None


def _years(a: Profile, b: Profile) -> Iterator[Statement]:
    if a.year is None and b.year is None:
        return
    if a.year is None or b.year is None:
        shared = bool(a.years & b.years)
        yield "a_year_shared" if shared else "year_given_by_one", a.year, b.year
        return
    apart = abs(a.year - b.year)
    if apart == 0:
        yield "years_equal", a.year, b.year
    elif a.years & b.years:
        yield "a_year_shared", a.year, b.year
    elif a.explains_year_of(b):
        yield "years_of_printings", a.year, b.year
    else:
        name = "one" if apart == 1 else "two_or_three" if apart <= 3 else "some" if apart <= 10 else "many"
        yield f"{name}_years_apart", a.year, b.year


def _extent(a: Profile, b: Profile) -> Iterator[Statement]:
    if a.pages and b.pages:
        apart = abs(a.pages - b.pages)
        share = apart / max(a.pages, b.pages)
        if apart == 0:
            yield "pages_equal", a.pages, b.pages
        elif apart <= 2 or share <= 0.01:
            yield "pages_nearly_equal", a.pages, b.pages
        elif share <= 0.06:
            yield "pages_close", a.pages, b.pages
        else:
            yield "pages_differ" if share <= 0.3 else "pages_far_apart", a.pages, b.pages
    elif a.pages or b.pages:
        yield "pages_given_by_one", a.pages, b.pages


def _editions(a: Profile, b: Profile) -> Iterator[Statement]:
    if a.edition is not None and b.edition is not None:
        if a.edition != b.edition:
            yield "editions_differ", a.edition, b.edition
        else:
            yield "editions_equal", a.edition, b.edition
    elif (a.edition or b.edition or 1) > 1:
        yield "later_edition_named_by_one", a.edition, b.edition
    if a.revised != b.revised:
        yield "revised_says_one", a.revised, b.revised
