"""The rules as the files of the configuration state them, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mappings.agreements import Agreement, Agreements
from mappings.lending import Closure, Fee, Lending, LendingRule, Names, Says
from mappings.library import Library
from search_api.labels import Labels
from search_api.lending.words import Words
from search_api.texts import Texts


@dataclass(frozen=True, slots=True)
class AgreementRow:
    name: str
    lenders: str
    borrowers: str
    says: str


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """What one library states; what it does not is "" or empty."""

    name: str
    rules: tuple[str, ...]
    days: str
    open_days: str
    closures: tuple[str, ...]
    fees: tuple[str, ...]
    more: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Policies:
    groups: tuple[tuple[str, str], ...]  # name, members
    agreements: tuple[AgreementRow, ...]
    couriers: tuple[tuple[str, str, str], ...]  # name, members, days
    libraries: tuple[LibraryRow, ...]


def policies(
    agreements: Agreements, libraries: Mapping[str, Library], words: Words, t: Texts, labels: Labels
) -> Policies:
    """All that is stated, in the order of the files and of the libraries' pages."""
    writer = _Writer(agreements, words, t, labels)
    return Policies(
        groups=tuple((words.label(one.name), writer.libraries(one.members)) for one in agreements.groups.values()),
        agreements=tuple(map(writer.agreement, agreements.agreements)),
        couriers=tuple(
            (words.label(one.name), writer.named(one.members), words.days(one.days)) for one in agreements.couriers
        ),
        libraries=tuple(
            writer.library(labels.library(code), code, libraries[code].lending) for code in labels.in_order(libraries)
        ),
    )


class _Writer:
    def __init__(self, agreements: Agreements, words: Words, t: Texts, labels: Labels) -> None:
        self._agreements = agreements
        self._words = words
        self._t = t
        self._labels = labels
        self._comma = "，" if t.full_width else ", "

    def libraries(self, codes: Iterable[str]) -> str:
        return self._t("lending.between").join(map(self._labels.library, codes))

    def named(self, names: Names) -> str:
        """Groups and libraries by their names."""
        groups = self._agreements.groups
        return self._t("lending.between").join(
            self._words.label(groups[one].name) if one in groups else self._labels.library(one) for one in names
        )

    def agreement(self, one: Agreement) -> AgreementRow:
        t = self._t
        limits = []
        if one.formats:
            formats = t("lending.between").join(map(self._labels.format, one.formats))
            limits.append(t("lending.only_formats", values=formats))
        if one.collections:
            limits.append(t("lending.only_collections", values=t("lending.between").join(one.collections)))
        if one.free:
            limits.append(t("lending.free_of_charge"))
        direction = t("lending.both_ways" if one.reciprocal else "lending.one_way")
        said = (*self._says(one.lends, one.copies), *limits, direction)
        return AgreementRow(
            self._words.label(one.name), self.named(one.lenders), self.named(one.borrowers), self._comma.join(said)
        )

    def library(self, name: str, code: str, lending: Lending) -> LibraryRow:
        t = self._t
        more = [t("lending.last_resort")] if lending.last_resort else []
        if lending.at_most is not None:
            more.append(t("lending.at_most", n=lending.at_most))
        return LibraryRow(
            name=name,
            rules=tuple(self._rule(code, rule) for rule in lending.rules_in_order()) or (t("lending.nothing_stated"),),
            days=t("lending.unstated") if lending.days is None else str(lending.days),
            open_days=self._words.days(lending.open_days) if lending.open_days else t("lending.every_day"),
            closures=tuple(map(self._closure, lending.closures)),
            fees=tuple(map(self._fee, lending.fees)),
            more=tuple(more),
            note=self._words.label(lending.note),
        )

    def _rule(self, code: str, rule: LendingRule) -> str:
        t, labels, between = self._t, self._labels, self._t("lending.between")
        of: list[str] = []
        if rule.to:
            of.append(t("lending.rule_for", values=self.named(rule.to)))
        of += map(labels.format, rule.formats)
        of += (labels.item_type(code, one) for one in rule.item_types)
        of += (labels.collection(code, one) for one in rule.collections)
        of += (self._words.shelf(code, one) for one in (*rule.policies, *rule.locations, *rule.branches))
        what = between.join(of) or t("lending.everything_else")
        return t("lending.f_line", label=what, value=self._comma.join(self._says(rule.lends, rule.copies)))

    def _says(self, lends: Says | None, copies: Says | None) -> list[str]:
        words = {True: "yes", False: "no", "ask": "ask"}
        said = (("lends", lends), ("copies", copies))
        return [self._t(f"lending.{what}_{words[value]}") for what, value in said if value is not None]

    def _closure(self, one: Closure) -> str:
        first, last = self._day(one.first), self._day(one.last) if one.last is not None else ""
        span = self._t("lending.span", first=first, last=last) if last else first
        reason = self._words.label(one.reason)
        return self._t("lending.with_name", words=span, name=reason) if reason else span

    def _day(self, day: date | str) -> str:
        if isinstance(day, date):
            return self._t.full_day(day)
        return self._t.day(date(2024, int(day[:2]), int(day[3:])))

    def _fee(self, fee: Fee) -> str:
        t, amounts = (
            self._t,
            (("loan", fee.loan), ("copying", fee.copying), ("page", fee.page), ("postage", fee.postage)),
        )
        said = [
            t(f"lending.fee_{key}", amount=self._words.amount(amount, fee.currency) if amount else t("lending.free"))
            for key, amount in amounts
            if amount is not None and (amount or key in ("loan", "copying"))
        ]
        text = self._comma.join(said)
        return (
            t("lending.f_line", label=t("lending.rule_for", values=self.named(fee.to)), value=text) if fee.to else text
        )
