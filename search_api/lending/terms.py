"""Whether a library does something for another: agreements between them, and its own rules, copy by copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.record import Edition, Holding, Item
from mappings.agreements import Agreement, Agreements
from mappings.lending import Label, Lending, LendingRule, Service
from search_api.lending.reasons import Reason, Rule, Why


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy and where it stands; a holding that tells no copies stands for one."""

    holding: Holding
    item: Item | None

    @property
    def collection(self) -> str:
        return (self.item.collection if self.item else "") or self.holding.collection


@dataclass(frozen=True, slots=True)
class Terms:
    """What is said of one copy. ``refused`` names the rule that says no; ``sure`` that something says yes to us."""

    copy: Copy
    refused: Rule | None = None
    values: tuple[str, ...] = ()
    name: Label | None = None
    sure: bool = False
    reasons_for: tuple[Reason, ...] = ()
    reasons_against: tuple[Reason, ...] = ()


def copies_of(holdings: Sequence[Holding]) -> tuple[Copy, ...]:
    """The copies of holdings, as catalogued; those on line apart."""
    physical = [one for one in holdings if one.items or not one.url]
    return tuple(Copy(one, item) for one in physical for item in (one.items or (None,)))


@dataclass(frozen=True, slots=True)
class Parties:
    """Who lends to whom, and what: what all copies of a library share."""

    agreements: Agreements
    lender: str
    borrower: str  # "": not said
    lending: Lending
    service: Service


def terms(parties: Parties, edition: Edition, copy: Copy) -> Terms:
    """What agreements and the library's rules say of a copy: a no of either is a no, silence means asking."""
    agreement = _agreement(parties, edition, copy)
    rule = _rule(parties, edition, copy)
    agreed = agreement.says(parties.service) if agreement else None
    ruled = _says(rule, parties.service) if rule else None
    if agreement is not None and agreed is False:
        return Terms(copy, Rule.AGREEMENT, name=agreement.name)
    if rule is not None and ruled is False:
        kind, values = _refusal(rule, parties.service, edition, copy)
        return Terms(copy, kind, values, rule.note or None)
    reasons_for: list[Reason] = []
    against: list[Reason] = []
    named = rule is not None and bool(rule.to) and ruled is True
    if agreement is not None and agreed is True:
        reasons_for.append(Reason(Why.RECIPROCAL if agreement.reciprocal else Why.AGREEMENT, name=agreement.name))
    if named:
        reasons_for.append(Reason(Why.RULE_FOR_US))
    if rule is not None and ruled is True and rule.collections:
        reasons_for.append(Reason(Why.COLLECTION_LENT, text=copy.collection))
    if ruled == "ask" or agreed == "ask":
        against.append(Reason(Why.BY_ARRANGEMENT, name=(rule.note or None) if rule else None))
        return Terms(copy, reasons_for=tuple(reasons_for), reasons_against=tuple(against))
    sure = agreed is True or named or (ruled is True and (not parties.borrower or bool(rule and rule.collections)))
    if not sure:
        against.append(Reason(Why.NO_AGREEMENT if ruled is True else Why.NOT_STATED))
    return Terms(copy, sure=sure, reasons_for=tuple(reasons_for), reasons_against=tuple(against))


def agreement_with(parties: Parties, edition: Edition, copy: Copy) -> Agreement | None:
    """The agreement under which a copy goes to the borrower; None when there is none."""
    found = _agreement(parties, edition, copy)
    return found if found is not None and found.says(parties.service) is True else None


def _agreement(parties: Parties, edition: Edition, copy: Copy) -> Agreement | None:
    """The first agreement between the two that speaks of the service and of such a copy."""
    if not parties.borrower:
        return None
    for one in parties.agreements.between(parties.lender, parties.borrower):
        if one.says(parties.service) is None:
            continue
        if _fits(one.formats, edition.format.codes) and _fits(one.collections, (copy.collection,)):
            return one
    return None


def _rule(parties: Parties, edition: Edition, copy: Copy) -> LendingRule | None:
    """The first rule of the library that speaks of the service, of such a copy and of the borrower."""
    item = copy.item
    for rule in parties.lending.rules_in_order():
        if _says(rule, parties.service) is None:
            continue
        if rule.to and not (parties.borrower and parties.agreements.means(rule.to, parties.borrower)):
            continue
        if (
            _fits(rule.formats, edition.format.codes)
            and _fits(rule.item_types, (item.item_type if item else "",))
            and _fits(rule.collections, (copy.collection,))
            and _fits(rule.locations, (copy.holding.location,))
            and _fits(rule.branches, (copy.holding.branch,))
            and _fits(rule.policies, (item.policy if item else "",))
        ):
            return rule
    return None


def _fits(allowed: Sequence[str], values: Sequence[str]) -> bool:
    return not allowed or any(value in allowed for value in values if value)


def _says(rule: LendingRule, service: Service) -> object:
    return rule.lends if service == "loan" else rule.copies


def _refusal(rule: LendingRule, service: Service, edition: Edition, copy: Copy) -> tuple[Rule, tuple[str, ...]]:
    """What a rule that says no is about, narrowest first, and the value it names."""
    item = copy.item
    if rule.collections:
        return Rule.COLLECTION_NOT_LENT, (copy.collection,)
    if rule.policies and item:
        return Rule.SHELF_NOT_LENT, (item.policy,)
    if rule.locations or rule.branches:
        return Rule.SHELF_NOT_LENT, (copy.holding.location if rule.locations else copy.holding.branch,)
    if rule.item_types and item:
        return Rule.ITEM_TYPES_NOT_LENT, (item.item_type,)
    if rule.formats:
        return Rule.FORMAT_NOT_LENT, (edition.format.value,)
    if rule.to:
        return Rule.NOT_TO_US, ()
    return (Rule.DOES_NOT_LEND if service == "loan" else Rule.DOES_NOT_COPY), ()
