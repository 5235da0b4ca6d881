"""What a patron typed, as groups of tokens to be found together.

Words stand alone and may occur in any order; neighbouring Chinese, Japanese, Korean or Thai characters and quoted words
form phrases; a leading minus or NOT excludes; OR between two things asks for either; ``title:`` and its like ask one
field; ``*`` ends a word that may go on; what looks like a number is also sought as one. Nothing typed is an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from indexer.analysis import is_single, parts, tokens
from indexer.engine import SearchField
from indexer.identifiers import isbn13, issns, oclc
from indexer.numerals import ORDINAL_SPELT_OTHERWISE, chinese_number, in_chinese
from indexer.query_fields import FIELD_NAMES

MAX_TOKENS = 64
"""Tokens of a query that are used; the rest is ignored, so that a pasted page costs no more than a long sentence."""

MAX_LENGTH = 4_000
"""Characters of a query that are read at all."""

LAST_WORD_MAY_GO_ON = 4
"""Letters from which the last of several words may be the beginning of one; shorter ones begin too many."""

SHORTEST_BEGINNING = 2
"""The same where nothing was found otherwise."""

SHOUTED = 3
"""Latin words from which a query in capitals only is taken for shouting, its AND, OR and NOT for words."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tokens found next to each other in this order; one is a word. ``numbers`` are other things it may stand for."""

    tokens: tuple[str, ...]
    numbers: tuple[str, ...] = ()  # normal forms: ISBN-13, ISSN, and letters and digits only
    excluded: bool = False
    also: tuple[tuple[str, ...], ...] = ()  # the same with its numbers spelt otherwise: 第 三 册
    exact: bool = False  # quoted: these tokens together and nothing else
    goes_on: bool = False  # the word may be the beginning of one
    optional: bool = False  # ranks higher where it is found: the dates behind a name


@dataclass(frozen=True, slots=True)
class Scoped:
    """What is sought in one field: ``title:dream``."""

    field: SearchField
    text: str
    excluded: bool = False


Sought = Group | Scoped


@dataclass(frozen=True, slots=True)
class Either:
    """Things of which one has to be found, each of one or more groups."""

    choices: tuple[tuple[Sought, ...], ...]


_QUOTES = r'"(?P<straight>[^"]*)"|[“„](?P<curly>[^”“]*)[”“]|「(?P<corner>[^」]*)」|『(?P<double>[^』]*)』'
_QUOTED = re.compile(rf"(?P<minus>(?<!\S)-)?(?P<field>(?<![^\s-])[^\W\d][\w-]{{0,14}}:)?(?:{_QUOTES})")
_FIELD = re.compile(r"(?P<minus>-)?(?P<field>[^\W\d][\w-]{0,14}):(?P<text>.+)")
_DASH_IN_NUMBER = re.compile(r"(?<=[0-9])[‐‑‒–—―−](?=[0-9Xx])")
_ISBN_LIKE = re.compile(
    r"(?<![\w-])(?P<minus>-)?(?P<isbn>(?:9[ -]?7[ -]?[89][ -]?)?[0-9](?:[ -]?[0-9]){8}[ -]?[0-9Xx])(?![\w-])"
    r"(?P<qualifier>\s*[(（][^()（）]{1,40}[)）])?"  # as copied from a record: 0141036133 (pbk.)
)
_ISSN_LIKE = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_OCLC_PREFIX = re.compile(r"\(OCoLC\)|oc[mn]|on(?=[0-9])", re.IGNORECASE)
_LCCN_LIKE = re.compile(r"([A-Za-z]{0,3})([0-9]{2})-([0-9]{4,6})")
_NUMBER_LIKE = re.compile(r"(?=(?:[A-Za-z-]*[0-9]){5})[A-Za-z0-9][A-Za-z0-9-]*")
"""Five digits or more, with letters anywhere among them: barcodes have them before, behind and between."""

_LIFE_SPAN = re.compile(
    r"(?<=\S)(?:,\s*|\s*\()(?:(?:approximately|active|ca\.?|b\.|d\.|fl\.)\s*)?"
    r"(?:1[0-9]{3}|20[0-9]{2}|[1-9][0-9]{2})\??-(?:\s?(?:approximately|ca\.?)?\s?[0-9]{3,4}\??)?\)?\.?\s*$"
)
_YEARS_BEHIND = re.compile(r"(?<=\S)\s+(?:1[0-9]{3}|20[0-9]{2})(?:-(?:[0-9]{4})?)?\s*$")
_INITIALS = re.compile(r"[A-Z]{2,3}")
_NUMBERED_TONES = re.compile(
    r"(?<!\w)(?:[b-df-hj-np-tw-z]{0,2}[aeiouüv:]{1,3}(?:ng?|r)?[1-5]){2,}(?!\w)", re.IGNORECASE
)
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{2,}")
_LABEL = re.compile(r"(?<![^\s-])(?:ISBN(?:[- ]?1[03])?|ISSN|LCCN)\s*:?\s*(?=[0-9])", re.IGNORECASE)
"""What is printed before a number on a book and says no more than the number does."""

_LIGHT_TONE = {0x02D9: None}
"""The dot of Zhuyin's light tone: NFKC would make it a space and a combining mark."""


def compact(text: str) -> str:
    """A number in letters and digits only, capitals: as `number` fields hold it."""
    if text.isascii() and text.isalnum():
        return text.upper()[:64]
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum()).upper()[:64]


def numbers(text: str) -> tuple[str, ...]:
    """The normal forms of a text that is one number: ISBN-13 for an ISBN, ISSN digits, and the text itself, compact."""
    forms = [isbn13(text), *(issn.value.replace("-", "") for issn in issns(text) if issn.valid), compact(text)]
    if _OCLC_PREFIX.match(text):
        forms.append(oclc(text))
    if lccn := _LCCN_LIKE.fullmatch(text):  # as printed on cards: 85-1234 is 85001234
        forms.append(f"{lccn[1].upper()}{lccn[2]}{lccn[3]:0>6}")
    return tuple(dict.fromkeys(form for form in forms if form))


def analyse_query(text: str, *, scoped: bool = False, loosely: bool = False) -> tuple[Sought | Either, ...]:
    """What a query asks for, in the order typed, nothing twice; empty when it says nothing that could be searched.

    ``scoped`` when the text is already sought in one field: then names before a colon are words. ``loosely`` when
    nothing was found: then the last word may be the beginning of one, however short, and years behind words need not
    be there.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_LENGTH].translate(_LIGHT_TONE))
    dates: Iterable[_Item] = ()
    span = _LIFE_SPAN.search(text) or (_YEARS_BEHIND.search(text) if loosely else None)
    if span and any(map(str.isalpha, text[: span.start()])):
        dates = [(Group(tuple(tokens(span.group())), optional=True),)]
        text = text[: span.start()]
    text = _LABEL.sub("", _DASH_IN_NUMBER.sub("-", text))
    text = _NUMBERED_TONES.sub(lambda syllables: re.sub("(?<=[1-5])(?=[^1-5])", " ", syllables[0]), text)
    items = _with_last_word_open([*_items(text, scoped, _shouted(text))], loosely=loosely)
    return tuple(_bounded(_joined(_choosing_numbers([*items, *dates]))))


_Item = tuple[Sought, ...] | None
"""What one stretch of a query asks for, all of it; None is an OR."""


def _shouted(text: str) -> bool:
    words = [word for word in _LATIN_WORD.findall(text) if word not in {"AND", "OR", "NOT"}]
    return len(words) >= SHOUTED and all(map(str.isupper, words))


def _with_last_word_open(items: list[_Item], *, loosely: bool) -> list[_Item]:
    """The items, the last word of several being one that may go on; ``loosely``, an only or a short one, too."""
    last = items[-1] if items and (loosely or (len(items) > 1 and items[-2] is not None)) else None
    shortest = SHORTEST_BEGINNING if loosely else LAST_WORD_MAY_GO_ON
    if last and isinstance(group := last[-1], Group) and _may_go_on(group, shortest):
        items[-1] = (*last[:-1], replace(group, goes_on=True))
    return items


def _may_go_on(group: Group, shortest: int) -> bool:
    (word, *more) = group.tokens
    plain = not (more or group.exact or group.excluded or group.numbers)
    return plain and len(word) >= shortest and word.isalpha() and word < "\u0530"


def _choosing_numbers(items: list[_Item]) -> list[_Item]:
    """The items; several numbers and nothing else ask for what has any of them."""
    numbered = all(item and len(item) == 1 and isinstance(item[0], Group) and _is_number(item[0]) for item in items)
    return [part for item in items for part in (None, item)][1:] if numbered else items


def _is_number(group: Group) -> bool:
    return bool(group.numbers) and not group.excluded


def _joined(items: list[_Item]) -> Iterator[Sought | Either]:
    """Items on either side of an OR as one; an OR without two sides is none."""
    place = 0
    while place < len(items):
        choices = [items[place]]
        while place + 2 < len(items) and items[place + 1] is None and _can_be_chosen(items[place], items[place + 2]):
            choices.append(items[place + 2])
            place += 2
        place += 1
        sides = tuple(choice for choice in choices if choice)
        if len(sides) > 1:
            yield Either(tuple(dict.fromkeys(sides)))
        else:
            yield from (sought for side in sides for sought in side)


def _can_be_chosen(*sides: _Item) -> bool:
    return all(side and not any(getattr(one, "excluded", False) for one in side) for side in sides)


def _bounded(found: Iterable[Sought | Either]) -> Iterator[Sought | Either]:
    """Each once, until there are `MAX_TOKENS`; what the last one has beyond them is left out."""
    left, seen = MAX_TOKENS, set[Sought | Either]()
    for one in found:
        if left <= 0:
            return
        kept = _cut(one, left) if isinstance(one, Group) else one
        bare = replace(kept, goes_on=False) if isinstance(kept, Group) else kept
        if bare not in seen:
            seen.add(bare)
            yield kept
            left -= _size(kept)


def _cut(group: Group, length: int) -> Group:
    return replace(group, tokens=group.tokens[:length], also=()) if len(group.tokens) > length else group


def _size(one: Sought | Either) -> int:
    if isinstance(one, Either):
        return sum(_size(inner) for choice in one.choices for inner in choice)
    return len(one.tokens) if isinstance(one, Group) else len(tokens(one.text))


def _items(text: str, scoped: bool, shouted: bool) -> Iterator[_Item]:
    end = 0
    for quoted in _QUOTED.finditer(text):
        name = (quoted["field"] or "")[:-1]
        field = None if scoped else FIELD_NAMES.get(name.casefold())
        start = quoted.start() if field or not name else quoted.end("field")
        yield from _unquoted(text[end:start], scoped, shouted)
        end = quoted.end()
        inside = next((part for part in quoted.groups()[2:] if part is not None), "")
        minus = bool(quoted["minus"]) and start == quoted.start()
        if phrase := tuple(tokens(inside)):
            if field:
                yield (Scoped(field, f'"{inside}"', minus),)
            else:
                yield (Group(phrase, _as_number(inside.strip()), excluded=minus, exact=True),)
    yield from _unquoted(text[end:], scoped, shouted)


def _unquoted(text: str, scoped: bool, shouted: bool) -> Iterator[_Item]:
    end = 0
    for match in _ISBN_LIKE.finditer(text):
        if isbn13(compact(match["isbn"])):
            yield from _chunks(text[end : match.start()], scoped, shouted)
            known = numbers(match["isbn"]) + numbers(compact(match["isbn"]))
            excluded = bool(match["minus"])
            yield (Group(tuple(tokens(match["isbn"])), tuple(dict.fromkeys(known)), excluded=excluded),)
            end = match.end()
    yield from _chunks(text[end:], scoped, shouted)


def _chunks(text: str, scoped: bool, shouted: bool) -> Iterator[_Item]:
    excluding = False
    for chunk in text.split():
        if chunk in {"OR", "|"} and not shouted:
            yield None
        elif chunk == "NOT" and not shouted:
            excluding = True
        elif chunk != "AND" or shouted:
            typed = f"-{chunk}" if excluding and chunk[0] != "-" else chunk
            excluding = False
            initials = () if shouted else _initials(typed)
            if found := initials or _chunk(typed, scoped):
                yield found


def _initials(chunk: str) -> tuple[Sought, ...]:
    """Capitals that may stand for names: JK is also J. K."""
    return (Group(tuple(tokens(chunk)), also=(tuple(chunk.lower()),)),) if _INITIALS.fullmatch(chunk) else ()


def _chunk(chunk: str, scoped: bool) -> tuple[Sought, ...]:
    """What one stretch without white space asks for."""
    if not scoped and (named := _FIELD.fullmatch(chunk)) and (field := FIELD_NAMES.get(named["field"].casefold())):
        return (Scoped(field, named["text"], bool(named["minus"])),)
    if chunk[0] == "-" and (excluded := tuple(tokens(chunk))):
        return (Group(excluded, _as_number(chunk[1:]), excluded=True),)
    if number := _as_number(chunk):
        return (Group(tuple(tokens(chunk)), number),)
    found = [Group(stretch, also=_spelt_otherwise(stretch)) for part in parts(chunk) for stretch in _stretches(part)]
    if chunk[-1] == "*" and found and len(word := found[-1].tokens[-1]) > 1 and not is_single(word):
        found[-1] = replace(found[-1], goes_on=True)
    return tuple(found)


def _stretches(part: list[str]) -> Iterator[tuple[str, ...]]:
    """The runs of single characters and the words of a part; a number behind 第 belongs to the run."""
    ordinal = {n for n in range(1, len(part)) if part[n - 1] == "第" and part[n].isdecimal()}
    together = [is_single(token) or n in ordinal for n, token in enumerate(part)]
    for run, members in groupby(range(len(part)), key=together.__getitem__):
        stretch = tuple(part[n] for n in members)
        yield from [stretch] if run else ((word,) for word in stretch)


def _spelt_otherwise(stretch: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """第 3 冊 as 第 三 冊 and the other way about; 3rd as third."""
    if len(stretch) == 1:
        return ((word,),) if (word := ORDINAL_SPELT_OTHERWISE.get(stretch[0])) else ()
    if "第" not in stretch[:-1]:
        return ()
    start = stretch.index("第") + 1
    end = start
    while end < len(stretch) and chinese_number(stretch[end]) is not None:
        end += 1
    if stretch[start].isdecimal() and len(stretch[start]) < 3:
        return ((*stretch[:start], *in_chinese(int(stretch[start])), *stretch[start + 1 :]),)
    value = chinese_number("".join(stretch[start:end]))
    return ((*stretch[:start], str(value), *stretch[end:]),) if value else ()


def _as_number(chunk: str) -> tuple[str, ...]:
    if _ISSN_LIKE.fullmatch(chunk) or _NUMBER_LIKE.fullmatch(chunk) or isbn13(chunk):
        return numbers(chunk)
    return ()
