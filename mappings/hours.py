"""When a library is open: the table ``[hours]`` of its file, by weekday, as its door says it.

A day that is not stated is not known; only ``"closed"`` says that it is closed. Days on which it is closed whatever the
weekday stand in ``[[hours.closures]]``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from mappings.lending import Closure

CLOSED = "closed"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def _spans(text: str) -> str:
    """``09:00-12:00, 13:30-21:00`` in order and without overlap, or ``closed``."""
    if text in ("", CLOSED):
        return text
    before = ""
    spans = [span.strip() for span in text.split(",")]
    for span in spans:
        start, _, end = span.partition("-")
        if not _SPAN.fullmatch(span) or not before <= start < end <= "24:00":
            raise ValueError('must be like "09:00-12:00, 13:30-21:00", in order, or "closed"')
        before = end
    return ", ".join(spans)


Day = Annotated[str, AfterValidator(_spans)]


class Hours(BaseModel):
    """Spans of each day, "" where nothing is stated."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    mon: Day = ""
    tue: Day = ""
    wed: Day = ""
    thu: Day = ""
    fri: Day = ""
    sat: Day = ""
    sun: Day = ""
    closures: tuple[Closure, ...] = ()

    @property
    def week(self) -> tuple[str, ...]:
        """The days from Monday."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)

    @property
    def stated(self) -> dict[str, str]:
        """The days that are stated, by name."""
        return {name: spans for name, spans in zip(_DAYS, self.week, strict=True) if spans}

    def on(self, day: date) -> str:
        """The spans of a day, `CLOSED`, or "" when nothing is stated."""
        if any(first <= day <= last for one in self.closures for first, last in one.around(day)):
            return CLOSED
        return self.week[day.weekday()]
