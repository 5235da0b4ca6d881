"""What is refused of accounts, passwords and tokens, said in the language of whoever asked."""

from __future__ import annotations

from search_api.texts import Texts, texts


class Refusal(ValueError):
    """A wish that cannot be granted. ``why`` is the key of its sentence: ``staff.refused_…``; ``values`` fill it."""

    def __init__(self, why: str, **values: object) -> None:
        super().__init__(why)
        self.why = why
        self.values = values

    def said(self, t: Texts) -> str:
        """The reason, as a sentence."""
        return t(f"staff.refused_{self.why}", **self.values)

    def __str__(self) -> str:
        return self.said(texts("en"))


class AccountRefused(Refusal):
    """An account that cannot be made or changed so."""


class PasswordRefused(Refusal):
    """A password that would be guessed, or was typed in two ways."""


class TokenRefused(Refusal):
    """A token that cannot be made."""
