"""Decisions → the schemas that tell of them, for the API and for `--json`."""

from __future__ import annotations

from indexer.explain_edition import Apart, Drawn, Told, is_borderline
from indexer.ruling_rows import Ruling
from indexer.rulings import Ruled
from search_api.schemas import deciding


def ruling(one: Ruling) -> deciding.RulingBody:
    taken_back = one.withdrawn
    withdrawn = deciding.WithdrawalBody.model_validate(taken_back) if taken_back is not None else None
    return deciding.RulingBody(
        number=one.number,
        a=str(one.a),
        b=str(one.b),
        verdict=one.verdict,
        because=one.because,
        by=one.by,
        at=one.at,
        withdrawn=withdrawn,
    )


def judged(done: Ruled) -> deciding.JudgedBody:
    return deciding.JudgedBody(
        judgement=ruling(done.ruling),
        edition_a=done.edition_a,
        edition_b=done.edition_b,
        merged=done.derived.merged,
        split=done.derived.split,
        repeated=done.repeated,
    )


def verdict(one: Ruling) -> deciding.VerdictBody:
    """What everybody may know of a judgement: staff's names and words are their own."""
    return deciding.VerdictBody(a=str(one.a), b=str(one.b), verdict=one.verdict)


def explanation(drawn: Drawn, *, for_staff: bool) -> deciding.ExplanationBody:
    return deciding.ExplanationBody(
        id=drawn.id,
        work=drawn.work or None,
        split_from=drawn.split_from or None,
        replaces=drawn.replaces,
        records=tuple(map(_told, drawn.records)),
        edges=tuple(
            deciding.LinkedBody(
                a=str(e.a),
                b=str(e.b),
                score=e.score,
                reasons=e.reasons,
                model=e.model,
                judged_at=e.judged_at,
                borderline=is_borderline(e),
            )
            for e in drawn.edges
        ),
        judgements=tuple(map(ruling if for_staff else verdict, drawn.rulings)),
        vetoed_inside=tuple(map(_apart, drawn.vetoed_inside)),
        outvoted=tuple(map(_apart, drawn.outvoted)),
        vetoed=tuple(map(_apart, drawn.vetoed)),
        nearly=tuple(map(_apart, drawn.nearly)),
    )


def _told(one: Told) -> deciding.ToldBody:
    return deciding.ToldBody(
        record=str(one.ref), edition=one.edition, title=one.title, year=one.year, publisher=one.publisher
    )


def _apart(one: Apart) -> deciding.ApartBody:
    return deciding.ApartBody(
        a=str(one.a),
        b=_told(one.b),
        score=one.score,
        reasons=one.reasons,
        vetoes=one.vetoes,
        conflicts=tuple(deciding.ConflictBody(a=str(a), b=str(b), reasons=reasons) for a, b, reasons in one.conflicts),
    )
