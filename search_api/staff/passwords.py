"""Passwords: hashed with argon2id, checked with the same work whether there is such an account or not."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from search_api.staff.refusal import PasswordRefused

SHORTEST = 10
LONGEST = 1_000


class Passwords:
    """Hashes passwords and checks them. ``hasher`` has the parameters of today (RFC 9106, the second choice)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = ""

    def hashed(self, password: str, *names: str) -> str:
        """What is stored of a password.

        Raises: PasswordRefused when it is short, of one character over and over, or one of the names of its account.
        """
        refuse_weak(password, *names)
        return self._hasher.hash(password)

    def fits(self, password: str, known: str | None) -> bool:
        """Whether a password is the one that was hashed; ``known`` is None where there is none to compare with."""
        if known is None and not self._nobodys:
            self._nobodys = self._hasher.hash("nobody's")
        try:
            return self._hasher.verify(known or self._nobodys, password) and known is not None
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, known: str) -> bool:
        """Whether a hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(known)


def refuse_weak(password: str, *names: str) -> None:
    """Raises: PasswordRefused, saying why."""
    if len(password) < SHORTEST:
        raise PasswordRefused("short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise PasswordRefused("long", longest=LONGEST)
    if len(set(password)) < 4:
        raise PasswordRefused("same_characters")
    folded = password.casefold()
    if any(len(name) > 3 and folded.strip("0123456789!.-_ ") == name.casefold() for name in names if name):
        raise PasswordRefused("like_name")
