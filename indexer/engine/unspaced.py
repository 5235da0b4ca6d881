"""Chinese typed without spaces: 紅樓夢曹雪芹 is two things, and nothing says where one ends.

No dictionary knows every name and title, so none is asked: the run is broken in two, and a shorter one also in three,
wherever each part has two characters or more, and the parts may stand anywhere in the record. Long parts are rare, so
that trying every place costs little; neighbouring pairs of characters would be found in half the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from indexer.analysis import written_key
from indexer.engine.nodes import All, Boost, Node, any_of, phrase
from indexer.variants import is_han

SHORTEST, LONGEST = 4, 24
"""Characters of a run that may be broken: two parts of two; a longer run is a sentence, to be found as it stands."""

_STRETCH = re.compile(r"\w+")

LONGEST_IN_THREE = 7
"""Characters of a run that may be three things; there are too many places to break a longer one twice."""


def may_be_broken(tokens: Sequence[str]) -> bool:
    """Whether a run of single characters may be several words typed together."""
    return SHORTEST <= len(tokens) <= LONGEST and sum(is_han(token[0]) for token in tokens) > 1


def in_parts(field: str, tokens: Sequence[str], boosts: Mapping[str, float]) -> Node:
    """Editions with a run's parts anywhere in a field, for a run that `may_be_broken`; a part adds to the score by the
    field of ``boosts`` it stands in."""
    return any_of(
        [
            All(
                tuple(phrase(field, part) for part in parts),
                tuple(Boost(phrase(name, part), boost) for name, boost in boosts.items() for part in parts),
            )
            for parts in broken(tokens)
        ]
    )


def broken(tokens: Sequence[str]) -> Iterator[tuple[Sequence[str], ...]]:
    """Every way to break a run in two, and a short one in three."""
    places = [place for place in range(2, len(tokens) - 1) if _breakable(tokens[place - 1], tokens[place])]
    yield from ((tokens[:place], tokens[place:]) for place in places)
    if len(tokens) <= LONGEST_IN_THREE:
        for first in places:
            for second in places:
                if second - first >= 2:
                    yield tokens[:first], tokens[first:second], tokens[second:]


def _breakable(left: str, right: str) -> bool:
    """Whether a word may end between two characters: only beside a Han one, for kana and Hangul spell on."""
    return is_han(left[0]) or is_han(right[0])


def ends(tokens: Sequence[str]) -> Iterator[str]:
    """The beginnings and ends of a run, joined: one of them may be a title typed with an author's name."""
    for place in range(2, len(tokens) - 1):
        yield "".join(tokens[:place])
        yield "".join(tokens[place:])


def written_parts(text: str) -> Iterator[str]:
    """What of a query may be a title with a name beside it, in the very characters typed: each stretch that has Han
    characters, unless it is the whole, and the `ends` of those that may be broken."""
    stretches = [written_key(stretch) for stretch in _STRETCH.findall(text)]
    for stretch in stretches:
        if any(map(is_han, stretch)):
            if len(stretches) > 1:
                yield stretch
            if may_be_broken(stretch):
                yield from ends(stretch)
