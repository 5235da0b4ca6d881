"""Whether the numbers of an SRU server can be believed: it may count no further than it gives, and never say so.

A number is proven by another one that would differ if it were a limit: the same query without one of its records, or
its parts one by one. That nothing stands outside of the parts is proven by asking for that.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from harvester.sru_parts import Part, split
from mappings.sru import PREFIX, Sru

LEAST_LIMIT = 64  # of the powers of two that are taken for one
LONGEST_QUERY = 6000  # characters; servers refuse longer addresses
NOBODY = "zzzzqqqq"  # begins no record's name

PARTS_NAMED = 3
_NUMBER = re.compile(r"[0-9][0-9,]*")
_OF_A_QUERY = re.compile(r'((?:"(?:[^"\\]|\\.)*"|[^":])+): (.*)', re.DOTALL)

Count = Callable[[str], Awaitable[int | None]]
"""How many records a query finds; None when the server would not say."""

Verdict = Literal["exact", "limit", "unknown"]


def in_few_words(doubts: Sequence[tuple[str, str]]) -> str:
    """What is in doubt, each of (query, what is said of it), once: how many parts it is said of, and the first ones.

    Numbers differ from part to part; those of the first stand for all.
    """
    alike: dict[str, list[tuple[str, str]]] = {}
    for query, said in doubts:
        alike.setdefault(_NUMBER.sub("#", said), []).append((query, said))
    told = []
    for several in alike.values():
        (query, said), more = several[0], len(several) - PARTS_NAMED
        if len(several) == 1:
            told.append(f"{query}: {said}" if query else said)
            continue
        named = ", ".join(one for one, _ in several[:PARTS_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        told.append(f"{len(several):,} parts ({named}): {said}")
    return "; ".join(told)


def parted(doubt: str) -> tuple[str, str]:
    """A doubt as (query, what is said of it); the query is "" where it is of none. Quoted colons belong to a query."""
    found = _OF_A_QUERY.match(doubt)
    return (found[1], found[2]) if found else ("", doubt)


def looks_like_a_limit(count: int) -> bool:
    """Whether people or programs choose such a number for the most they give: 50, 2,500, 9,999, 65,536."""
    if count % 10 == 0 and count and len(str(count).rstrip("0")) <= 2:
        return True
    return any(
        number >= LEAST_LIMIT and (number & (number - 1) == 0 or str(number).strip("0") == "1")
        for number in (count, count + 1)
    )


async def verdict(count: Count, sru: Sru, part: Part, stated: int, example: str) -> Verdict:
    """Whether a query's number is that of its records, or where the server stops counting.

    ``example`` is the name of one of its records, "" when none is known.
    """
    without = await _without_one(count, sru, part.query, example) if example else None
    if without == stated - 1:
        return "exact"
    inside = part
    while smaller := split(sru, inside, 0):
        counts = [await count(one.query) for one in smaller]
        known = [one for one in counts if one is not None]
        if sum(known) > stated:
            return "limit"
        if len(known) < len(counts) or sum(known) < stated:
            break  # the parts do not hold all of it, or cannot be counted
        if sum(one > 0 for one in known) > 1:
            return "exact"
        inside = smaller[known.index(stated)]
    return "limit" if without is not None and without >= stated else "unknown"


async def _without_one(count: Count, sru: Sru, query: str, name: str) -> int | None:
    """How many records a query finds but for the one of this name; None when it cannot be asked like that."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    ways = [f'rec.id="{quoted}"']
    if PREFIX + "*" in sru.part:
        ways.insert(0, sru.part.replace(PREFIX + "*", quoted))
    for alone in dict.fromkeys(ways):
        if await count(alone) == 1:
            return await count(f"({query}) not ({alone})")
    return None


async def outside(count: Count, sru: Sru, query: str, parts: Sequence[Part]) -> int | None:
    """How many records a query finds that are in none of its parts; None when the server does not say so credibly.

    A server that answers whatever it does not understand with nothing is found out by a part that is sure to be empty.
    """
    if PREFIX in sru.part:
        empty = sru.part.replace(PREFIX, NOBODY)
    else:
        empty = sru.part.replace("{low}", str(sru.high)).replace("{high}", str(sru.low))
    asked = " not ".join(f"({one})" for one in (query, *(part.query for part in parts)))
    if len(asked) > LONGEST_QUERY or not await count(f"({query}) not ({empty})"):
        return None
    return await count(asked)
