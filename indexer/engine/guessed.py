"""Clauses whose text is not meant as it stands: what is still being typed, and what may be mistyped.

Both find candidates and no more: which of a hit's titles and names is meant, `search_api/suggest.py` and
`search_api/did_you_mean.py` tell by looking at them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from indexer.analysis import is_single, key
from indexer.document import MAX_KEY_LENGTH
from indexer.engine import Clause, SearchField
from indexer.engine.nodes import All, AnyOf, Constant, Like, Node, Nothing, Prefix, any_of, phrase
from indexer.query_text import Group, analyse_query
from indexer.readings import begun, hanyu
from indexer.variants import is_han

IS_SO, BEGINS_SO, BEGINS_READ_SO, HAS_WORDS = 300.0, 100.0, 30.0, 10.0
"""A title that is what is typed, one that begins so, one that reads so, and what has its words anywhere."""

WORDED: frozenset[SearchField] = frozenset({"all", "title", "creator", "subject", "series", "publisher"})
"""Fields of words; the others hold numbers, of which nothing is guessed."""

KEYS: Mapping[SearchField, str] = {"title": "title_key"}
READING_KEYS: Mapping[SearchField, str] = {
    "title": "title_reading_key",
    "creator": "creator_reading_key",
    "subject": "subject_reading_key",
}

SHORTEST_BEGINNING = 2
"""Letters from which words are completed: one begins too many to be of help."""

SHORTEST_MISTYPED, TWO_ERRORS = 4, 8
"""Letters of a word from which one error, and from which two are looked for."""

LONGEST_MISTYPED, WORDS_MISTYPED, MISTYPED_HAN = 30, 6, 12
"""Bounds of the work: an error in a longer word or among more is for the patron to find."""


def begun_node(clause: Clause) -> Node:
    """Editions with a title, creator or subject that may be being typed; none of a field that holds no words."""
    if clause.field not in WORDED:
        return Nothing()
    groups = [one for one in analyse_query(clause.text, scoped=True) if isinstance(one, Group) and not one.excluded]
    whole = key(clause.text[: 2 * MAX_KEY_LENGTH])
    if not groups or not 0 < len(whole) <= MAX_KEY_LENGTH or (len(whole) < SHORTEST_BEGINNING and not is_single(whole)):
        return Nothing()
    choices: list[Node] = [Constant(_words(clause.field, groups), HAS_WORDS)]
    if name := KEYS.get(clause.field):
        choices.append(Constant(Prefix(name, whole), BEGINS_SO))
        choices.append(Constant(AnyOf(name, (whole,)), IS_SO))
    if name := READING_KEYS.get(clause.field):
        choices += [Constant(Prefix(name, way), BEGINS_READ_SO) for way in begun(clause.text) if len(way) > 1]
    return any_of(choices)


def _words(field: str, groups: list[Group]) -> Node:
    """All words in a field, the last one begun at least; one letter behind others begins too many to be asked for."""
    *before, last = groups
    word = last.tokens[-1]
    open_ended = len(last.tokens) == 1 and len(word) >= SHORTEST_BEGINNING and not is_single(word)
    found = [phrase(field, group.tokens) for group in before]
    if found and len(last.tokens) == 1 and _is_letter(word):
        return All(tuple(found))
    return All((*found, Prefix(field, word) if open_ended else phrase(field, last.tokens)))


def last_is_a_letter(text: str) -> bool:
    """Whether what is typed ends in a word of one letter behind others, so that what is found need not have it."""
    words = text.split()
    return len(words) > 1 and _is_letter(words[-1])


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and not is_single(word)


def nearly_node(clause: Clause) -> Node:
    """Editions with words like those of a clause, or with Chinese that reads alike or differs in a character."""
    if clause.field not in WORDED:
        return Nothing()
    groups = [one for one in analyse_query(clause.text, scoped=True) if isinstance(one, Group) and not one.excluded]
    if not groups or len(groups) > WORDS_MISTYPED:
        return Nothing()
    return All(tuple(_nearly(clause.field, group) for group in groups))


def _nearly(field: SearchField, group: Group) -> Node:
    choices = [phrase(field, group.tokens)]
    word = group.tokens[0]
    if len(group.tokens) == 1 and SHORTEST_MISTYPED <= len(word) <= LONGEST_MISTYPED and word.isalpha():
        choices.append(Constant(Like(field, word, errors_borne(word)), 1.0))
    elif 1 < len(group.tokens) <= MISTYPED_HAN and all(is_han(token[0]) for token in group.tokens):
        choices += _other_characters(field, group.tokens)
    return any_of(choices)


def errors_borne(word: str) -> int:
    """How many letters of a word may be wrong; 0 where it is too short to tell."""
    return (len(word) >= SHORTEST_MISTYPED) + (len(word) >= TWO_ERRORS)


def _other_characters(field: SearchField, run: tuple[str, ...]) -> Iterator[Node]:
    """What reads as a run does, and what differs from it in one character."""
    reading = tuple(hanyu("".join(run)).split())
    fields = ("title_reading", "creator_reading") if field == "all" else (f"{field}_reading",)
    if len(reading) == len(run) and field in {"all", "title", "creator"}:
        yield from (phrase(name, reading) for name in fields)
    if len(run) > 2:
        for place in range(len(run)):
            sides = [phrase(field, side) for side in (run[:place], run[place + 1 :]) if side]
            yield All(tuple(sides))
