"""Records → Edition: every value once, with the libraries that state it, the best first.

Values that say the same in other words (case, punctuation, Traditional or Simplified, romanised beside vernacular)
count as one and are shown in their best form: vernacular, then fullest. Values that differ are kept beside each other,
never blended: first what most libraries state, then what the fullest good record states, so that title, edition,
imprint and extent are those of one record where none has more to say for it. What comes out depends only on the
records, not on their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, Generic, TypeVar

from indexer.record import (
    Agent,
    Carrier,
    Classification,
    Edition,
    Format,
    Identifier,
    Imprint,
    Link,
    Member,
    Record,
    Series,
    Sourced,
    Subject,
    Title,
)
from indexer.text import fold, has_cjk
from indexer.variants import fold_variants

T = TypeVar("T")
Rank = tuple[Any, ...]

_TITLE_KINDS = (
    *("proper", "uniform", "parallel", "variant", "cover", "former", "later", "part", "contents", "host"),
    "related",
)
_SPECIAL_BOOKS = (Format.PICTURE_BOOK, Format.COMIC)


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    """The text as it counts for being the same value: folded, variants of Han too, without spaces."""
    return fold_variants(fold(text)).replace(" ", "")


class _Group(Generic[T]):
    """One value in its forms: the best of them, who states it, whether the leading record does, and the earliest place
    it stands at in a record."""

    __slots__ = ("best", "led", "libraries", "place", "quality")

    def __init__(self, value: T, quality: Rank, place: int) -> None:
        self.best, self.quality, self.place = value, quality, place
        self.libraries: set[str] = set()
        self.led = False

    def add(self, value: T, quality: Rank, place: int) -> None:
        if quality > self.quality or (quality == self.quality and repr(value) > repr(self.best)):
            self.best, self.quality = value, quality
        self.place = min(self.place, place)

    def sourced(self) -> Sourced[T]:
        return Sourced(self.best, tuple(sorted(self.libraries)))


class _Kind(Generic[T]):
    """How values of one kind are told apart (``key``), which form is best (``quality``), and which stands first."""

    def __init__(
        self,
        key: Callable[[T], Hashable],
        quality: Callable[[T], Rank] = lambda value: (len(str(value)),),
        first: Callable[[T], Rank] = lambda _: (),
        alias: Callable[[T], Hashable] = lambda _: None,
    ) -> None:
        self.key, self.quality, self.first, self.alias = key, quality, first, alias

    def merged(self, stated: Iterable[tuple[str, Sequence[T]]]) -> tuple[Sourced[T], ...]:
        """The values of (library, values) pairs, the leading record's first: by `first`, most libraries, whether the
        leading record states it, place in the record, then text."""
        stated = list(stated)
        if (only := _only(stated)) is not None:
            return (only,)
        groups: dict[Hashable, _Group[T]] = {}
        for turn, (library, values) in enumerate(stated):
            for place, value in enumerate(values):
                key = self.key(value)
                group = groups.get(key)
                if group is None:
                    group = groups[key] = _Group(value, self.quality(value), place)
                elif group.best != value or place < group.place:
                    group.add(value, self.quality(value), place)
                group.libraries.add(library)
                group.led |= turn == 0
        if len(groups) > 1:
            self._join_aliases(groups)
        return tuple([group.sourced() for group in self._ordered(groups.values())])

    def _ordered(self, groups: Collection[_Group[T]]) -> Collection[_Group[T]]:
        if len(groups) < 2:
            return groups
        ranked = [((self.first(g.best), -len(g.libraries), not g.led, g.place), g) for g in groups]
        if len({rank for rank, _ in ranked}) == len(ranked):
            return [group for _, group in sorted(ranked, key=itemgetter(0))]
        # Their texts decide, which take longer to write out than all else here.
        return [group for _, group in sorted(ranked, key=lambda one: (one[0], repr(one[1].best)))]

    def _join_aliases(self, groups: dict[Hashable, _Group[T]]) -> None:
        """Puts a value that is only the romanised form of another with that one."""
        aliases = {own: alias for own, group in groups.items() if (alias := self.alias(group.best)) is not None}
        for own in sorted(aliases, key=repr):
            alias = aliases[own]
            if alias == own or alias not in groups or own not in groups:
                continue
            other = groups.pop(alias)
            groups[own].libraries |= other.libraries
            groups[own].led |= other.led
            groups[own].place = min(groups[own].place, other.place)


def _only(stated: Iterable[tuple[str, Sequence[T]]]) -> Sourced[T] | None:
    """The one value there is, where all that state any state that and nothing beside; else None: keys tell them apart.

    Half of all values are so, and making keys takes most of the time of merging.
    """
    found: Sequence[T] | None = None
    libraries: set[str] = set()
    for library, values in stated:
        if values:
            if found is None:
                if len(values) > 1:
                    return None
                found = values
            elif values != found:
                return None
            libraries.add(library)
    return None if found is None else Sourced(found[0], tuple(sorted(libraries)))


_LISTED = attrgetter(
    *("titles", "agents", "imprints", "series", "notes", "subjects", "classifications", "identifiers", "links")
)
_CODED = attrgetter("languages", "original_languages", "audience", "subtitle_languages", "intermediate_languages")
_SINGLE = attrgetter("responsibility", "edition", "extent", "summary", "contents")
_YEARLY = attrgetter("year", "copyright_year", "original_year")
"""What records state, taken from each at once: most of it is empty in all records of an edition."""


def _title_key(title: Title) -> Hashable:
    whole = f"{title.proper} {title.other} {title.part_number} {title.part_name}"
    return title.kind, _plain(whole)


def _agent_key(agent: Agent) -> Hashable:
    return _plain(agent.name), agent.role


def _agent_order(agent: Agent) -> Rank:
    return (not agent.main, agent.role not in ("aut", "cmp", ""))


def _vernacular(text: str) -> bool:
    return has_cjk(text)


_TITLES: _Kind[Title] = _Kind(
    _title_key,
    quality=lambda t: (_vernacular(t.proper), bool(t.romanised), len(t.other) + len(t.part_name)),
    first=lambda t: (
        _TITLE_KINDS.index(t.kind) if t.kind in _TITLE_KINDS else len(_TITLE_KINDS),
        not _vernacular(t.proper),
    ),
    alias=lambda t: (t.kind, _plain(t.romanised)) if t.romanised else None,
)
_AGENTS: _Kind[Agent] = _Kind(
    _agent_key,
    quality=lambda a: (
        a.main,
        bool(a.romanised),
        bool(a.original),
        bool(a.dates),
        bool(a.number),
        len(a.more_roles),
        len(a.name),
    ),
    first=_agent_order,
    alias=lambda a: (_plain(a.romanised or a.original), a.role) if a.romanised or a.original else None,
)
_IMPRINTS: _Kind[Imprint] = _Kind(
    lambda i: _plain(f"{i.place} {i.publisher}"),
    quality=lambda i: (bool(i.romanised), len(i.date)),
    alias=lambda i: _plain(i.romanised) if i.romanised else None,
)
_TEXTS: _Kind[str] = _Kind(_plain)
_LONGEST: _Kind[str] = _Kind(_plain, first=lambda text: (-len(text),))
_YEARS: _Kind[int] = _Kind(lambda year: year)
_SERIES: _Kind[Series] = _Kind(
    lambda s: (_plain(s.title), _plain(s.number)),
    quality=lambda s: (bool(s.romanised), bool(s.reading)),
    alias=lambda s: (_plain(s.romanised), _plain(s.number)) if s.romanised else None,
)
_SUBJECTS: _Kind[Subject] = _Kind(
    lambda s: (_plain(s.text), s.kind),
    quality=lambda s: (bool(s.scheme), bool(s.romanised), bool(s.reading)),
    alias=lambda s: (_plain(s.romanised), s.kind) if s.romanised else None,
)
_CLASSIFICATIONS: _Kind[Classification] = _Kind(lambda c: (c.scheme, _plain(c.number)))
_IDENTIFIERS: _Kind[Identifier] = _Kind(
    lambda i: (i.kind, i.value, i.valid),
    quality=lambda i: (bool(i.volume), bool(i.qualifier), len(i.qualifier)),
    first=lambda i: (not i.valid, i.kind),
)
_LINKS: _Kind[Link] = _Kind(lambda link: link.url, quality=lambda link: (bool(link.label), link.kind != "elsewhere"))


def _without_roleless_repeats(agents: tuple[Sourced[Agent], ...]) -> tuple[Sourced[Agent], ...]:
    """A name stated once with and once without its role is one agent, held by the libraries of both."""
    with_role = {_plain(a.value.name): a for a in reversed(agents) if a.value.role}
    joined: dict[str, set[str]] = {}
    kept = []
    for agent in agents:
        name = _plain(agent.value.name)
        if not agent.value.role and name in with_role:
            joined.setdefault(name, set()).update(agent.libraries)
        else:
            kept.append(agent)
    if not joined:
        return agents
    return tuple(
        Sourced(a.value, tuple(sorted({*a.libraries, *joined[_plain(a.value.name)]})))
        if with_role.get(_plain(a.value.name)) is a and _plain(a.value.name) in joined
        else a
        for a in kept
    )


def _most_stated(values: Iterable[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """Codes by how many libraries state them, then by their place in the record, then alphabetically."""
    libraries: dict[str, set[str]] = {}
    places: dict[str, int] = {}
    for library, codes in values:
        for place, code in enumerate(codes):
            libraries.setdefault(code, set()).add(library)
            places[code] = min(place, places.get(code, place))
    return tuple(sorted(libraries, key=lambda code: (-len(libraries[code]), places[code], code)))


def _commonest(values: Iterable[str], unknown: str) -> str:
    stated = [value for value in values if value != unknown]
    if stated and stated.count(stated[0]) == len(stated):
        return stated[0]
    counted = Counter(stated)
    return min(counted, key=lambda value: (-counted[value], value)) if counted else unknown


def _format(stated: Sequence[Format]) -> Format:
    """The format most records state; a book that some call a picture book is one, because few libraries say so."""
    commonest = Format(_commonest(stated, Format.OTHER))
    if commonest is not Format.BOOK:
        return commonest
    return next((special for special in _SPECIAL_BOOKS if special in stated), commonest)


def _leading_first(records: Sequence[Record]) -> list[Record]:
    """The records, which come in the order of their names, with the fullest good one before the others: it leads where
    no more libraries speak for a value."""
    if len(records) < 2:
        return list(records)
    lead = min(records, key=lambda record: (_damage(record), -_fullness(record)))
    return [lead, *(record for record in records if record is not lead)]


def _damage(record: Record) -> bool:
    """Whether a record came with characters that nobody can read, or without a title."""
    return record.replacements > 0 or not record.titles


def _fullness(record: Record) -> int:
    """How much a record states of what an edition is described by."""
    title = record.title
    described = (record.responsibility, record.edition, record.extent, record.summary, record.contents)
    counted = (record.agents, record.subjects, record.classifications, record.notes, record.series, record.imprints)
    return (
        sum(map(bool, described))
        + sum([size if (size := len(some)) < 3 else 3 for some in counted])
        + sum(map(bool, (record.year, record.pages, record.languages, record.country)))
        + (0 if title is None else 2 * has_cjk(title.proper) + bool(title.other) + bool(title.romanised))
    )


def merge(edition_id: str, records: Iterable[Record]) -> Edition:
    """The edition that these records describe, under this id; holdings of all of them by library and record."""
    ordered = sorted(records, key=lambda record: record.ref)

    leading = _leading_first(ordered)

    libraries = [record.library for record in leading]
    titles, agents, imprints, series, notes, subjects, classifications, identifiers, links = zip(
        *map(_LISTED, leading), strict=True
    )
    languages, originals, audience, subtitles, between = zip(*map(_CODED, leading), strict=True)
    responsibilities, statements, extents, summaries, contents = zip(*map(_SINGLE, leading), strict=True)
    published, copyrights, first_published = zip(*map(_YEARLY, leading), strict=True)

    def many(kind: _Kind[T], stated: Sequence[Sequence[T]]) -> tuple[Sourced[T], ...]:
        return kind.merged(zip(libraries, stated, strict=True)) if any(stated) else ()

    def one(kind: _Kind[str], stated: Sequence[str]) -> tuple[Sourced[str], ...]:
        return many(kind, [(text,) if text else () for text in stated]) if any(stated) else ()

    def coded(stated: Sequence[Sequence[str]]) -> tuple[str, ...]:
        said = {codes for codes in stated if codes}
        if len(said) < 2:  # all say the same
            return tuple(dict.fromkeys(*said)) if said else ()
        return _most_stated(zip(libraries, stated, strict=True))

    def yearly(stated: Sequence[int | None]) -> tuple[Sourced[int], ...]:
        return many(_YEARS, [() if year is None else (year,) for year in stated])

    years = yearly(published)
    doubts = [r.year_questionable for r in ordered if years and r.year == years[0].value]
    end_years = [record.end_year for record in ordered if record.end_year is not None]
    return Edition(
        id=edition_id,
        members=tuple(Member(r.library, r.identifier, r.local_id, r.dialect) for r in ordered),
        titles=many(_TITLES, titles),
        responsibilities=one(_TEXTS, responsibilities),
        agents=_without_roleless_repeats(many(_AGENTS, agents)),
        editions=one(_TEXTS, statements),
        imprints=many(_IMPRINTS, imprints),
        years=years,
        end_year=max(end_years) if end_years else None,
        extents=one(_TEXTS, extents),
        series=many(_SERIES, series),
        notes=many(_TEXTS, notes),
        summaries=one(_LONGEST, summaries),
        contents=one(_LONGEST, contents),
        subjects=many(_SUBJECTS, subjects),
        classifications=many(_CLASSIFICATIONS, classifications),
        identifiers=many(_IDENTIFIERS, identifiers),
        languages=coded(languages),
        original_languages=coded(originals),
        country=_commonest((r.country for r in ordered), ""),
        format=_format([r.format for r in ordered]),
        carrier=Carrier(_commonest((r.carrier for r in ordered), Carrier.UNKNOWN)),
        links=many(_LINKS, links),
        holdings=tuple(holding for record in ordered for holding in record.holdings),
        audience=coded(audience),
        subtitle_languages=coded(subtitles),
        intermediate_languages=coded(between),
        copyright_years=yearly(copyrights),
        original_years=yearly(first_published),
        year_questionable=bool(doubts) and all(doubts),
    )
