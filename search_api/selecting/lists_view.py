"""Named lists told: as JSON, as rows of a file, and as rows of a page."""

from __future__ import annotations

from collections.abc import Mapping

from search_api.labels import Labels
from search_api.schemas import lists as schemas
from search_api.selecting.found import Checked
from search_api.selecting.given import Given
from search_api.selecting.lists import Change, ListLine, NamedList
from search_api.selecting.prices import plain
from search_api.selecting.words import hyphenated
from search_api.sheets import Cell
from search_api.staff.roles import Actor
from search_api.texts import Texts

COLUMNS = (
    *("number", "isbn", "title", "creator", "publisher", "year", "price", "currency", "copies", "note"),
    *("result", "held_by", "holders", "held_by_any", "holders_any", "changed", "edition", "added_by"),
)
"""Of a file, in their order."""


def list_body(one: NamedList, actor: Actor, *, current: bool) -> schemas.ListBody:
    return schemas.ListBody(
        id=one.id,
        url=f"/api/lists/{one.id}",
        name=one.name,
        note=one.note,
        owner=one.owner,
        library=one.library,
        share=one.share,
        may_change=one.may_be_changed_by(actor),
        made_at=one.made_at,
        changed_at=one.changed_at,
        lines=one.lines,
        buckets=dict(one.buckets),
        unchecked=one.unchecked,
        checked_at=one.checked_at,
        current=current,
    )


def line_body(line: ListLine) -> schemas.ListLineBody:
    given, found = line.given, line.found
    return schemas.ListLineBody(
        number=line.number,
        text=given.text,
        isbns=given.numbers.isbns,
        title=title_of(given, found),
        creator=creator_of(given, found),
        publisher=given.publisher,
        year=given.year,
        price=None if given.price is None else given.price.hundredths / 100,
        currency=given.price.currency if given.price else "",
        copies=given.copies,
        note=line.note,
        added_by=line.added_by,
        added_at=line.added_at,
        bucket=found.bucket if found else None,
        editions=tuple(one.id for one in found.editions if one.relation != "other") if found else (),
        libraries=found.same if found else (),
        libraries_any=found.any if found else (),
    )


def change_body(change: Change) -> schemas.ListChangeBody:
    return schemas.ListChangeBody.model_validate(change)


def title_of(given: Given, found: Checked | None) -> str:
    """The title that was given, else that of the edition found, else what was given instead of one."""
    if given.title:
        return given.title
    return next((one.title for one in found.editions if one.title), given.text) if found else given.text


def creator_of(given: Given, found: Checked | None) -> str:
    """The same of the creator."""
    if given.creator:
        return given.creator
    return next((one.creator for one in found.editions if one.creator), "") if found else ""


def change_words(change: Change, labels: Labels, t: Texts) -> str:
    """A change in words: now held by …; no longer held by …."""
    comma = t("collections.list_comma")
    said = []
    if change.gained:
        said.append(t("lists.gained", libraries=comma.join(map(labels.library, labels.in_order(change.gained)))))
    if change.lost:
        said.append(t("lists.lost", libraries=comma.join(map(labels.library, labels.in_order(change.lost)))))
    if not said:
        said.append(t("lists.other", before=t(f"overlap.{change.before}"), after=t(f"overlap.{change.after}")))
    return t("lists.and").join(said)


def headings(t: Texts) -> list[str]:
    """The headings of a file."""
    return [t(f"lists.col_{name}") for name in COLUMNS]


def cells(line: ListLine, latest: Mapping[int, Change], labels: Labels, t: Texts) -> list[Cell]:
    """A line in the order of the headings; ``latest`` is the last change of each line."""
    given, found = line.given, line.found
    same, any_ = (found.same, found.any) if found else ((), ())
    comma = t("collections.list_comma")
    price = None if given.price is None else plain(given.price)
    return [
        line.number,
        " ".join(map(hyphenated, given.numbers.isbns)),
        title_of(given, found),
        creator_of(given, found),
        given.publisher,
        given.year,
        price,
        given.price.currency if given.price else "",
        given.copies,
        line.note,
        t(f"overlap.{found.bucket}") if found else t("lists.not_checked"),
        len(same) if found else None,
        comma.join(map(labels.library, labels.in_order(same))),
        len(any_) if found else None,
        comma.join(map(labels.library, labels.in_order(any_))),
        change_words(latest[line.number], labels, t) if line.number in latest else "",
        next((one.id for one in found.editions if one.relation != "other"), "") if found else "",
        line.added_by,
    ]
