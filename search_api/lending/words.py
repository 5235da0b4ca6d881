"""Reasons, rules, costs and days in the words of one interface language."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from babel.numbers import format_currency

from mappings.lending import Label
from search_api.labels import Labels
from search_api.lending.reasons import Excluded, Lender, Money, Reason, Rule, Why
from search_api.texts import Texts

_NAMED = frozenset({Why.AGREEMENT, Why.RECIPROCAL, Why.SAME_COURIER})
"""Reasons whose sentence holds the name; others have it behind them."""


class Words:
    """Writes what the desk knows of libraries."""

    def __init__(self, t: Texts, labels: Labels) -> None:
        self._t = t
        self._labels = labels

    def reason(self, reason: Reason) -> str:
        """A reason as a sentence without a stop."""
        t = self._t
        key = f"lending.why_{reason.why}"
        if reason.why is Why.ON_LOAN and reason.day is None:
            key = "lending.why_on_loan_no_day"
        if reason.why is Why.COVERAGE_UNREAD and not reason.text:
            key = "lending.why_coverage_absent"
        said = t(
            key,
            n=reason.number or 0,
            day=t.day(reason.day) if reason.day else "",
            name=self.label(reason.name),
            text=reason.text,
            days=self.days(reason.text.split()) if reason.why is Why.SAME_COURIER else "",
            cost=self.money(reason.money) if reason.money else "",
        )
        if reason.name and reason.why not in _NAMED:
            said = t("lending.with_name", words=said, name=self.label(reason.name))
        return t("lending.of_volume", volume=reason.volume, words=said) if reason.volume else said

    def rule(self, excluded: Excluded) -> str:
        """What excludes a library, as a sentence without a stop."""
        t = self._t
        key = f"lending.rule_{excluded.rule}"
        if excluded.rule is Rule.CLOSED and excluded.day is None:
            key = "lending.rule_closed_no_day"
        day = t.day(excluded.day) if excluded.day else ""
        return t(key, values=t("lending.between").join(self._values(excluded)), day=day)

    def _values(self, excluded: Excluded) -> Iterable[str]:
        labels, code = self._labels, excluded.library
        for value in excluded.values:
            match excluded.rule:
                case Rule.FORMAT_NOT_LENT:
                    yield labels.format(value)
                case Rule.ITEM_TYPES_NOT_LENT:
                    yield labels.item_type(code, value)
                case Rule.COLLECTION_NOT_LENT:
                    yield labels.collection(code, value)
                case Rule.SHELF_NOT_LENT:
                    yield self.shelf(code, value)
                case _:
                    yield value

    def shelf(self, library: str, code: str) -> str:
        """What a policy, a shelving place or a branch is called."""
        named = (name(library, code) for name in (self._labels.policy, self._labels.location, self._labels.branch))
        return next((one for one in named if one != code), code)

    def money(self, money: Money | None) -> str:
        """An amount with its currency; that it is free or not stated."""
        t = self._t
        if money is None:
            return t("lending.unstated")
        if not money.amount:
            return t("lending.unstated" if money.at_least else "lending.free")
        written = self.amount(money.amount, money.currency)
        return t("lending.at_least", cost=written) if money.at_least else written

    def amount(self, amount: Decimal, currency: str) -> str:
        """An amount without the hundredths that are none."""
        if currency == "TWD":  # as it is written here in every language
            whole = amount == amount.to_integral_value()
            return f"NT${int(amount):,}" if whole else f"NT${amount:,.2f}"
        written: str = format_currency(amount, currency, locale=self._t.locale)
        return written

    def days(self, days: Iterable[str]) -> str:
        """Days of the week."""
        return self._t("lending.between").join(self._t(f"lending.day_{day}") for day in days)

    def label(self, label: Label | None) -> str:
        """A text of a file in this language, else in the first that it gives."""
        if not label:
            return ""
        return label.get(self._t.language) or next(iter(label.values()))

    def where(self, lender: Lender) -> str:
        """Branch and shelving place of a lender's copy."""
        branch, location = lender.place
        named = (self._labels.branch(lender.library, branch), self._labels.location(lender.library, location))
        return " ".join(dict.fromkeys(one for one in named if one))

    def place(self, lender: Lender) -> str:
        """Where a lender's copy stands, with its call number."""
        comma = "，" if self._t.full_width else ", "
        return comma.join(filter(None, (self.where(lender), lender.call_number)))

    def percent(self, sure: float) -> str:
        return f"{round(sure * 100)}%"
