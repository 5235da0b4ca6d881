"""Holdings and live answers as the edition page shows them: a badge for every place a library keeps copies.

What was harvested decides which rows there are and in which order; an answer only fills their badges. So nothing on the
page moves when a late answer comes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from indexer.holdings.volumes import VolumeKey, volume_key
from indexer.record import Edition
from mappings.library import Library
from search_api.availability.status import (
    Answer,
    AnswerState,
    ItemState,
    ItemStatus,
    Standing,
    figures,
    is_of,
    summarise,
    tally,
)
from search_api.figures_view import figures_in_words
from search_api.labels import Labels
from search_api.shelf import Place, said_of
from search_api.shelf import places as places_of
from search_api.texts import Texts

ROWS_SHOWN = 12
"""Rows of one library; a record of a journal may have hundreds of items."""

_SHAPE = {
    ItemState.AVAILABLE: "available",
    ItemState.ON_REQUEST: "on_request",
    ItemState.ONLINE: "online",
    ItemState.AVAILABLE_ONSITE: "onsite",
    ItemState.NOT_FOR_LOAN: "onsite",
    ItemState.ON_LOAN: "on_loan",
    ItemState.RECALLED: "on_loan",
    ItemState.ON_HOLD_SHELF: "away",
    ItemState.IN_TRANSIT: "away",
    ItemState.IN_PROCESS: "away",
    ItemState.ON_ORDER: "away",
    ItemState.MISSING: "gone",
    ItemState.LOST: "gone",
    ItemState.WITHDRAWN: "gone",
    ItemState.CHECK_WITH_LIBRARY: "unknown",
    ItemState.UNKNOWN: "unknown",
}
_SHAPE_OF_STANDING = {
    Standing.AVAILABLE: "available",
    Standing.ON_REQUEST: "on_request",
    Standing.ONLINE: "online",
    Standing.ON_SITE: "onsite",
    Standing.NOT_NOW: "on_loan",
    Standing.UNCLEAR: "unknown",
    Standing.NOT_FOUND: "unknown",
    Standing.KEPT: "kept",
    Standing.UNANSWERED: "unknown",
    Standing.NO_LIVE_STATUS: "no_service",
    Standing.ASKING: "asking",
}
_ANSWERED = (
    Standing.AVAILABLE,
    Standing.ON_REQUEST,
    Standing.ONLINE,
    Standing.ON_SITE,
    Standing.NOT_NOW,
    Standing.UNCLEAR,
    Standing.NOT_FOUND,
)
# An answer that says nothing of any copy: shape and text of every badge of that library.
_SILENT = {
    AnswerState.TIMEOUT: ("unknown", "state.could_not_ask"),
    AnswerState.ERROR: ("unknown", "state.could_not_ask"),
    AnswerState.UNSUPPORTED: ("no_service", "state.no_service"),
    AnswerState.NOT_FOUND: ("unknown", "state.not_found"),
}
_TO_BE_HAD = (
    ("lend", Standing.AVAILABLE),
    ("online", Standing.ONLINE),
    ("request", Standing.ON_REQUEST),
    ("read", Standing.ON_SITE),
)
_UNANSWERED = (AnswerState.TIMEOUT, AnswerState.ERROR)
_COUNTED = (ItemState.AVAILABLE, ItemState.ON_REQUEST)


@dataclass(frozen=True, slots=True)
class Badge:
    """A state: words first, a shape that carries the same, colour third."""

    shape: str
    words: str


@dataclass(frozen=True, slots=True)
class CopyRow:
    """Copies that stand at one place under one call number."""

    badge: Badge
    place: str
    call_number: str
    note: str = ""
    url: str = ""  # where its readers open it on line


@dataclass(frozen=True, slots=True)
class LibraryBlock:
    """One library on the edition page."""

    code: str
    name: str
    copies: tuple[CopyRow, ...]
    figures: str  # all its copies in a sentence; "" while it is being asked
    more: int  # copies beyond the rows shown
    record_url: str  # the record in the library's own catalogue
    read_url: str  # where the library's readers open it on line, as its record says
    answered: bool  # its system said something of the copies
    since: str  # since when its system has not answered, in words


@dataclass(frozen=True, slots=True)
class RegionBlock:
    code: str
    name: str
    blocks: tuple[LibraryBlock, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Libraries that stand before all regions, under a heading of their own."""

    code: str
    name: str
    libraries: Collection[str]


@dataclass(frozen=True, slots=True)
class LiveSummary:
    """All libraries in one sentence whose counts add up."""

    held: str
    answer: str
    asked: str
    comma: str
    shelf: tuple[Badge, ...]


def to_be_had(counts: Mapping[Standing, int], t: Texts) -> list[str]:
    """How many can lend, have it online, fetch it or let it be read there, in a row as on the edition's page."""
    return [t(f"live.{key}", n=counts[standing]) for key, standing in _TO_BE_HAD if counts[standing]]


class LiveView:
    """Writes badges, blocks and the summary in one interface language."""

    def __init__(self, t: Texts, labels: Labels, libraries: Mapping[str, Library]) -> None:
        self._t = t
        self._labels = labels
        self._libraries = libraries

    def regions(
        self, edition: Edition, answers: Mapping[str, Answer], first: Sequence[Ahead] = ()
    ) -> tuple[RegionBlock, ...]:
        """The holding libraries by region, in the order of the page; those without an answer are being asked.

        Those named ``first`` stand there, each once, and not in their region.
        """
        labels = self._labels
        codes = labels.in_order(edition.libraries)
        sections: list[tuple[str, str, list[str]]] = []
        for one in first:
            sections.append((one.code, one.name, [code for code in codes if code in one.libraries]))
            codes = [code for code in codes if code not in one.libraries]
        for region in labels.regions_in_order(map(labels.region_of, codes)):
            held = [code for code in codes if labels.region_of(code) == region]
            sections.append((region or "none", labels.region(region) if region else "", held))
        return tuple(
            RegionBlock(code, name, tuple(self.block(edition, one, answers.get(one)) for one in held))
            for code, name, held in sections
            if held
        )

    def block(self, edition: Edition, code: str, answer: Answer | None) -> LibraryBlock:
        """One library's rows; ``answer`` None means it is being asked."""
        places = places_of(holding for holding in edition.holdings if holding.library == code)
        rows = self._rows(places, answer)
        read_url = _full_text(edition, code)
        if len({row.url for row in rows} - {""}) > 1:
            read_url = ""  # each row leads to its own source
        elif read_url:
            rows = [replace(row, url="") if row.url == read_url else row for row in rows]
        shown = rows[:ROWS_SHOWN]
        library = self._libraries.get(code)
        local_id = next((m.local_id for m in edition.members if m.library == code and m.local_id), "")
        failing = answer.failing_since if answer and answer.state in _UNANSWERED else None
        return LibraryBlock(
            code=code,
            name=self._labels.library(code),
            copies=tuple(shown),
            figures=figures_in_words(answer, self._t) if answer else "",
            more=len(rows) - len(shown),
            record_url=library.record_url.replace("{local_id}", local_id) if library and local_id else "",
            read_url=read_url,
            answered=answer is not None and answer.state not in _SILENT,
            since=self._t("live.since", time=self._t.time(failing)) if failing else "",
        )

    def summary(self, edition: Edition, answers: Mapping[str, Answer], at: datetime) -> LiveSummary:
        """The one sentence over all holders; nobody "can lend" or "cannot lend" before the last answer is there."""
        t = self._t
        codes = self._labels.in_order(edition.libraries)
        counted = summarise(answers.values(), asking=len(codes) - len(answers))
        counts = counted.counts
        parts = to_be_had(counts, t)
        answered = sum(counts[standing] for standing in _ANSWERED)
        if not parts and answered and answered == counts[Standing.NOT_NOW] == counted.holders:
            parts.append(t("live.no_lend"))
        asked = [
            t(f"live.{key}", n=n)
            for key, n in (
                ("answered", answered),
                ("asking", counted.asking),
                ("kept", counted.kept),
                ("unanswered", counted.unanswered),
                ("no_service", counts[Standing.NO_LIVE_STATUS]),
            )
            if n
        ]
        comma, stop = ("，", "。") if t.language == "zh-Hant" else (", ", ".")
        if counted.asking:
            parts.append(t("live.asking", n=counted.asking))
        return LiveSummary(
            held=t("live.held", n=counted.holders),
            answer=comma.join(parts),
            asked=t("live.at", time=t.time(at)) + comma.join(asked) + stop,
            comma=comma,
            shelf=tuple(Badge(_spine(answers[c]) if c in answers else "asking", "") for c in codes),
        )

    def broken(self, edition: Edition, answers: Mapping[str, Answer], at: datetime) -> LiveSummary:
        """The sentence once nothing more can come: who has not answered by now could not be asked."""
        silent = {code: Answer(edition.id, code, (), AnswerState.ERROR) for code in edition.libraries}
        return self.summary(edition, {**silent, **answers}, at)

    def badge(self, answer: Answer) -> Badge:
        """All copies of one library in few words, for a row: the best of them, and how many where they are alike."""
        t = self._t
        silent = _SILENT.get(answer.state)
        if silent is not None:
            shape, key = silent
            return Badge(shape, t(key))
        counted = tally(answer)
        whole = counted.whole
        if counted.state is ItemState.ON_LOAN and whole is not None and whole.first_due:
            due = whole.first_due
            words = t("state.due_soon", date=f"{due.month}/{due.day}" if t.full_width else t.day(due))
        else:
            words = t(f"state.{counted.state}")
            if counted.state in _COUNTED and whole is None:
                words = t("state.some_volumes", state=words)
        if answer.state is AnswerState.STALE and answer.as_of is not None:
            return Badge("kept", t("state.kept_soon", state=words, time=t.time(answer.as_of)))
        if counted.state in _COUNTED and whole is not None:
            words = t("state.count", state=words, n=whole.available)
        return Badge(_SHAPE[counted.state], words)

    def spine(self, answer: Answer) -> str:
        """The shape of a library's spine: that of its best copy where it answered now."""
        return _spine(answer)

    def asking(self) -> Badge:
        """The badge of a library that is being asked."""
        return Badge("asking", self._t("state.asking"))

    def not_asked(self) -> Badge:
        """The badge of a library that nobody has asked yet."""
        return Badge("not_asked", self._t("state.not_asked"))

    def unanswered(self) -> Badge:
        """The badge of a library that could not be asked."""
        shape, key = _SILENT[AnswerState.ERROR]
        return Badge(shape, self._t(key))

    def _rows(self, places: Sequence[Place], answer: Answer | None) -> list[CopyRow]:
        if answer is None:
            return self._same_badge(places, Badge("asking", self._t("state.asking")))
        silent = _SILENT.get(answer.state)
        if silent is not None:
            shape, key = silent
            return self._same_badge(places, Badge(shape, self._t(key)))
        matched = [[s for s in answer.items if any(is_of(s, item) for item in place.items)] for place in places]
        told = {id(status) for statuses in matched for status in statuses}
        if not told and len(places) == 1 and not any(status.volume for status in answer.items):
            matched = [list(answer.items)]
            told = {id(status) for status in answer.items}
        rows = [
            row
            for place, statuses in zip(places, matched, strict=True)
            if statuses or told or not answer.items
            for row in self._rows_of_a_place(place, statuses, answer)
        ]
        rows += self._rows_of_the_rest([s for s in answer.items if id(s) not in told], answer)
        return rows or [CopyRow(self._badge((), answer), "", "")]

    def _rows_of_a_place(self, place: Place, statuses: Sequence[ItemStatus], answer: Answer) -> list[CopyRow]:
        """One row, or one for each volume where the system tells volumes apart and the records do not."""
        volumes: dict[VolumeKey, list[ItemStatus]] = {}
        for status in statuses:
            volumes.setdefault(volume_key(status.volume), []).append(status)
        if len(volumes) < 2:
            note = self._queue(statuses) or self._not_named(place, answer)
            return [self._row(place, self._badge(statuses, answer), note)]
        rows = []
        for _, group in sorted(volumes.items()):
            row = self._row(place, self._badge(group, answer), self._queue(group))
            rows.append(replace(row, call_number=f"{row.call_number} {group[0].volume}".strip()))
        return rows

    def _rows_of_the_rest(self, statuses: Sequence[ItemStatus], answer: Answer) -> list[CopyRow]:
        """Rows for copies that only the live system knows."""
        groups: dict[tuple[str, str, str, VolumeKey], list[ItemStatus]] = {}
        for status in statuses:
            key = (status.branch, status.location, status.call_number, volume_key(status.volume))
            groups.setdefault(key, []).append(status)
        return [
            CopyRow(
                badge=self._badge(group, answer),
                place=self._place(answer.library, branch, location),
                call_number=" ".join(filter(None, (call_number, group[0].volume))),
                note=" · ".join(filter(None, (self._queue(group), self._new(group)))),
            )
            for (branch, location, call_number, _), group in sorted(groups.items(), key=lambda group: group[0])
        ]

    def _same_badge(self, places: Sequence[Place], badge: Badge) -> list[CopyRow]:
        return [self._row(place, badge, "") for place in places] or [CopyRow(badge, "", "")]

    def _row(self, place: Place, badge: Badge, queue: str) -> CopyRow:
        holding = place.holding
        return CopyRow(
            badge=badge,
            place=self._place(holding.library, holding.branch, holding.location),
            call_number=place.call_number,
            note=" · ".join(dict.fromkeys(part for part in (*said_of(place, self._labels), queue) if part)),
            url=holding.url if holding.url.startswith(("http://", "https://")) else "",
        )

    def _place(self, library: str, branch: str, location: str) -> str:
        names = (self._labels.branch(library, branch), self._labels.location(library, location))
        return " ".join(dict.fromkeys(name for name in names if name))

    def _badge(self, statuses: Sequence[ItemStatus], answer: Answer) -> Badge:
        t = self._t
        counted = figures(statuses)
        if counted.state is ItemState.ON_LOAN and counted.first_due:
            words = t("state.on_loan_until", date=t.day(counted.first_due))
        elif counted.state in _COUNTED:
            words = t("state.count", state=t(f"state.{counted.state}"), n=counted.available)
        else:
            words = t(f"state.{counted.state}")
        if answer.state is AnswerState.STALE and answer.as_of is not None:
            return Badge("kept", t("state.kept", state=words, time=t.time(answer.as_of)))
        return Badge(_SHAPE[counted.state], words)

    def _new(self, statuses: Sequence[ItemStatus]) -> str:
        """Says of copies that the catalogue does not know that they are such."""
        return self._t("live.new_copy") if all(status.catalogued is False for status in statuses) else ""

    def _not_named(self, place: Place, answer: Answer) -> str:
        """Says of copies that the catalogue alone knows that they are such."""
        return self._t("live.not_named") if place.items and set(place.items) <= set(answer.missing) else ""

    def _queue(self, statuses: Sequence[ItemStatus]) -> str:
        waiting = sum(status.queue or 0 for status in statuses)
        return self._t("state.queue", n=waiting) if waiting else ""


def _spine(answer: Answer) -> str:
    """The shape of a library's spine: that of its best copy where it answered now."""
    counted = tally(answer)
    if counted.standing is Standing.NOT_NOW:
        return _SHAPE[counted.state]
    return _SHAPE_OF_STANDING[counted.standing]


def _full_text(edition: Edition, library: str) -> str:
    """The first address at which a library's record says the text itself is to be had; "" when it says none."""
    return next(
        (
            link.value.url
            for link in edition.links
            if library in link.libraries
            and link.value.kind == "fulltext"
            and link.value.url.startswith(("http://", "https://"))
        ),
        "",
    )
