"""`allshelves accounts` and `allshelves tokens`: who of the staff may log in, and what their programs bring."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from mappings.library import load_libraries
from search_api import terminal
from search_api.commands.shared import console, fail, opened_store
from search_api.settings import Settings
from search_api.staff import administering
from search_api.staff.access import Staff
from search_api.staff.accounts import Account, NoSuchAccount
from search_api.staff.by_command import who_runs
from search_api.staff.refusal import Refusal
from search_api.staff.roles import Role, written
from search_api.staff.tokens import USUAL_DAYS, NoSuchToken

of_accounts = typer.Typer(no_args_is_help=True, add_completion=False)
of_tokens = typer.Typer(no_args_is_help=True, add_completion=False)
GROUPS = {"accounts": of_accounts, "tokens": of_tokens}
"""The commands of this module that have commands of their own."""

Name = Annotated[str, typer.Argument(help="The account's name.")]
Roles = Annotated[list[Role], typer.Option("--role", help="May be given several times.")]
LibraryOption = Annotated[str, typer.Option(help="The code of their library; the consortium's own staff without.")]


@contextmanager
def _staff() -> Iterator[Staff]:
    settings = Settings.from_environment()
    libraries = load_libraries(settings.libraries)
    with opened_store(settings) as store:
        try:
            yield Staff.open(store, libraries)
        except (Refusal, NoSuchAccount, NoSuchToken) as exc:
            fail(str(exc))


@of_accounts.callback()
def accounts() -> None:
    """Who of the staff may log in, for which library and as what: add, list, password, roles, disable, enable."""


@of_tokens.callback()
def tokens() -> None:
    """What programs of staff bring instead of a password: add, list, withdraw."""


@of_accounts.command()
def add(
    name: Name,
    role: Roles,
    label: Annotated[str, typer.Option(help="The person's name, as colleagues read it.")] = "",
    library: LibraryOption = "",
) -> None:
    """Add an account; its password is asked for."""
    with _staff() as staff:
        account = administering.add(
            staff, name, label=label, library=library, roles=frozenset(role), password=_asked(), by=who_runs()
        )
        terminal.say(console, f"Added {_told(account)}")


@of_accounts.command("list")
def list_accounts() -> None:
    """All accounts, disabled ones too."""
    with _staff() as staff:
        found = staff.accounts.listed()
    if not found:
        terminal.say(console, "There are no accounts: allshelves accounts add NAME --role admin makes one.")
        return
    table = Table("account", "person", "library", "roles", "last log-in", "", box=SIMPLE_HEAD, pad_edge=False)
    for one in found:
        state = "disabled" if one.disabled_at else "" if one.origin == "local" else one.origin
        row = (one.name, one.label, one.library or "consortium", written(one.roles), _day(one.last_login_at), state)
        table.add_row(*row)
    terminal.show(console, table)


@of_accounts.command()
def password(name: Name) -> None:
    """Set another password, which is asked for; whoever is in by the account is out."""
    with _staff() as staff:
        administering.seen(staff, name, who_runs())  # before anything is asked
        account = administering.set_password(staff, name, _asked(), by=who_runs())
        terminal.say(console, f"The password of {account.name} is set.")


@of_accounts.command()
def roles(
    name: Name, role: Roles, library: Annotated[str | None, typer.Option(help="Another library.")] = None
) -> None:
    """Give an account these roles, instead of those it has."""
    with _staff() as staff:
        account = administering.change(staff, name, roles=frozenset(role), library=library, by=who_runs())
        terminal.say(console, f"Now {_told(account)}")


@of_accounts.command()
def disable(name: Name) -> None:
    """Let nobody in by an account; its sessions and its tokens end. It stays in the log."""
    with _staff() as staff:
        terminal.say(console, f"Disabled {administering.disable(staff, name, by=who_runs()).name}.")


@of_accounts.command()
def enable(name: Name) -> None:
    """Let a disabled account in again."""
    with _staff() as staff:
        terminal.say(console, f"Enabled {administering.enable(staff, name, by=who_runs()).name}.")


@of_tokens.command("add")
def add_token(
    name: Name,
    what_for: Annotated[str, typer.Argument(help="The program that will use it.")],
    role: Roles,
    days: Annotated[int, typer.Option(help="Until it ends.")] = USUAL_DAYS,
) -> None:
    """Make a token of an account. It is shown once."""
    with _staff() as staff:
        owner = staff.accounts.named(name)
        typer.echo(administering.make_token(staff, owner, what_for, frozenset(role), days, by=who_runs()))


@of_tokens.command("list")
def list_tokens() -> None:
    """All tokens in use: whose, what for, until when."""
    with _staff() as staff:
        found = [token for token in staff.tokens.listed() if token.withdrawn_at is None]
    if not found:
        terminal.say(console, "There are no tokens.")
        return
    table = Table("", "account", "what for", "roles", "ends", "last used", box=SIMPLE_HEAD, pad_edge=False)
    for one in found:
        table.add_row(str(one.id), one.owner, one.name, written(one.roles), _day(one.ends_at), _day(one.used_at))
    terminal.show(console, table)


@of_tokens.command()
def withdraw(number: Annotated[int, typer.Argument(help="The number that the list gives it.")]) -> None:
    """End a token at once."""
    with _staff() as staff:
        administering.withdraw_token(staff, number, by=who_runs())
        terminal.say(console, f"Token {number} opens nothing any more.")


def _asked() -> str:
    """A password, typed twice and not shown: as an argument it would stand in the shell's history."""
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt="The same once more")
    return answer


def _told(account: Account) -> str:
    return f"{account.name} ({account.label}), {account.library or 'consortium'}: {written(account.roles)}"


def _day(at: datetime | None) -> str:
    return at.astimezone().date().isoformat() if at else "never"
