"""Where a sweep of an SRU server stands: the parts still to be read, and what each that was split has had so far."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from harvester.runs import Checkpoint
from harvester.sru_parts import Part

FORM = 2  # of the token; a sweep with one of another form begins anew


@dataclass(slots=True)
class Whole:
    """A part that was split, or everything: what the server said it finds, and what the smaller parts found."""

    part: Part
    count: int | None  # absent when the server would not say, or there is no query that finds everything
    had: int = 0


@dataclass(slots=True)
class State:
    """Where a sweep stands, kept as the token of its checkpoint."""

    todo: list[Part] = field(default_factory=list)  # the last one is being read
    begun: bool = False
    start: int = 1  # the number of the next record in that part; a sweep that goes on reads the part from its start
    count: int | None = None  # of that part, as its first page said
    anew: int = 0
    listed: int = 0
    expected: int | None = None
    nameless: int = 0
    skipped: int = 0
    limit: int | None = None  # where the server was found to stop counting, below what its settings say
    laid_out: int = 0  # how often everything was begun anew for that
    wholes: list[Whole] = field(default_factory=list)
    largest: Part | None = None  # of the parts that were not split
    largest_count: int = 0
    example: str = ""  # the name of a record in it
    doubts: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, checkpoint: Checkpoint | None) -> State:
        if checkpoint is None:
            return cls()
        values = json.loads(checkpoint.token)
        if values.pop("form", None) != FORM:
            return cls()
        values["todo"] = [_part(part) for part in values["todo"]]
        values["wholes"] = [Whole(_part(part), count, had) for part, count, had in values["wholes"]]
        values["largest"] = values["largest"] and _part(values["largest"])
        return cls(**values)

    def checkpoint(self) -> Checkpoint:
        values: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "start"}
        values["todo"] = [_listed(part) for part in self.todo]
        values["wholes"] = [(_listed(whole.part), whole.count, whole.had) for whole in self.wholes]
        values["largest"] = self.largest and _listed(self.largest)
        token = json.dumps({**values, "form": FORM})
        return Checkpoint(token, listed=self.listed, expected=self.expected, nameless=self.nameless)


def _part(values: list[Any]) -> Part:
    return Part(*values[:3], *map(_bound, values[3:]))


def _listed(part: Part) -> list[Any]:
    return [part.query, part.parent, part.prefix, _text(part.low), _text(part.high)]


def _bound(text: str | int | None) -> int | date | None:
    return date.fromisoformat(text) if isinstance(text, str) else text


def _text(bound: int | date | None) -> str | int | None:
    return bound.isoformat() if isinstance(bound, date) else bound
