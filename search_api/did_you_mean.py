"""What a patron who finds nothing may have meant: a word with a letter wrong, Chinese with another character.

The catalogue is its own dictionary: editions with something like the query are looked up, and the words of their
titles, names and subjects that come nearest take the place of those typed. Nothing is ever searched unasked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from indexer.analysis import tokens
from indexer.engine import Clause, SearchEngine, SearchField, SearchRequest
from indexer.engine.guessed import errors_borne
from indexer.readings import hanyu
from indexer.record import Edition
from indexer.variants import fold_variants, is_han

EDITIONS_LOOKED_AT = 40

_PIECE = re.compile(r"[^\W_]+")


async def meant(engine: SearchEngine, text: str, field: SearchField, found: Iterable[Edition] = ()) -> str:
    """The text with its likely errors put right; "" when nothing nearer is known, or when nothing can be wrong: what it
    finds itself, as far as it is at hand in ``found``, has every word as typed.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    if _is_right(text, [one for edition in found for one in _written(edition)]):
        return ""
    page = await engine.search(SearchRequest((Clause(text, field, "nearly"),), limit=EDITIONS_LOOKED_AT, rows=True))
    written = [one for hit in page.hits for one in _written(hit.edition)]
    if not written:
        return ""
    words = Counter(token for one in written for token in tokens(one))
    better = _PIECE.sub(lambda piece: _righted(piece.group(), words, written), text)
    return better if better != text else ""


def _written(edition: Edition) -> Iterator[str]:
    for title in edition.titles:
        yield from (title.value.proper, title.value.other, title.value.romanised)
    for agent in edition.agents:
        yield from (agent.value.name, agent.value.romanised)
    yield from (subject.value.text for subject in edition.subjects)


def _is_right(text: str, written: Sequence[str]) -> bool:
    """Whether no piece of a text could be put right, or each is written so: looking for others costs a search."""
    words = {token for one in written for token in tokens(one)}
    folded = [fold_variants(one) for one in written]
    for piece in _PIECE.findall(text):
        if _is_run(piece):
            if not any(fold_variants(piece) in one for one in folded):
                return False
        elif (word := _word(piece)) and errors_borne(word) and word not in words:
            return False
    return True


def _righted(piece: str, words: Counter[str], written: Iterable[str]) -> str:
    """A run of letters with its error put right; as it is when it is right or nothing is near."""
    if word := _word(piece):
        return piece if word in words else nearest(word, words) or piece
    return (nearest_han(piece, written) or piece) if _is_run(piece) else piece


def _word(piece: str) -> str:
    """The token of a piece that is one word of letters, else ""."""
    found = tokens(piece)
    return found[0] if len(found) == 1 and found[0].isalpha() and not is_han(found[0][0]) else ""


def _is_run(piece: str) -> bool:
    return len(piece) > 1 and all(map(is_han, piece))


def nearest(word: str, words: Counter[str]) -> str:
    """The word that fewest errors make of this one, of equals the most frequent; "" when none is near enough."""
    borne = errors_borne(word)
    near = ((distance(word, other, borne), -count, other) for other, count in words.items())
    return min((one for one in near if one[0] <= borne), default=(0, 0, ""))[2]


def nearest_han(run: str, written: Iterable[str]) -> str:
    """The stretch that most often stands where this run is looked for, reading alike or differing in one character.

    "" when the run itself is there, or nothing is near.
    """
    folded, reading = fold_variants(run), hanyu(run).split()
    found: Counter[str] = Counter()
    for text in written:
        for start in range(len(text) - len(run) + 1):
            stretch = text[start : start + len(run)]
            if not all(map(is_han, stretch)):
                continue
            other = fold_variants(stretch)
            if other == folded:
                return ""
            unlike = sum(a != b for a, b in zip(folded, other, strict=True))
            if (unlike == 1 and len(run) > 2) or hanyu(stretch).split() == reading:
                found[stretch] += 1
    return min(found, key=lambda stretch: (-found[stretch], stretch), default="")


def distance(one: str, other: str, most: int) -> int:
    """How many letters are changed, added, left out or exchanged with a neighbour; ``most + 1`` when more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
