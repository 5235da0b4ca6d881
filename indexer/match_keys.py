"""Record → match keys: which pairs to look at. Two records that share a key are compared, no others.

A key is a short text whose first letter says what it is made of. Keys err on the side of meeting: what they bring
together is judged by `compare`, what they keep apart never meets.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from indexer.profile import Form, Profile, profile
from indexer.record import Record
from indexer.sounds import consonants

LATIN_STEM = 25
VERNACULAR_STEM = 8
"""Characters of a title that a key keeps: subtitles come and go, and catalogues shorten them."""

SHORT_STEM = 10
SHORT_VERNACULAR_STEM = 4
"""The same where a creator's surname stands beside it."""

SURNAME = 8
"""Characters of a surname, or of a body's name: how much of its hierarchy is given differs."""

CREATORS = 3
"""Names of a record whose surnames make keys: who counts as the main one differs between catalogues."""

LONGEST_PLACE_PAGES = 0xFFFF


def match_keys(record: Record) -> tuple[str, ...]:
    """The record's keys, sorted, each once; empty when it says nothing to meet others by."""
    return keys_of(profile(record))


def keys_of(facts: Profile) -> tuple[str, ...]:
    """The keys of a record whose facts are known."""
    return tuple(sorted(set(_keys(facts))))


def _keys(facts: Profile) -> Iterator[str]:
    for kind, numbers in (("i", facts.isbns), ("l", facts.lccns), ("o", facts.oclcs)):
        for number in numbers:
            yield f"{kind}{number}"
    for number in facts.issns:  # on a book it is its series' number, and hundreds share it
        yield f"s{number}" if facts.serial else f"s{number} {facts.year}"
    years = facts.years or {None}
    for stem in _stems(facts.title, LATIN_STEM, VERNACULAR_STEM):
        yield f"t{stem}"
    for stem in {*_stems(facts.title, LATIN_STEM, VERNACULAR_STEM), *_stems(facts.whole, LATIN_STEM, VERNACULAR_STEM)}:
        for year in years:  # the whole title too: what one catalogue calls the subtitle another counts to the title
            yield f"t{stem} {year}"
    yield from _keys_by_sound(facts)
    surnames = {name[:SURNAME] for form in facts.creators[:CREATORS] for name in _surnames(form)}
    for surname in surnames:
        for stem in _stems(facts.title, SHORT_STEM, SHORT_VERNACULAR_STEM):
            yield f"a{surname} {stem}"
        if facts.pages is not None:
            for year in facts.years:
                yield f"y{year} {facts.pages} {surname}"


IN_OTHER_LETTERS = frozenset(
    {"ara", "arm", "bel", "ben", "bul", "bur", "geo", "grc", "gre", "guj", "heb", "hin", "kan", "kaz", "khm", "lao"}
    | {"mac", "mal", "mar", "mon", "nep", "pan", "per", "rus", "san", "sin", "srp", "tam", "tat", "tel", "tgk", "tha"}
    | {"uig", "ukr", "urd", "yid"}
)
"""Languages of other alphabets: a title in Latin letters is a romanisation."""

CONSONANTS = 5


def _keys_by_sound(facts: Profile) -> Iterator[str]:
    """What a title nobody reads shares with its romanisation: consonants, or year and pages."""
    title = facts.title
    if not title.vernacular and title.latin and (facts.language in IN_OTHER_LETTERS or not title.latin.isascii()):
        beginning = consonants(title.latin.replace(" ", ""))[:CONSONANTS]
        for year in facts.years if len(beginning) > 1 else ():
            yield f"c{year} {beginning}"
    elif facts.language not in ("jpn", "kor"):
        return
    if facts.pages is not None:
        for year in facts.years:
            yield f"u{facts.language}{year} {facts.pages}"


def _stems(title: Form, latin: int, vernacular: int) -> Iterator[str]:
    if title.vernacular:
        yield title.vernacular[:vernacular]
    if title.joined:
        yield title.joined[:latin]


def _surnames(name: Form) -> Iterator[str]:
    if name.vernacular:
        yield name.vernacular[:2]
    if name.latin:
        yield name.surname


def key_number(key: str) -> int:
    """A key as the 64-bit number it is stored under; two keys on one number would only be one comparison too many."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def place_in_block(facts: Profile) -> int:
    """Where a record stands in a block too big to compare as a whole: by year, pages, then its own name's hash.

    It depends on the record alone, so that neighbours are the same whatever came first.
    """
    name = int.from_bytes(blake2b(str(facts.ref).encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")
    year = facts.year if facts.year is not None else 0
    pages = min(facts.pages or 0, LONGEST_PLACE_PAGES)
    return (max(0, year) << 48) | (pages << 32) | name
