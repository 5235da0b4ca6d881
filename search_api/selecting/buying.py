"""What to buy: a rule of the selector's, applied to each line, with the reason; and what that costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from search_api.selecting.found import Bucket, Remark
from search_api.selecting.given import Money

Scope = Literal["consortium", "region", "both"]
Match = Literal["any", "same"]

MOST_HOLDERS = 99


class Verdict(StrEnum):
    BUY = "buy"
    THINK = "think"
    SKIP = "skip"
    MEND = "mend"  # the line cannot be read: nobody can say


class Reason(StrEnum):
    """Why, in a word; ``number`` of the advice is what it counts."""

    UNREADABLE = "unreadable"
    REPEATS = "repeats"  # number: the earlier line
    OWN_COPIES = "own_copies"  # number: copies of this edition in one's own library
    OWN_OTHER = "own_other_edition"
    OWN_PERHAPS = "own_perhaps"
    NOBODY = "nobody"
    FEW = "few"  # number: holders
    FEW_AND_NOT_HERE = "few_and_not_in_region"
    FEW_BUT_HERE = "few_but_in_region"  # number: holders in the region
    ENOUGH = "enough"
    ENOUGH_NOT_HERE = "enough_but_not_in_region"  # number: holders
    OTHER_EDITIONS = "only_other_editions"  # number: holders
    NUMBER_WRONG = "number_wrong"
    UNCERTAIN = "uncertain"  # number: holders of what may be meant


@dataclass(frozen=True, slots=True)
class Rule:
    """Buy if fewer than ``fewer_than`` libraries hold it.

    ``scope`` is who counts: the whole consortium, one's own region, or both: the consortium, and the region must have
    none. ``match``: any edition of the work counts, or this one alone.
    """

    fewer_than: int = 2
    scope: Scope = "both"
    match: Match = "any"
    library: str = ""  # one's own, "" for none
    times_copies: bool = True  # prices are multiplied by the copies that a line asks for


@dataclass(frozen=True, slots=True)
class Advice:
    verdict: Verdict
    reason: Reason
    number: int = 0
    library: str = field(default="", compare=False)  # whose copies these are, where they are one's own


@dataclass(frozen=True, slots=True)
class Brief:
    """What of a line counts for rules, filters and sums."""

    number: int
    bucket: Bucket
    same: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    own: Mapping[str, int] = field(default_factory=dict)  # library → copies of this edition
    price: Money | None = None
    copies: int | None = None
    repeats: int | None = None
    remarks: frozenset[Remark] = frozenset()
    words: str = ""  # folded title, names and numbers


@dataclass(frozen=True, slots=True)
class Sum:
    """Lines together: how many, the copies they ask for, and what they cost by currency."""

    lines: int = 0
    copies: int = 0
    money: tuple[Money, ...] = ()  # the largest first
    unpriced: int = 0


def advice(line: Brief, rule: Rule, region: Set[str]) -> Advice:
    """What a rule says of a line. ``region``: the libraries of one's own, oneself included; empty: none is named."""
    if line.bucket is Bucket.UNREADABLE:
        return Advice(Verdict.MEND, Reason.UNREADABLE)
    if line.repeats is not None:
        return Advice(Verdict.SKIP, Reason.REPEATS, line.repeats)
    certain = line.bucket is not Bucket.POSSIBLE
    if rule.library and certain and rule.library in line.same:
        return Advice(Verdict.SKIP, Reason.OWN_COPIES, line.own.get(rule.library, 0), rule.library)
    if not line.any and Remark.ISBN_WRONG in line.remarks:
        return Advice(Verdict.THINK, Reason.NUMBER_WRONG)  # with the right number it may be found
    if not line.any:
        return Advice(Verdict.BUY, Reason.NOBODY)
    counted = set(line.any if rule.match == "any" else line.same)
    if rule.library and rule.library in line.any and rule.match == "any":
        return Advice(Verdict.THINK, Reason.OWN_OTHER if certain else Reason.OWN_PERHAPS)
    here = len(counted & region)
    scope = rule.scope if region else "consortium"
    reached = here if scope == "region" else len(counted)
    if reached < rule.fewer_than:
        if scope == "both" and here:
            return Advice(Verdict.THINK, Reason.FEW_BUT_HERE, here)
        reason = Reason.FEW_AND_NOT_HERE if scope == "both" else Reason.FEW
        return Advice(Verdict.BUY, reason, reached)
    if not certain:
        return Advice(Verdict.THINK, Reason.UNCERTAIN, reached)
    if scope == "both" and not here:
        return Advice(Verdict.THINK, Reason.ENOUGH_NOT_HERE, reached)
    if not line.same:
        return Advice(Verdict.THINK, Reason.OTHER_EDITIONS, reached)
    return Advice(Verdict.SKIP, Reason.ENOUGH, reached)


def summed(lines: Iterable[Brief], *, times_copies: bool) -> Sum:
    """What lines come to."""
    count = copies = unpriced = 0
    money: dict[str, int] = {}
    for line in lines:
        count += 1
        wanted = line.copies if line.copies is not None else 1
        copies += wanted
        if line.price is None:
            unpriced += 1
            continue
        times = wanted if times_copies else 1
        money[line.price.currency] = money.get(line.price.currency, 0) + line.price.hundredths * times
    largest = sorted(money.items(), key=lambda one: (-one[1], one[0]))
    return Sum(count, copies, tuple(Money(amount, currency) for currency, amount in largest), unpriced)
