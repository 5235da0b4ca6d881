"""From the desk's answers to the API's JSON."""

from __future__ import annotations

from collections.abc import Mapping

from mappings.library import Library
from search_api import shapes
from search_api.lending.batch import Batch, Line
from search_api.lending.reasons import Excluded, Lender, Reason
from search_api.lending.room import Answered
from search_api.schemas import lending as bodies
from search_api.shapes import Shapes


def lenders_body(answered: Answered, libraries: Mapping[str, Library], shaped: Shapes) -> bodies.LendersBody:
    """An answer of the desk."""
    found = answered.found
    return bodies.LendersBody(
        editions=tuple(shapes.brief(one) for one in found.editions),
        found_by=found.by,
        sure=found.sure,
        choices=tuple(bodies.ChoiceBody(edition=shapes.brief(one.edition), sure=one.sure) for one in found.choices),
        live=answered.live,
        asked_at=answered.at,
        lenders=tuple(
            lender_body(rank, one, libraries, shaped) for rank, one in enumerate(answered.lenders.lenders, start=1)
        ),
        excluded=tuple(_excluded(one, shaped) for one in answered.lenders.excluded),
    )


def lender_body(rank: int, lender: Lender, libraries: Mapping[str, Library], shaped: Shapes) -> bodies.LenderBody:
    """A library to ask."""
    library = libraries[lender.library]
    branch, location = lender.place
    return bodies.LenderBody(
        rank=rank,
        library=lender.library,
        name=shaped.library_name(lender.library),
        region=library.region,
        edition=lender.edition,
        tier=bodies.TIERS[lender.tier],
        sure=lender.sure,
        copies=lender.copies,
        days=lender.days,
        arrives=lender.arrives,
        cost=bodies.MoneyBody.model_validate(lender.cost) if lender.cost else None,
        kilometres=lender.kilometres,
        asked=lender.asked,
        call_number=lender.call_number,
        branch=branch,
        location=location,
        statement=lender.statement,
        note=dict(library.lending.note),
        reasons_for=tuple(map(_reason, lender.reasons_for)),
        reasons_against=tuple(map(_reason, lender.reasons_against)),
        answer=shaped.answer(lender.answer) if lender.answer else None,
    )


def batch_body(batch: Batch, libraries: Mapping[str, Library], shaped: Shapes) -> bodies.BatchBody:
    """A list of wanted items with a library for each."""
    counts = batch.counts
    return bodies.BatchBody(
        lines=tuple(_line(one, libraries, shaped) for one in batch.lines),
        total=len(batch.lines),
        assigned=counts["assigned"],
        nobody=counts["nobody"],
        not_found=counts["not_found"],
        unreadable=counts["unreadable"],
        by_lender=batch.by_lender,
    )


def _line(line: Line, libraries: Mapping[str, Library], shaped: Shapes) -> bodies.BatchLineBody:
    return bodies.BatchLineBody(
        number=line.number,
        state=line.state,
        reason=line.reason,
        title=line.title,
        edition=line.edition.id if line.edition else "",
        lender=lender_body(line.rank, line.lender, libraries, shaped) if line.lender else None,
        others=tuple(one.library for one in line.others),
        sure=line.sure,
    )


def _reason(reason: Reason) -> bodies.ReasonBody:
    return bodies.ReasonBody(
        why=reason.why,
        number=reason.number,
        day=reason.day,
        volume=reason.volume,
        name=dict(reason.name) if reason.name else None,
        text=reason.text,
        money=bodies.MoneyBody.model_validate(reason.money) if reason.money else None,
    )


def _excluded(excluded: Excluded, shaped: Shapes) -> bodies.ExcludedBody:
    return bodies.ExcludedBody(
        library=excluded.library,
        name=shaped.library_name(excluded.library),
        edition=excluded.edition,
        rule=excluded.rule,
        values=excluded.values,
        said=dict(excluded.name) if excluded.name else None,
        day=excluded.day,
        copies_instead=excluded.copies_instead,
    )
