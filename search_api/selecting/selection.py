"""What of a report is shown: filtered, sorted, a page of it; and the sums, which count all of it.

Page, API and downloads all go by this, so that their figures are the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from indexer.identifiers import isbns
from indexer.text import fold
from indexer.variants import fold_variants
from search_api.selecting.buying import Advice, Brief, Rule, Sum, Verdict, advice, summed
from search_api.selecting.found import Bucket, Remark

Sort = Literal["number", "title", "holders", "copies", "price", "verdict"]
SORTS: tuple[Sort, ...] = ("number", "title", "holders", "copies", "price", "verdict")

_LETTER = re.compile(r"[^\W\dXx_]")
_VERDICTS = {verdict: rank for rank, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which lines, in which order. Empty: all."""

    buckets: tuple[Bucket, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    library: str = ""  # held by it, any edition
    lacking: str = ""  # not held by it
    remark: Remark | None = None
    repeated: bool = False  # only lines that repeat another
    text: str = ""
    sort: Sort = "number"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Advised:
    """A line and what the rule says of it."""

    line: Brief
    advice: Advice


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a whole report, whatever is chosen to be shown. Buckets, verdicts and holders each add up to the
    lines."""

    lines: int
    fewer_than: int  # the rule's
    buckets: Mapping[Bucket, int]
    verdicts: Mapping[Verdict, Sum]
    nobody: Sum  # lines that nobody holds in any edition
    few: Sum  # held by fewer than the rule asks
    enough: Sum  # held by as many or more
    unreadable: Sum
    repeated: int
    held_by: Mapping[str, int]  # library → lines of which it holds any edition
    held_by_one: int
    remarks: Mapping[Remark, int]


def advised(lines: Iterable[Brief], rule: Rule, region: AbstractSet[str]) -> list[Advised]:
    """Every line with what the rule says."""
    return [Advised(line, advice(line, rule, region)) for line in lines]


def chosen(lines: Sequence[Advised], choice: Choice) -> list[Advised]:
    """The lines chosen, in the order chosen; equals by their number."""
    numbers = [one.value for one in isbns(choice.text) if one.valid] if not _LETTER.search(choice.text) else []
    words = numbers or fold_variants(fold(choice.text)).split()
    kept = [one for one in lines if _is_chosen(one, choice, words)]
    if choice.sort != "number" or choice.descending:
        kept.sort(key=lambda one: _place(one, choice.sort), reverse=choice.descending)
    return kept


def _is_chosen(one: Advised, choice: Choice, words: Sequence[str]) -> bool:
    line = one.line
    return (
        (not choice.buckets or line.bucket in choice.buckets)
        and (not choice.verdicts or one.advice.verdict in choice.verdicts)
        and (not choice.library or choice.library in line.any)
        and (not choice.lacking or choice.lacking not in line.any)
        and (choice.remark is None or choice.remark in line.remarks)
        and (not choice.repeated or line.repeats is not None)
        and all(word in line.words for word in words)
    )


def _place(one: Advised, sort: Sort) -> tuple[object, ...]:
    line = one.line
    match sort:
        case "title":
            return (not line.words, line.words)
        case "holders":
            return (len(line.any), len(line.same))
        case "copies":
            return (sum(line.own.values()),)
        case "price":
            return (line.price.currency, line.price.hundredths) if line.price else ("", 0)
        case "verdict":
            return (_VERDICTS[one.advice.verdict],)
        case _:
            return (line.number,)


def totals(lines: Sequence[Advised], rule: Rule) -> Totals:
    """What a whole report comes to."""

    def sums(some: Iterable[Advised]) -> Sum:
        return summed((one.line for one in some), times_copies=rule.times_copies)

    buckets = Counter(one.line.bucket for one in lines)
    readable = [one for one in lines if one.line.bucket is not Bucket.UNREADABLE]
    return Totals(
        lines=len(lines),
        fewer_than=rule.fewer_than,
        buckets={bucket: buckets[bucket] for bucket in Bucket},
        verdicts={verdict: sums(one for one in lines if one.advice.verdict is verdict) for verdict in Verdict},
        nobody=sums(one for one in readable if not one.line.any),
        few=sums(one for one in readable if 0 < len(one.line.any) < rule.fewer_than),
        enough=sums(one for one in readable if one.line.any and len(one.line.any) >= rule.fewer_than),
        unreadable=sums(one for one in lines if one.line.bucket is Bucket.UNREADABLE),
        repeated=sum(one.line.repeats is not None for one in lines),
        held_by=dict(sorted(Counter(code for one in lines for code in one.line.any).items())),
        held_by_one=sum(len(one.line.any) == 1 for one in lines),
        remarks=Counter(remark for one in lines for remark in one.line.remarks),
    )
