"""What staff may be, and somebody of the staff as a request knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """What somebody works at; each opens pages and addresses of the API."""

    SELECTOR = "selector"  # overlap before purchase, collections compared, named lists
    ILL = "ill"  # who can lend, requests
    CATALOGUER = "cataloguer"  # quality, quarantine, judgements, uploads
    ADMIN = "admin"  # accounts, the log, and whatever the others may


ROLES: tuple[Role, ...] = tuple(Role)

Via = Literal["session", "token"]


def roles_of(text: str) -> frozenset[Role]:
    """The roles that a stored text names; one that no longer exists opens nothing."""
    return frozenset(role for role in ROLES if role in text.split())


def written(roles: frozenset[Role]) -> str:
    """Roles as they are stored, always in the same order."""
    return " ".join(role for role in ROLES if role in roles)


def within(asked: frozenset[Role], theirs: frozenset[Role]) -> frozenset[Role]:
    """Of the roles asked for those that somebody with theirs may act in: an admin in any."""
    return asked if Role.ADMIN in theirs else asked & theirs


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a request: a person with a session, or a program with a token."""

    account: int
    name: str  # what they log in with
    label: str  # what colleagues read
    library: str  # the code of their library, "" for the consortium's own staff
    roles: frozenset[Role]  # of a token: those it has of its account's
    via: Via = "session"
    csrf: str = field(default="", repr=False)  # what forms of the session bear; "" for a program

    def may(self, *roles: Role) -> bool:
        """Whether they have one of the roles; admins have them all."""
        return Role.ADMIN in self.roles or not self.roles.isdisjoint(roles)

    @property
    def everywhere(self) -> bool:
        """Whether they act for the consortium, not for one library."""
        return not self.library
