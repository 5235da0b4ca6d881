"""What can be said of two records, in statements: the words in which a judgement is told, and the weights set by hand.

A statement is true of the pair. About one thing at most one statement is made. A statement weighs what the table of
learned weights gives its topic (`TOPICS`), what `BY_HAND` says of it, or both: a natural logarithm of how much more
likely it is of the same edition than of two (0 says nothing, below 0 speaks against).
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from indexer.designations import correspond
from indexer.gaps import MARK
from indexer.likeness import CONTAINED, Likeness, most_alike
from indexer.profile import Form, Profile, nearly
from indexer.sounds import sound_alike
from indexer.text import has_cjk
from indexer.work_words import COMES_OUT_ANEW

Value = object
Statement = tuple[str, Value, Value]
"""What is stated, and the two values it is stated of, the first record's first."""

TOPICS: dict[str, tuple[str, ...]] = {
    "titles": (
        "titles_equal",
        "titles_nearly_equal",
        "titles_alike",
        "titles_partly_alike",
        "titles_hardly_alike",
        "titles_differ",
    ),
    "title_ends": (
        "title_ends_equal",
        "title_ends_alike",
        "title_ends_partly_alike",
        "title_ends_differ",
        "subtitle_in_one_titles_equal",
        "subtitle_in_one_titles_alike",
        "subtitle_in_one_titles_partly_alike",
        "subtitle_in_one_titles_differ",
    ),
    "numbers": ("numbers_in_titles_differ", "number_in_one_title", "numbers_in_titles_agree"),
    "volumes": ("volumes_equal", "volumes_differ", "several_volumes_against_pages"),
    "creators": ("creators_equal", "a_creator_shared", "creators_differ"),
    "publishers": (
        "publishers_equal",
        "publishers_alike",
        "publishers_hardly_alike",
        "publishers_differ",
        "publishers_differ_in_the_vernacular",
    ),
    "places": ("places_agree", "places_differ"),
    "countries": ("countries_agree", "countries_differ"),
    "years": (
        "years_equal",
        "a_year_shared",
        "one_years_apart",
        "two_or_three_years_apart",
        "some_years_apart",
        "many_years_apart",
    ),
    "pages": (
        "pages_equal",
        "pages_nearly_equal",
        "pages_close",
        "pages_differ",
        "pages_far_apart",
        "pages_differ_in_the_vernacular",
    ),
    "heights": ("heights_agree", "heights_differ"),
    "editions": ("editions_equal", "editions_differ", "later_edition_named_by_one"),
    "revised": ("revised_says_one",),
}
"""The statements that carry what was learned, by topic (`learned.STEPS`): one of a topic is made whenever it weighs."""

BY_HAND: dict[str, float] = {
    "isbn_shared": 6.5,  # strong, not proof: publishers re-use them, cataloguers copy a set's onto its volumes
    "isbns_differ": -6.0,  # one edition has one number, but for its bindings
    "isbns_of_two_bindings": -0.5,  # 平裝 here, 精裝 there: two numbers of one edition
    "issn_shared": 6.0,
    "issns_differ": -6.0,
    "lccn_shared": 5.0,
    "lccns_differ": -0.5,
    "oclc_number_shared": 5.5,
    "oclc_numbers_differ": -0.5,  # that catalogue holds many records twice, once a language of cataloguing
    "titles_in_unlike_scripts": 0.5,
    "titles_sound_alike": 2.0,
    "titles_sound_unlike": -5.0,
    "parts_equal": 0.5,
    "parts_differ": -5.0,
    "character_missing_in_title": -0.5,  # 〓: more than one title fits
    "parts_correspond": 0.0,  # 上 here, v. 1 there
    "part_named_by_one": -0.5,
    "translators_shared": 1.0,
    "translators_differ": -5.0,
    "publishers_differ_in_the_vernacular": -4.5,  # one publisher has one name in characters
    "pages_differ_in_the_vernacular": -4.0,  # titles in characters are short, and houses keep them for a new setting
    "languages_differ": -0.3,  # alone more often a miscoded record than a translation: a veto says when
    "companion_named_by_one": -5.0,  # a study guide and the book it guides through
    "titles_differ_in_a_word": -4.0,  # 初級 and 中級: what sets volumes and courses apart
    "versions_differ": -5.0,  # 注音版 and 漫畫版
    "version_named_by_one": -2.5,  # it may have been left out of the other
    "same_setting": 2.8,  # a later year, but all else as it was: nobody sets a book anew to the page
    "editions_count_printings": -0.2,  # 八版 two years after 初版, of the same extent
    "years_of_printings": -0.2,  # the later record states a printing: 初版三刷
    "first_years_equal": 2.0,
    "first_years_differ": -1.5,
    "both_serials": 2.5,  # neither extent nor edition can speak for them
    "carriers_differ": -9.0,
    "formats_differ": -9.0,
    "formats_confused": -2.0,  # a set in parts taken for a serial
}
"""What the labelled pairs hold too little of: identifiers, parts, Chinese, serials."""

TOPIC_OF: dict[str, str] = {statement: topic for topic, statements in TOPICS.items() for statement in statements}

STATEMENTS: frozenset[str] = frozenset(TOPIC_OF) | frozenset(BY_HAND)
"""Every statement there is."""


def statements(a: Profile, b: Profile, found: Likeness) -> Iterator[Statement]:
    """Everything that can be said of the pair, whose likeness is ``found``."""
    yield from _numbers(a, b)
    yield from _titles(a, b, found)
    yield from _parts(a, b, found)
    yield from _creators(a, b, found)
    yield from _publication(a, b, found)
    if a.serial and b.serial:
        yield "both_serials", a.format, b.format
        if a.year is not None and b.year is not None:
            yield "first_years_equal" if a.year == b.year else "first_years_differ", a.year, b.year
    else:
        yield from _years(a, b, found)
        yield from _extent(a, b, found)
        yield from _editions(a, b, found)


Steps = tuple[tuple[float, str], ...]
"""From which value on what is stated, falling."""

_TITLES: Steps = (
    (99.5, "titles_equal"),
    (95.0, "titles_nearly_equal"),
    (88.0, "titles_alike"),
    (78.0, "titles_partly_alike"),
    (64.0, "titles_hardly_alike"),
    (0.0, "titles_differ"),
)
_ENDS: Steps = ((97.0, "equal"), (85.0, "alike"), (60.0, "partly_alike"), (0.0, "differ"))
_PUBLISHERS: Steps = (
    (98.0, "publishers_equal"),
    (80.0, "publishers_alike"),
    (60.0, "publishers_hardly_alike"),
    (0.0, "publishers_differ"),
)
_HARDLY = frozenset({"publishers_differ", "publishers_hardly_alike"})
SAME_NAME = 80.0
SHARED_NAME = 90.0
"""How alike two names must be: those that stand first, and any two of them."""

SAME_PLACE = 80.0
SAME_HEIGHT = 1.0
"""Centimetres apart that two rulers may be."""


def _step(value: float, steps: Steps) -> str:
    for least, name in steps:
        if value >= least:
            return name
    return steps[-1][1]


def _numbers(a: Profile, b: Profile) -> Iterator[Statement]:
    for kind, of_a, of_b in (
        ("isbn", a.isbns, b.isbns),
        ("issn", a.issns, b.issns),
        ("lccn", a.lccns, b.lccns),
        ("oclc_number", a.oclcs, b.oclcs),
    ):
        if of_a and of_b and (kind != "issn" or (a.serial and b.serial)):  # on a book it is its series' number
            shared = of_a & of_b
            if shared:
                yield f"{kind}_shared", min(shared), min(shared)
            elif kind == "isbn" and a.bindings and b.bindings and a.bindings.isdisjoint(b.bindings):
                yield "isbns_of_two_bindings", min(of_a), min(of_b)
            else:
                yield f"{kind}s_differ", min(of_a), min(of_b)


def _titles(a: Profile, b: Profile, found: Likeness) -> Iterator[Statement]:
    """How alike the titles are, at best, and how alike to their very ends: generic titles differ in the tail."""
    values = (str(a.whole), str(b.whole))
    if found.titles is None or found.ends is None:
        if a.title and b.title:
            alike = _sound_alike(a, b)
            unknown = alike is None
            yield "titles_in_unlike_scripts" if unknown else f"titles_sound_{'alike' if alike else 'unlike'}", *values
        return
    best = found.titles
    if not (a.whole.vernacular or b.whole.vernacular):
        best = max(best, found.words or 0.0)
    elif best < CONTAINED and _one_contains_the_other(a.title.vernacular, b.title.vernacular):
        best = CONTAINED
    yield _step(best, _TITLES), *values
    if a.whole.gaps or b.whole.gaps:
        yield "character_missing_in_title", _gaps_shown(a), _gaps_shown(b)
    if a.companion != b.companion:
        yield "companion_named_by_one", *values
    if a.whole.vernacular and b.whole.vernacular and _another_word(a.whole.vernacular, b.whole.vernacular):
        yield "titles_differ_in_a_word", *values
    if a.versions and b.versions and a.versions != b.versions:
        yield "versions_differ", *values
    elif a.versions != b.versions and a.whole.vernacular and b.whole.vernacular:
        yield "version_named_by_one", *values
    ends = "title_ends" if found.subtitle_in_one else "subtitle_in_one_titles"
    yield f"{ends}_{_step(found.ends, _ENDS)}", *values
    if found.numbers is not None:
        yield (
            ("numbers_in_titles_differ", "number_in_one_title", "numbers_in_titles_agree")[min(2, int(found.numbers))],
            a.numbers,
            b.numbers,
        )


def _gaps_shown(one: Profile) -> str:
    return (one.whole.gaps or str(one.whole)).replace(MARK, "〓")


def _sound_alike(a: Profile, b: Profile) -> bool | None:
    """Whether titles in unlike scripts may be the same words; of title proper and whole title, the more alike."""
    in_own, in_latin = (b, a) if _is_latin(a.title) else (a, b)
    if _is_latin(in_own.title) or not _is_latin(in_latin.title):
        return None
    proper = sound_alike(str(in_own.title), in_latin.title.latin.replace(" ", ""))
    return proper or sound_alike(str(in_own.whole), in_latin.whole.latin.replace(" ", "")) or proper


def _is_latin(title: Form) -> bool:
    return not title.vernacular and title.latin.isascii()


def _one_contains_the_other(a: str, b: str) -> bool:
    """紅樓夢 in 紅樓夢校注: the same book by less of its title, or another about it. Shorter ones say nothing."""
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) >= 3 and shorter in longer


def _another_word(a: str, b: str) -> bool:
    """Whether one title has another character where the other has its own: 初級 and 中級, 上 and 下, 總論 and 各論.

    A character is a word. What one title only lacks is no other word, and numerals are compared as numbers.
    """
    if a == b or abs(len(a) - len(b)) > max(len(a), len(b)) // 3:
        return False
    return any(
        edit.tag == "replace" and has_cjk(a[edit.src_pos]) and has_cjk(b[edit.dest_pos])
        for edit in Levenshtein.editops(a, b)
    )


def _parts(a: Profile, b: Profile, found: Likeness) -> Iterator[Statement]:
    if a.parts and b.parts:
        statement = "parts_correspond" if correspond(a.parts, b.parts) else "parts_differ"
        yield "parts_equal" if a.parts == b.parts else statement, a.parts, b.parts
    elif a.parts or b.parts:
        yield "part_named_by_one", a.parts, b.parts
    if found.volumes is not None:
        yield (
            ("volumes_differ", "several_volumes_against_pages", "volumes_equal")[int(found.volumes)],
            a.volumes,
            b.volumes,
        )


def _creators(a: Profile, b: Profile, found: Likeness) -> Iterator[Statement]:
    if found.creators is not None:
        if found.main_creator is not None and found.main_creator >= SAME_NAME:
            statement = "creators_equal"
        else:
            statement = "a_creator_shared" if found.creators >= SHARED_NAME else "creators_differ"
        yield statement, str(a.creators[0]), str(b.creators[0])
    if a.translators and b.translators and (best := most_alike(a.translators, b.translators)) is not None:
        statement = "translators_shared" if best >= SAME_NAME else "translators_differ"
        yield statement, str(a.translators[0]), str(b.translators[0])


def _publication(a: Profile, b: Profile, found: Likeness) -> Iterator[Statement]:
    if found.publishers is not None:
        statement = _step(found.publishers, _PUBLISHERS)
        if statement in _HARDLY and _all_vernacular(a.publishers) and _all_vernacular(b.publishers):
            statement = "publishers_differ_in_the_vernacular"  # 天下 and 天地: half of a short name is none of it
        yield statement, str(a.publishers[0]), str(b.publishers[0])
    if found.countries is not None:
        yield "countries_agree" if found.countries else "countries_differ", a.country, b.country
    if found.places is not None:
        yield "places_agree" if found.places >= SAME_PLACE else "places_differ", a.place, b.place
    if a.language and b.language and a.language != b.language:
        yield "languages_differ", a.language, b.language


def _all_vernacular(names: tuple[Form, ...]) -> bool:
    return all(name.vernacular for name in names)


def _years(a: Profile, b: Profile, found: Likeness) -> Iterator[Statement]:
    if found.printed_years is None:
        if a.explains_year_of(b):
            yield "years_of_printings", a.year, b.year
        return
    values = (a.year or min(a.years), b.year or min(b.years))
    if found.years == 0.0:
        yield "years_equal", *values
    elif found.printed_years == 0.0:
        yield "a_year_shared", *values
    else:
        apart = found.years if found.years is not None else found.printed_years
        name = "one" if apart <= 1 else "two_or_three" if apart <= 3 else "some" if apart <= 10 else "many"
        yield f"{name}_years_apart", *values
        if apart <= MOST_YEARS_OF_A_SETTING and _same_setting(a, b, found):
            yield "same_setting", a.pages, b.pages


MOST_YEARS_OF_A_SETTING = 10
FEWEST_PAGES_OF_A_SETTING = 32
"""Books for small children have as many pages as a sheet makes."""


def _same_setting(a: Profile, b: Profile, found: Likeness) -> bool:
    """Whether books in characters agree to the page in all that a new edition changes, and differ in nothing.

    The title must be the same to its end; what counts years in its title or part comes out anew each year.
    """
    if not (a.title.vernacular or b.title.vernacular) or a.parts != b.parts or a.revised != b.revised:
        return False
    if COMES_OUT_ANEW.search(a.title.vernacular):
        return False
    if found.pages != 0 or (a.pages or 0) < FEWEST_PAGES_OF_A_SETTING or found.editions not in (None, 2.0):
        return False
    if found.height is not None and found.height > SAME_HEIGHT:
        return False
    if found.main_creator is not None and found.main_creator < SAME_OF_A_SETTING:
        return False
    alike = (found.titles, found.ends, found.publishers)
    return all(value is not None and value >= SAME_OF_A_SETTING for value in alike)


SAME_OF_A_SETTING = 95.0


def _extent(a: Profile, b: Profile, found: Likeness) -> Iterator[Statement]:
    if found.height is not None:
        yield "heights_agree" if found.height <= SAME_HEIGHT else "heights_differ", a.height, b.height
    if found.pages is None or found.share_of_pages is None:
        return
    if found.pages == 0:
        statement = "pages_equal"
    elif nearly(a.pages or 0, b.pages or 0):
        statement = "pages_nearly_equal"
    elif found.share_of_pages <= 0.06:
        statement = "pages_close"
    else:
        statement = "pages_differ" if found.share_of_pages <= 0.3 else "pages_far_apart"
        if a.title.vernacular and b.title.vernacular:
            statement = "pages_differ_in_the_vernacular"
    yield statement, a.pages, b.pages


def _editions(a: Profile, b: Profile, found: Likeness) -> Iterator[Statement]:
    if a.counts_printings_of(b):
        yield "editions_count_printings", a.edition or a.counted, b.edition or b.counted
    elif found.editions is not None:
        yield (
            ("editions_differ", "later_edition_named_by_one", "editions_equal")[int(found.editions)],
            a.edition or a.counted,
            b.edition or b.counted,
        )
    if found.revised is not None:
        yield "revised_says_one", a.revised, b.revised
