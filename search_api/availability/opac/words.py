"""Status words of the systems that are asked by Z39.50 and SRU, beside those that libraries write everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from search_api.availability.due import without_dates
from search_api.availability.reading import count
from search_api.availability.status import ItemState
from search_api.availability.system import System
from search_api.availability.words import WORDS

_MORE: Mapping[ItemState, tuple[str, ...]] = {
    ItemState.AVAILABLE: ("is available", "available now", "not charged", "available for loan", "loanable"),
    ItemState.AVAILABLE_ONSITE: (
        *("in-library use", "in library use", "in-library use only", "building use only", "room use only"),
        *("non-circulating reserve", "not loanable", "reading room use only", "course reserve", "course reserves"),
        *("on reserve", "use in library", "for use in library only"),
    ),
    ItemState.ON_LOAN: (
        *("checked-out", "charged out", "due back", "due on", "date due", "is due", "renewed", "long overdue"),
        *("out-ill", "on ill", "out on ill", "ill loan", "checked out to another library", "in use"),
    ),
    ItemState.ON_HOLD_SHELF: (
        *("on holds shelf", "hold shelf", "holds shelf", "ready for pickup", "on reservation shelf", "on hold-shelf"),
        *("available on hold shelf", "paged", "on holdshelf"),
    ),
    ItemState.IN_TRANSIT: (
        *("in-transit", "transferred", "intransit", "in transit for hold", "in transit on hold", "routed"),
        *(
            "in transit discharged",
            "shipped",
            "being transferred between libraries",
            "canceled transit",
            "awaiting delivery",
        ),
    ),
    ItemState.IN_PROCESS: (
        *(
            "in-process",
            "in-repair",
            "being repaired",
            "repair",
            "binding",
            "in cataloging",
            "in cataloguing",
        ),
        *("reshelving", "shelving", "recently returned", "re-shelving", "being shelved", "discharged"),
        *("being processed", "in process (non-requestable)", "acquisition", "technical services"),
    ),
    ItemState.ON_ORDER: ("on-order", "order received", "on order/in process"),
    ItemState.RECALLED: ("recall", "recall request", "recalled by library"),
    ItemState.NOT_FOR_LOAN: (
        *("not requestable", "suppressed", "non circ", "damaged"),
        *("noncirculating", "non-circ", "does not circulate", "not for ill"),
    ),
    ItemState.MISSING: (
        *("on search", "trace", "tracing", "long missing", "searching", "claim missing parts", "claims missing parts"),
        *("missing/lost", "in search", "not found", "claims returned", "claimed returned", "claim returned"),
    ),
    ItemState.LOST: (
        "billed",
        "due billed",
        "overdue billed",
        "long overdue (lost)",
        "lost-paid",
        "lost & paid",
        "aged to lost",
        "lost and billed",
        "assumed lost",
        "lost (paid)",
    ),
    ItemState.WITHDRAWN: ("discard", "discard/weed", "weeded", "deleted", "discarded/weeded", "returned-ill"),
    ItemState.CHECK_WITH_LIBRARY: (
        "check shelf",
        "ask librarian",
        "inquire at desk",
        "contact library",
        "see staff",
        "restricted",
        "unavailable",
        "not available",
        "temporarily unavailable",
        "order closed",
    ),
}

STATUS_WORDS: Mapping[str, ItemState] = {
    **WORDS,
    **{word: state for state, words in _MORE.items() for word in words},
}
"""Folded as ``availability.words.word_of`` folds."""

_NUMERIC_DATE = re.compile(r"(?<!\d)\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)")
_HOLDS = re.compile(r"(?:\+\s*|\()(\d{1,5})\s*(?:HOLDS?|REQUESTS?)\b\)?", re.IGNORECASE)
_DUE_BEHIND = re.compile(r"[\s(;,:/-]+(?:is )?due(?: back| date| on)?[\s:).]*$", re.IGNORECASE)
_RESERVE = re.compile(r"\breserves?\b|指定參考|教授指定", re.IGNORECASE)


class Said(NamedTuple):
    """What one field of an answer says."""

    state: ItemState | None  # None: no table knows its word
    due: date | None
    queue: int | None


def understood(system: System, text: str) -> Said:
    """A field's word, date and number of requests: ``DUE 01-11-23 +2 HOLDS``.

    A date that the library's form does not read is no part of the word: it is due, and not known when.
    """
    holds = _HOLDS.search(text)
    plain = _HOLDS.sub(" ", text)
    undated = _NUMERIC_DATE.sub(" ", plain)
    before_due = _DUE_BEHIND.sub("", without_dates(undated, system.service.due_form))
    states = (system.state_of(words, STATUS_WORDS) for words in (plain, undated, before_due))
    state = next((known for known in states if known is not None), None)
    due = system.due(plain) if state in (ItemState.ON_LOAN, ItemState.RECALLED) else None
    return Said(state, due, count(holds[1]) if holds else None)


def is_reserve(place: str) -> bool:
    """Whether a temporary place is a shelf that books are put on to be read there (course reserve)."""
    return _RESERVE.search(place) is not None
