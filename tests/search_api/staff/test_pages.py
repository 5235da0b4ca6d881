"""The pages of staff access: one's own account, the accounts, the log; and the same as JSON."""

from __future__ import annotations

import re

import httpx
import pytest

from search_api.staff.access import Role, Staff
from search_api.staff.audit import Action
from tests.search_api.staff.conftest import Clock
from tests.support.staff import PASSWORD, Person, person

NEW = "another reader's copy"


@pytest.fixture
def admin(staff: Staff) -> Person:
    return person(staff.audit._store, Role.ADMIN, name="admin")


@pytest.fixture
def local_admin(staff: Staff) -> Person:
    return person(staff.audit._store, Role.ADMIN, library="alpha", name="local")


@pytest.fixture
def wang(staff: Staff) -> Person:
    return person(staff.audit._store, Role.SELECTOR, library="alpha", name="wang")


async def post(client: httpx.AsyncClient, who: Person, address: str, **fields: object) -> httpx.Response:
    return await client.post(address, headers=who.browser, data={**who.form, **fields})


async def page(client: httpx.AsyncClient, who: Person, address: str) -> str:
    answer = await client.get(address, headers=who.browser)
    assert answer.status_code == 200
    return answer.text


async def test_the_home_page_has_what_ones_roles_open(client: httpx.AsyncClient, wang: Person, admin: Person) -> None:
    selectors = await page(client, wang, "/staff")
    assert ("/staff/overlap" in selectors, "/staff/accounts" in selectors, "/staff/lenders" in selectors) == (
        True,
        False,
        False,
    )
    admins = await page(client, admin, "/en/staff")
    assert all(f"/en/staff/{one}" in admins for one in ("overlap", "lenders", "accounts", "log", "members"))


async def test_no_staff_page_is_kept_by_a_browser_or_on_the_way(client: httpx.AsyncClient, wang: Person) -> None:
    for address in ("/staff", "/staff/me", "/staff/login"):
        answer = await client.get(address, headers=wang.browser)
        assert answer.headers["cache-control"] == "no-store", address


async def test_staff_pages_are_in_the_languages_of_staff_alone(client: httpx.AsyncClient, wang: Person) -> None:
    assert (await client.get("/ja/staff", headers=wang.browser)).status_code == 404
    assert set(re.findall(r'hreflang="([\w-]+)"', await page(client, wang, "/staff"))) >= {"zh-Hant", "en"}
    assert 'hreflang="ja"' not in await page(client, wang, "/staff")


async def test_the_secret_of_forms_looks_different_on_each_page(client: httpx.AsyncClient, wang: Person) -> None:
    found = {re.findall(r'name="csrf" value="(\w+)"', await page(client, wang, "/staff"))[0] for _ in range(3)}
    assert len(found) == 3


# One's own account


async def test_one_changes_ones_own_password_and_is_out_everywhere(
    client: httpx.AsyncClient, staff: Staff, wang: Person
) -> None:
    fields = {"do": "password", "old": PASSWORD, "password": NEW, "password_again": NEW}
    answer = await post(client, wang, "/staff/me", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/login")
    assert staff.accounts.with_password("wang", NEW)
    assert (await client.get("/staff", headers=wang.browser)).status_code == 303


REFUSED = [
    ({"old": "guessed"}, "目前密碼錯誤", "somebody at an open screen"),
    ({"password_again": "something else"}, "兩次輸入的密碼不同", "a slip of the finger"),
    ({"password": "short", "password_again": "short"}, "至少10個字元", "guessed in no time"),
    ({"password": "a" * 12, "password_again": "a" * 12}, "不同的字元", "guessed in no time"),
]


@pytest.mark.parametrize(("change", "words", "why"), REFUSED, ids=[row[1] for row in REFUSED])
async def test_a_password_that_will_not_do_is_refused(
    client: httpx.AsyncClient, staff: Staff, wang: Person, *, change: dict[str, str], words: str, why: str
) -> None:
    fields = {"do": "password", "old": PASSWORD, "password": NEW, "password_again": NEW, **change}
    answer = await post(client, wang, "/staff/me", **fields)
    assert (answer.status_code, words in answer.text) == (422, True), why
    assert staff.accounts.with_password("wang", PASSWORD)


async def test_a_token_is_shown_once_works_for_its_role_and_is_withdrawn(
    client: httpx.AsyncClient, staff: Staff, wang: Person
) -> None:
    fields = {"do": "token", "name": "nightly export", "roles": "selector", "days": "30"}
    made = await post(client, wang, "/en/staff/me", **fields)
    token = re.findall(r"<code>(asl_[\w-]+)</code>", made.text)[0]
    told = (await client.get("/api/staff/me", headers={"Authorization": f"Bearer {token}"})).json()
    assert (told["name"], told["roles"], told["via"]) == ("wang", ["selector"], "token")
    shown = await page(client, wang, "/en/staff/me")
    assert ("nightly export" in shown, token in shown) == (True, False)
    number = next(one.id for one in staff.tokens.listed() if one.name == "nightly export")
    left = await post(client, wang, "/en/staff/me", do="withdraw", token=str(number))
    assert left.headers["location"] == "/en/staff/me?done=withdrawn"
    assert (await client.get("/api/staff/me", headers={"Authorization": f"Bearer {token}"})).status_code == 401


TOKENS_REFUSED = [
    ({"roles": "admin"}, "須有一個角色", "a role that its account has not"),
    ({"roles": ""}, "須有一個角色", "no role"),
    ({"days": "0"}, "1至366天", "no time"),
    ({"days": "9999"}, "1至366天", "for ever"),
    ({"name": " "}, "須填用途", "nobody would know what it is for"),
]


@pytest.mark.parametrize(("change", "words", "why"), TOKENS_REFUSED, ids=[row[2] for row in TOKENS_REFUSED])
async def test_a_token_that_will_not_do_is_refused(
    client: httpx.AsyncClient, wang: Person, change: dict[str, str], words: str, why: str
) -> None:
    fields = {"do": "token", "name": "export", "roles": "selector", "days": "30", **change}
    answer = await post(client, wang, "/staff/me", **fields)
    assert (answer.status_code, words in answer.text, "asl_" in answer.text) == (422, True, False), why


async def test_a_token_ends_on_its_day(client: httpx.AsyncClient, clock: Clock, wang: Person) -> None:
    clock.pass_(days=89)
    assert (await client.get("/api/staff/me", headers=wang.program)).status_code == 200
    clock.pass_(days=2)
    assert (await client.get("/api/staff/me", headers=wang.program)).status_code == 401


async def test_a_token_loses_a_role_with_its_account(client: httpx.AsyncClient, staff: Staff, wang: Person) -> None:
    staff.accounts.change("wang", roles=frozenset({Role.ILL}))
    assert (await client.get("/api/staff/me", headers=wang.program)).json()["roles"] == []
    assert (await client.get("/api/overlap", headers=wang.program)).status_code == 403


# Accounts


async def test_an_admin_adds_an_account_by_the_form(client: httpx.AsyncClient, staff: Staff, admin: Person) -> None:
    fields = {"name": "lin", "label": "林書玉", "library": "beta", "roles": ["ill", "cataloguer"]}
    fields |= {"password": NEW, "password_again": NEW}
    answer = await post(client, admin, "/staff/accounts", **fields)
    assert answer.headers["location"] == "/staff/accounts?done=added"
    made = staff.accounts.named("lin")
    assert (made.label, made.library, made.roles) == ("林書玉", "beta", {Role.ILL, Role.CATALOGUER})
    listed = await page(client, admin, "/staff/accounts?done=added")
    assert all(words in listed for words in ("帳號已新增", "林書玉", "館際合作館員"))


async def test_what_was_typed_stays_in_a_form_that_is_refused(client: httpx.AsyncClient, admin: Person) -> None:
    fields = {"name": "admin", "label": "另一位", "library": "", "roles": "ill", "password": NEW, "password_again": NEW}
    answer = await post(client, admin, "/staff/accounts", **fields)
    assert answer.status_code == 422
    assert all(words in answer.text for words in ("帳號admin已存在", 'value="另一位"', 'value="ill" checked'))
    assert NEW not in answer.text


async def test_an_admin_changes_disables_and_enables_an_account(
    client: httpx.AsyncClient, staff: Staff, admin: Person, wang: Person
) -> None:
    at = "/staff/accounts/wang"
    await post(client, admin, at, do="changed", label="王靜怡", library="beta", roles="ill")
    changed = staff.accounts.named("wang")
    assert (changed.label, changed.library, changed.roles) == ("王靜怡", "beta", {Role.ILL})
    await post(client, admin, at, do="password", password=NEW, password_again=NEW)
    assert staff.accounts.with_password("wang", NEW)
    await post(client, admin, at, do="disabled")
    assert staff.accounts.with_password("wang", NEW) is None
    assert (await client.get("/api/staff/me", headers=wang.program)).status_code == 401
    await post(client, admin, at, do="enabled")
    assert staff.accounts.with_password("wang", NEW)
    told = [one.action for one in reversed(staff.audit.entries())]
    assert told == [
        Action.ACCOUNT_CHANGED,
        Action.PASSWORD_CHANGED,
        Action.ACCOUNT_DISABLED,
        Action.ACCOUNT_ENABLED,
    ]
    assert staff.audit.entries()[-1].what == ("wang (Wang; alpha; selector) → wang (王靜怡; beta; ill)")


async def test_admins_cannot_lock_themselves_out(client: httpx.AsyncClient, staff: Staff, admin: Person) -> None:
    at = "/staff/accounts/admin"
    assert (await post(client, admin, at, do="disabled")).status_code == 422
    assert (await post(client, admin, at, do="changed", label="x", library="", roles="ill")).status_code == 422
    assert staff.accounts.named("admin").roles == {Role.ADMIN}
    assert "停用此帳號" not in await page(client, admin, at)


async def test_an_admin_of_a_library_sees_to_its_accounts_alone(
    client: httpx.AsyncClient, staff: Staff, admin: Person, local_admin: Person, wang: Person
) -> None:
    person(staff.audit._store, Role.ILL, name="other")
    listed = await page(client, local_admin, "/staff/accounts")
    assert ("/staff/accounts/wang" in listed, "/staff/accounts/other" in listed) == (True, False)
    assert (await client.get("/staff/accounts/other", headers=local_admin.browser)).status_code == 403
    moved = {"do": "changed", "label": "x", "roles": "ill"}
    assert (await post(client, local_admin, "/staff/accounts/wang", **moved, library="")).status_code == 403
    assert (await post(client, local_admin, "/staff/accounts/other", do="disabled")).status_code == 403
    new = {"name": "new", "label": "", "roles": "admin", "password": NEW, "password_again": NEW}
    assert (await post(client, local_admin, "/staff/accounts", **new, library="")).status_code == 403
    assert (await post(client, local_admin, "/staff/accounts", **new, library="alpha")).status_code == 303
    told = (await client.get("/api/staff/accounts", headers=local_admin.program)).json()["accounts"]
    assert {one["name"] for one in told} == {"local", "wang", "new"}
    log = (await client.get("/api/staff/log", headers=local_admin.program)).json()["entries"]
    assert {one["library"] for one in log} == {"alpha"}


async def test_nothing_of_an_account_is_markup(client: httpx.AsyncClient, staff: Staff, admin: Person) -> None:
    staff.accounts.add("x-1", "<script>alert(1)</script>", "", frozenset({Role.ILL}), NEW)
    assert "<script>alert" not in await page(client, admin, "/staff/accounts")


# The log


async def test_the_log_is_filtered_by_who_and_what(client: httpx.AsyncClient, staff: Staff, admin: Person) -> None:
    staff.audit.note(Action.JUDGED, "alpha:1 beta:2: same", by="wang", library="alpha")
    staff.audit.note(Action.UPLOADED, "alpha: new.mrc", by="lin", library="alpha")
    whole = await page(client, admin, "/en/staff/log")
    assert all(words in whole for words in ("alpha:1 beta:2: same", "alpha: new.mrc", "records judged"))
    some = await page(client, admin, "/en/staff/log?who=lin")
    assert ("alpha: new.mrc" in some, "beta:2: same" in some) == (True, False)
    told = (await client.get("/api/staff/log?action=judged", headers=admin.program)).json()
    assert [(one["who"], one["what"]) for one in told["entries"]] == [("wang", "alpha:1 beta:2: same")]
    assert (await client.get("/api/staff/log?action=nothing", headers=admin.program)).status_code == 422


async def test_a_long_log_goes_on(client: httpx.AsyncClient, staff: Staff, admin: Person) -> None:
    for number in range(203):
        staff.audit.note(Action.LIST_CHANGED, f"list {number}", by="wang")
    first = (await client.get("/api/staff/log?who=wang", headers=admin.program)).json()
    rest = (await client.get(first["older_url"], headers=admin.program)).json()
    told = [one["what"] for one in first["entries"] + rest["entries"]]
    assert told == [f"list {number}" for number in reversed(range(203))]
    assert rest["older_url"] is None
    assert "before=" in await page(client, admin, "/staff/log?who=wang")


def test_what_is_older_than_is_kept_is_forgotten(staff: Staff, clock: Clock) -> None:
    staff.audit.note(Action.JUDGED, "old", by="wang")
    clock.pass_(days=399)
    staff.audit.note(Action.JUDGED, "newer", by="wang")
    clock.pass_(days=2)
    staff.audit.note(Action.JUDGED, "now", by="wang")
    assert [one.what for one in staff.audit.entries()] == ["now", "newer"]


# As JSON


async def test_programs_of_admins_add_and_change_accounts(
    client: httpx.AsyncClient, staff: Staff, admin: Person
) -> None:
    new = {"name": "lin", "label": "林書玉", "library": "beta", "roles": ["ill"], "password": NEW}
    made = await client.post("/api/staff/accounts", json=new, headers=admin.program)
    assert (made.status_code, made.json()["roles"], NEW in made.text) == (201, ["ill"], False)
    change = {"roles": ["selector", "ill"], "disabled": True}
    changed = (await client.patch(made.json()["url"], json=change, headers=admin.program)).json()
    assert (changed["roles"], changed["disabled_at"] is None, changed["library"]) == (
        ["selector", "ill"],
        False,
        "beta",
    )
    read = (await client.get("/api/staff/accounts/lin", headers=admin.program)).json()
    assert read == changed


WRONG = [
    ({"name": "no name"}, "name"),
    ({"name": "admin"}, "name"),
    ({"library": "nosuch"}, "library"),
    ({"roles": []}, "roles"),
    ({"roles": ["chief"]}, "roles"),
    ({"password": "short"}, "password"),
    ({"admin": True}, "admin"),
]


@pytest.mark.parametrize(("change", "field"), WRONG, ids=[str(row[0]) for row in WRONG])
async def test_a_wrong_account_is_refused_with_the_parameter_to_blame(
    client: httpx.AsyncClient, admin: Person, change: dict[str, object], field: str
) -> None:
    new = {"name": "lin", "roles": ["ill"], "password": NEW, **change}
    answer = await client.post("/api/staff/accounts", json=new, headers=admin.program)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


async def test_tokens_are_listed_without_what_they_are_and_withdrawn_by_their_owner_or_an_admin(
    client: httpx.AsyncClient, staff: Staff, admin: Person, wang: Person
) -> None:
    [own] = (await client.get("/api/staff/tokens", headers=wang.program)).json()["tokens"]
    assert (own["owner"], own["roles"], wang.token in str(own)) == ("wang", ["selector"], False)
    everyone = (await client.get("/api/staff/tokens", headers=admin.program)).json()["tokens"]
    assert {one["owner"] for one in everyone} == {"wang", "admin"}
    of_admin = next(one["id"] for one in everyone if one["owner"] == "admin")
    assert (await client.delete(f"/api/staff/tokens/{of_admin}", headers=wang.program)).status_code == 404
    assert (await client.delete(f"/api/staff/tokens/{own['id']}", headers=admin.program)).status_code == 204
    assert (await client.get("/api/staff/tokens", headers=wang.program)).status_code == 401
