"""Passwords: hashed with argon2id, checked with the same work whether there is such an account or not."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 1_000
AT_ONCE = 2
"""Checks at the same time: each takes 64 MiB, and strangers may ask for many."""


class PasswordRefused(ValueError):
    """A password that would be guessed; the message says what is wrong with it."""


class Passwords:
    """Hashes passwords and checks them. ``hasher`` has the parameters of today (RFC 9106, the second choice)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = ""
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def hashed(self, password: str, *names: str) -> str:
        """What is stored of a password.

        Raises: PasswordRefused when it is short, of one character over and over, or one of the names of its account.
        """
        refuse_weak(password, *names)
        with self._turns:
            return self._hasher.hash(password)

    def fits(self, password: str, known: str | None) -> bool:
        """Whether a password is the one that was hashed; ``known`` is None where there is none to compare with."""
        with self._turns:
            if known is None and not self._nobodys:
                self._nobodys = self._hasher.hash("nobody's")
            try:
                return self._hasher.verify(known or self._nobodys, password[:LONGEST]) and known is not None
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, known: str) -> bool:
        """Whether a hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(known)


def refuse_weak(password: str, *names: str) -> None:
    """Raises: PasswordRefused, saying why."""
    if len(password) < SHORTEST:
        raise PasswordRefused(f"a password has {SHORTEST} characters or more")
    if len(password) > LONGEST:
        raise PasswordRefused(f"a password has {LONGEST} characters at most")
    if len(set(password)) < 4:
        raise PasswordRefused("a password has more than three different characters")
    folded = password.casefold()
    if any(len(name) > 3 and folded.strip("0123456789!.-_ ") == name.casefold() for name in names if name):
        raise PasswordRefused("a password is not the account's name")
