"""Sessions: what a browser brings that has logged in. The store knows them by hash alone.

A session ends when it was not used for some hours, and at the end of a working day however much it is used.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from harvester.store import Store
from search_api.staff import tables
from search_api.staff.roles import Actor, roles_of
from search_api.staff.secrets import derived, secret, stored

IDLE = timedelta(hours=2)
WHOLE = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
"""So often at most a session's use is written down: pages do not all wait for the database's writer."""

CSRF = "csrf"


def csrf_of(token: str) -> str:
    """What the forms of a session bear: nothing that another site could know."""
    return derived(token, CSRF)


class Sessions:
    """The sessions of all browsers."""

    def __init__(self, store: Store, idle: timedelta = IDLE, whole: timedelta = WHOLE) -> None:
        self._store = store
        self.idle = idle
        self.whole = whole

    def begin(self, account: int, id_token: str | None = None, instead_of: str = "") -> str:
        """A new session's token, for its cookie; what the browser brought before ends."""
        token, now = secret(), self._store.now()
        log = tables.sessions
        with self._store.writing() as connection:
            old = or_(log.c.made_at < now - self.whole, log.c.used_at < now - self.idle)
            connection.execute(delete(log).where(or_(old, log.c.hash == stored(instead_of))))
            row = {"hash": stored(token), "account": account, "made_at": now, "used_at": now, "id_token": id_token}
            connection.execute(log.insert().values(row))
        return token

    def actor(self, token: str) -> Actor | None:
        """Who a session belongs to; None when it is unknown, has ended, or its account is disabled."""
        now, log, people = self._store.now(), tables.sessions, tables.accounts
        query = (
            select(people, log.c.used_at)
            .join(log, log.c.account == people.c.id)
            .where(
                log.c.hash == stored(token),
                log.c.made_at >= now - self.whole,
                log.c.used_at >= now - self.idle,
                people.c.disabled_at.is_(None),
            )
        )
        with self._store.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        if now - row["used_at"] > NOTED_EVERY:
            with self._store.writing() as connection:
                connection.execute(update(log).where(log.c.hash == stored(token)).values(used_at=now))
        return Actor(
            account=row["id"],
            name=row["name"],
            label=row["label"],
            library=row["library"],
            roles=roles_of(row["roles"]),
            csrf=csrf_of(token),
        )

    def end(self, token: str) -> str | None:
        """Ends one session. Returns the identity token of the provider that vouched for it, if one did."""
        log = tables.sessions
        with self._store.writing() as connection:
            kept = connection.execute(select(log.c.id_token).where(log.c.hash == stored(token))).scalar()
            connection.execute(delete(log).where(log.c.hash == stored(token)))
        return kept

    def end_all(self, account: int) -> int:
        """Ends every session of an account, and returns how many there were."""
        with self._store.writing() as connection:
            ended = connection.execute(delete(tables.sessions).where(tables.sessions.c.account == account))
        return ended.rowcount
