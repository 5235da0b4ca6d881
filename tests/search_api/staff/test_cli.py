"""`allshelves accounts` and `allshelves tokens`: what they do and say, and what the log says of commands."""

from __future__ import annotations

import getpass
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harvester.store import Store
from search_api.commands.accounts import of_accounts, of_tokens
from search_api.commands.judge import Verdict, judge
from search_api.commands.serve import index
from search_api.staff.access import Staff
from search_api.staff.audit import Action
from search_api.staff.roles import Role
from tests.support.catalogue import HARVESTED, harvest_into, write_libraries

WORDS = "four words of mine"
BY = f"{getpass.getuser()} (command line)"


class Deployed:
    def __init__(self, home: Path) -> None:
        self.home = home

    def accounts(self, *arguments: str, typed: str = f"{WORDS}\n{WORDS}\n") -> tuple[int, str]:
        done = CliRunner().invoke(of_accounts, arguments, input=typed)
        return done.exit_code, done.output

    def tokens(self, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(of_tokens, arguments)
        return done.exit_code, done.output

    def staff(self) -> Staff:
        return Staff.open(Store.open(f"sqlite:///{self.home / 'catalogue.sqlite3'}"), ("alpha",))


@pytest.fixture
def deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    monkeypatch.setenv("ALLSHELVES_HOME", str(tmp_path))
    monkeypatch.setenv("ALLSHELVES_LIBRARIES", str(write_libraries(tmp_path / "libraries")))
    return Deployed(tmp_path)


def test_an_account_is_added_with_the_password_that_was_typed(deployed: Deployed) -> None:
    code, said = deployed.accounts("add", "Wang", "--role", "ill", "--role", "selector", "--library", "alpha")
    assert (code, WORDS in said) == (0, False)
    assert "Added wang (Wang), alpha: selector ill" in said
    account = deployed.staff().accounts.with_password("wang", WORDS)
    assert account is not None
    assert account.roles == {Role.ILL, Role.SELECTOR}


REFUSED = [
    (("add", "wang"), "short\nshort\n", "10 characters or more", "a password that is guessed"),
    (("add", "wang", "--library", "nosuch"), None, "no library nosuch; there are alpha", "an unknown library"),
    (("add", "no name"), None, "cannot be an account", "a space in it"),
    (("roles", "nobody"), None, "there is no account nobody", "an unknown account"),
    (("password", "nobody"), "", "there is no account nobody", "before anything is asked"),
]


@pytest.mark.parametrize(("arguments", "typed", "words", "why"), REFUSED, ids=[row[3] for row in REFUSED])
def test_what_cannot_be_is_refused_in_one_line(
    deployed: Deployed, arguments: tuple[str, ...], typed: str | None, words: str, why: str
) -> None:
    role = () if arguments[0] == "password" else ("--role", "ill")
    code, said = deployed.accounts(*arguments, *role, **({} if typed is None else {"typed": typed}))
    assert code == 2, why
    assert words in re.sub(r"\s+", " ", said)


def test_accounts_are_listed_changed_and_disabled_and_each_change_is_noted(deployed: Deployed) -> None:
    assert "There are no accounts" in deployed.accounts("list")[1]
    deployed.accounts("add", "wang", "--role", "ill", "--label", "王靜怡")
    assert deployed.accounts("roles", "wang", "--role", "admin", "--library", "alpha")[0] == 0
    assert deployed.accounts("password", "wang", typed="other words now\nother words now\n")[0] == 0
    assert deployed.accounts("disable", "wang")[0] == 0
    listed = deployed.accounts("list")[1]
    assert all(word in listed for word in ("wang", "王靜怡", "alpha", "admin", "disabled"))
    assert deployed.accounts("enable", "wang")[0] == 0
    staff = deployed.staff()
    assert staff.accounts.with_password("wang", "other words now")
    noted = [(one.action, one.who) for one in reversed(staff.audit.entries())]
    assert noted == [
        (Action.ACCOUNT_ADDED, BY),
        (Action.ACCOUNT_CHANGED, BY),
        (Action.PASSWORD_CHANGED, BY),
        (Action.ACCOUNT_DISABLED, BY),
        (Action.ACCOUNT_ENABLED, BY),
    ]


def test_a_token_is_shown_once_listed_and_withdrawn(deployed: Deployed) -> None:
    assert "There are no tokens" in deployed.tokens("list")[1]
    deployed.accounts("add", "wang", "--role", "ill")
    code, said = deployed.tokens("add", "wang", "nightly export", "--role", "ill", "--days", "30")
    token = said.strip()
    assert (code, token[:4]) == (0, "asl_")
    assert deployed.staff().tokens.actor(token) is not None
    listed = deployed.tokens("list")[1]
    assert ("nightly export" in listed, token in listed) == (True, False)
    assert deployed.tokens("withdraw", "1")[0] == 0
    assert deployed.staff().tokens.actor(token) is None
    assert deployed.tokens("withdraw", "1")[0] == 2


def test_a_token_has_no_role_that_its_account_has_not(deployed: Deployed) -> None:
    deployed.accounts("add", "wang", "--role", "ill")
    assert deployed.tokens("add", "wang", "export", "--role", "selector")[0] == 2
    assert deployed.tokens("add", "wang", "export", "--role", "ill", "--days", "999")[0] == 2
    assert "There are no tokens" in deployed.tokens("list")[1]


def test_what_is_judged_by_a_command_is_noted(deployed: Deployed) -> None:
    store = Store.open(f"sqlite:///{deployed.home / 'catalogue.sqlite3'}")
    for library in ("alpha", "beta"):
        harvest_into(store, library, HARVESTED[library])
    store.close()
    index()
    judge("alpha:oai:alpha:101", "beta:oai:beta:200", Verdict.DIFFERENT, because="seen", by="Chen")
    [noted] = deployed.staff().audit.entries()
    assert (noted.action, noted.who) == (Action.JUDGED, BY)
    assert noted.what == "alpha:oai:alpha:101 beta:oai:beta:200: different"
