"""What is known of a lender's copies, in a sentence with its time."""

from __future__ import annotations

from datetime import datetime

from search_api.figures_view import figures_in_words
from search_api.lending.reasons import Lender
from search_api.texts import Texts


def availability_note(lender: Lender, t: Texts, at: datetime, *, for_people: bool = False) -> str:
    """The library's own answer with the moment it gave it; that it was not asked, when it was not.

    The moment is ISO 8601, for people day and time."""
    answer = lender.answer
    if answer is None:
        return t("lending.note_not_asked")
    moment = (answer.as_of or at).astimezone(at.tzinfo)
    iso = moment.isoformat(timespec="minutes")
    said = f"{t.full_day(moment.date())} {moment:%H:%M}" if for_people else iso
    return t("lending.note", figures=figures_in_words(answer, t), moment=said)
