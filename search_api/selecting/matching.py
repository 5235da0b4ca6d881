"""Lines of a list → what the catalogue has of each, many at a time: numbers first, then what else a line says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.catalogue import Catalogue
from indexer.compare import opinion
from indexer.engine import Clause, SearchEngine, SearchRequest
from indexer.profile import profile
from indexer.record import Carrier, Edition, Identifier, Record
from indexer.work_rows import editions_of
from mappings.library import Library
from search_api.selecting.describing import Candidate, as_record, candidates, titles_agree
from search_api.selecting.found import (
    EDITIONS_SHOWN,
    Bucket,
    Checked,
    FoundEdition,
    How,
    Relation,
    Remark,
    Suggestion,
)
from search_api.selecting.given import Given, Why
from search_api.selecting.holders import found_edition

MOST_SUGGESTIONS = 3
MOST_LINKED = 5

CLEARLY = 2.0
"""Log odds by which one of several editions has to be the likelier one to be the one that is meant."""

MOST_SURE = 0.75
"""Of an edition that the line does not tell from others of the same text, though no other is held."""

_TITLES_APART = frozenset({"titles_differ", "titles_hardly_alike", "titles_partly_alike"})
_CREATORS_AGREE = frozenset({"creators_equal", "a_creator_shared"})


@dataclass(frozen=True, slots=True)
class Shelves:
    """What lines are looked up in."""

    engine: SearchEngine
    catalogue: Catalogue
    libraries: Mapping[str, Library]


@dataclass(slots=True)
class _Line:
    """A line while it is looked up."""

    given: Given
    how: How = ""
    found: dict[str, Relation] | None = None  # edition → what it is to the line
    sure: float | None = None
    remarks: list[Remark] | None = None
    suggestions: tuple[Suggestion, ...] = ()
    isbn: str = ""  # by which it was found

    @property
    def is_open(self) -> bool:
        """Whether what else the line says may still find its edition."""
        return not self.found or self.remarks == [Remark.OTHER_FORM]


async def checked(lines: Sequence[Given], shelves: Shelves) -> list[Checked]:
    """Each line with its bucket, in the order given.

    Raises: EngineUnavailable, EngineIncompatible.
    """
    numbers = {isbn: None for line in lines for isbn in (*line.numbers.isbns, *line.numbers.meant)}
    by_isbn = await shelves.engine.with_isbns(list(numbers)) if numbers else {}
    sought = [isbn for line in lines for isbn in line.numbers.isbns if isbn not in by_isbn]
    by_isbn |= await _with_linked(shelves.engine, sought)
    known = {edition.id: edition for editions in by_isbn.values() for edition in editions}
    states = await asyncio.to_thread(_by_number, lines, by_isbn)
    unmet = [state.given for state in states if state.is_open and as_record(state.given) is not None]
    if unmet:
        met = await asyncio.to_thread(_candidates, shelves.catalogue, unmet)
        new = {one.edition for found in met.values() for one in found} - known.keys()
        known |= await shelves.engine.editions(sorted(new))
        for state in states:
            _take(state, met.get(state.given.number, []), known)
    works = {known[one].work: None for state in states for one in state.found or () if known[one].work}
    of_work = await _of_works(shelves, list(works), known)
    return await asyncio.to_thread(_all_made, states, known, of_work, shelves.libraries)


async def _with_linked(engine: SearchEngine, isbns: Sequence[str]) -> dict[str, tuple[Edition, ...]]:
    """Of numbers that no edition has as its own, those that some name: of their print or e-book, or cancelled."""
    asked = [SearchRequest((Clause(isbn, field="isbn"),), limit=MOST_LINKED) for isbn in dict.fromkeys(isbns)]
    totals = await engine.totals(asked) if asked else ()
    found: dict[str, tuple[Edition, ...]] = {}
    for request, total in zip(asked, totals, strict=True):
        if total:
            page = await engine.search(request)
            found[request.clauses[0].text] = tuple(hit.edition for hit in page.hits)
    return found


def _candidates(catalogue: Catalogue, lines: Sequence[Given]) -> dict[int, list[Candidate]]:
    with catalogue.engine.connect() as connection:
        return candidates(connection, lines)


async def _of_works(shelves: Shelves, works: Sequence[str], known: dict[str, Edition]) -> dict[str, list[str]]:
    """Work → its editions; those not known yet are added to what is."""
    if not works:
        return {}

    def read() -> dict[str, str]:
        with shelves.catalogue.engine.connect() as connection:
            return editions_of(connection, works)

    of_work = await asyncio.to_thread(read)
    missing = sorted(of_work.keys() - known.keys())
    known |= await shelves.engine.editions(missing) if missing else {}
    found: dict[str, list[str]] = {}
    for edition, work in sorted(of_work.items()):
        if edition in known:
            found.setdefault(work, []).append(edition)
    return found


# By number


def _by_number(lines: Sequence[Given], by_isbn: Mapping[str, tuple[Edition, ...]]) -> list[_Line]:
    return [_numbered(line, by_isbn) for line in lines]


def _numbered(line: Given, by_isbn: Mapping[str, tuple[Edition, ...]]) -> _Line:
    own: dict[str, Edition] = {}
    linked: dict[str, Edition] = {}
    first = ""
    for isbn in line.numbers.isbns:
        for edition in by_isbn.get(isbn, ()):
            first = first or isbn
            (own if _is_own(edition, isbn) else linked)[edition.id] = edition
    if not own and not linked:
        return _meant(line, by_isbn)
    if not own:
        return _Line(line, "isbn", dict.fromkeys(linked, "other"), remarks=[Remark.OTHER_FORM], isbn=first)
    state = _Line(line, "isbn", {}, remarks=[], isbn=first)
    assert state.found is not None
    assert state.remarks is not None
    chosen = _meant_of(line, list(own.values()))
    if len(chosen) == 1 and line.title and _is_another_book(line, chosen[0]):
        state.remarks.append(Remark.TITLE_DIFFERS)
        state.found[chosen[0].id] = "possible"
    else:
        relation: Relation = "same" if len(chosen) == 1 else "possible"
        state.found.update(dict.fromkeys((one.id for one in chosen), relation))
        if len(chosen) == 1 and (remark := _volume_remark(chosen[0], first)):
            state.remarks.append(remark)
    others = (*own, *linked)
    state.found.update((one, "other") for one in others if one not in state.found)
    return state


def _is_own(edition: Edition, isbn: str) -> bool:
    return any(i.value.kind == "isbn" and i.value.value == isbn and not i.value.linked for i in edition.identifiers)


def _meant(line: Given, by_isbn: Mapping[str, tuple[Edition, ...]]) -> _Line:
    """A line whose number is wrong: what bears a number one slip away, where the title agrees; else a suggestion."""
    near = [(isbn, edition) for isbn in line.numbers.meant for edition in by_isbn.get(isbn, ())[:1]]
    if line.title:
        agreeing = [(isbn, one) for isbn, one in near if titles_agree(line.title, _title(one))]
        if len(agreeing) == 1:
            isbn, edition = agreeing[0]
            return _Line(line, "isbn", {edition.id: "same"}, remarks=[Remark.ISBN_MENDED], isbn=isbn)
        near = agreeing
    return _Line(line, suggestions=tuple(Suggestion(isbn, _title(one)) for isbn, one in near[:MOST_SUGGESTIONS]))


def _title(edition: Edition) -> str:
    return edition.title.proper if edition.title else ""


def _meant_of(line: Given, editions: list[Edition]) -> list[Edition]:
    """Of several editions with one number those that the line may mean: by its title and year, then print before
    e-books."""
    if len(editions) > 1 and (line.title or line.record):
        fitting = [one for one in editions if titles_agree(line.title, _title(one)) and _years_agree(line, one)]
        editions = fitting or editions
    if len(editions) > 1:
        editions = [one for one in editions if one.carrier is not Carrier.ONLINE] or editions
    return editions


def _years_agree(line: Given, edition: Edition) -> bool:
    return line.year is None or not edition.years or any(abs(year.value - line.year) <= 1 for year in edition.years)


def _is_another_book(line: Given, edition: Edition) -> bool:
    """Whether the edition with a line's number is quite another book: a wrong number, typed or printed."""
    if any(titles_agree(line.title, title.value.proper) for title in edition.titles):
        return False
    record = as_record(line)
    if record is None:
        return False
    stated = frozenset(opinion(profile(record), profile(_record_of(edition))).statements)
    return bool(stated & _TITLES_APART) and not stated & _CREATORS_AGREE


def _record_of(edition: Edition) -> Record:
    """An edition as one record, to be compared with a line."""
    return Record(
        library="edition",
        identifier=edition.id,
        local_id="",
        dialect="marc21",
        titles=tuple(title.value for title in edition.titles),
        agents=tuple(agent.value for agent in edition.agents),
        imprints=tuple(imprint.value for imprint in edition.imprints),
        year=edition.year,
        identifiers=tuple(one.value for one in edition.identifiers),
        languages=edition.languages,
        format=edition.format,
        carrier=edition.carrier,
    )


def _volume_remark(edition: Edition, isbn: str) -> Remark | None:
    numbers = [one.value for one in edition.identifiers if one.value.kind == "isbn" and one.value.valid]
    if _volume(numbers, isbn):
        return Remark.VOLUME_ISBN
    return Remark.SET_ISBN if any(number.volume for number in numbers) else None


def _volume(numbers: Iterable[Identifier], isbn: str) -> str:
    return next((number.volume for number in numbers if number.value == isbn and number.volume), "")


# By description


def _take(state: _Line, met: Sequence[Candidate], known: Mapping[str, Edition]) -> None:
    """Takes what a line's description met; of several that are the same, print goes before e-books."""
    met = [one for one in met if one.edition in known]
    if not state.is_open or not met:
        return
    if not (others := [one for one in met if one.relation != "volume"]) and not state.found:
        state.remarks = [Remark.OTHER_VOLUMES]
    met = others
    linked = dict(state.found or {})
    met = [one for one in met if one.edition not in linked]  # its print or e-book is another edition, whatever it says
    if not met:
        return
    same = [one for one in met if one.relation == "same"]
    if len(same) > 1:
        printed = [one for one in same if known[one.edition].carrier is not Carrier.ONLINE]
        same = printed or same
        if len(same) > 1 and same[0].score - same[1].score >= CLEARLY:
            same = same[:1]
    chosen = same or [one for one in met if one.relation == "possible"]
    relation: Relation = "same" if len(same) == 1 else "possible"
    state.found = dict.fromkeys((one.edition for one in chosen), relation)
    state.found.update((one, "other") for one in (*(one.edition for one in met), *linked) if one not in state.found)
    state.sure = round(min(chosen[0].sure, 1.0 if same else MOST_SURE) / len(chosen), 2) if chosen else None
    state.how = "issn" if state.given.numbers.issn else "description"
    if state.given.numbers.why is not None:
        state.remarks = [Remark.ISBN_WRONG]
        state.suggestions = ()


# What came of it


def _all_made(
    states: Sequence[_Line],
    known: Mapping[str, Edition],
    of_work: Mapping[str, Sequence[str]],
    libraries: Mapping[str, Library],
) -> list[Checked]:
    shown: dict[str, FoundEdition] = {}
    return [_made(state, known, of_work, libraries, shown) for state in states]


def _made(
    state: _Line,
    known: Mapping[str, Edition],
    of_work: Mapping[str, Sequence[str]],
    libraries: Mapping[str, Library],
    shown: dict[str, FoundEdition],
) -> Checked:
    given, found = state.given, state.found or {}
    if not found:
        of_a_ware = given.numbers.why in (Why.COMMODITY, Why.OTHER_NUMBER)
        readable = given.why is None and not (given.numbers.why and (of_a_ware or not given.title))
        bucket = Bucket.NONE if readable else Bucket.UNREADABLE
        if bucket is Bucket.UNREADABLE and given.why is None:
            given = replace(given, why=given.numbers.why or Why.NO_NUMBER)
        remarks = [*(state.remarks or ()), *_of_given(given)]
        if readable and given.numbers.why:
            remarks.append(Remark.ISBN_WRONG)
        return Checked(given, bucket, remarks=tuple(remarks), suggestions=state.suggestions)
    relations = dict(found)
    for edition in found:
        for other in of_work.get(known[edition].work, ()) if known[edition].work else ():
            relations.setdefault(other, "other")
    ranked = sorted(relations, key=lambda one: (_ORDER[relations[one]], -len(known[one].libraries), one))
    chosen = [one for one in ranked if relations[one] != "other"]
    kinds = {relations[one] for one in chosen}
    bucket = Bucket.SAME if "same" in kinds else Bucket.POSSIBLE if kinds else Bucket.OTHER
    editions = tuple(
        _shown(known[one], relations[one], state.isbn, libraries, shown) for one in ranked[:EDITIONS_SHOWN]
    )
    same = {library for one in chosen for library in known[one].libraries}
    held = [holder for one in editions if one.relation != "other" for holder in one.held_by]
    own: dict[str, int] = {}
    for holder in held:
        own[holder.library] = own.get(holder.library, 0) + (holder.copies or 0)
    remarks = [*(state.remarks or ()), *_of_given(given)]
    if any(holder.on_order or holder.in_process for one in editions for holder in one.held_by):
        remarks.append(Remark.ON_ORDER)
    return Checked(
        given,
        bucket,
        state.how,
        state.sure,
        editions,
        max(0, len(ranked) - EDITIONS_SHOWN),
        tuple(sorted(same)),
        tuple(sorted({library for one in ranked for library in known[one].libraries})),
        sum(own.values()),
        tuple(sorted(own.items())),
        remarks=tuple(remarks),
        suggestions=state.suggestions,
    )


def _of_given(given: Given) -> Iterator[Remark]:
    if given.copies_unread:
        yield Remark.COPIES_UNREAD


_ORDER: Mapping[Relation, int] = {"same": 0, "possible": 1, "other": 2}


def _shown(
    edition: Edition,
    relation: Relation,
    isbn: str,
    libraries: Mapping[str, Library],
    shown: dict[str, FoundEdition],
) -> FoundEdition:
    """An edition as a line shows it; of an edition that many lines ask for it is made once."""
    if edition.id not in shown:
        shown[edition.id] = found_edition(edition, relation, libraries)
    volume = _volume((one.value for one in edition.identifiers), isbn) if isbn else ""
    one = shown[edition.id]
    return one if one.relation == relation and one.volume == volume else replace(one, relation=relation, volume=volume)
