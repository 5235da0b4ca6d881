"""Two profiles → how alike they are, in numbers: what the learned weights read and what statements are made from.

Every number is the same for the records in either order, is a difference or a likeness (never what one record alone
says), and is None where one of the records, or both, say nothing: what is missing has no number, and no weight.
Characters count as words do in Latin letters, so that one set of weights serves every script.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from indexer.profile import Form, Profile

_LATIN_LETTER = re.compile("[a-z]")

MANY_YEARS = 60
"""Years apart beyond which a further year says nothing."""

CONTAINED = 80.0
"""How alike two titles in characters count at most when one contains the other, as 日本語 and 日本語問題集."""


class Likeness(NamedTuple):
    """Ratios go from 0 to 100, differences from 0 up; a *state* is a small whole number, the higher the more alike."""

    titles: float | None = None  # best ratio of title proper or whole title with either of the other record
    proper: float | None = None  # ratio of the titles proper
    ends: float | None = None  # ratio of the whole titles
    words: float | None = None  # of the whole titles' words in any order, those of one allowed to lack
    sorted_words: float | None = None  # the same, none allowed to lack
    inside: float | None = None  # the shorter whole title against the like stretch of the longer
    beginning: float | None = None  # share of the shorter whole title that both begin with
    words_of_both: float | None = None  # words that each has and the other lacks: the fewer of the two
    words_of_one: float | None = None  # the more of the two
    subtitle_in_one: float | None = None  # state: 0 only one has more than a title proper, 1 both or none
    numbers: float | None = None  # state of the numbers in the titles: 0 differ, 1 in one only, 2 some, 3 all shared
    volumes: float | None = None  # state: 0 differ, 1 several against pages, 2 the same several
    main_creator: float | None = None  # ratio of the names that stand first
    creators: float | None = None  # of the two names most alike
    publishers: float | None = None  # the shorter name inside the longer, of the two most alike
    whole_publishers: float | None = None  # of the two names most alike
    places: float | None = None
    countries: float | None = None  # state: 0 differ, 1 the same
    years: float | None = None  # coded years apart
    printed_years: float | None = None  # the nearest two of the years they were published in
    all_years: float | None = None  # the nearest two of all years mentioned
    latest_years: float | None = None
    earliest_years: float | None = None
    doubted_years: float | None = None  # records that doubt their year: 1 or 2
    pages: float | None = None
    share_of_pages: float | None = None  # of the longer
    height: float | None = None  # centimetres apart
    leaves: float | None = None  # state of the Roman pages: 0 differ, 1 in one only, 2 the same
    editions: float | None = None  # state: 0 numbers differ, 1 a later one stated by one only, 2 the same
    revised: float | None = None  # state: 0 only one says revised


def likeness(a: Profile, b: Profile) -> Likeness:
    """How alike the two records are."""
    titles = _titles(a, b)
    creators = _creators(a, b)
    publishers = _publishers(a, b)
    places = None
    if a.place and b.place and a.place.isascii() == b.place.isascii():
        places = fuzz.partial_ratio(a.place, b.place)
    countries = float(a.country == b.country) if a.country and b.country else None
    numbers = None if titles[0] is None else _numbers(a, b)
    said = (*titles, numbers)
    published = (*creators, *publishers, places, countries)
    if a.serial and b.serial:  # its first year is compared by hand; extent and edition say nothing
        return Likeness._make((*said, None, *published, *(None,) * 12))
    return Likeness._make((*said, _volumes(a, b), *published, *_years(a, b), *_pages(a, b), *_editions(a, b)))


def ratio(a: Form, b: Form) -> float | None:
    """How alike two texts are, 0 to 100, in the script they share; None when they share none.

    In Chinese a character is a word, so a difference counts twice.
    """
    if a.vernacular and b.vernacular:
        return max(0.0, 2 * fuzz.ratio(a.vernacular, b.vernacular) - 100)
    if a.vernacular or b.vernacular:
        return fuzz.ratio(a.joined, b.joined) if a.joined and b.joined else None
    if not (a.latin and b.latin) or in_unlike_letters(a.latin, b.latin):
        return None
    return 100.0 if a.joined == b.joined else fuzz.ratio(a.latin, b.latin)


def in_unlike_letters(a: str, b: str) -> bool:
    """Whether one text is in Latin letters and the other has none: Thai or Russian against a romanisation."""
    return a.isascii() != b.isascii() and not _LATIN_LETTER.search(b if a.isascii() else a)


def _titles(a: Profile, b: Profile) -> tuple[float | None, ...]:
    proper = ratio(a.title, b.title)
    ends = proper if a.whole is a.title and b.whole is b.title else ratio(a.whole, b.whole)
    if proper is None or ends is None:
        return (None,) * 10
    best = max(proper, ends)
    if best < 100.0:
        best = max(best, ratio(a.title, b.whole) or 0.0, ratio(a.whole, b.title) or 0.0)
    one, other = a.whole, b.whole
    if one.vernacular and other.vernacular:
        text, text_b, spaced, spaced_b = one.vernacular, other.vernacular, one.words, other.words
    else:
        in_latin = not (one.vernacular or other.vernacular)
        text, text_b = (one.latin, other.latin) if in_latin else (one.joined, other.joined)
        spaced, spaced_b = one.latin, other.latin
    subtitle = float((a.whole is a.title) == (b.whole is b.title))
    if spaced == spaced_b:
        return best, proper, ends, 100.0, 100.0, 100.0, 1.0, 0.0, 0.0, subtitle
    in_characters = bool(one.vernacular and other.vernacular)
    most = CONTAINED if in_characters and best < 100.0 else 100.0
    words, words_b = set(spaced.split()), set(spaced_b.split())
    lacking, lacking_b = len(words - words_b), len(words_b - words)
    return (
        best,
        proper,
        ends,
        min(most, fuzz.token_set_ratio(spaced, spaced_b)),
        fuzz.token_sort_ratio(spaced, spaced_b),
        min(most, fuzz.partial_ratio(text, text_b)),
        Prefix.similarity(text, text_b) / min(len(text), len(text_b)),
        float(min(lacking, lacking_b)),
        float(max(lacking, lacking_b)),
        subtitle,
    )


def _numbers(a: Profile, b: Profile) -> float | None:
    if a.numbers == b.numbers:
        return 3.0 if a.numbers else None
    if not (a.numbers and b.numbers):
        return 1.0
    one, other = set(a.numbers), set(b.numbers)
    return 2.0 if one <= other or other <= one else 0.0


def _volumes(a: Profile, b: Profile) -> float | None:
    if a.volumes is not None and b.volumes is not None:
        return 0.0 if a.volumes != b.volumes else 2.0 if a.volumes > 1 else None
    if max(a.volumes or 0, b.volumes or 0) > 1 and (a.pages or b.pages):
        return 1.0
    return None


def _creators(a: Profile, b: Profile) -> tuple[float | None, float | None]:
    if not (a.creators and b.creators):
        return None, None
    main = name_ratio(a.creators[0], b.creators[0])
    if main == 100.0:
        return main, main
    return main, most_alike(a.creators, b.creators)


def most_alike(a: tuple[Form, ...], b: tuple[Form, ...]) -> float | None:
    """The likeness of the two names most alike; None when no two share a script."""
    return max((found for x in a for y in b if (found := name_ratio(x, y)) is not None), default=None)


def name_ratio(a: Form, b: Form) -> float | None:
    """How alike two names are, in either order of their words; None when they share no script."""
    if a.vernacular and b.vernacular:
        return fuzz.ratio(a.vernacular, b.vernacular)
    if a.vernacular or b.vernacular:
        return fuzz.ratio(a.joined, b.joined) if a.joined and b.joined else None
    if a.latin == b.latin:
        return 100.0
    if in_unlike_letters(a.latin, b.latin):
        return None
    return max(fuzz.token_sort_ratio(a.latin, b.latin), fuzz.token_set_ratio(a.latin, b.latin) - 3)


def _publishers(a: Profile, b: Profile) -> tuple[float | None, float | None]:
    inside: float | None = None
    whole: float | None = None
    for x in a.publishers:
        for y in b.publishers:
            if x.vernacular and y.vernacular:
                one, other = x.vernacular, y.vernacular
            elif x.vernacular or y.vernacular:
                one, other = x.joined, y.joined
            else:
                one, other = x.latin, y.latin
            if not (one and other) or in_unlike_letters(one, other):
                continue
            if one == other:
                return 100.0, 100.0
            inside = max(inside or 0.0, fuzz.partial_ratio(one, other))
            whole = max(whole or 0.0, fuzz.ratio(one, other))
    return inside, whole


def _years(a: Profile, b: Profile) -> tuple[float | None, ...]:
    coded = printed = nearest = latest = earliest = doubted = None
    if a.year is not None and b.year is not None:
        coded = float(min(abs(a.year - b.year), MANY_YEARS))
    if a.years and b.years:
        printed = _nearest(a.years, b.years)
        if printed and a.explains_year_of(b):  # 初版三刷: the year of a printing is no conflict
            return (None,) * 6
        nearest = _nearest(a.all_years, b.all_years) if printed else 0.0
        latest = float(min(abs(max(a.all_years) - max(b.all_years)), MANY_YEARS))
        earliest = float(min(abs(min(a.all_years) - min(b.all_years)), MANY_YEARS))
        doubted = float(a.year_doubted + b.year_doubted) or None
    return coded, printed, nearest, latest, earliest, doubted


def _nearest(a: frozenset[int], b: frozenset[int]) -> float:
    if not a.isdisjoint(b):
        return 0.0
    return float(min(MANY_YEARS, *(abs(x - y) for x in a for y in b)))


def _pages(a: Profile, b: Profile) -> tuple[float | None, ...]:
    height = abs(a.height - b.height) if a.height is not None and b.height is not None else None
    if not (a.pages and b.pages):
        return None, None, height, None
    apart = abs(a.pages - b.pages)
    leaves = None
    if a.leaves or b.leaves:
        leaves = 2.0 if a.leaves == b.leaves else 0.0 if a.leaves and b.leaves else 1.0
    return float(apart), apart / max(a.pages, b.pages), height, leaves


def _editions(a: Profile, b: Profile) -> tuple[float | None, float | None]:
    editions: float | None = None
    if (numbers := a.edition_numbers(b)) is not None:
        if not a.counts_printings_of(b):  # 八版 two years after 初版, of the same extent
            editions = 2.0 if numbers[0] == numbers[1] else 0.0
    elif (a.edition or b.edition or 1) > 1:
        editions = 1.0
    return editions, None if a.revised == b.revised else 0.0
