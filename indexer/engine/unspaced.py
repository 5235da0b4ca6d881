"""Chinese typed without spaces: 紅樓夢曹雪芹 is two things, and nothing says where one ends.

No dictionary knows every name and title, so none is asked. A run may be broken wherever both sides of the break have
two characters or more: the pairs of neighbours (紅樓, 樓夢, 夢曹, 曹雪, 雪芹) must be found, except that one between
two found ones may be missing. Every character so stands in a found pair, and the parts stand anywhere in the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.engine.nodes import All, Node, any_of, phrase
from indexer.variants import is_han

SHORTEST, LONGEST = 4, 24
"""Characters of a run that may be broken: two parts of two; a longer run is a sentence, to be found as it stands."""


def may_be_broken(tokens: Sequence[str]) -> bool:
    """Whether a run of single characters may be several words typed together."""
    return SHORTEST <= len(tokens) <= LONGEST and sum(is_han(token[0]) for token in tokens) > 1


def in_parts(field: str, tokens: Sequence[str]) -> Node:
    """Editions with a run's parts anywhere in a field, for a run that `may_be_broken`."""
    neighbours = list(pairs(tokens))
    found = [phrase(field, pair) for pair in neighbours]
    required = [found[0]]
    for place in range(1, len(found)):
        here, before = (_breakable(*neighbours[n]) for n in (place, place - 1))
        if place == len(found) - 1 or not here:
            required.append(found[place])
        elif before and place > 1:
            required.append(any_of([found[place - 1], found[place]]))
    return All(tuple(required))


def _breakable(left: str, right: str) -> bool:
    """Whether a word may end between two characters: only beside a Han one, for kana and Hangul spell on."""
    return is_han(left[0]) or is_han(right[0])


def pairs(tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The pairs of a run, each of which adds to the score where it stands."""
    return pairwise(tokens)


def ends(tokens: Sequence[str]) -> Iterator[str]:
    """The beginnings and ends of a run, joined: one of them may be a title typed with an author's name."""
    for place in range(2, len(tokens) - 1):
        yield "".join(tokens[:place])
        yield "".join(tokens[place:])
