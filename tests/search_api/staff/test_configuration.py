"""The file of staff access: what it may say, and how its mistakes are told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from search_api.settings import SettingsInvalid
from search_api.staff.configuration import OidcTable, load_staff
from search_api.staff.roles import Role
from search_api.staff.vouching import NoRole, vouched

GOOD = """
[sessions]
idle_minutes = 30
hours = 8

[log]
keep_days = 90

[oidc]
name = { "zh-Hant" = "聯盟帳號", en = "the consortium's account" }
issuer = "https://login.example.org/realms/libraries"
client_id = "catalogue"
client_secret_env = "OIDC_SECRET"

[[oidc.rules]]
claim = "groups"
value = "ill"
roles = ["ill"]
library = "alpha"
"""
ENVIRON = {"OIDC_SECRET": "a secret"}


def loaded(tmp_path: Path, text: str, environ: dict[str, str] | None = None) -> Any:
    file = tmp_path / "staff.toml"
    file.write_text(text, encoding="utf-8")
    return load_staff(file, ("alpha", "beta"), ENVIRON if environ is None else environ)


def test_a_file_says_all_there_is_to_choose(tmp_path: Path) -> None:
    found = loaded(tmp_path, GOOD)
    assert (found.sessions.idle, found.sessions.whole) == (timedelta(minutes=30), timedelta(hours=8))
    assert (found.log.keep_days, found.oidc.rules[0].roles) == (90, {Role.ILL})
    assert found.oidc.secret(ENVIRON) == "a secret"


def test_without_a_file_there_are_defaults_and_no_provider() -> None:
    found = load_staff(None, ())
    assert (found.sessions.idle_minutes, found.sessions.hours, found.oidc) == (120, 12, None)


WRONG = [
    (("hours = 8", "hours = 0"), r"sessions\.hours = 0: .*greater", "no time at all"),
    (("idle_minutes", "idle"), r"sessions\.idle = 30: no such key; allowed are hours, idle_minutes", "misspelt"),
    (("https://login", "http://login"), r"oidc\.issuer = .*must be an https address", "in the clear"),
    (('roles = ["ill"]', 'roles = ["chief"]'), r"oidc\.rules\.0\.roles.* = 'chief'", "an unknown role"),
    (('library = "alpha"', 'library = "gamma"'), r"library = 'gamma': must be one of alpha, beta", "no member"),
    (('"zh-Hant" = "聯盟帳號", ', ""), r"oidc\.name: give a text for zh-Hant", "one language only"),
    (('client_id = "catalogue"', 'client_id = "x"\nscopes = ["profile"]'), "openid must be among them", "no OpenID"),
    (("[log]", "[log"), "not readable as TOML", "no TOML"),
]


@pytest.mark.parametrize(("change", "words", "why"), WRONG, ids=[row[2] for row in WRONG])
def test_a_mistake_is_told_with_file_key_and_what_is_allowed(
    tmp_path: Path, change: tuple[str, str], words: str, why: str
) -> None:
    with pytest.raises(SettingsInvalid, match=words) as told:
        loaded(tmp_path, GOOD.replace(*change))
    assert "staff.toml: " in str(told.value), why


def test_a_secret_that_is_not_set_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="client_secret_env names OIDC_SECRET, which is not set"):
        loaded(tmp_path, GOOD, {})


def mapped(claims: dict[str, Any], *rules: dict[str, Any], **more: Any) -> Any:
    table = {"name": {"en": "x"}, "issuer": "https://x.example", "client_id": "x", "rules": rules, **more}
    return vouched({"sub": "17", **claims}, OidcTable.model_validate(table), ("alpha", "beta"))


ILL = {"claim": "groups", "value": "ill", "roles": ["ill"]}
MAPPED: list[tuple[str, dict[str, Any], tuple[dict[str, Any], ...], dict[str, Any], tuple[str, set[Role]]]] = [
    ("one value of a list", {"groups": ["x", "ill"]}, (ILL,), {}, ("", {Role.ILL})),
    ("a single value", {"groups": "ill"}, (ILL,), {}, ("", {Role.ILL})),
    ("any value", {"groups": "x"}, ({**ILL, "value": "*"},), {}, ("", {Role.ILL})),
    ("a claim in a claim", {"a": {"b": ["ill"]}}, ({**ILL, "claim": "a.b"},), {}, ("", {Role.ILL})),
    ("a claim with dots", {"https://x.y/z": ["ill"]}, ({**ILL, "claim": "https://x.y/z"},), {}, ("", {Role.ILL})),
    (
        "several rules",
        {"groups": ["ill", "buy"]},
        ({**ILL, "library": "beta"}, {"claim": "groups", "value": "buy", "roles": ["selector"], "library": "alpha"}),
        {},
        ("beta", {Role.ILL, Role.SELECTOR}),
    ),
    ("a claim's library", {"groups": "ill", "lib": "alpha"}, (ILL,), {"library_claim": "lib"}, ("alpha", {Role.ILL})),
]


@pytest.mark.parametrize(("why", "claims", "rules", "more", "found"), MAPPED, ids=[row[0] for row in MAPPED])
def test_claims_become_a_library_and_roles(
    why: str,
    claims: dict[str, Any],
    rules: tuple[dict[str, Any], ...],
    more: dict[str, Any],
    found: tuple[str, set[Role]],
) -> None:
    person = mapped(claims, *rules, **more)
    assert (person.library, person.roles) == found, why


UNKNOWN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("no claim", {}, {}),
    ("part of a value", {"groups": "illness"}, {}),
    ("something else than text", {"groups": [{"ill": 1}]}, {}),
    ("a library that is no member", {"groups": "ill", "lib": "gamma"}, {"library_claim": "lib"}),
]


@pytest.mark.parametrize(("why", "claims", "more"), UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_whoever_fits_no_rule_has_no_role(why: str, claims: dict[str, Any], more: dict[str, Any]) -> None:
    with pytest.raises(NoRole):
        mapped(claims, ILL, **more)


def test_a_person_without_a_name_is_called_by_the_subject() -> None:
    person = mapped({"groups": "ill"}, ILL)
    assert (person.name, person.label) == ("17", "17")
