"""How to get to a library and what its door says today, as its file states it; what it does not state is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from indexer.record import Edition
from mappings.hours import CLOSED
from mappings.library import Library
from search_api.texts import Texts

MAP = "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
"""Where a map link leads: only when a reader follows it, so that nobody learns what they look at before."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Each "" or () when nothing is stated."""

    map_url: str
    map_words: str  # what that link says
    today: str  # in words; where only the week is stated, what it is
    week: tuple[tuple[str, str], ...]  # weekday and its hours
    request_url: str  # where readers of other libraries ask for it


def visit(library: Library | None, edition: Edition, t: Texts, at: datetime, url: str) -> Visit:
    """What a reader who wants this edition needs to know of a library; ``at`` in the consortium's own zone.

    Its file states one place and its hours: where copies stand in branches, these are said to be the main building's.
    """
    if library is None:
        return Visit("", "", "", (), "")
    at_branches = len(library.records.branches) != 1 and any(
        holding.branch for holding in edition.holdings if holding.library == library.code
    )
    point = library.place.point
    hours = library.hours.on(at.date())
    today = t("edition.closed_today") if hours == CLOSED else t("edition.today", hours=_shown(hours)) if hours else ""
    names = t.locale.days["format"]["abbreviated"]
    week = tuple(
        (str(names[day]), t("edition.closed") if spans == CLOSED else _shown(spans))
        for day, spans in enumerate(library.hours.week)
        if spans
    )
    if week and not today:
        today = t("edition.hours")
    return Visit(
        map_words=t("edition.main_map" if at_branches else "edition.map"),
        map_url=MAP.format(latitude=f"{point[0]:g}", longitude=f"{point[1]:g}") if point else "",
        today=t("edition.main_hours", hours=today) if today and at_branches else today,
        week=week,
        request_url=filled_in(library.request_url, edition, url),
    )


def filled_in(template: str, edition: Edition, url: str) -> str:
    """An address with the edition in it: ``{title}``, ``{creator}``, ``{isbn}``, ``{year}`` and ``{url}``."""
    isbn = next((i.value.value for i in edition.identifiers if i.value.kind == "isbn" and i.value.valid), "")
    values = {
        "title": edition.title.proper if edition.title else "",
        "creator": edition.agents[0].value.name if edition.agents else "",
        "isbn": isbn,
        "year": str(edition.year or ""),
        "url": url,
    }
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", quote(value, safe=""))
    return template


def _shown(spans: str) -> str:
    return spans.replace("-", "–")
