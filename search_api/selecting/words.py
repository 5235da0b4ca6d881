"""A report in the words of one language: the same on the page and in downloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stdnum import isbn as standard_numbers

from search_api.labels import Labels
from search_api.selecting.buying import Advice, Reason, Sum
from search_api.selecting.found import Checked, FoundEdition, HeldBy, Place, Remark
from search_api.selecting.given import Given, Money
from search_api.selecting.prices import WITHOUT_CENTS
from search_api.texts import Texts

SIGNS = {"TWD": "NT$", "USD": "US$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "CNY": "CN¥", "KRW": "₩"}
LIKELY, PERHAPS = 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    t: Texts
    labels: Labels

    def line(self, checked: Checked) -> str:
        """What a line is found to be."""
        possible = sum(one.relation == "possible" for one in checked.editions)
        if checked.bucket == "possible_editions":
            return self.t("overlap.possible_n", n=possible + checked.more)
        return self.t(f"overlap.{checked.bucket}")

    def why(self, given: Given) -> str:
        """Why a line cannot be read, with the number that is wrong."""
        if given.why is None:
            return ""
        said = self.t(f"overlap.why_{given.why}")
        shown = given.numbers.wrong or given.detail
        return self.t("overlap.why_shown", why=said, what=shown) if shown else said

    def wrong(self, checked: Checked) -> str:
        """What is wrong with the number of a line that can be read all the same."""
        why = checked.given.numbers.why
        if why is None or checked.bucket == "unreadable":
            return ""
        return self.t("overlap.why_shown", why=self.t(f"overlap.why_{why}"), what=checked.given.numbers.wrong)

    def reason(self, advice: Advice, checked: Checked | None = None) -> str:
        """Why a line is to be bought or not."""
        if advice.reason is Reason.UNREADABLE and checked is not None:
            return self.why(checked.given)
        if advice.reason is Reason.OWN_COPIES and not advice.number:
            return self.t("overlap.reason_own")
        if advice.reason is Reason.OWN_COPIES and checked is not None and _all_arriving(checked, advice):
            return self.t("overlap.reason_own_arriving", n=advice.number)
        return self.t(f"overlap.reason_{advice.reason}", n=advice.number)

    def remark(self, remark: Remark) -> str:
        return self.t(f"overlap.remark_{remark}")

    def sure(self, checked: Checked) -> str:
        """How sure it is that a line and an edition are the same; "" where a number says so."""
        if checked.sure is None:
            return ""
        step = "likely" if checked.sure >= LIKELY else "perhaps" if checked.sure >= PERHAPS else "unsure"
        return self.t("overlap.sure", how=self.t(f"overlap.sure_{step}"), percent=min(99, round(checked.sure * 100)))

    def money(self, money: Money | None) -> str:
        """A price: NT$350, US$24.95; "" for none."""
        return amount(money) if money else ""

    def sums(self, total: Sum) -> str:
        """What lines cost together, each currency by itself: NT$61,240 + US$240.50."""
        return " + ".join(map(self.money, total.money)) or self.t("overlap.no_prices")

    def libraries(self, codes: Iterable[str]) -> str:
        """Names of libraries, in the order of pages."""
        return self.t("overlap.and").join(map(self.labels.library, self.labels.in_order(codes)))

    def holder(self, held: HeldBy) -> str:
        """A library with its copies: 海風市立圖書館 2冊（1冊訂購中）."""
        said = self.labels.library(held.library)
        if held.copies is not None:
            said = self.t("overlap.holder", library=said, n=held.copies)
        notes = [self.t("overlap.online")] if held.online else []
        notes += [self.t("overlap.on_order", n=held.on_order)] if held.on_order else []
        notes += [self.t("overlap.in_process", n=held.in_process)] if held.in_process else []
        return self.t("overlap.noted", what=said, notes=self.t("overlap.and").join(notes)) if notes else said

    def places(self, held: HeldBy) -> list[str]:
        """Where a library's copies stand."""
        return [self._place(held.library, place) for place in held.places]

    def _place(self, library: str, place: Place) -> str:
        parts = (
            self.labels.branch(library, place.branch) if place.branch else "",
            self.labels.location(library, place.location) if place.location else "",
            place.call_number,
        )
        return " ".join(filter(None, parts))

    def edition(self, edition: FoundEdition) -> str:
        """An edition in a line: 里仁書局 1984, 電子書."""
        parts = [edition.publisher, str(edition.year or ""), self.labels.format(edition.format)]
        return " · ".join(filter(None, parts))

    def in_order(self, held: Sequence[HeldBy]) -> list[HeldBy]:
        """Holders in the order of pages."""
        by_code = {one.library: one for one in held}
        return [by_code[code] for code in self.labels.in_order(by_code)]


def _all_arriving(checked: Checked, advice: Advice) -> bool:
    """Whether none of one's own copies is there yet."""
    own = [held for one in checked.editions if one.relation != "other" for held in one.held_by]
    arriving = sum(held.on_order + held.in_process for held in own if held.library == advice.library)
    return bool(advice.number) and arriving >= advice.number


def amount(money: Money) -> str:
    """An amount with the sign of its currency: NT$350, US$24.95."""
    sign = SIGNS.get(money.currency, f"{money.currency} ")
    whole, cents = divmod(money.hundredths, 100)
    if money.currency in WITHOUT_CENTS and not cents:
        return f"{sign}{whole:,}"
    return f"{sign}{whole:,}.{cents:02}"


def hyphenated(isbn: str) -> str:
    """An ISBN with its hyphens: a spreadsheet then takes it for text."""
    return str(standard_numbers.format(isbn))
