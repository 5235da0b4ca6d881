"""What the end of a complete list means for the records that are not in it. Pure: numbers in, a judgement out.

A list that is proven to its end may still be a mistake of the source: an export that broke, an index being rebuilt, a
new system. So what it lacks leaves only within bounds, and where the source can be asked, only after it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harvester.removal import Absence

CONFIRMED_AT_MOST = 500  # absent records that are asked for one by one
MOVED_SHARE = 0.30  # so many gone and so many unknown: the same records under other identifiers
MOVED_RECORDS = 50  # … but not below this many
ARRIVED_RECORDS = 20  # … of changes, which are followed by a list of everything before anything is taken for moved
REPLACED_SHARE = 0.50  # so many identifiers given to other records: another system that counts from 1 again
NO_STATEMENT = "not proven: no full statement has come"

What = Literal["nothing", "go", "ask", "go when absent twice", "held", "doubt", "moved"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be done about absent records, and why, in words."""

    what: What
    reason: str = ""


def mended(repairs: int) -> str:
    """How often what came had to be mended, in words; "" when it never had."""
    return f"{repairs:,} {'place' if repairs == 1 else 'places'} had to be mended" if repairs else ""


def judge_changes(arrived: int, replaced: int, former: int) -> str:
    """Why changes look as if the source named its records differently, "" when they do not.

    ``arrived`` is how many of them never were here, ``replaced`` how many have an identifier that belonged to quite
    another record, ``former`` how many records there were.
    """
    if former and arrived > max(ARRIVED_RECORDS, former * MOVED_SHARE):
        return f"{arrived:,} records are new where there were {former:,}: they may be the same under other identifiers"
    if former and replaced > max(ARRIVED_RECORDS, former * REPLACED_SHARE):
        return f"{replaced:,} of {former:,} identifiers name quite other records now: another system gave them"
    return ""


def judge(found: Absence, limit: int, *, copies_limit: int = 0, nameless: int, can_ask: bool) -> Judgement:
    """Judges what a list lacks.

    ``limit`` is how many records may leave unasked, ``copies_limit`` how many may lose their copies, ``nameless`` how
    many listed ones could not be told by name, ``can_ask`` whether the source answers for single records.
    """
    if not found.former and not found.new:
        return Judgement("doubt", f"{NO_STATEMENT}: the list states no record at all")
    if found.absent == found.copies == 0:
        return Judgement("nothing")
    lacks = f"the list is complete and lacks {found.absent:,} of {found.former:,} records"
    if min(found.absent, found.new) > max(MOVED_RECORDS, found.former * MOVED_SHARE):
        return Judgement("moved", f"{lacks} and has {found.new:,} others: the source names its records differently now")
    if found.absent and found.absent >= found.former:
        return Judgement("held", f"the list is complete and has none of the {found.former:,} records")
    if found.copies and (found.copies > copies_limit or found.copies == found.former_copies > 1):
        words = f"the tables lack the copies of {found.copies:,} of {found.former_copies:,} records"
        return Judgement("held", f"{words}; more than {copies_limit:,} lose them only when somebody agrees")
    if found.kept:
        return Judgement("held", f"{lacks}; {found.kept:,} of them were brought back by hand")
    if found.absent > limit:
        return Judgement("held", f"{lacks}; more than {limit:,} leave only when somebody agrees")
    absent = f"{found.absent or found.copies:,} records are absent"
    if nameless:
        return Judgement("doubt", f"{absent} and {nameless:,} unreadable ones have no name")
    if found.unnumbered:
        return Judgement("doubt", f"{absent} and {found.unnumbered:,} new ones have no number: they may be the same")
    if not can_ask:
        return Judgement("go")
    return Judgement("ask" if found.absent <= CONFIRMED_AT_MOST else "go when absent twice")
