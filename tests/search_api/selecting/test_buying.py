"""The rule, case by case; the sums, which add up; what is chosen, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search_api.labels import Labels
from search_api.selecting.buying import Advice, Brief, Reason, Rule, Verdict, advice, summed
from search_api.selecting.found import Bucket, Checked, FoundEdition, HeldBy, Remark
from search_api.selecting.given import Given, Money
from search_api.selecting.selection import Choice, advised, chosen, totals
from search_api.selecting.words import Words
from search_api.texts import texts

SOUTH = frozenset({"haifeng", "salt"})
RULE = Rule(2, "both", "any", "haifeng")


def line(
    bucket: Bucket = Bucket.SAME,
    same: str = "",
    others: str = "",
    *,
    number: int = 1,
    price: int | None = None,
    copies: int | None = None,
    repeats: int | None = None,
    remarks: frozenset[Remark] = frozenset(),
    words: str = "",
) -> Brief:
    held = tuple(same.split())
    every = tuple(sorted({*held, *others.split()}))
    money = Money(price * 100, "TWD") if price is not None else None
    return Brief(number, bucket, held, every, dict.fromkeys(held, 2), money, copies, repeats, remarks, words)


B, T, S, M = Verdict.BUY, Verdict.THINK, Verdict.SKIP, Verdict.MEND
CASES = [
    (line(Bucket.UNREADABLE), RULE, M, Reason.UNREADABLE, 0, "nobody can say"),
    (line(Bucket.NONE, repeats=7), RULE, S, Reason.REPEATS, 7, "bought with the other line"),
    (line(same="haifeng ntl"), RULE, S, Reason.OWN_COPIES, 2, "one's own copies go before all"),
    (line(Bucket.NONE), RULE, B, Reason.NOBODY, 0, "nobody has it"),
    (line(Bucket.NONE, remarks=frozenset({Remark.ISBN_WRONG})), RULE, T, Reason.NUMBER_WRONG, 0, "it may be there"),
    (line(same="ntl"), RULE, B, Reason.FEW_AND_NOT_HERE, 1, "one far away is fewer than two"),
    (line(same="salt"), RULE, T, Reason.FEW_BUT_HERE, 1, "the one is next door"),
    (line(same="ntl salt"), RULE, S, Reason.ENOUGH, 2, "enough, one of them here"),
    (line(same="ntl far"), RULE, T, Reason.ENOUGH_NOT_HERE, 2, "enough, and none here"),
    (line(Bucket.OTHER, others="ntl salt"), RULE, T, Reason.OTHER_EDITIONS, 2, "only older ones"),
    (line(Bucket.OTHER, others="haifeng ntl"), RULE, T, Reason.OWN_OTHER, 0, "one's own older one"),
    (line(Bucket.POSSIBLE, same="haifeng ntl"), RULE, T, Reason.OWN_PERHAPS, 0, "perhaps one's own"),
    (line(Bucket.POSSIBLE, same="ntl salt"), RULE, T, Reason.UNCERTAIN, 2, "the list does not say which"),
    (line(Bucket.POSSIBLE, same="ntl"), RULE, B, Reason.FEW_AND_NOT_HERE, 1, "few at the most"),
    (line(same="ntl", others="salt"), replace(RULE, match="same"), B, Reason.FEW_AND_NOT_HERE, 1, "this edition alone"),
    (line(same="ntl far"), replace(RULE, scope="region"), B, Reason.FEW, 0, "only the region counts"),
    (line(same="salt ntl"), replace(RULE, scope="region", fewer_than=1), S, Reason.ENOUGH, 1, "one here is enough"),
    (line(same="ntl far"), replace(RULE, scope="consortium"), S, Reason.ENOUGH, 2, "all count alike"),
    (line(same="ntl"), replace(RULE, fewer_than=1), T, Reason.ENOUGH_NOT_HERE, 1, "one is enough, but not here"),
]


@pytest.mark.parametrize(("one", "rule", "verdict", "reason", "number", "why"), CASES)
def test_a_line_is_bought_thought_over_or_skipped(
    *, one: Brief, rule: Rule, verdict: Verdict, reason: Reason, number: int, why: str
) -> None:
    assert advice(one, rule, SOUTH) == Advice(verdict, reason, number), why


def test_every_reason_decides_some_case() -> None:
    assert {case[3] for case in CASES} == set(Reason)


def test_who_has_no_region_counts_all() -> None:
    nobody = replace(RULE, library="")
    assert advice(line(same="ntl"), nobody, frozenset()) == Advice(B, Reason.FEW, 1)
    assert advice(line(same="ntl far"), nobody, frozenset()) == Advice(S, Reason.ENOUGH, 2)


def test_prices_are_summed_by_currency_times_the_copies_asked_for() -> None:
    lines = [line(price=350, copies=2), line(price=100), line(), replace(line(copies=3), price=Money(1250, "USD"))]
    total = summed(lines, times_copies=True)
    assert (total.lines, total.copies, total.unpriced) == (4, 7, 1)
    assert total.money == (Money(80000, "TWD"), Money(3750, "USD"))
    assert summed(lines, times_copies=False).money == (Money(45000, "TWD"), Money(1250, "USD"))


LINES = [
    line(Bucket.NONE, number=1, price=300, words="c"),
    line(same="ntl salt", number=2, price=100, words="a 9789570835878"),
    line(Bucket.OTHER, others="ntl", number=3, words="b"),
    line(Bucket.UNREADABLE, number=4, price=50),
    line(Bucket.NONE, number=5, repeats=1, price=300, words="c"),
    line(Bucket.POSSIBLE, same="haifeng", number=6, remarks=frozenset({Remark.ON_ORDER}), words="d"),
]


def test_the_parts_add_up_to_the_whole_in_every_way() -> None:
    every = advised(LINES, RULE, SOUTH)
    found = totals(every, RULE)
    assert sum(found.buckets.values()) == found.lines == len(LINES)
    assert sum(one.lines for one in found.verdicts.values()) == len(LINES)
    assert sum(one.lines for one in (found.nobody, found.few, found.enough, found.unreadable)) == len(LINES)
    money = sum(one.hundredths for total in found.verdicts.values() for one in total.money)
    assert money == sum(one.price.hundredths for one in LINES if one.price)
    assert (found.repeated, found.held_by, found.held_by_one) == (1, {"haifeng": 1, "ntl": 2, "salt": 1}, 2)
    assert found.remarks == {Remark.ON_ORDER: 1}


CHOICES = [
    (Choice(), [1, 2, 3, 4, 5, 6], "all"),
    (Choice(buckets=(Bucket.NONE,)), [1, 5], "a bucket"),
    (Choice(verdicts=(Verdict.SKIP,)), [2, 5], "a verdict"),
    (Choice(library="ntl"), [2, 3], "held by one"),
    (Choice(lacking="ntl", buckets=(Bucket.POSSIBLE, Bucket.SAME)), [6], "not held by it"),
    (Choice(remark=Remark.ON_ORDER), [6], "a remark"),
    (Choice(repeated=True), [5], "repeated"),
    (Choice(text="9789570835878"), [2], "a number"),
    (Choice(sort="title"), [2, 3, 1, 5, 6, 4], "by title, those without last"),
    (Choice(sort="holders", descending=True), [2, 6, 3, 1, 4, 5], "the most widely held first"),
    (Choice(sort="price", descending=True), [1, 5, 2, 4, 3, 6], "the dearest first, equals by number"),
    (Choice(sort="verdict"), [1, 3, 6, 2, 5, 4], "what to buy first"),
]


@pytest.mark.parametrize(("choice", "numbers", "why"), CHOICES)
def test_lines_are_chosen_and_sorted(choice: Choice, numbers: list[int], why: str) -> None:
    assert [one.line.number for one in chosen(advised(LINES, RULE, SOUTH), choice)] == numbers, why


@pytest.mark.parametrize(("on_order", "said"), [(2, "本館訂購或編目中2冊"), (1, "本館已有2冊")])
def test_copies_that_have_not_come_are_not_said_to_be_there(on_order: int, said: str) -> None:
    held = HeldBy("haifeng", 2, on_order=on_order)
    edition = FoundEdition("e", "same", "島嶼新書", "", "", 2026, "book", online=False, held_by=(held,))
    words = Words(texts("zh-Hant"), Labels({}, "zh-Hant"))
    line = Checked(Given(1, 1, ""), Bucket.SAME, editions=(edition,))
    assert words.reason(Advice(Verdict.SKIP, Reason.OWN_COPIES, 2, "haifeng"), line) == said
