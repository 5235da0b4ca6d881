"""Logging in with a password: the same work and the same answer whatever is wrong."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from harvester.store import Store
from search_api.staff import tables
from search_api.staff.accounts import Account, Accounts, NoSuchAccount, folded
from search_api.staff.audit import Action, Audit
from search_api.staff.roles import Role
from search_api.staff.secrets import secret, stored
from search_api.staff.sessions import Sessions
from search_api.staff.throttle import Throttle, counted

AT_ONCE = 2
"""Passwords looked at together: each takes 64 MiB and half a core, and strangers may send many."""

MOST_WAITING = 30
BUSY_SECONDS = 5.0
BROWSER_KNOWN = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody has logged in."""

    account: Account
    session: str  # for the session's cookie
    browser: str  # for the cookie of a browser that somebody has logged in with


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody has. With ``wait_seconds`` the password was not even looked at."""

    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """An account of a demo, as its log-in shows it to everybody."""

    name: str
    password: str
    role: Role


class Door:
    """Where one comes in by a password. ``demo``: also by the accounts of a demo, which everybody knows."""

    def __init__(
        self, store: Store, accounts: Accounts, sessions: Sessions, audit: Audit, *, demo: bool = False
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._sessions = sessions
        self._audit = audit
        self._throttle = Throttle(store)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._demo = demo

    async def enter(
        self, name: str, password: str, *, address: str, browser: str, session: str = ""
    ) -> Entered | Refused:
        """Lets somebody in, or not. ``browser`` and ``session`` are what the browser's cookies hold, or "".

        Raises: StoreUnusable.
        """
        if self._waiting >= MOST_WAITING:
            return Refused(BUSY_SECONDS)
        self._waiting += 1
        try:
            async with self._turns:  # the threads that answer everybody else stay free
                return await asyncio.to_thread(self._enter, name, password, address, browser, session)
        finally:
            self._waiting -= 1

    async def confirms(self, account: Account, password: str) -> bool:
        """Whether the password is that of somebody who is in already: asked again before what matters."""
        async with self._turns:
            found = await asyncio.to_thread(self._accounts.with_password, account.name, password, demo=self._demo)
        return found is not None

    def _enter(self, name: str, password: str, address: str, browser: str, session: str) -> Entered | Refused:
        name = folded(name)
        by = counted(name, address, stored(browser) if self._knows(browser, name) else "")
        if wait := self._throttle.begin(by):
            return Refused(wait)
        account = self._accounts.with_password(name, password, demo=self._demo)
        if account is None:
            self._note_failure(name)
            return Refused()
        self._throttle.succeeded(by)
        self._audit.note(Action.LOGGED_IN, "", by=account.name, library=account.library)
        token = self._sessions.begin(account.id, instead_of=session)
        return Entered(account, token, self._remember(account.id, browser))

    def _note_failure(self, name: str) -> None:
        """Names are noted of accounts there are: people type passwords where names belong."""
        try:
            account = self._accounts.named(name)
        except NoSuchAccount:
            self._audit.note(Action.LOG_IN_FAILED, "", by="")
        else:
            self._audit.note(Action.LOG_IN_FAILED, "", by=account.name, library=account.library)

    def _knows(self, browser: str, name: str) -> bool:
        known, people = tables.browsers, tables.accounts
        query = (
            select(known.c.account)
            .join(people, people.c.id == known.c.account)
            .where(known.c.hash == stored(browser), known.c.ends_at > self._store.now(), people.c.name == name)
        )
        with self._store.reading() as connection:
            return connection.execute(query).first() is not None

    def _remember(self, account: int, browser: str) -> str:
        """A new cookie for the browser, instead of the one it brought."""
        token, known, now = secret(), tables.browsers, self._store.now()
        with self._store.writing() as connection:
            connection.execute(delete(known).where((known.c.hash == stored(browser)) | (known.c.ends_at < now)))
            connection.execute(known.insert().values(hash=stored(token), account=account, ends_at=now + BROWSER_KNOWN))
        return token
