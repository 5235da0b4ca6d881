"""From the domain to the API's JSON: pure functions, one per thing that is told."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from harvester.standing import Standing
from harvester.store import Quarantined, StoredRecord
from indexer.catalogue import Edge
from indexer.holdings.volumes import volume_key
from indexer.record import Edition, Holding, Item, Member, Record
from mappings.library import Library
from search_api import schemas
from search_api.availability.health import Health
from search_api.availability.history import Hour, Past
from search_api.availability.status import Answer, Summary, tally
from search_api.figures_view import figures_in_words
from search_api.labels import Labels
from search_api.query import SearchResult
from search_api.result_json import edition_url, row, search_json
from search_api.standing_view import standing_body
from search_api.texts import LANGUAGES, texts
from search_api.visit_view import filled_in

SHOWN_IN_QUARANTINE = 100


class Shapes:
    """Shapes what needs the libraries' names; everything else is told by what it is handed."""

    def __init__(self, libraries: Mapping[str, Library]) -> None:
        self._libraries = libraries
        self._labels = {language: Labels(libraries, language) for language in LANGUAGES}

    def _words(self, label: Callable[[Labels], str]) -> dict[str, str]:
        return {language: label(labels) for language, labels in self._labels.items()}

    def library_name(self, code: str) -> dict[str, str]:
        return self._words(lambda labels: labels.library(code))

    # Search

    def search(self, result: SearchResult) -> bytes:
        """The JSON of a `schemas.SearchBody`."""
        return search_json(result, self._labels)

    def _region_name(self, code: str) -> dict[str, str]:
        return self._words(lambda labels: labels.region(code))

    def _format_name(self, code: str) -> dict[str, str]:
        return self._words(lambda labels: labels.format(code))

    def _language_name(self, code: str) -> dict[str, str]:
        return self._words(lambda labels: labels.language(code))

    # Editions

    def edition(self, edition: Edition, edges: Sequence[Edge], split_from: str = "") -> schemas.EditionBody:
        codes = self._labels[LANGUAGES[0]].in_order(edition.libraries)
        return schemas.EditionBody(
            **dict(schemas.MergedBody.model_validate(edition)),
            id=edition.id,
            url=edition_url(edition.id),
            language_names=tuple(self._language_name(code) for code in edition.languages),
            format_name=self._format_name(edition.format.value),
            holders=tuple(self._holder(edition, code) for code in codes),
            records=tuple(self._member(edition.id, member) for member in edition.members),
            evidence=tuple(
                schemas.EvidenceBody(
                    a=str(e.a), b=str(e.b), score=e.score, reasons=e.reasons, model=e.model, judged_at=e.judged_at
                )
                for e in edges
            ),
            availability_url=f"{edition_url(edition.id)}/availability",
            work=edition.work or None,
            editions_url=f"{edition_url(edition.id)}/editions",
            explanation_url=f"{edition_url(edition.id)}/explanation",
            split_from=split_from or None,
            held_twice_by=twice_in(edition),
        )

    def _member(self, edition_id: str, member: Member) -> schemas.MemberBody:
        return schemas.MemberBody(
            library=member.library,
            identifier=member.identifier,
            local_id=member.local_id,
            dialect=member.dialect,
            url=record_url(edition_id, member.library, member.identifier),
            record_url=own_record_url(self._libraries.get(member.library), member.local_id),
        )

    def _holder(self, edition: Edition, code: str) -> schemas.HolderBody:
        library = self._libraries.get(code)
        region = library.region if library else ""
        return schemas.HolderBody(
            library=code,
            name=self.library_name(code),
            region=region,
            region_name=self._region_name(region) if region else {},
            record_urls=self._own_record_urls(code, [m.local_id for m in edition.members if m.library == code]),
            live=library is not None and library.availability.protocol != "none",
            latitude=library.place.latitude if library else None,
            longitude=library.place.longitude if library else None,
            hours=library.hours.stated if library else {},
            request_url=filled_in(library.request_url, edition, "") if library else "",
            holdings=tuple(self._holding(h) for h in edition.holdings if h.library == code),
        )

    def _holding(self, holding: Holding) -> schemas.HoldingBody:
        branch, location = holding.branch, holding.location
        return schemas.HoldingBody(
            record=holding.record,
            local_id=holding.local_id,
            branch=branch,
            branch_name=self._words(lambda labels: labels.branch(holding.library, branch)) if branch else {},
            location=location,
            location_name=self._words(lambda labels: labels.location(holding.library, location)) if location else {},
            call_number=holding.call_number,
            collection=holding.collection,
            classification=holding.classification,
            author_mark=holding.author_mark,
            year=holding.year,
            summary=holding.summary,
            url=holding.url,
            coverage=holding.coverage,
            note=holding.note,
            items=tuple(
                self._item(holding.library, item)
                for item in sorted(holding.items, key=lambda item: volume_key(item.volume))
            ),
        )

    def _item(self, library: str, item: Item) -> schemas.ItemBody:
        def words(name: Callable[[Labels], Callable[[str, str], str]], code: str) -> dict[str, str]:
            return self._words(lambda labels: name(labels)(library, code)) if code else {}

        return schemas.ItemBody(
            **{field.name: getattr(item, field.name) for field in fields(item)},
            item_type_name=words(lambda labels: labels.item_type, item.item_type),
            collection_name=words(lambda labels: labels.collection, item.collection),
            policy_name=words(lambda labels: labels.policy, item.policy),
        )

    def _own_record_urls(self, code: str, local_ids: Sequence[str]) -> tuple[str, ...]:
        urls = (own_record_url(self._libraries.get(code), local_id) for local_id in dict.fromkeys(local_ids))
        return tuple(url for url in urls if url)

    # Availability

    def answer(self, answer: Answer) -> schemas.AnswerBody:
        figures = tally(answer)
        whole = figures.whole
        return schemas.AnswerBody(
            edition=answer.edition,
            library=answer.library,
            name=self.library_name(answer.library),
            state=answer.state,
            standing=figures.standing,
            best_state=figures.state,
            copies=whole.copies if whole else None,
            available=whole.available if whole else None,
            first_due=whole.first_due if whole else None,
            queue=whole.queue if whole else None,
            volumes=tuple(schemas.VolumeBody.model_validate(volume) for volume in figures.volumes),
            in_words={language: figures_in_words(answer, texts(language)) for language in LANGUAGES},
            missing=tuple(copy.barcode or copy.item_id for copy in answer.missing),
            items=tuple(schemas.ItemStatusBody.model_validate(item) for item in answer.items),
            as_of=answer.as_of,
            elapsed_seconds=answer.elapsed_seconds,
            message=answer.message,
            failing_since=answer.failing_since,
            pending=answer.pending,
            record_urls=self._own_record_urls(answer.library, answer.local_ids),
        )

    # Libraries

    def library(
        self, library: Library, standing: Standing, health: Health, past: Past, *, now: datetime
    ) -> schemas.LibraryBody:
        return schemas.LibraryBody(
            **dict(standing_body(library, standing, past, now)),
            url=f"/api/libraries/{library.code}",
            short_name=dict(library.short_name),
            region=library.region,
            region_name=self._region_name(library.region),
            kind=library.kind,
            country=library.country,
            homepage=library.homepage,
            live=_live(health),
        )

    def library_detail(
        self,
        library: Library,
        standing: Standing,
        health: Health,
        past: Past,
        *,
        hours: Sequence[Hour],
        now: datetime,
    ) -> schemas.LibraryDetailBody:
        return schemas.LibraryDetailBody(
            **dict(self.library(library, standing, health, past, now=now)),
            lends=library.lending.lends,
            lending_days=library.lending.days,
            formats_not_lent=library.lending.formats_not_lent,
            branches={code: dict(label) for code, label in library.records.branches.items()},
            live_hours=tuple(map(schemas.LiveHourBody.model_validate, hours)),
        )


def quarantine(found: Sequence[Quarantined]) -> schemas.QuarantineBody:
    """What of a library's records could not be read: the first, of so many."""
    shown = found[:SHOWN_IN_QUARANTINE]
    return schemas.QuarantineBody(
        total=len(found), quarantine=tuple(map(schemas.QuarantinedBody.model_validate, shown))
    )


def twice_in(edition: Edition) -> tuple[str, ...]:
    """The libraries that have more than one record of an edition: they keep them, and may want to know."""
    counted = Counter(member.library for member in edition.members)
    return tuple(sorted(library for library, records in counted.items() if records > 1))


def record_url(edition_id: str, library: str, identifier: str) -> str:
    return f"{edition_url(edition_id)}/records/{quote(library, safe='')}/{quote(identifier, safe=':')}"


def own_record_url(library: Library | None, local_id: str) -> str:
    """A record's address in its library's own catalogue, "" when it has none."""
    if library is None or not library.record_url or not local_id:
        return ""
    return library.record_url.replace("{local_id}", quote(local_id, safe=""))


def brief(edition: Edition) -> schemas.EditionBrief:
    """An edition as a row."""
    return schemas.EditionBrief(**row(edition))


def summary(summary: Summary) -> schemas.SummaryBody:
    return schemas.SummaryBody(holders=summary.holders, counts=summary.counts)


def stored_record(stored: StoredRecord, record: Record | None, edition_id: str | None) -> schemas.RecordBody:
    """A raw record as text where it is text, else as base64."""
    raw = stored.raw
    try:
        text, encoded = raw.payload.decode("utf-8"), None
    except UnicodeDecodeError:
        text, encoded = None, base64.b64encode(raw.payload).decode("ascii")
    return schemas.RecordBody(
        library=raw.library,
        identifier=raw.identifier,
        edition=edition_id,
        format=raw.format,
        datestamp=raw.datestamp,
        harvested_at=stored.harvested_at,
        deleted=raw.deleted,
        raw=text,
        raw_base64=encoded,
        record=record,
    )


def _live(health: Health) -> schemas.LiveBody:
    state: Literal["none", "not_asked", "answering", "failing"]
    if health.protocol == "none":
        state = "none"
    elif health.failing_since:
        state = "failing"
    else:
        state = "answering" if health.answered else "not_asked"
    return schemas.LiveBody(**dict(schemas.FiguresBody.model_validate(health)), state=state)
