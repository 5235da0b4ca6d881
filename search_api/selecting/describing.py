"""Lines without a number that is known → the editions they may mean, by the catalogue's own matching.

A line is made into a record that says no more than the line; its match keys find the records it is compared with.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection

from indexer import catalogue_rows as rows
from indexer import codec
from indexer.blocks import LARGEST_BLOCK, NEIGHBOURS, Place
from indexer.compare import DIFFERENT, Opinion, opinion
from indexer.designations import without_part
from indexer.match_keys import key_number, keys_of, place_in_block
from indexer.names import as_one
from indexer.profile import Profile, profile
from indexer.record import Agent, Format, Identifier, Imprint, Record, Title
from indexer.text import fold
from indexer.variants import fold_variants
from search_api.selecting.found import Relation
from search_api.selecting.given import Given
from search_api.selecting.titles import parted, stripped

MOST_CANDIDATES = 120
"""Records one line is compared with."""

_TITLE = re.compile(r"\s+[:：]\s*|：|\s*--\s*")
_ROLES = re.compile(
    r"\s*(?:[等]?(?:合?[著編譯撰繪圖文主作校註注改原]+|著譯|編著|主編|撰文|口述)|\((?:著|譯|編|繪|作者|譯者)\))\s*$"
)
_CREATORS = re.compile(r"[;；、|]|\s/\s|／|,\s*(?=[^\x00-\x7f])|，")
_TITLES_AGREE = frozenset({"titles_equal", "titles_nearly_equal", "titles_sound_alike"})
_CREATORS_AGREE = frozenset({"creators_equal", "a_creator_shared"})
_OF_EDITIONS = frozenset(
    {
        *("publishers_differ", "publishers_differ_in_the_vernacular", "editions_differ", "many_years_apart"),
        *("isbns_differ", "isbns_of_two_bindings", "carriers_differ", "versions_differ", "translators_differ"),
    }
)
"""Vetoes that set editions of one text apart."""
_YEARS_APART = frozenset({"two_or_three_years_apart", "some_years_apart", "many_years_apart"})
_UNSAID = frozenset(
    {"part_named_by_one", "volumes_differ", "several_volumes_against_pages", "parts_differ", "version_named_by_one"}
)
"""Vetoes by what records say and lists leave out: which volume of a set, which version."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An edition that a line may mean. ``sure``: how likely it is the very edition, 0 to 1."""

    edition: str
    relation: Relation | Literal["volume"]  # volume: another volume than the one that is asked for
    score: float  # log odds
    sure: float


def as_record(given: Given) -> Record | None:
    """A line as a record that says no more than the line; None when it says too little to be compared."""
    if given.record is not None:
        return replace(given.record, holdings=())
    if not given.title and not given.numbers.issn:
        return None
    bare = stripped(given.title)
    proper, *other = _TITLE.split(bare.title, maxsplit=1)
    identifiers = [Identifier("isbn", isbn) for isbn in given.numbers.isbns]
    if given.numbers.issn:
        identifiers.append(Identifier("issn", given.numbers.issn))
    return Record(
        library="list",
        identifier=str(given.number),
        local_id="",
        dialect="marc21",
        titles=(Title(proper, other=other[0] if other else ""),),
        edition=bare.edition,
        responsibility=given.creator,
        agents=tuple(Agent(name, main=not at) for at, name in enumerate(creators(given.creator))),
        imprints=(Imprint(publisher=given.publisher, date=str(given.year or "")),),
        year=given.year,
        identifiers=tuple(identifiers),
        format=Format.SERIAL if given.numbers.issn else Format.OTHER,
    )


def _readings(given: Given) -> Iterator[Record]:
    """What a line may say: its title as it stands, and with the number and name of a part read off its end."""
    record = as_record(given)
    if record is None:
        return
    yield record
    if given.record is None and record.titles and (part := parted(stripped(given.title).title)) is not None:
        yield replace(record, titles=(Title(part.title, part_number=part.number, part_name=part.name),))


def creators(text: str) -> list[str]:
    """The names in a cell: 曹雪芹著；高鶚續 is two of them."""
    parts = (_ROLES.sub("", part).strip() for part in _CREATORS.split(text))
    return [as_one(part) for part in parts if part][:4]


def candidates(connection: Connection, lines: Sequence[Given]) -> dict[int, list[Candidate]]:
    """Line number → the editions it may mean, the likeliest first; lines that meet none are absent."""
    facts = {given.number: tuple(map(profile, _readings(given))) for given in lines}
    keys = {
        number: {key_number(key) for line in readings for key in keys_of(line)}
        for number, readings in facts.items()
        if readings
    }
    blocks = rows.blocks_of(connection, {key for own in keys.values() for key in own})
    near = {number: _near(facts[number][0], (blocks.get(key, []) for key in own)) for number, own in keys.items()}
    wanted = {record for own in near.values() for record in own}
    editions = {number: row.edition for number, row in rows.names(connection, wanted).items()}
    profiles = {number: profile(codec.decode(data)) for number, data in rows.payloads(connection, wanted).items()}
    found: dict[int, list[Candidate]] = {}
    for number, own in near.items():
        best: dict[str, Candidate] = {}
        for place in own:
            edition = editions.get(place)
            if place not in profiles or not edition:
                continue
            for line in facts[number]:
                one = judged(line, profiles[place], edition)
                if one and (edition not in best or _rank(one) < _rank(best[edition])):
                    best[edition] = one
        if best:
            found[number] = sorted(best.values(), key=_rank)
    return found


def _rank(one: Candidate) -> tuple[int, float, str]:
    return (("same", "possible", "other", "volume").index(one.relation), -one.score, one.edition)


def _near(facts: Profile, blocks: Iterable[list[Place]]) -> list[int]:
    """The records of a line's blocks; of a block too big those that stand next to it by year and pages."""
    own = place_in_block(facts)
    found: dict[int, None] = {}
    for block in sorted(blocks, key=len):
        places = sorted(block)
        if len(places) > LARGEST_BLOCK:
            at = bisect_left(places, (own, 0))
            places = places[max(0, at - NEIGHBOURS) : at + NEIGHBOURS]
        found.update((record, None) for _, record in places)
        if len(found) >= MOST_CANDIDATES:
            break
    return list(found)[:MOST_CANDIDATES]


def judged(line: Profile, record: Profile, edition: str) -> Candidate | None:
    """What a record's edition is to a line, None when it is another text."""
    formed = opinion(line, record)
    relation = _relation(line, formed)
    return Candidate(edition, relation, formed.score, _sure(formed.score)) if relation else None


def _relation(line: Profile, formed: Opinion) -> Relation | Literal["volume"] | None:
    if formed.verdict == "same":
        return "same" if _says_which(line) else "possible"
    stated, vetoes = frozenset(formed.statements), set(formed.vetoes)
    titles = bool(stated & _TITLES_AGREE)
    creators_agree = bool(stated & _CREATORS_AGREE)
    if not titles or not (creators_agree or not line.creators):
        return None
    if not line.parts and vetoes and vetoes <= _UNSAID:
        return "possible"  # which volume or version, lists do not say
    if formed.verdict == "unsure" and formed.score > DIFFERENT and not stated & _YEARS_APART:
        return "possible"
    if line.parts and "parts_differ" in vetoes:
        return "volume" if creators_agree else None
    return "other" if creators_agree and vetoes <= _OF_EDITIONS | _UNSAID else None


def _says_which(line: Profile) -> bool:
    """Whether a line says anything that tells editions of one text apart."""
    return bool(line.isbns or line.issns or line.years or line.publishers or line.pages or line.edition)


def _sure(score: float) -> float:
    """The probability of log odds."""
    return round(1 / (1 + math.exp(-max(-20.0, min(20.0, score)))), 2)


def titles_agree(given: str, of_edition: str) -> bool:
    """Whether a title of a list and one of the catalogue may be of the same book, told in a moment: one begins as the
    other does, subtitles and volumes apart."""
    one, other = _bare(given), _bare(of_edition)
    if not one or not other:
        return True
    short, long = sorted((one, other), key=len)
    return long.startswith(short[: max(2, len(short) * 2 // 3)]) or short in long


def _bare(title: str) -> str:
    proper = without_part(_TITLE.split(stripped(title).title, maxsplit=1)[0])[0]
    return fold_variants(fold(proper)).replace(" ", "")
