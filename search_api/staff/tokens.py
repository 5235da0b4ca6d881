"""Tokens of programs: named, of some of an account's roles, for a time; shown once and stored by hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from harvester.store import Store
from search_api.staff import tables
from search_api.staff.refusal import TokenRefused
from search_api.staff.roles import Actor, Role, roles_of, within, written
from search_api.staff.secrets import TOKEN_PREFIX, secret, stored

LONGEST_DAYS = 366
USUAL_DAYS = 90
NOTED_EVERY = timedelta(minutes=10)


class NoSuchToken(LookupError):
    """There is no such token, or it is withdrawn."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed; what it is cannot be shown again."""

    id: int
    name: str
    account: int
    owner: str  # the account's name
    roles: frozenset[Role]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None  # to within ten minutes
    withdrawn_at: datetime | None


class Tokens:
    """The tokens of all programs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def make(self, account: int, name: str, roles: frozenset[Role], days: int = USUAL_DAYS) -> str:
        """A new token: the only time it is known.

        Raises: TokenRefused without a name or role, for too many days, or for a role that the account has not.
        """
        name = " ".join(name.split())
        if not name or len(name) > tables.MAX_LABEL:
            raise TokenRefused("token_name", longest=tables.MAX_LABEL)
        if not 1 <= days <= LONGEST_DAYS:
            raise TokenRefused("token_days", longest=LONGEST_DAYS)
        token, now, people = TOKEN_PREFIX + secret(), self._store.now(), tables.accounts
        with self._store.writing() as connection:
            theirs = roles_of(connection.execute(select(people.c.roles).where(people.c.id == account)).scalar() or "")
            if not roles or roles != within(roles, theirs):
                raise TokenRefused("token_roles", roles=", ".join(written(theirs).split()))
            row = {"account": account, "name": name, "roles": written(roles), "hash": stored(token)}
            ends = now + timedelta(days=days)
            connection.execute(tables.tokens.insert().values(**row, made_at=now, ends_at=ends))
        return token

    def actor(self, token: str) -> Actor | None:
        """Whose token this is; None when it is unknown, withdrawn or past its end, or its account is disabled."""
        now, log, people = self._store.now(), tables.tokens, tables.accounts
        query = (
            select(people, log.c.id.label("token"), log.c.roles.label("scope"), log.c.used_at)
            .join(log, log.c.account == people.c.id)
            .where(
                log.c.hash == stored(token),
                log.c.ends_at > now,
                log.c.withdrawn_at.is_(None),
                people.c.disabled_at.is_(None),
            )
        )
        with self._store.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        if row["used_at"] is None or now - row["used_at"] > NOTED_EVERY:
            with self._store.writing() as connection:
                connection.execute(update(log).where(log.c.id == row["token"]).values(used_at=now))
        return Actor(
            account=row["id"],
            name=row["name"],
            label=row["label"],
            library=row["library"],
            roles=within(roles_of(row["scope"]), roles_of(row["roles"])),
            via="token",
        )

    def listed(self, account: int | None = None) -> list[Token]:
        """The tokens of an account, or of all, the newest first, withdrawn ones too."""
        log, people = tables.tokens, tables.accounts
        query = select(log, people.c.name.label("owner")).join(people, log.c.account == people.c.id)
        if account is not None:
            query = query.where(log.c.account == account)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(log.c.id.desc())).mappings().all()
        return [
            Token(roles=roles_of(row["roles"]), **{k: v for k, v in row.items() if k not in ("roles", "hash")})
            for row in rows
        ]

    def withdraw(self, number: int) -> None:
        """Ends a token at once.

        Raises: NoSuchToken.
        """
        log = tables.tokens
        with self._store.writing() as connection:
            ended = connection.execute(
                update(log)
                .where(log.c.id == number, log.c.withdrawn_at.is_(None))
                .values(withdrawn_at=self._store.now())
            )
        if not ended.rowcount:
            raise NoSuchToken(f"there is no token {number} in use")
