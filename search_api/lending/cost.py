"""What a library asks for, and what that is in the currency in which costs are compared."""

from __future__ import annotations

from decimal import Decimal

from mappings.agreements import Agreement, Agreements
from mappings.lending import Fee
from search_api.lending.reasons import Money
from search_api.lending.terms import Parties


def cost(parties: Parties, pages: int | None, agreement: Agreement | None) -> Money | None:
    """What one request costs the borrower under an agreement; None when it is not stated."""
    if agreement is not None and agreement.free:
        return Money(Decimal(0), parties.agreements.currency)
    fees = parties.lending.fees
    fee = next((one for one in fees if not one.to or parties.agreements.means(one.to, parties.borrower)), None)
    return None if fee is None else _of_copy(fee, pages) if parties.service == "copy" else _of_loan(fee)


def _of_loan(fee: Fee) -> Money | None:
    if fee.loan is None:
        return None
    return Money(fee.loan + (fee.postage or 0), fee.currency, at_least=fee.postage is None)


def _of_copy(fee: Fee, pages: int | None) -> Money | None:
    if fee.copying is None and fee.page is None:
        return None
    first, each = fee.copying or Decimal(0), fee.page or Decimal(0)
    return Money(first + each * (pages or 1), fee.currency, at_least=fee.page is None or (pages is None and each > 0))


def dear(money: Money | None, agreements: Agreements) -> bool:
    """Whether it surely costs more than the sum from which things are dear; what is not stated is not called so."""
    worth = compared(money, agreements)
    return agreements.dear_above is not None and worth.is_finite() and worth > agreements.dear_above


def compared(money: Money | None, agreements: Agreements) -> Decimal:
    """The amount in the currency of comparison; infinite when it is not stated or nobody says what its currency is
    worth: what may be dear is asked after what is known."""
    if money is None:
        return Decimal("Infinity")
    if not money.amount or money.currency == agreements.currency:
        return money.amount
    rate = agreements.rates.get(money.currency)
    return money.amount * rate if rate is not None else Decimal("Infinity")
