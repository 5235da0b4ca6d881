"""Log-ins under way at a provider: each ends once, within minutes, and in the browser where it began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from harvester.store import Store
from search_api.staff import tables
from search_api.staff.secrets import derived, same, secret, stored

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """A log-in that has begun."""

    token: str  # for a cookie
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What was kept of it."""

    nonce: str
    verifier: str
    next: str


class SignIns:
    """All log-ins under way, in the store: the answer may come to another process."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, next_: str) -> Begun:
        """A new one, that leads to a page of ours in the end."""
        token, nonce, verifier = secret(), secret(), secret() + secret()
        now, log = self._store.now(), tables.sign_ins
        with self._store.writing() as connection:
            connection.execute(delete(log).where(log.c.made_at < now - LASTS))
            row = {"hash": stored(token), "nonce": nonce, "verifier": verifier, "next": next_, "made_at": now}
            connection.execute(log.insert().values(row))
        return Begun(token, _state(token), nonce, verifier)

    def take(self, token: str, state: str) -> Taken | None:
        """What a browser's cookie began, if the state is its own; never twice."""
        if not token or not same(state, _state(token)):
            return None
        log = tables.sign_ins
        with self._store.writing() as connection:
            query = select(log).where(log.c.hash == stored(token), log.c.made_at >= self._store.now() - LASTS)
            row = connection.execute(query).mappings().first()
            connection.execute(delete(log).where(log.c.hash == stored(token)))
        return None if row is None else Taken(row["nonce"], row["verifier"], row["next"])


def _state(token: str) -> str:
    return derived(token, "state")
