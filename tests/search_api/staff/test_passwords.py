"""Passwords: hashed with argon2, hashed again when its parameters change, and checked with the same work for all."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from harvester.store import Store
from search_api.staff.access import Staff
from search_api.staff.passwords import Passwords
from search_api.staff.refusal import PasswordRefused
from search_api.staff.roles import Role
from search_api.staff.tables import accounts
from tests.support.staff import PASSWORD, QUICK


class Counting(PasswordHasher):
    """Counts what it verifies, with parameters that cost nothing."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.verified += 1
        return super().verify(hash, password)  # type: ignore[return-value]


def add(staff: Staff, name: str = "wang") -> None:
    staff.accounts.add(name, name, "", frozenset({Role.ILL}), PASSWORD)


def hashes(store: Store) -> list[str]:
    with store.reading() as connection:
        return [row.password for row in connection.execute(accounts.select())]


def test_what_is_stored_is_an_argon2id_hash_of_todays_strength() -> None:
    stored = Passwords().hashed(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in stored
    assert Passwords().hashed(PASSWORD) != stored, "salted"


@pytest.mark.parametrize(
    ("name", "password"), [("wang", "guessed words"), ("nobody", PASSWORD), ("disabled", PASSWORD)]
)
def test_every_refusal_takes_the_work_of_one_hash(store: Store, name: str, password: str) -> None:
    hasher = Counting()
    staff = Staff.open(store, (), passwords=Passwords(hasher))
    for one in ("wang", "disabled"):
        add(staff, one)
    staff.accounts.disable("disabled")
    assert staff.accounts.with_password(name, password) is None
    assert hasher.verified == 1


def test_a_hash_of_weaker_parameters_is_replaced_when_its_owner_logs_in(store: Store) -> None:
    add(Staff.open(store, (), passwords=QUICK))
    [weak] = hashes(store)
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    staff = Staff.open(store, (), passwords=stronger)
    assert staff.accounts.with_password("wang", "guessed words") is None
    assert hashes(store) == [weak], "by its owner alone"
    assert staff.accounts.with_password("wang", PASSWORD)
    [strong] = hashes(store)
    assert "m=16,t=2" in strong
    assert staff.accounts.with_password("wang", PASSWORD)


WEAK = [
    ("ninechars", (), "short", "nine characters"),
    ("aaaaaaaaaabbbbbbbbbb", (), "same_characters", "two characters over and over"),
    ("Lin Shu-yu 123!", ("lin shu-yu",), "like_name", "the account's name with a number"),
    ("x" * 1001, (), "long", "a book"),
]


@pytest.mark.parametrize(("password", "names", "why", "what"), WEAK, ids=[row[3] for row in WEAK])
def test_a_weak_password_is_refused(password: str, names: tuple[str, ...], why: str, what: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        QUICK.hashed(password, *names)
    assert refused.value.why == why, what


def test_any_script_and_spaces_will_do() -> None:
    assert QUICK.fits("紅樓夢 看了三遍 還想再看", QUICK.hashed("紅樓夢 看了三遍 還想再看"))
