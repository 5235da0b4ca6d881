"""Prices as suppliers write them: NT$350, 新臺幣350元, US$24.95, €12,50."""

from __future__ import annotations

import re
import unicodedata

from search_api.selecting.given import Money

CURRENCIES: tuple[tuple[str, str], ...] = (
    (r"NT\$|N\.T\.\$?|NTD|TWD|(?<![A-Z])NT(?![A-Z])|新[台臺][幣币]|[台臺][幣币]", "TWD"),
    (r"US\$|USD|美[金元圓]", "USD"),
    (r"HK\$|HKD|港[幣币元]", "HKD"),
    (r"SG?\$|SGD|新加坡[幣币元]", "SGD"),
    (r"AU?\$|AUD|澳[幣币元]", "AUD"),
    (r"CA?N?\$|CAD|加[幣币]", "CAD"),
    (r"RMB|CNY|CN[¥Y]|人民[幣币]", "CNY"),
    (r"JPY|JP¥|日[幣币圓圆元]|円", "JPY"),
    (r"€|EUR|歐元|欧元", "EUR"),
    (r"£|GBP|英[鎊镑]", "GBP"),
    (r"₩|KRW|韓[元圜幣]|원", "KRW"),
    (r"฿|THB|泰[銖铢]", "THB"),
    (r"₫|VND|越南盾|(?<=\d)\s?đ", "VND"),
    (r"(?<![A-Z])RP\.?(?![A-Z])|IDR|印尼盾", "IDR"),
    (r"(?<![A-Z])RM(?![A-Z])|MYR|馬幣|令吉", "MYR"),
    (r"₱|PHP|披索", "PHP"),
    (r"CHF|瑞[郎士]", "CHF"),
)
"""Signs and words, the telling ones before those they contain."""

_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), code) for pattern, code in CURRENCIES)
WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND", "IDR", "TWD"})
CODES = frozenset(code for _, code in CURRENCIES)
MOST = 10**12
_AMOUNT = re.compile(r"\d[\d.,'\s]*\d|\d")
_YUAN = re.compile(r"元|圓|圆|\$|¥")


def money(text: str, currency: str = "") -> Money | None:
    """The first price in a text; None when there is none. ``currency``: where the text names none.

    元 and $ alone say nothing of whose they are.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or plain.startswith("-"):
        return None
    if plain.replace(",", "").upper().startswith(("=", "#")):
        return None
    found = currency_in(plain) or currency
    match = _AMOUNT.search(plain)
    if match is None or not found:
        return None
    hundredths = _hundredths(re.sub(r"[\s']", "", match.group()), found)
    return Money(hundredths, found) if hundredths is not None and hundredths <= MOST else None


def plain(price: Money) -> int | float:
    """An amount as a cell of a file: 350, 12.5."""
    return price.hundredths // 100 if price.hundredths % 100 == 0 else price.hundredths / 100


def currency_in(text: str) -> str:
    """The currency that a text names, as its ISO code; "" for none."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return next((code for pattern, code in _PATTERNS if pattern.search(plain)), "")


def looks_like_price(text: str) -> bool:
    """Whether a cell is a price: a currency or 元 beside an amount, and little else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > 24 or _AMOUNT.search(plain) is None:
        return False
    return bool(currency_in(plain) or _YUAN.search(plain))


def _hundredths(written: str, currency: str) -> int | None:
    """An amount: which of comma and point parts thousands is told by what stands behind the last one."""
    last = max(written.rfind("."), written.rfind(","))
    if last < 0:
        return int(written) * 100
    behind = written[last + 1 :]
    digits = re.sub(r"[.,]", "", written[:last])
    if not behind.isdigit() or (digits and not digits.isdigit()):
        return None
    thousands = len(behind) == 3 and (currency in WITHOUT_CENTS or written[last] == "," or written.count(".") > 1)
    if thousands:
        return int(digits + behind) * 100
    return int(digits or "0") * 100 + int((behind + "0")[:2])
