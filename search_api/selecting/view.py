"""What the page of a report shows, in words: the bar, the rule with its sums, lines with members as spines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search_api.selecting.answering import Answered
from search_api.selecting.asking import Asked
from search_api.selecting.buying import Advice, Verdict
from search_api.selecting.found import Bucket, Checked, FoundEdition
from search_api.selecting.selection import SORTS, Sort
from search_api.selecting.words import Words, hyphenated

WIDTH, GAP = 1000.0, 2.0
NARROWEST = 4.0

MARKS = {Verdict.BUY: "plus", Verdict.THINK: "clock", Verdict.SKIP: "minus", Verdict.MEND: "warning"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the bar. Thousandths of its width."""

    bucket: str
    label: str
    count: int
    x: float
    width: float
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Figure:
    verdict: str
    label: str
    count: int
    money: str
    note: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    href: str
    current: bool = False
    falling: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Spine:
    state: str  # same, possible, other, ordered, none
    library: str


@dataclass(frozen=True, slots=True)
class Holder:
    words: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    title: str
    href: str
    words: str
    relation: str
    volume: str
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Row:
    row: int
    title: str
    subtitle: str
    bucket: str
    result: str
    sure: str
    wrong: str  # what is wrong with its number, though it was found by what else it says
    spines: tuple[Spine, ...]
    held: str
    copies: int
    price: str
    wanted: str
    verdict: str
    advice: str
    mark: str
    reason: str
    remarks: tuple[str, ...]
    suggestions: tuple[str, ...]
    editions: tuple[Edition, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report's page. ``link`` makes the address of a report's page with parameters."""

    answered: Answered
    words: Words
    members: Sequence[str]  # codes, in the order of pages
    mine: str
    link: Callable[[str], str]
    edition_link: Callable[[str], str]

    def to(self, **changed: object) -> str:
        """This page with other parameters, from its first line on."""
        query = self.answered.asked.address(self.mine, **{"page": 1, **changed})
        return self.link(f"?{query}" if query else "")

    @property
    def asked(self) -> Asked:
        return self.answered.asked

    def parts(self) -> list[Part]:
        """The bar: its parts add up to its width, and their counts to the lines."""
        total = self.answered.totals.lines
        some = [(bucket, count) for bucket, count in self.answered.totals.buckets.items() if count]
        room = WIDTH - GAP * max(0, len(some) - 1)
        shares = [max(NARROWEST, room * count / total) for _, count in some] if total else []
        scale = room / sum(shares) if shares else 1.0
        found, x = [], 0.0
        for (bucket, count), share in zip(some, shares, strict=True):
            width = share * scale
            found.append(self._part(bucket, count, x, width))
            x += width + GAP
        return found

    def legend(self) -> list[Part]:
        """Every bucket with its count, none left out."""
        return [self._part(bucket, count, 0, 0) for bucket, count in self.answered.totals.buckets.items()]

    def _part(self, bucket: Bucket, count: int, x: float, width: float) -> Part:
        chosen = self.asked.bucket == (bucket,)
        href = self.to(bucket=() if chosen else (bucket,), verdict=()) + "#lines"
        label = self.words.t(f"overlap.{bucket}")
        return Part(bucket, label, count, round(x, 1), round(width, 1), href, chosen)

    def figures(self) -> list[Figure]:
        """The four verdicts with their sums."""
        found = []
        for verdict, total in self.answered.totals.verdicts.items():
            chosen = self.asked.verdict == (verdict,)
            note = self.words.t("overlap.unpriced_n", n=total.unpriced) if total.unpriced else ""
            href = self.to(verdict=() if chosen else (verdict,), bucket=()) + "#lines"
            label = self.words.t(f"overlap.{verdict}")
            money = self.words.sums(total) if total.money else ""
            found.append(Figure(verdict, label, total.lines, money, note, href, chosen))
        return found

    def by_holders(self) -> list[tuple[str, int, str]]:
        """What it costs, by how many hold it: the parts add up."""
        totals = self.answered.totals
        n = self.asked.n
        rows = [("overlap.sum_nobody", totals.nobody), ("overlap.sum_few", totals.few)]
        rows += [("overlap.sum_enough", totals.enough), ("overlap.unreadable", totals.unreadable)]
        return [
            (self.words.t(key, n=n), total.lines, self.words.sums(total) if total.lines else "")
            for key, total in rows
            if key != "overlap.sum_few" or n > 1
        ]

    def tabs(self) -> list[Link]:
        """All lines, and those of each verdict."""
        t, totals = self.words.t, self.answered.totals
        everything = not (self.asked.verdict or self.asked.bucket)
        all_lines = Link(t("overlap.all"), self.to(verdict=(), bucket=()) + "#lines", everything, count=totals.lines)
        return [
            all_lines,
            *(Link(one.label, one.href, one.chosen, count=one.count) for one in self.figures() if one.count),
        ]

    def sorts(self) -> dict[Sort, Link]:
        """The headings that sort: once more, and it is the other way round."""
        found = {}
        for sort in SORTS:
            current = self.asked.sort == sort
            falling = not self.asked.desc if current else sort in ("holders", "copies", "price")
            href = self.to(sort=sort, desc=falling) + "#lines"
            found[sort] = Link("", href, current, self.asked.desc if current else False)
        return found

    def rows(self) -> list[Row]:
        return [self._row(line, advice) for line, advice in self.answered.lines]

    def _row(self, line: Checked, advice: Advice) -> Row:
        given, words, t = line.given, self.words, self.words.t
        first = line.editions[0] if line.editions and line.editions[0].relation != "other" else None
        title = given.title or (first.title if first else "") or given.text or t("overlap.empty_line")
        numbers = " ".join(map(hyphenated, given.numbers.isbns)) or given.numbers.issn
        said = (
            given.creator or (first.creator if first else ""),
            given.publisher or (first.publisher if first else ""),
            str(given.year or (first.year if first else "") or ""),
            numbers if numbers not in title.replace("-", "") else "",
        )
        possible = line.bucket is Bucket.POSSIBLE
        return Row(
            given.row,
            title,
            " · ".join(filter(None, said)),
            line.bucket,
            words.line(line),
            words.sure(line),
            words.wrong(line),
            tuple(self._spine(code, line) for code in self.members),
            t("overlap.holders_n", n=len(line.any)),
            line.copies,
            words.money(given.price),
            str(given.copies or ""),
            advice.verdict,
            t(f"overlap.{advice.verdict}"),
            MARKS[advice.verdict],
            words.reason(advice, line),
            tuple(words.remark(remark) for remark in line.remarks),
            tuple(t("overlap.meant", isbn=hyphenated(one.isbn), title=one.title) for one in line.suggestions),
            tuple(self._edition(one, possible=possible) for one in line.editions),
            line.more,
        )

    def _spine(self, code: str, line: Checked) -> Spine:
        state = "none"
        if code in line.same:
            state = "possible" if line.bucket is Bucket.POSSIBLE else "same"
            held = [one for e in line.editions if e.relation != "other" for one in e.held_by if one.library == code]
            if held and all(one.copies and one.on_order + one.in_process >= one.copies for one in held):
                state = "ordered"
        elif code in line.any:
            state = "other"
        return Spine(state, self.words.labels.library(code))

    def _edition(self, edition: FoundEdition, *, possible: bool) -> Edition:
        relation = "possible" if possible and edition.relation != "other" else edition.relation
        holders = (
            Holder(self.words.holder(held), tuple(self.words.places(held)))
            for held in self.words.in_order(edition.held_by)
        )
        return Edition(
            edition.title,
            self.edition_link(edition.id),
            self.words.edition(edition),
            relation,
            self.words.t("overlap.of_volume", volume=edition.volume) if edition.volume else "",
            tuple(holders),
        )

    def turns(self) -> tuple[str, str]:
        """The pages before and after, "" when there is none."""
        page, pages = self.asked.page, self.answered.pages
        before = self.to(page=page - 1) + "#lines" if page > 1 else ""
        return before, self.to(page=page + 1) + "#lines" if page < pages else ""

    def numbered(self) -> list[Link | None]:
        """Pages by their numbers: the first, the last, those near; None where some are left out."""
        page, pages = self.asked.page, self.answered.pages
        shown = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
        found: list[Link | None] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number > before + 1:
                found.append(None)
            found.append(Link(str(number), self.to(page=number) + "#lines", number == page))
        return found
