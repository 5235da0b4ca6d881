"""Two records → do they describe the same edition: a score, a verdict, and every reason for it.

The score adds up what `evidence` states of the pair, mostly by learned weights (`learned`): the natural logarithm of
the odds that they are the same. Vetoes stand beside it: conflicts that no amount of likeness outweighs, each with its
own rule below. What is missing is no conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from indexer.aligning import aligned
from indexer.evidence import BY_HAND, TOPIC_OF, Statement, statements
from indexer.learned import TOPICS, learned, levels_of
from indexer.likeness import likeness
from indexer.makers import makers_differ, namesakes
from indexer.profile import SEQUEL, Profile, profile
from indexer.record import Carrier, Format, Record

SAME = learned().threshold
"""At least this: the same edition. Of labelled pairs not learned from .995 of those above are (docs/matching.md)."""

DIFFERENT = SAME - 3.2
"""At most this, with something to speak against it: two editions. Between the two nobody knows, and the records stay
apart; but only what is different keeps them from meeting in one edition through others."""

RULES = "10"
"""Which statements, weights by hand, vetoes and keys judged: changed with every change to them."""

MODEL = f"{RULES}.{learned().version}"
"""Which rules and which learned weights judge: where it is another than before, all is judged anew."""

Verdict = Literal["same", "different", "unsure"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A statement true of the pair, with the two values it is about. ``veto``: it alone forbids one edition."""

    statement: str
    a: str
    b: str
    weight: float
    veto: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """``score`` is the sum of the weights and the prior; vetoes come first among the reasons, then the weightiest."""

    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]


class Opinion(NamedTuple):
    """A judgement in few words, for millions of pairs. Swapping the records gives the same opinion."""

    score: float
    verdict: Verdict
    statements: tuple[str, ...]
    vetoes: tuple[str, ...]


COMPATIBLE_FORMATS = frozenset(
    {
        frozenset({Format.BOOK, Format.THESIS}),
        frozenset({Format.THESIS, Format.MANUSCRIPT}),
        frozenset({Format.SERIAL, Format.NEWSPAPER}),
        frozenset({Format.SOUND, Format.AUDIOBOOK}),
        frozenset({Format.FILM, Format.KIT}),
        # Few libraries say which books are for looking at.
        frozenset({Format.BOOK, Format.PICTURE_BOOK}),
        frozenset({Format.BOOK, Format.COMIC}),
        frozenset({Format.PICTURE_BOOK, Format.COMIC}),
        frozenset({Format.BOOK, Format.LARGE_PRINT}),  # carriers tell these apart
        frozenset({Format.BOOK, Format.BRAILLE}),
        frozenset({Format.KIT, Format.GAME}),
        frozenset({Format.SOFTWARE, Format.GAME}),
    }
)
"""Formats that two cataloguers may rightly give the same thing; `OTHER` is no statement and agrees with all."""

CONFUSED_FORMATS = frozenset({frozenset({Format.BOOK, Format.SERIAL}), frozenset({Format.BOOK, Format.SCORE})})
"""Formats that cataloguers take one for the other: what comes out in parts, songs with their words. Said against one
edition, and no veto."""

_YEARS_APART = frozenset(
    {"one_years_apart", "two_or_three_years_apart", "some_years_apart", "many_years_apart", "first_years_differ"}
)
_PUBLISHERS_DIFFER = frozenset({"publishers_differ", "publishers_differ_in_the_vernacular"})
_PAGES_DIFFER = frozenset({"pages_differ", "pages_far_apart", "pages_differ_in_the_vernacular"})
_MORE_IN_ONE_TITLE = frozenset(
    {"subtitle_in_one_titles_alike", "subtitle_in_one_titles_partly_alike", "subtitle_in_one_titles_differ"}
)
_EXTENT_DIFFERS = _PAGES_DIFFER | {"heights_differ", "volumes_differ", "several_volumes_against_pages"}
_SHARED_NUMBER = frozenset({"isbn_shared", "lccn_shared", "oclc_number_shared", "issn_shared"})
_OTHER_ISBNS = frozenset({"isbns_differ", "isbns_of_two_bindings"})
_CONFLICTS = (
    _YEARS_APART
    | _PUBLISHERS_DIFFER
    | _PAGES_DIFFER
    | {"editions_differ", "later_edition_named_by_one", "revised_says_one", "volumes_differ", "part_named_by_one"}
    | {"several_volumes_against_pages", "numbers_in_titles_differ", "languages_differ", "titles_differ"}
)
_SUPPORT = _SHARED_NUMBER | frozenset(
    {"years_equal", "a_year_shared", "one_years_apart", "first_years_equal", "pages_equal", "pages_nearly_equal"}
    | {"pages_close", "volumes_equal", "years_of_printings"}
)
"""One of these is stated of the same edition: else a stub of a short title and a name joins whatever comes first."""

_PAGES_AGREE = frozenset({"pages_equal", "pages_nearly_equal"})
_UNREAD = frozenset({"titles_in_unlike_scripts", "titles_differ"})

TELLING_TITLE = 5
"""Words, or characters, of a title proper that hardly any two books of one author share."""

_TITLES_APART = frozenset({"titles_differ", "titles_hardly_alike"})

ALWAYS = frozenset(
    {
        "carriers_differ",
        "formats_differ",
        "parts_differ",
        "translators_differ",
        "issns_differ",
        "companion_named_by_one",
        "versions_differ",
    }
)
"""Statements that are a veto by themselves."""


def compare(a: Record, b: Record) -> Judgement:
    """Whether two records describe the same edition, and why. ``compare(b, a)`` says the same with values swapped."""
    return judgement(profile(a), profile(b))


def judgement(a: Profile, b: Profile) -> Judgement:
    """The same for records whose facts are known."""
    a, b = aligned(a, b)
    found = likeness(a, b)
    weigh = _Weights(tuple(levels_of(found)))
    stated = [*_kinds(a, b), *statements(a, b, found)]
    formed = opinion(a, b)
    reasons = [
        Reason(name, _shown(of_a), _shown(of_b), round(weigh(name), 2), veto=name in formed.vetoes)
        for name, of_a, of_b in stated
    ]
    reasons.sort(key=lambda reason: (not reason.veto, -abs(reason.weight), reason.statement))
    return Judgement(formed.score, formed.verdict, tuple(reasons))


def opinion(a: Profile, b: Profile) -> Opinion:
    """The judgement without its values."""
    kinds_stated: tuple[Statement, ...] = ()
    if a.carrier is not b.carrier or a.format is not b.format:
        kinds_stated = tuple(_kinds(a, b))
        kinds = tuple(name for name, _, _ in kinds_stated)
        if not ALWAYS.isdisjoint(kinds):
            vetoing = tuple(name for name in kinds if name in ALWAYS)
            return Opinion(sum(map(BY_HAND.__getitem__, kinds)), "different", kinds, vetoing)
    a, b = aligned(a, b)
    found = likeness(a, b)
    names = tuple([name for name, _, _ in (*kinds_stated, *statements(a, b, found))])
    weighed = _weighed(tuple(levels_of(found)), names)
    vetoes = tuple(sorted(set(_vetoes(a, b, weighed.names))))
    apart = weighed.score <= DIFFERENT and weighed.against
    alike = weighed.score >= SAME and _share_enough(a, b, weighed.names)
    verdict: Verdict = "different" if vetoes or apart else "same" if alike else "unsure"
    return Opinion(weighed.score, verdict, weighed.weightiest_first, vetoes)


class _Weighed(NamedTuple):
    """What statements come to, vetoes apart."""

    score: float
    names: frozenset[str]
    weightiest_first: tuple[str, ...]
    against: bool  # something speaks against one edition


@lru_cache(maxsize=1 << 15)  # most pairs say what others have said: of 35,000 pairs 800 stand on steps of their own
def _weighed(levels: tuple[int, ...], stated: tuple[str, ...]) -> _Weighed:
    """What these statements come to of a pair whose likeness stands on these steps."""
    weigh = _Weights(levels)
    weights = {name: weigh(name) for name in stated}
    score = round(learned().base + sum(sorted(weights.values())), 2)
    return _Weighed(
        score,
        frozenset(weights),
        tuple(sorted(weights, key=lambda name: (-abs(round(weights[name], 2)), name))),
        against=min(weights.values(), default=0.0) < 0,
    )


def by_hand(a: Profile, b: Profile) -> float:
    """What the statements true of two records weigh by hand: learning begins from it."""
    stated = [*_kinds(a, b), *statements(a, b, likeness(a, b))]
    return sum(BY_HAND.get(name, 0.0) for name, _, _ in stated)


class _Weights:
    """What each statement weighs of one pair: what was learned of its topic, and what was set by hand."""

    __slots__ = ("_learned",)

    def __init__(self, levels: tuple[int, ...]) -> None:
        self._learned = dict(zip(TOPICS, learned().weigh_levels(levels), strict=True))

    def __call__(self, statement: str) -> float:
        topic = TOPIC_OF.get(statement)
        by_hand = BY_HAND.get(statement, 0.0)
        return by_hand if topic is None else by_hand + self._learned[topic]


def _kinds(a: Profile, b: Profile) -> Iterator[Statement]:
    """Of unlike carriers or formats two records are never one edition: e-book and print, audiobook and text."""
    if a.carrier is not b.carrier and Carrier.UNKNOWN not in (a.carrier, b.carrier):
        yield "carriers_differ", a.carrier, b.carrier
    formats = frozenset({a.format, b.format})
    if len(formats) > 1 and Format.OTHER not in formats and formats not in COMPATIBLE_FORMATS:
        yield "formats_confused" if formats in CONFUSED_FORMATS else "formats_differ", a.format, b.format


def _vetoes(a: Profile, b: Profile, names: AbstractSet[str]) -> Iterator[str]:
    """The statements that forbid one edition, alone or in the company of others."""
    yield from names & ALWAYS
    if names & _CONFLICTS:
        yield from names & _OTHER_ISBNS  # alone it may be the other binding of the same edition
    if not names & _SHARED_NUMBER:
        yield from names & {"editions_differ"}
        if names & _YEARS_APART:
            yield from names & _PUBLISHERS_DIFFER  # a reprint by another house
        if names >= {"many_years_apart", "countries_differ"} and a.title.vernacular and b.title.vernacular:
            yield "many_years_apart"  # 商務印書館 and 臺灣商務印書館: one name, two houses
        if "creators_differ" in names and (
            (names & _PUBLISHERS_DIFFER and _in_one_script(a, b, names)) or makers_differ(a, b) or namesakes(a, b)
        ):
            yield "creators_differ"  # two books that bear one title
        if names >= {"pages_differ_in_the_vernacular"} and names & _MORE_IN_ONE_TITLE:
            yield "pages_differ_in_the_vernacular"  # what stands in one subtitle alone is another volume or version
    if "version_named_by_one" in names and (names & _OTHER_ISBNS or not names & (_SHARED_NUMBER | _PAGES_AGREE)):
        yield "version_named_by_one"
    if "languages_differ" in names and names & (_YEARS_APART | _PUBLISHERS_DIFFER | _TITLES_APART):
        yield "languages_differ"  # alone it is more often a miscoded record than a translation
    if "part_named_by_one" in names and _set_against_part(a, b, names):
        yield "part_named_by_one"
    if "volumes_differ" in names and 1 in (a.volumes, b.volumes):
        yield "volumes_differ"  # a set and one of its volumes, whatever number they share
    if "several_volumes_against_pages" in names and "isbn_shared" in names:
        yield "several_volumes_against_pages"
    if "isbn_shared" in names and names & _TITLES_APART and not names & {"creators_equal", "a_creator_shared"}:
        yield from names & _TITLES_APART  # a number printed on the wrong book


def may_be_same(a: Profile, b: Profile, formed: Opinion) -> bool:
    """Whether a score high enough would make these records, of which this is the opinion, one edition."""
    return not formed.vetoes and _share_enough(a, b, frozenset(formed.statements))


def _share_enough(a: Profile, b: Profile, names: AbstractSet[str]) -> bool:
    """Whether something shared besides title and name, or a title that tells by itself, lets them be one edition.

    Where titles cannot be compared, or differ, it must be a number: year and pages alone fit many books.
    """
    if not _UNREAD.isdisjoint(names) and _SHARED_NUMBER.isdisjoint(names):
        return False
    return not _SUPPORT.isdisjoint(names) or _tells_by_itself(a, b, names)


def _tells_by_itself(a: Profile, b: Profile, names: AbstractSet[str]) -> bool:
    """Whether title and name are enough: no stub, but a long title and its author's name."""
    if not names >= {"titles_equal", "creators_equal"}:
        return False
    return all(len((one.title.words or one.title.latin).split()) >= TELLING_TITLE for one in (a, b))


def _in_one_script(a: Profile, b: Profile, names: AbstractSet[str]) -> bool:
    """Whether names are compared as they are written: a romanised one differs without being another.

    In Latin letters, where names are shortened and turned round, it takes other pages as well.
    """
    if a.title.vernacular or b.title.vernacular:
        return bool(a.title.vernacular and b.title.vernacular)
    return not names.isdisjoint(_PAGES_DIFFER) or not (a.title.latin.isascii() or b.title.latin.isascii())


def _set_against_part(a: Profile, b: Profile, names: AbstractSet[str]) -> bool:
    """Whether the record that names no part is of the whole set, or of another part as its extent tells."""
    if "volumes_equal" in names:
        return False  # both count the volumes of the set; one names the first of them beside its title
    whole, part = (b, a) if a.parts else (a, b)
    if SEQUEL.fullmatch("".join(part.parts)):
        return True  # 續集, 補編: another book, as thick as it may be
    return (whole.volumes or 0) > 1 or not names & _PAGES_AGREE


def _shown(value: object) -> str:
    if value is None:
        return ""
    return " ".join(value) if isinstance(value, tuple) else str(value)
