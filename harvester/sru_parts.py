"""A catalogue in parts that one query each can list: by prefix, by numbers, by dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from mappings.sru import PREFIX, Sru

LONGEST_PREFIX = 40

Bound = int | date


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the records, by the query that finds them. ``parent`` is the number of the part it was split from."""

    query: str
    parent: int | None = None
    prefix: str | None = None
    low: Bound | None = None
    high: Bound | None = None


def first_part(sru: Sru) -> Part:
    """The part that is all of it, as far as the bounds go."""
    if not sru.part:
        return Part(sru.everything)
    if PREFIX in sru.part:
        # A server need not know truncation of nothing, so the whole is never asked for like this.
        return Part("", prefix="")
    return _between(sru, None, sru.low, sru.high)


def split(sru: Sru, part: Part, number: int) -> list[Part]:
    """A part in smaller ones that together are the same; empty when it cannot be made smaller."""
    if part.prefix is not None:
        return _longer_prefixes(sru, part.prefix, number)
    if part.low is None or part.high is None or part.low == part.high:
        return []
    middle = _middle(part.low, part.high)
    return [_between(sru, number, part.low, middle), _between(sru, number, _after(middle), part.high)]


def _longer_prefixes(sru: Sru, prefix: str, number: int) -> list[Part]:
    if len(prefix) >= LONGEST_PREFIX:
        return []
    longer = [
        Part(sru.part.replace(PREFIX, prefix + letter), number, prefix=prefix + letter)
        for letter in dict.fromkeys(sru.alphabet)
    ]
    exact = sru.part.replace(PREFIX + "*", prefix)
    return [Part(exact, number), *longer] if prefix and PREFIX not in exact else longer


def _between(sru: Sru, number: int | None, low: Bound | None, high: Bound | None) -> Part:
    query = sru.part.replace("{low}", str(low)).replace("{high}", str(high))
    return Part(query, number, low=low, high=high)


def _middle(low: Bound, high: Bound) -> Bound:
    if isinstance(low, date) and isinstance(high, date):
        return low + (high - low) // 2
    assert isinstance(low, int) and isinstance(high, int)  # noqa: PT018
    return (low + high) // 2


def _after(bound: Bound) -> Bound:
    return bound + timedelta(days=1) if isinstance(bound, date) else bound + 1
