"""Somebody of the staff for tests: an account, and what a browser or a program of theirs brings with a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from argon2 import PasswordHasher

from harvester.store import Store
from search_api.settings import Settings
from search_api.staff.access import COOKIE, Staff
from search_api.staff.accounts import NoSuchAccount
from search_api.staff.passwords import Passwords
from search_api.staff.roles import Role
from search_api.staff.secrets import masked
from search_api.staff.sessions import CSRF, csrf_of

PASSWORD = "a reader's own copy"

QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""Hashes as the product does, with parameters that cost a test nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has logged in, and has a token for programs too.

    ``client.get("/staff", headers=person.browser)``; ``client.post("/api/…", headers=person.program)``;
    ``client.post("/staff/…", headers=person.browser, data={**person.form, …})``
    """

    name: str
    session: str
    token: str

    @property
    def program(self) -> dict[str, str]:
        """Headers of a program's request."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def browser(self) -> dict[str, str]:
        """Headers of a browser's request, over plain HTTP."""
        return {"Cookie": f"{COOKIE}={self.session}"}

    @property
    def form(self) -> dict[str, str]:
        """The hidden field of a form of the session's."""
        return {CSRF: masked(csrf_of(self.session))}


def person(store: Store, *roles: Role, library: str = "", name: str = "") -> Person:
    """An account with these roles, a session and a token; of the consortium, or bound to a library."""
    staff = Staff.open(store, {library} if library else (), passwords=QUICK)
    name = name or "-".join((*roles, library)).strip("-") or "nobody"
    try:
        account = staff.accounts.named(name)
    except NoSuchAccount:
        account = staff.accounts.add(name, name.title(), library, frozenset(roles), PASSWORD)
    return Person(name, staff.sessions.begin(account.id), staff.tokens.make(account.id, "a test", frozenset(roles)))


def person_of(settings: Settings, *roles: Role, library: str = "", name: str = "") -> Person:
    """The same in the store of a deployment that some other process or thread serves."""
    with opened(settings) as store:
        return person(store, *roles, library=library, name=name)


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    store = Store.open(settings.database_url)
    try:
        yield store
    finally:
        store.close()
