"""Changes of accounts and tokens: who may make them, and each written down with who made it.

An admin of the consortium sees to all accounts, an admin of a library to those of that library. Whoever has the machine
(``allshelves accounts``) sees to all; then ``by`` is the name of the system's user.
"""

from __future__ import annotations

from search_api.errors import Forbidden
from search_api.staff.access import Staff
from search_api.staff.accounts import Account
from search_api.staff.audit import Action
from search_api.staff.refusal import AccountRefused
from search_api.staff.roles import Actor, Role, written
from search_api.staff.tokens import NoSuchToken, Token

By = Actor | str


def seen_by(staff: Staff, by: Actor) -> list[Account]:
    """The accounts that an admin sees to."""
    return staff.accounts.listed(None if by.everywhere else by.library)


def seen(staff: Staff, name: str, by: By) -> Account:
    """An account that somebody sees to.

    Raises: NoSuchAccount, Forbidden.
    """
    account = staff.accounts.named(name)
    _within(by, account.library)
    return account


def add(staff: Staff, name: str, *, label: str, library: str, roles: frozenset[Role], password: str, by: By) -> Account:
    """A new account.

    Raises: Forbidden, AccountRefused, PasswordRefused.
    """
    _within(by, library)
    account = staff.accounts.add(name, label, library, roles, password)
    staff.audit.note(Action.ACCOUNT_ADDED, _told(account), by=by)
    return account


def change(
    staff: Staff,
    name: str,
    *,
    by: By,
    label: str | None = None,
    library: str | None = None,
    roles: frozenset[Role] | None = None,
) -> Account:
    """An account with another label, library or roles; what is None stays.

    Raises: NoSuchAccount, Forbidden, AccountRefused; also when admins would take the role from themselves.
    """
    before = seen(staff, name, by)
    if library is not None:
        _within(by, library)
    if roles is not None and Role.ADMIN not in roles:
        _not_oneself(before, by, "own_admin")
    after = staff.accounts.change(name, label=label, library=library, roles=roles)
    if _told(after) != _told(before):
        staff.audit.note(Action.ACCOUNT_CHANGED, f"{_told(before)} → {_told(after)}", by=by)
    return after


def set_password(staff: Staff, name: str, password: str, *, by: By) -> Account:
    """Another password for an account; whoever is in by it is out.

    Raises: NoSuchAccount, Forbidden, AccountRefused, PasswordRefused.
    """
    seen(staff, name, by)
    account = staff.accounts.set_password(name, password)
    staff.audit.note(Action.PASSWORD_CHANGED, account.name, by=by)
    return account


def disable(staff: Staff, name: str, *, by: By) -> Account:
    """Lets nobody in by an account any more; its tokens end with it.

    Raises: NoSuchAccount, Forbidden, AccountRefused for one's own.
    """
    account = seen(staff, name, by)
    _not_oneself(account, by, "own_account")
    staff.audit.note(Action.ACCOUNT_DISABLED, account.name, by=by)
    return staff.accounts.disable(name)


def enable(staff: Staff, name: str, *, by: By) -> Account:
    """Lets an account in again.

    Raises: NoSuchAccount, Forbidden.
    """
    account = seen(staff, name, by)
    staff.audit.note(Action.ACCOUNT_ENABLED, account.name, by=by)
    return staff.accounts.enable(name)


def make_token(staff: Staff, owner: Account, name: str, roles: frozenset[Role], days: int, *, by: By) -> str:
    """A new token of an account, which cannot be shown again.

    Raises: TokenRefused; Forbidden for a program: a token that made tokens would never end, and for another's account.
    """
    if isinstance(by, Actor) and (by.via == "token" or by.account != owner.id):
        raise Forbidden("A token is made by the person it belongs to, who has logged in.")
    token = staff.tokens.make(owner.id, name, roles, days)
    staff.audit.note(Action.TOKEN_MADE, f"{owner.name}: {name} ({written(roles)}), {days} days", by=by)
    return token


def tokens_seen(staff: Staff, by: Actor) -> list[Token]:
    """One's own tokens; for an admin those of all accounts that they see to."""
    if not by.may(Role.ADMIN):
        return staff.tokens.listed(by.account)
    owners = {account.id for account in seen_by(staff, by)}
    return [token for token in staff.tokens.listed() if token.account in owners]


def withdraw_token(staff: Staff, number: int, *, by: By) -> None:
    """Ends a token at once.

    Raises: NoSuchToken, also for one that somebody else sees to.
    """
    known = staff.tokens.listed() if isinstance(by, str) else tokens_seen(staff, by)
    token = next((one for one in known if one.id == number), None)
    if token is None:
        raise NoSuchToken(f"there is no token {number} in use")
    staff.tokens.withdraw(number)
    staff.audit.note(Action.TOKEN_WITHDRAWN, f"{token.owner}: {token.name}", by=by)


def _within(by: By, library: str) -> None:
    if isinstance(by, Actor) and not by.everywhere and library != by.library:
        raise Forbidden("An admin of a library sees to the accounts of that library.")


def _not_oneself(account: Account, by: By, why: str) -> None:
    if isinstance(by, Actor) and by.account == account.id:
        raise AccountRefused(why)


def _told(account: Account) -> str:
    return f"{account.name} ({account.label}; {account.library or 'consortium'}; {written(account.roles)})"
