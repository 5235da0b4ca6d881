"""Logging in at a provider of OpenID Connect: a real one, and one that lies."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from harvester.store import Store
from search_api.app import create_app
from search_api.services import Services
from search_api.staff.access import Role, Staff
from search_api.staff.configuration import OidcTable, StaffConfiguration
from search_api.staff.provider import METADATA_KEPT_SECONDS, Provider
from tests.search_api.staff.conftest import Clock
from tests.search_api.staff.test_login import csrf
from tests.support import oidc
from tests.support.staff import QUICK

SITE = "http://catalogue.example"
RULES: tuple[dict[str, Any], ...] = (
    {"claim": "groups", "value": "ill", "roles": ["ill"], "library": "alpha"},
    {"claim": "realm_access.roles", "value": "buyers", "roles": ["selector"]},
)


def configured(issuer: str, **more: Any) -> StaffConfiguration:
    table = {
        "name": {"zh-Hant": "聯盟帳號", "en": "the consortium's account"},
        "issuer": issuer,
        "client_id": oidc.CLIENT,
        "client_secret_env": "OIDC_SECRET",
        "rules": RULES,
        **more,
    }
    return StaffConfiguration(oidc=OidcTable.model_validate(table))


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_SECRET", oidc.SECRET)


@pytest.fixture
async def provider() -> AsyncIterator[oidc.Provider]:
    async with oidc.running() as running:
        yield running


Opening = Callable[[StaffConfiguration, Store], httpx.AsyncClient]


@pytest.fixture
def opening(services: Services) -> Opening:
    def open_(configuration: StaffConfiguration, store: Store) -> httpx.AsyncClient:
        app = create_app(services)
        app.state.staff = Staff.open(store, services.libraries, configuration=configuration, passwords=QUICK)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE)

    return open_


@pytest.fixture
async def client(
    opening: Opening, provider: oidc.Provider, store: Store, clock: Clock
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a catalogue that knows the provider; the provider's clock is the catalogue's."""
    provider.claims["now"] = int(clock().timestamp())
    async with opening(configured(provider.issuer), store) as opened:
        yield opened


async def sent(client: httpx.AsyncClient, at: str = "/staff/sign-in") -> str:
    answer = await client.get(at)
    assert answer.status_code == 303
    return answer.headers["location"]


async def back(client: httpx.AsyncClient, brought: dict[str, str]) -> httpx.Response:
    return await client.get("/staff/signed-in", params=brought)


def staff_of(client: httpx.AsyncClient) -> Staff:
    found: Staff = client._transport.app.state.staff  # type: ignore[attr-defined]
    return found


async def test_who_logs_in_there_is_in_with_the_roles_and_library_of_their_claims(
    client: httpx.AsyncClient, provider: oidc.Provider
) -> None:
    address = await sent(client, "/en/staff/sign-in?next=/en/staff/me")
    claims = {"preferred_username": "Wang", "name": "王靜怡", "groups": ["readers", "ill"]}
    answer = await back(client, provider.grant(address, **claims, realm_access={"roles": ["buyers"]}))
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/staff/me")
    page = await client.get("/en/staff/me")
    assert "王靜怡" in page.text
    assert "Your password is kept where you log in" in page.text
    account = staff_of(client).accounts.named("wang")
    assert (account.origin, account.library, account.roles) == ("oidc", "alpha", {Role.ILL, Role.SELECTOR})


async def test_the_question_has_a_state_a_nonce_and_a_challenge_that_no_other_has(client: httpx.AsyncClient) -> None:
    first, second = [parse_qs(urlsplit(await sent(client)).query) for _ in range(2)]
    assert first["redirect_uri"] == second["redirect_uri"] == [f"{SITE}/staff/signed-in"]
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


async def test_what_changed_at_the_provider_is_taken_over_and_the_same_name_is_not_the_same_person(
    client: httpx.AsyncClient, provider: oidc.Provider
) -> None:
    staff_of(client).accounts.add("wang", "Local", "", frozenset({Role.ADMIN}), "a password of its own")
    for sub, groups, roles in (
        ("17", ["ill"], {Role.ILL}),
        ("17", ["ill", "x"], {Role.ILL}),
        ("18", ["ill"], {Role.ILL}),
    ):
        provider.claims = {"now": provider.claims.get("now", int(staff_of(client).accounts._store.now().timestamp()))}
        brought = provider.grant(await sent(client), sub, preferred_username="wang", groups=groups)
        assert (await back(client, brought)).status_code == 303
        assert {
            role for one in staff_of(client).accounts.listed() if one.origin == "oidc" for role in one.roles
        } == roles
    listed = {(one.name, one.origin) for one in staff_of(client).accounts.listed()}
    assert listed == {("wang", "local"), ("wang-2", "oidc"), ("wang-3", "oidc")}


OTHER = ECKey.generate_key("P-256", {"kid": "other"})
LIES: list[tuple[str, dict[str, Any], str]] = [
    ("another nonce", {"claims": {"nonce": "of another log-in"}}, "nonce"),
    ("no nonce", {"claims": {"nonce": None}}, "nonce"),
    ("another issuer", {"claims": {"iss": "https://evil.example"}}, "iss"),
    ("another client", {"claims": {"aud": "somebody-else"}}, "aud"),
    ("another client before ours", {"claims": {"aud": [oidc.CLIENT, "x"], "azp": "x"}}, "azp"),
    ("nobody", {"claims": {"sub": None}}, "sub"),
    ("long past its end", {"claims": {"exp": 1_000_000_000}}, "expired"),
    ("without an end", {"claims": {"exp": None}}, "exp"),
    ("of a key nobody knows", {"key": OTHER}, ""),
    ("signed by our own secret", {"header": {"alg": "HS256"}}, ""),
    ("not signed", {"tokens": {"id_token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxNyJ9."}}, ""),
    ("no token at all", {"tokens": {"id_token": None}}, "no ID token"),
    ("no token but words", {"tokens": {"id_token": "words"}}, ""),
]


@pytest.mark.parametrize(("what", "lie", "words"), LIES, ids=[row[0] for row in LIES])
async def test_a_lie_opens_nothing_and_is_noted_without_a_name(
    client: httpx.AsyncClient, provider: oidc.Provider, what: str, lie: dict[str, Any], words: str
) -> None:
    address = await sent(client)
    brought = provider.grant(address, preferred_username="wang", groups=["ill"])
    for name, value in lie.items():
        setattr(provider, name, {**provider.claims, **value} if name == "claims" else value)
    if what == "signed by our own secret":
        claims = {"iss": provider.issuer, "aud": oidc.CLIENT, "sub": "17", "iat": 1, "exp": 9_999_999_999}
        token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(oidc.SECRET * 3))
        provider.header, provider.tokens = {}, {"id_token": token}
    answer = await back(client, brought)
    assert answer.status_code == 403, what
    assert "無法驗證" in answer.text
    assert staff_of(client).accounts.listed() == []
    [noted] = staff_of(client).audit.entries()
    assert (noted.action, noted.who) == ("log_in_failed", "")
    assert words in noted.what
    assert (await client.get("/staff")).status_code == 303


async def test_a_clock_a_little_off_is_forgiven(
    client: httpx.AsyncClient, provider: oidc.Provider, clock: Clock
) -> None:
    for seconds, status in ((350, 303), (370, 403)):  # a token of 300 seconds and a leeway of 60
        provider.claims = {"now": int((clock() - timedelta(seconds=seconds)).timestamp())}
        brought = provider.grant(await sent(client), groups=["ill"])
        assert (await back(client, brought)).status_code == status, seconds


async def test_a_new_key_of_the_provider_is_found_at_once_and_keys_are_kept(
    client: httpx.AsyncClient, provider: oidc.Provider, clock: Clock
) -> None:
    now = int(clock().timestamp())
    for key in (provider.key, provider.key, ECKey.generate_key("P-256", {"kid": "second"})):
        provider.key, provider.published, provider.claims = key, [key], {"now": now}
        assert (await back(client, provider.grant(await sent(client), groups=["ill"]))).status_code == 303
    assert provider.asked["/jwks"] == 2
    assert provider.asked["/.well-known/openid-configuration"] == 1


async def test_metadata_is_asked_for_again_after_an_hour(provider: oidc.Provider, clock: Clock) -> None:
    elapsed = 0.0
    settings = configured(provider.issuer).oidc
    assert settings
    known = Provider(settings, clock, clock=lambda: elapsed)
    for passed in (0.0, METADATA_KEPT_SECONDS - 1, METADATA_KEPT_SECONDS + 1):
        elapsed = passed
        await known.log_in_address("x", "y", "z", "v" * 43)
    assert provider.asked["/.well-known/openid-configuration"] == 2


STATED: list[tuple[str, dict[str, Any]]] = [
    ("of another issuer", {"issuer": "https://evil.example"}),
    ("tokens over plain HTTP", {"token_endpoint": "http://provider.example/token"}),
    ("no keys", {"jwks_uri": None}),
    ("only what we would not trust", {"id_token_signing_alg_values_supported": ["HS256", "none"]}),
]


@pytest.mark.parametrize(("what", "metadata"), STATED, ids=[row[0] for row in STATED])
async def test_a_provider_that_states_what_cannot_be_used_is_not_used(
    client: httpx.AsyncClient, provider: oidc.Provider, what: str, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    answer = await client.get("/en/staff/sign-in")
    assert answer.status_code == 403, what
    assert "does not answer" in answer.text


async def test_a_provider_that_is_down_leaves_the_form(opening: Opening, store: Store) -> None:
    async with opening(configured("http://127.0.0.1:9"), store) as client:
        answer = await client.get("/en/staff/sign-in")
    assert "does not answer" in answer.text
    assert 'name="password"' in answer.text


async def test_an_answer_counts_once_in_the_browser_that_asked_and_for_some_minutes(
    client: httpx.AsyncClient, provider: oidc.Provider, clock: Clock
) -> None:
    brought = provider.grant(await sent(client), groups=["ill"])
    kept = client.cookies["allshelves-sign-in"]
    assert (await back(client, {**brought, "state": "guessed"})).status_code == 403
    client.cookies.clear()
    assert (await back(client, brought)).status_code == 403, "another browser"
    client.cookies.set("allshelves-sign-in", kept, domain="catalogue.example")
    assert (await back(client, brought)).status_code == 303
    client.cookies.set("allshelves-sign-in", kept, domain="catalogue.example")
    assert (await back(client, brought)).status_code == 403, "a second time"
    late = provider.grant(await sent(client), groups=["ill"])
    clock.pass_(minutes=11)
    assert (await back(client, late)).status_code == 403, "too late"


async def test_an_answer_of_another_provider_is_not_taken(client: httpx.AsyncClient, provider: oidc.Provider) -> None:
    brought = provider.grant(await sent(client), groups=["ill"])
    assert (await back(client, {**brought, "iss": "https://evil.example"})).status_code == 403


async def test_where_answers_name_their_issuer_one_that_does_not_is_not_taken(
    client: httpx.AsyncClient, provider: oidc.Provider, clock: Clock
) -> None:
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    for more, status in (({}, 403), ({"iss": provider.issuer}, 303)):
        provider.claims = {"now": int(clock().timestamp())}
        brought = provider.grant(await sent(client), groups=["ill"])
        assert (await back(client, {**brought, **more})).status_code == status


async def test_a_refusal_of_the_provider_is_told_as_such(client: httpx.AsyncClient, provider: oidc.Provider) -> None:
    state = provider.grant(await sent(client))["state"]
    answer = await back(client, {"error": "access_denied", "state": state})
    assert (answer.status_code, "未核准" in answer.text) == (403, True)


async def test_who_has_no_role_by_any_rule_stays_out_and_is_not_named(
    client: httpx.AsyncClient, provider: oidc.Provider
) -> None:
    brought = provider.grant(await sent(client), preferred_username="a-reader", groups=["readers"])
    answer = await back(client, brought)
    assert answer.status_code == 403
    assert "沒有任何角色" in answer.text
    [noted] = staff_of(client).audit.entries()
    assert "groups = readers" in noted.what
    assert "a-reader" not in noted.what


async def test_who_is_disabled_here_stays_out_whatever_the_provider_says(
    client: httpx.AsyncClient, provider: oidc.Provider, clock: Clock
) -> None:
    for status in (303, 403):
        provider.claims = {"now": int(clock().timestamp())}
        brought = provider.grant(await sent(client), preferred_username="wang", groups=["ill"])
        assert (await back(client, brought)).status_code == status
        staff_of(client).accounts.disable("wang")


async def test_a_password_never_opens_an_account_that_a_provider_vouches_for(
    client: httpx.AsyncClient, provider: oidc.Provider
) -> None:
    await back(client, provider.grant(await sent(client), preferred_username="wang", groups=["ill"]))
    accounts = staff_of(client).accounts
    assert accounts.with_password("wang", "") is None
    with pytest.raises(ValueError, match="there is no password here"):
        accounts.set_password("wang", "a password of its own")


async def test_groups_may_stand_in_the_user_info_of_the_same_person(
    opening: Opening, provider: oidc.Provider, store: Store, clock: Clock
) -> None:
    async with opening(configured(provider.issuer, userinfo=True), store) as client:
        for sub, status in (("17", 303), ("18", 403)):
            provider.claims = {"now": int(clock().timestamp())}
            provider.userinfo = {"sub": sub, "groups": ["ill"]}
            assert (await back(client, provider.grant(await sent(client)))).status_code == status


async def test_logging_out_offers_to_log_out_there_too(client: httpx.AsyncClient, provider: oidc.Provider) -> None:
    await back(client, provider.grant(await sent(client), groups=["ill"]))
    page = await client.post("/en/staff/logout", data={"csrf": await csrf(client, "/en/staff/me")})
    assert "Log out at the consortium" in page.text
    assert f"{provider.issuer}/leave?of=here&amp;id_token_hint=ey" in page.text
    assert (await client.get("/staff")).status_code == 303


async def test_without_a_provider_nobody_is_sent_anywhere(services: Services) -> None:
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        assert (await client.get("/staff/sign-in")).status_code == 404
        assert (await client.get("/staff/signed-in?code=1&state=2")).status_code == 404
        assert "sign-in" not in (await client.get("/staff/login")).text


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    with oidc.real_provider() as address:
        yield address


async def test_a_provider_that_others_wrote_logs_people_in_and_out(
    opening: Opening, real: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('real') / 'staff.sqlite3'}")
    claims = {"preferred_username": "wang", "name": "王靜怡", "groups": ["ill"]}
    async with opening(configured(real), store) as client, httpx.AsyncClient() as browser:
        await browser.put(f"{real}/users/17", content=json.dumps(claims), headers={"Content-Type": "application/json"})
        there = await browser.post(await sent(client), data={"sub": "17"})
        assert there.headers["location"].startswith(f"{SITE}/staff/signed-in?")
        assert (await client.get(there.headers["location"])).status_code == 303
        assert staff_of(client).accounts.named("wang").roles == {Role.ILL}
        left = await client.post("/en/staff/logout", data={"csrf": await csrf(client, "/en/staff/me")})
        assert f"{real}/oauth2/end_session?id_token_hint=" in left.text

        denied = await browser.post(await sent(client), data={"action": "deny"})
        refused = await client.get(denied.headers["location"])
        assert refused.status_code == 403
    store.close()
