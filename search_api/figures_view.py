"""One library's copies of one edition in a sentence: on the page, in the API, for lenders and requests alike."""

from __future__ import annotations

from search_api.availability.status import TO_BE_HAD, Answer, Figures, ItemState, Standing, tally
from search_api.texts import Texts

VOLUMES_NAMED = 12

_SILENT = {
    Standing.NOT_FOUND: "state.not_found",
    Standing.UNANSWERED: "state.could_not_ask",
    Standing.NO_LIVE_STATUS: "state.no_service",
    Standing.ASKING: "state.asking",
}


def figures_in_words(answer: Answer, t: Texts) -> str:
    """ "2 of 3 available now, first due back on 3 Dec"; by volume where the copies are volumes, never added up."""
    counted = tally(answer)
    silent = _SILENT.get(counted.standing)
    if silent is not None:
        return t(silent)
    volumes = counted.volumes
    if volumes:
        named = [
            t("figures.volume", volume=one.volume or t("figures.no_volume"), figures=_part(one, t))
            for one in volumes[:VOLUMES_NAMED]
        ]
        if len(volumes) > VOLUMES_NAMED:
            named.append(t("figures.more_volumes", n=len(volumes) - VOLUMES_NAMED))
        said = t("figures.between").join(named)
    else:
        said = t("state.unknown") if counted.whole is None else _part(counted.whole, t)
    if counted.standing is Standing.KEPT and answer.as_of is not None:
        return t("state.kept", state=said, time=t.time(answer.as_of))
    return said


def _part(part: Figures, t: Texts) -> str:
    said = []
    if part.state is ItemState.AVAILABLE:
        said.append(t("figures.available", n=part.available, of=part.copies))
    elif part.state in TO_BE_HAD and part.copies > 1:
        said.append(t("figures.so", state=t(f"state.{part.state}"), n=part.available, of=part.copies))
    elif part.state is not ItemState.ON_LOAN or part.first_due is None:
        said.append(t(f"state.{part.state}"))
    if part.first_due is not None:
        said.append(t("figures.first_due" if part.copies > 1 else "figures.due", date=t.day(part.first_due)))
    if part.queue:
        said.append(t("state.queue", n=part.queue))
    return t("figures.comma").join(said)
