"""What one clause of a search asks of the index: what has to match, and what adds to the score.

What has to match is sought in the field asked, by default ``all``, which has every token of an edition; the single
fields only add to the score. So a hit costs the same wherever its words stand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice, product

from indexer.analysis import key, written_key
from indexer.document import MAX_KEY_LENGTH, call_number_key
from indexer.engine import Clause, SearchField
from indexer.engine.nodes import (
    All,
    AnyOf,
    Boost,
    Constant,
    Everything,
    Node,
    Nothing,
    Prefix,
    Term,
    any_of,
    narrowed,
    phrase,
)
from indexer.engine.unspaced import ends, in_parts, may_be_broken, written_parts
from indexer.identifiers import isbns, issns
from indexer.query_text import Either, Group, Scoped, Sought, analyse_query, compact, numbers
from indexer.reading_tables import Syllables
from indexer.readings import is_zhuyin, spellings
from indexer.variants import fold_variants, is_han, written_otherwise

FIELD_BOOSTS: Mapping[str, float] = {"title": 5.0, "title_variant": 2.0, "creator": 3.0, "subject": 1.5}
"""What a word adds to the score when it stands in one of these fields, besides standing anywhere."""

TOGETHER = 2.0
"""How much more all words in the order typed count, in a title or a creator's name."""

AS_WRITTEN, WRITTEN_CHARACTERS = 0.6, 8
"""How much more a word counts in a title, a creator's name or a subject that is written in the very characters typed:
above what many holders add, below what one field counts more than another. Judged by so many characters at most."""

WRITTEN_FIELDS = frozenset({"title", "creator", "subject"})

TITLE_IS_QUERY = 1000.0
"""Above any sum of words: who types a title wants that title, not the books about it."""

TITLE_AS_WRITTEN = 400.0
"""For a title in the very characters typed, Traditional or Simplified."""

TITLE_AMONG_WORDS = 30.0
"""For a title that is one part of the query: 紅樓夢 曹雪芹."""

TITLE_AMONG_WORDS_AS_WRITTEN = 40.0
"""For such a title in the very characters typed: above what many holders add to one in others."""

TITLE_BY_CREATOR, IN_TITLE_BY_CREATOR = 250.0, 40.0
"""For a title typed with words of its creator's name, before or behind: emma austen. For the whole title, and for words
of it. Collected works and books about the author have these words too, and more of them."""

TITLE_BY_CREATOR_AS_WRITTEN = 120.0
"""For such a title in the very characters typed: above what many holders add to one in others."""

NAME_WORDS, WORDS_OF_BOTH = 3, 8
"""Words at either end of a query that may be the name, and of a query that may be a name and a title."""

TITLE_OF_ANOTHER = 250.0
"""For a title that cataloguers added: a translation is also catalogued under its original, which comes first."""

READING, READ_TOGETHER, TITLE_READS_AS_QUERY = 0.3, 2.0, 300.0
"""For words, all words and a whole title found in how Chinese reads."""

DOUBTFUL = 0.005
"""What is left of these when the query is one word of two syllables: who types *women* is seldom looking for 我們, and
finds all that is written so first."""

NUMBER_IS_QUERY = 1000.0

READING_FIELDS: Mapping[str, tuple[str, ...]] = {
    "all": ("title_reading", "creator_reading"),
    "title": ("title_reading",),
    "creator": ("creator_reading",),
}
VARIANT = 0.2
"""For words found in names that only authority records give, or titles that cataloguers added: what is written so comes
before what is also called so."""

VARIANT_FIELDS: Mapping[str, str] = {
    "title": "title_variant",
    "creator": "creator_variant",
    "subject": "subject_variant",
}
"""By the field asked; ``all`` has these names among its tokens."""

MAX_READINGS = 12
"""Readings of a whole query that are tried as one phrase."""

PARTS_APART = 0.3
"""For Chinese typed without spaces whose parts stand apart: behind what has it as typed."""

GOES_ON = 0.01
"""For a word that only begins as the last one typed."""

Readings = Mapping[Group, tuple[Syllables, ...]]


def clause_node(clause: Clause) -> Node:
    """The node of a clause that is not blank."""
    if clause.field == "isbn":
        values = _unique(*(i.value for i in isbns(clause.text)), *numbers(clause.text))
        return any_of([AnyOf("isbn", values), AnyOf("number", values)] if values else [])
    if clause.field == "issn":
        values = _unique(*(compact(i.value) for i in issns(clause.text)), compact(clause.text))
        return AnyOf("issn", values) if values else Nothing()
    if clause.field == "number":
        values = numbers(clause.text)
        return AnyOf("number", values) if values else Nothing()
    if clause.field == "call_number":
        start = call_number_key(clause.text)
        return Prefix("call_number", start) if start else Nothing()
    return _text(clause)


def _text(clause: Clause) -> Node:
    asked = analyse_query(clause.text, scoped=clause.field != "all", loosely=clause.how == "loosely")
    wanted = [one for one in asked if isinstance(one, Either) or not (one.excluded or _is_optional(one))]
    without = [one for one in asked if not isinstance(one, Either) and one.excluded]
    if not asked:
        return Nothing()
    excluded = tuple(_excluded(clause.field, one) for one in without)
    if not wanted:
        return All((Everything(),), without=excluded)
    groups = [one for one in wanted if isinstance(one, Group)]
    readings = _readings(clause.field, groups)
    sure = 1.0 if _surely_read(readings) else DOUBTFUL
    required = tuple(_required(clause, one, readings, sure) for one in wanted)
    optional = [one for one in asked if isinstance(one, Group) and _is_optional(one)]
    better = [phrase(clause.field, one.tokens) for one in optional]
    better += _words(clause, groups) if groups else ()
    typed = _as_typed(clause, groups) if without else clause
    better += _titles(typed, groups) if len(groups) == len(wanted) else ()
    better += _by_creator(typed, groups, readings) if clause.field == "all" and len(groups) == len(wanted) else ()
    if len(wanted) == 1 and isinstance(wanted[0], Either):
        better += chain.from_iterable(_chosen_titles(clause, choice) for choice in wanted[0].choices)
    better += _read_titles(clause.field, groups, readings, sure) if len(groups) == len(wanted) else ()
    return All(required, tuple(better), excluded)


def _is_optional(one: Sought) -> bool:
    return isinstance(one, Group) and one.optional


def _excluded(in_field: SearchField, one: Sought) -> Node:
    if isinstance(one, Scoped):
        return clause_node(Clause(one.text, one.field))
    words = phrase(in_field, one.tokens)
    return any_of([words, AnyOf("number", one.numbers)]) if one.numbers and in_field == "all" else words


def _as_typed(clause: Clause, groups: Sequence[Group]) -> Clause:
    """A clause of nothing but some of its groups, each as it was typed."""
    return replace(clause, text=" ".join(_typed(clause.text, group) for group in groups))


def _typed(text: str, group: Group) -> str:
    """What was typed of a group: its tokens, Han characters as they stand in the text."""
    joined = "".join(group.tokens)
    plain = unicodedata.normalize("NFKC", text)
    place = fold_variants(plain).find(joined) if is_han(joined[0]) else -1
    return " ".join(group.tokens) if place < 0 else plain[place : place + len(joined)]


def _chosen_titles(clause: Clause, choice: Sequence[Sought]) -> Iterator[Node]:
    """What it adds that one side of an OR is a title."""
    groups = [one for one in choice if isinstance(one, Group)]
    if len(groups) == len(choice):
        yield from _titles(_as_typed(clause, groups), groups)


def _required(clause: Clause, one: Sought | Either, readings: Readings, sure: float) -> Node:
    match one:
        case Group():
            return _group(clause.field, one, readings.get(one, ()), sure)
        case Scoped():
            return clause_node(Clause(one.text, one.field)) if one.text.strip() else Nothing()
        case Either():
            return any_of([_all_of(clause, choice) for choice in one.choices])


def _all_of(clause: Clause, choice: Sequence[Sought]) -> Node:
    """One side of an OR, with what its words add to the score."""
    groups = [one for one in choice if isinstance(one, Group)]
    readings = _readings(clause.field, groups)
    sure = 1.0 if _surely_read(readings) else DOUBTFUL
    required = tuple(_required(clause, one, readings, sure) for one in choice)
    return All(required, tuple(_words(clause, groups)) if groups else ())


def _group(in_field: SearchField, group: Group, ways: Sequence[Syllables], sure: float) -> Node:
    """What makes a group match: its tokens where asked, the number it is, Chinese that reads so, another name."""
    choices = [phrase(in_field, tokens) for tokens in (group.tokens, *group.also)]
    if not group.exact:
        runs = (tokens for tokens in (group.tokens, *group.also) if may_be_broken(tokens))
        choices += [Boost(in_parts(in_field, tokens, _part_boosts(in_field)), PARTS_APART) for tokens in runs]
    if group.goes_on:
        choices.append(Constant(Prefix(in_field, group.tokens[0]), GOES_ON))
    if group.numbers and in_field == "all":
        choices.append(Constant(AnyOf("number", group.numbers), NUMBER_IS_QUERY))
    choices += [Boost(phrase(name, way), READING * sure) for name in READING_FIELDS.get(in_field, ()) for way in ways]
    if variants := VARIANT_FIELDS.get(in_field):
        choices += [Boost(phrase(variants, tokens), VARIANT) for tokens in (group.tokens, *group.also)]
    return any_of(choices)


def _words(clause: Clause, wanted: Sequence[Group]) -> Iterator[Node]:
    """What words add in the fields where they count more, each and all together, and written as typed."""
    in_field = clause.field
    boosts = FIELD_BOOSTS if in_field == "all" else {in_field: 1.0}
    characters = {group: sorted(written_otherwise(_typed(clause.text, group))) for group in wanted}
    together = [token for group in wanted for token in group.tokens]
    for name, boost in boosts.items():
        if in_field == "all":
            yield from (Boost(phrase(name, group.tokens), boost) for group in wanted)
        if len(wanted) > 1 and name in {"title", "creator"}:
            yield Boost(phrase(name, together), boost * TOGETHER)
        if name in WRITTEN_FIELDS:
            for group, typed in characters.items():
                if typed:
                    written = [Term("written", one) for one in typed[:WRITTEN_CHARACTERS]]
                    yield Boost(narrowed(phrase(name, group.tokens), written), boost * AS_WRITTEN)


def _part_boosts(in_field: SearchField) -> Mapping[str, float]:
    return {name: FIELD_BOOSTS[name] for name in ("title", "creator")} if in_field == "all" else {}


def _titles(clause: Clause, wanted: Sequence[Group]) -> Iterator[Node]:
    """What it adds that the query is a title or a call number, whole or in part."""
    if clause.field not in {"all", "title"}:
        return
    if len(whole := key(clause.text[: 4 * MAX_KEY_LENGTH])) <= MAX_KEY_LENGTH and whole:
        yield Constant(Term("title_key", whole), TITLE_IS_QUERY)
        yield Constant(Term("title_variant_key", whole), TITLE_OF_ANOTHER)
    written = written_key(clause.text[: 4 * MAX_KEY_LENGTH])
    if written and len(written) <= MAX_KEY_LENGTH:
        yield Constant(Term("title_written_key", written), TITLE_AS_WRITTEN)
    parts = [group.tokens for group in wanted if len(group.tokens) > 1] if len(wanted) > 1 else []
    yield from (Constant(Term("title_key", "".join(tokens)), TITLE_AMONG_WORDS) for tokens in parts)
    runs = (group.tokens for group in wanted if not group.exact and may_be_broken(group.tokens))
    if found := _unique(*(end for run in runs for end in ends(run))):
        yield Constant(AnyOf("title_key", found), TITLE_AMONG_WORDS)
    if (parts or found) and (as_written := _unique(*written_parts(clause.text))):
        yield Constant(AnyOf("title_written_key", as_written), TITLE_AMONG_WORDS_AS_WRITTEN)
    if clause.field == "all" and any(map(str.isdecimal, clause.text)) and (number := call_number_key(clause.text)):
        yield Constant(Term("call_number", number), NUMBER_IS_QUERY)


def _by_creator(clause: Clause, wanted: Sequence[Group], readings: Readings) -> Iterator[Node]:
    """What it adds that the query is a title and words of a creator's name, as written or as they read."""
    if not 1 < len(wanted) <= WORDS_OF_BOTH:
        return
    for words in range(1, min(NAME_WORDS, len(wanted) - 1) + 1):
        for name, title in ((wanted[:words], wanted[words:]), (wanted[-words:], wanted[:-words])):
            by = tuple(_named(group, readings) for group in name)
            whole = Term("title_key", "".join(token for group in title for token in group.tokens))
            yield Constant(All((whole, *by)), TITLE_BY_CREATOR)
            yield Constant(All((*(phrase("title", group.tokens) for group in title), *by)), IN_TITLE_BY_CREATOR)
    if as_written := _unique(*written_parts(clause.text)):
        somebody = any_of([_named(group, readings) for group in wanted])
        yield Constant(All((AnyOf("title_written_key", as_written), somebody)), TITLE_BY_CREATOR_AS_WRITTEN)


def _named(group: Group, readings: Readings) -> Node:
    """Editions whose creators' names have a group, or read so."""
    read = [phrase("creator_reading", way) for way in readings.get(group, ())]
    return any_of([phrase("creator", group.tokens), *read])


def _readings(in_field: SearchField, wanted: Sequence[Group]) -> dict[Group, tuple[Syllables, ...]]:
    """How each word in Latin letters or Zhuyin may be Chinese: only when all of them may be and, of Latin ones, when
    they have two syllables together, for single syllables are words of other languages more often than not."""
    if in_field not in READING_FIELDS:
        return {}
    words = [group for group in wanted if len(group.tokens) == 1 and not group.exact]
    found = {one: spellings(one.tokens[0]) for one in words if one.tokens[0].isascii() or is_zhuyin(one.tokens[0])}
    syllables = sum(max(map(len, ways), default=0) for ways in found.values())
    return found if all(found.values()) and (syllables > 1 or any(map(_in_zhuyin, found))) else {}


def _in_zhuyin(group: Group) -> bool:
    return is_zhuyin(group.tokens[0])


def _surely_read(readings: Readings) -> bool:
    """Whether words that may be Chinese are so many, or so long, that they hardly are anything else."""
    return (
        len(readings) > 1
        or any(map(_in_zhuyin, readings))
        or any(min(map(len, ways)) > 2 for ways in readings.values())
    )


def _read_titles(in_field: SearchField, wanted: Sequence[Group], readings: Readings, sure: float) -> Iterator[Node]:
    """What it adds that the whole query is how a Chinese title or name reads."""
    if not readings or len(readings) != len(wanted):
        return
    chosen = islice(product(*(readings[group] for group in wanted)), MAX_READINGS)
    ways = list(dict.fromkeys(tuple(chain.from_iterable(one)) for one in chosen))
    for name in READING_FIELDS[in_field]:
        yield from (Boost(phrase(name, way), READ_TOGETHER * sure) for way in ways)
    if in_field != "creator":
        keys = _unique(*("".join(way) for way in ways))
        yield Constant(AnyOf("title_reading_key", keys), TITLE_READS_AS_QUERY * sure)


def _unique(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
