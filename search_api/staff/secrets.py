"""Random secrets of browsers and programs, and what is stored of them."""

from __future__ import annotations

import hashlib
import hmac
import secrets

TOKEN_PREFIX = "asl_"  # noqa: S105
"""What every token of a program begins with: scanners of published code know keys by their beginnings."""


def secret() -> str:
    """A new secret of 256 random bits, fit for cookies and headers."""
    return secrets.token_urlsafe(32)


def stored(given: str) -> str:
    """What is stored of a secret. It is random, so one round of SHA-256 hides it."""
    return hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()


def derived(given: str, purpose: str) -> str:
    """Another secret, for one purpose, from which the first cannot be had."""
    return hmac.new(given.encode("utf-8", "surrogatepass"), purpose.encode(), hashlib.sha256).hexdigest()


def masked(value: str) -> str:
    """A secret of hexadecimal digits that looks different each time, so that the length of compressed pages, of which
    a stranger chooses a part, does not tell it digit by digit (BREACH)."""
    pad = secrets.token_bytes(len(value) // 2)
    return (pad + bytes(a ^ b for a, b in zip(pad, bytes.fromhex(value), strict=True))).hex()


def unmasked(given: str) -> str:
    """The secret that was masked; "" for what never was one."""
    try:
        both = bytes.fromhex(given)
    except ValueError:
        return ""
    half = len(both) // 2
    return bytes(a ^ b for a, b in zip(both[:half], both[half:], strict=False)).hex()


def same(given: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ; "" equals nothing."""
    given_bytes, expected_bytes = (text.encode("utf-8", "surrogatepass") for text in (given, expected))
    return bool(expected) and hmac.compare_digest(given_bytes, expected_bytes)
