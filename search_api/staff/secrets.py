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


def same(given: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ; "" equals nothing."""
    given_bytes, expected_bytes = (text.encode("utf-8", "surrogatepass") for text in (given, expected))
    return bool(expected) and hmac.compare_digest(given_bytes, expected_bytes)
