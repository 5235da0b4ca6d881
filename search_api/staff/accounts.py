"""Accounts of staff: bound to a library, with roles; never deleted, because the log names them, but disabled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.exc import IntegrityError

from harvester.store import Store
from search_api.staff import tables
from search_api.staff.passwords import Passwords
from search_api.staff.refusal import AccountRefused
from search_api.staff.roles import Role, roles_of, written

Origin = Literal["local", "oidc", "demo"]

_NAME = re.compile(r"[\w][\w.@+-]{1,118}")


class NoSuchAccount(LookupError):
    """There is no account of this name."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the staff."""

    id: int
    name: str  # what is typed to log in
    label: str  # what colleagues read
    library: str  # the code of their library, "" for the consortium's own staff
    roles: frozenset[Role]
    origin: Origin  # local: a password of ours; oidc: a provider vouches; demo: known to everybody
    made_at: datetime
    last_login_at: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody whom a provider of OpenID Connect vouches for."""

    issuer: str
    subject: str
    name: str
    label: str
    library: str
    roles: frozenset[Role]


class Accounts:
    """All accounts, in the store's database. ``libraries`` are the codes that may be named."""

    def __init__(self, store: Store, libraries: Collection[str], passwords: Passwords) -> None:
        self._store = store
        self._libraries = libraries
        self._passwords = passwords

    def listed(self, library: str | None = None) -> list[Account]:
        """The accounts of one library (None: of all), by library and name, disabled ones too."""
        people = tables.accounts
        query = select(people).order_by(people.c.library, people.c.name)
        if library is not None:
            query = query.where(people.c.library == library)
        with self._store.reading() as connection:
            return [_account(row) for row in connection.execute(query).mappings()]

    def named(self, name: str) -> Account:
        """The account of a name.

        Raises: NoSuchAccount.
        """
        with self._store.reading() as connection:
            query = select(tables.accounts).where(tables.accounts.c.name == folded(name))
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NoSuchAccount(f"there is no account {name}")
        return _account(row)

    def add(
        self, name: str, label: str, library: str, roles: frozenset[Role], password: str, *, origin: Origin = "local"
    ) -> Account:
        """A new account.

        Raises: AccountRefused for a name that is taken or none, an unknown library, or no role; PasswordRefused.
        """
        name, label = folded(name), " ".join(label.split()) or name
        if not _NAME.fullmatch(name):
            raise AccountRefused("name", name=name)
        self._check(label, library, roles)
        row = {
            "name": name,
            "label": label,
            "library": library,
            "roles": written(roles),
            "origin": origin,
            "password": self._passwords.hashed(password, name, label),
            "made_at": self._store.now(),
        }
        try:
            with self._store.writing() as connection:
                connection.execute(tables.accounts.insert().values(row))
        except IntegrityError as exc:
            raise AccountRefused("name_taken", name=name) from exc
        return self.named(name)

    def change(
        self, name: str, *, label: str | None = None, library: str | None = None, roles: frozenset[Role] | None = None
    ) -> Account:
        """The account with another label, library or roles; what is None stays.

        Raises: NoSuchAccount, AccountRefused.
        """
        before = self.named(name)
        label = before.label if label is None else " ".join(label.split()) or before.name
        library = before.library if library is None else library
        roles = before.roles if roles is None else roles
        self._check(label, library, roles)
        self._set(before.id, label=label, library=library, roles=written(roles))
        return self.named(name)

    def set_password(self, name: str, password: str) -> Account:
        """Another password; every session of the account ends, and every browser it logged in with is forgotten.

        Raises: NoSuchAccount, PasswordRefused; AccountRefused where somebody else vouches for it.
        """
        account = self.named(name)
        if account.origin == "oidc":
            raise AccountRefused("no_password", name=account.name, issuer=self._issuer(account.id))
        self._set(account.id, password=self._passwords.hashed(password, account.name, account.label))
        self._forget(account.id)
        return account

    def disable(self, name: str) -> Account:
        """Nobody gets in by it any more, its sessions end and its tokens open nothing.

        Raises: NoSuchAccount.
        """
        account = self.named(name)
        self._set(account.id, disabled_at=account.disabled_at or self._store.now())
        self._forget(account.id)
        return self.named(name)

    def enable(self, name: str) -> Account:
        """Lets it in again.

        Raises: NoSuchAccount.
        """
        account = self.named(name)
        self._set(account.id, disabled_at=None)
        return self.named(name)

    def with_password(self, name: str, password: str, *, demo: bool = False) -> Account | None:
        """The account that a name and a password open, or None: with the same work, whatever was wrong.

        A demo account, whose password everybody knows, opens nothing but a demo.
        """
        with self._store.reading() as connection:
            query = select(tables.accounts).where(tables.accounts.c.name == folded(name))
            row = connection.execute(query).mappings().first()
        usable = row is not None and row["disabled_at"] is None and (demo or row["origin"] != "demo")
        known = row["password"] if row is not None and usable else None
        if not self._passwords.fits(password, known) or row is None:
            return None
        changed: dict[str, Any] = {"last_login_at": self._store.now()}
        if self._passwords.outdated(row["password"]):
            changed["password"] = self._passwords.hashed(password)
        self._set(row["id"], **changed)
        return _account(row)

    def vouched(self, person: Vouched) -> Account:
        """The account of somebody a provider vouches for, made or brought up to date.

        It is known by issuer and subject. A name that another account has is never taken for the same person.

        Raises: AccountRefused when it is disabled here, or for an unknown library or no role.
        """
        people = tables.accounts
        self._check(person.label, person.library, person.roles)
        now = self._store.now()
        with self._store.writing() as connection:
            theirs = (people.c.issuer == person.issuer) & (people.c.subject == person.subject)
            row = connection.execute(select(people).where(theirs)).mappings().first()
            if row is not None and row["disabled_at"] is not None:
                raise AccountRefused("disabled", name=row["name"])
            told = {"label": person.label, "library": person.library, "roles": written(person.roles)}
            if row is None:
                taken = set(connection.execute(select(people.c.name)).scalars())
                name = _free(folded(person.name) or "staff", taken)
                made = {"name": name, "origin": "oidc", "issuer": person.issuer, "subject": person.subject}
                connection.execute(people.insert().values(**made, **told, made_at=now, last_login_at=now))
            else:
                connection.execute(update(people).where(theirs).values(**told, last_login_at=now))
            return _account(connection.execute(select(people).where(theirs)).mappings().one())

    def _check(self, label: str, library: str, roles: frozenset[Role]) -> None:
        if len(label) > tables.MAX_LABEL:
            raise AccountRefused("label", longest=tables.MAX_LABEL)
        if library and library not in self._libraries:
            raise AccountRefused("library", library=library, libraries=", ".join(self._libraries))
        if not roles:
            raise AccountRefused("roles", roles=", ".join(Role))

    def _set(self, account: int, **values: object) -> None:
        with self._store.writing() as connection:
            connection.execute(update(tables.accounts).where(tables.accounts.c.id == account).values(values))

    def _forget(self, account: int) -> None:
        with self._store.writing() as connection:
            for table in (tables.sessions, tables.browsers):
                connection.execute(delete(table).where(table.c.account == account))

    def _issuer(self, account: int) -> str:
        with self._store.reading() as connection:
            query = select(tables.accounts.c.issuer).where(tables.accounts.c.id == account)
            return str(connection.execute(query).scalar_one())


def folded(name: str) -> str:
    """A name as it is kept and compared: width, case and spaces around it make no difference."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[: tables.MAX_NAME]


def _free(name: str, taken: Collection[str]) -> str:
    """A name that no account has: itself, or with a number after it."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name[: tables.MAX_NAME - 5]}-{number}"
    return found


def _account(row: RowMapping) -> Account:
    told = {name: row[name] for name in ("id", "name", "label", "library", "origin", "made_at")}
    return Account(
        roles=roles_of(row["roles"]), last_login_at=row["last_login_at"], disabled_at=row["disabled_at"], **told
    )
