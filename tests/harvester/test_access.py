from __future__ import annotations

import base64
import ssl
from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

from harvester.access import Access, redacted
from harvester.errors import AccessRefused, SourceUnreachable
from harvester.http import Answer, Patience
from harvester.oai_pmh import source_of
from tests.support.oai import oai_library, serving, sleepless

SECRETS = {"USER": "ann", "PASSWORD": "s3cret/pass", "TOKEN": "t0ken+value", "KEY": "k3y&value"}
ONCE = Patience(retries=0)

REDACTED = [
    ("http://ann:pw@x/oai", "http://x/oai", "user and password"),
    ("http://x/oai?apikey=abc&set=s", "http://x/oai?apikey=…&set=s", "an argument that says it is a key"),
    ("http://x/oai?access_token=abc", "http://x/oai?access_token=…", "a token of access"),
    ("http://x/oai?resumptionToken=abc", "http://x/oai?resumptionToken=abc", "a resumption token is no secret"),
    ("http://x/oai/9f86d081884c7d659a2feaa0c55ad015", "http://x/oai/…", "a key as part of the path"),
    ("http://x/cgi-bin/koha/oai.pl?verb=Identify", "http://x/cgi-bin/koha/oai.pl?verb=Identify", "nothing to hide"),
    ("http://x/repository-of-the-university-library", "http://x/repository-of-the-university-library", "long words"),
]


@pytest.mark.parametrize(("url", "shown", "why"), REDACTED, ids=[row[2] for row in REDACTED])
def test_what_looks_like_a_key_is_not_shown(url: str, shown: str, why: str) -> None:
    assert redacted(url) == shown, why


def test_the_store_names_a_source_without_its_keys() -> None:
    source = source_of(oai_library("http://x/oai/9f86d081884c7d659a2feaa0c55ad015?apikey=abc"))
    assert "9f86" not in source
    assert "abc" not in source


KINDS: list[tuple[dict[str, str], dict[str, str], str, str]] = [
    (
        {"kind": "basic", "username_env": "USER", "password_env": "PASSWORD"},
        {"Authorization": "Basic " + base64.b64encode(b"ann:s3cret/pass").decode()},
        "/oai?verb=Identify",
        "basic",
    ),
    (
        {"kind": "bearer", "token_env": "TOKEN"},
        {"Authorization": "Bearer t0ken+value"},
        "/oai?verb=Identify",
        "bearer",
    ),
    (
        {"kind": "api-key", "key_env": "KEY", "header": "X-API-Key"},
        {"X-API-Key": "k3y&value"},
        "/oai?verb=Identify",
        "in a header",
    ),
    (
        {"kind": "api-key", "key_env": "KEY", "parameter": "apikey"},
        {},
        "/oai?verb=Identify&apikey=k3y%26value",
        "in the query",
    ),
    ({"kind": "api-key", "key_env": "KEY"}, {}, "/oai/k3y%26value?verb=Identify", "in the path"),
]


@pytest.mark.parametrize(("auth", "headers", "path", "why"), KINDS, ids=[row[3] for row in KINDS])
async def test_a_secret_arrives_at_the_server_and_nowhere_else(
    auth: dict[str, str], headers: dict[str, str], path: str, why: str
) -> None:
    came: list[web.Request] = []

    async def refuses(request: web.Request) -> web.StreamResponse:
        came.append(request)
        return web.Response(status=500, text=f"no {request.path_qs} {request.headers}")

    async with serving(refuses) as url, sleepless() as http:
        place = "/oai/{key}" if why == "in the path" else "/oai"
        access = Access.of(oai_library(url + place, auth=auth), SECRETS)
        with pytest.raises(SourceUnreachable) as caught:
            await http.ask(URL(f"{url}{place}?verb=Identify", encoded=True), ONCE, str, access=access)
    assert came[0].raw_path == path
    assert {name: came[0].headers.get(name) for name in headers} == headers
    told = f"{caught.value} {access!r} {caught.value.__cause__}"
    assert not [secret for secret in list(SECRETS.values())[1:] if secret in told]


async def test_credentials_stay_with_the_host_they_are_for() -> None:
    came: list[str] = []

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        came.append(request.headers.get("Authorization", ""))
        return web.Response(text="good")

    async with serving(elsewhere) as other:

        async def moved(request: web.Request) -> web.StreamResponse:
            came.append(request.headers.get("Authorization", ""))
            where = "/there" if request.path == "/here" else other
            return web.Response(status=302, headers={"Location": where})

        async with serving(moved) as url, sleepless() as http:
            access = Access.of(oai_library(url, auth={"kind": "bearer", "token_env": "TOKEN"}), SECRETS)
            await http.ask(URL(f"{url}/here"), ONCE, str, access=access)
    assert came == ["Bearer t0ken+value", "Bearer t0ken+value", ""]


async def test_where_a_server_moved_for_good_is_said_and_a_passing_redirect_is_not() -> None:
    async def redirects(request: web.Request) -> web.StreamResponse:
        if request.path == "/new":
            return web.Response(text="good")
        status = 301 if request.path == "/old" else 302
        return web.Response(status=status, headers={"Location": "/new?apikey=abc"})

    async with serving(redirects) as url, sleepless() as http:
        asked = [await http.ask(URL(url + path), ONCE, str) for path in ("/old", "/today", "/new")]
    assert [one.answer.moved_to for one in asked] == [f"{url}/new?apikey=…", "", ""]


@pytest.mark.parametrize("text", ["", "no certificate"])
def test_certificates_that_cannot_be_read_are_said_to_be_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ca.pem"
    if text:
        file.write_text(text)
    with pytest.raises(AccessRefused, match=r"harvest\.ca_file names .*ca\.pem, which cannot be used"):
        Access.of(oai_library("http://x/oai", ca_file=str(file)), {})


def test_a_certificate_authority_of_its_own_is_trusted_beside_the_usual_ones_and_checked() -> None:
    usual = ssl.create_default_context()
    bundle = usual.get_ca_certs(binary_form=True)
    if not bundle:
        pytest.skip("this machine has no certificates to take one from")
    access = _trusting(bundle[0])
    assert access.tls is not None
    assert (access.tls.verify_mode, access.tls.check_hostname) == (ssl.CERT_REQUIRED, True)


def _trusting(certificate: bytes) -> Access:
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(ssl.DER_cert_to_PEM_cert(certificate))
        file.flush()
        return Access.of(oai_library("https://x/oai", ca_file=file.name), {})


async def test_a_servers_own_name_for_us_is_sent_where_the_usual_one_is_turned_away() -> None:
    came: list[str] = []

    async def picky(request: web.Request) -> web.StreamResponse:
        came.append(request.headers["User-Agent"])
        return web.Response(text="good")

    async with serving(picky) as url, sleepless() as http:
        await http.ask(URL(url), ONCE, _body, access=Access.of(oai_library(url, user_agent="Mozilla/5.0"), {}))
        await http.ask(URL(url), ONCE, _body)
    assert came[0] == "Mozilla/5.0"
    assert came[1].startswith("Allshelves/")


def _body(answer: Answer) -> bytes:
    return answer.body
