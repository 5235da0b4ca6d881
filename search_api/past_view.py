"""How a library's live status has been doing, in sentences for staff and in figures for programs."""

from __future__ import annotations

from mappings.availability import Availability
from search_api import schemas
from search_api.availability.history import TOLD_DAYS, Day, Past
from search_api.availability.words import word_of
from search_api.texts import Texts

WORDS_NAMED = 5


def past_in_words(past: Past, service: Availability, t: Texts) -> list[str]:
    """The last days of a library's live status; none where nothing was asked."""
    said = []
    for kind in ("patrons", "monitor"):
        day = past.together(kind)
        if day is not None:
            said.append(_asked(day, t))
    asked = past.together("patrons")
    if asked is not None and (asked.only_live or asked.only_catalogued):
        said.append(t("past.compared", n=asked.compared, new=asked.only_live, gone=asked.only_catalogued))
    unknown = unknown_words(past, service)
    if unknown:
        some = list(unknown.items())[:WORDS_NAMED]
        named = t("figures.between").join(t("past.word", word=word, times=times) for word, times in some)
        said.append(t("past.words", n=len(unknown), such=named))
    return said


def past_body(past: Past, service: Availability) -> schemas.LivePastBody:
    """The same for programs."""
    patrons, monitor = past.together("patrons"), past.together("monitor")
    return schemas.LivePastBody(
        days=TOLD_DAYS,
        patrons=_body(patrons) if patrons else None,
        monitor=_body(monitor) if monitor else None,
        by_day=tuple(_body(day) for day in past.days),
        unknown_words=unknown_words(past, service),
    )


def unknown_words(past: Past, service: Availability) -> dict[str, int]:
    """The words that no table knows, without those that the library's file has learnt since."""
    known = {word_of(word, service.due_form) for word in service.words}
    return {word: n for word, n in past.unknown_words.items() if word_of(word, service.due_form) not in known}


def _asked(day: Day, t: Texts) -> str:
    shown = {"n": day.asked, "answered": day.answered, "days": TOLD_DAYS}
    if day.median_seconds is None or day.slow_seconds is None:
        return t(f"past.{day.kind}_silent", why=day.last_failure, **shown)
    return t(f"past.{day.kind}", median=f"{day.median_seconds:.2g}", slow=f"{day.slow_seconds:.2g}", **shown)


def _body(day: Day) -> schemas.LiveDayBody:
    return schemas.LiveDayBody.model_validate(day)
