"""A provider of OpenID Connect, as a client sees it: discovery, authorization code with PKCE, ID tokens, log-out.

OpenID Connect Core 1.0 (3.1), Discovery 1.0, RP-Initiated Logout 1.0, RFC 7636 (PKCE), RFC 9207 (``iss`` in answers).
What a token says is taken after its signature, issuer, audience, times and nonce are proven, and never before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
import orjson
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from search_api.staff.configuration import LOOPBACK, OidcTable

SECONDS = 10.0
MAX_BYTES = 1_000_000
METADATA_KEPT_SECONDS = 3600.0
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Of ID tokens: by a key that the provider alone has. Never ``none``, nor one that takes the client's own secret."""


class ProviderUnusable(Exception):
    """The provider cannot be reached, or states of itself what cannot be used. Try again later."""


class NotVouched(Exception):
    """What came does not prove who somebody is: of another issuer, client or time, unsigned, not asked for."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider states of itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str  # "" for none
    end_session_endpoint: str  # "" for none
    algorithms: tuple[str, ...]
    basic: bool  # whether the client's secret goes into a header
    states_issuer: bool  # RFC 9207: every answer names the issuer


@dataclass(frozen=True, slots=True)
class Vouch:
    """What a provider says of somebody, proven."""

    claims: Mapping[str, Any]
    id_token: str


class Provider:
    """One provider. Its metadata and keys are kept for an hour; a key nobody knows is asked for at once."""

    def __init__(
        self,
        settings: OidcTable,
        now: Callable[[], datetime],
        *,
        secret: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._now = now
        self._secret = secret
        self._clock = clock
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: KeySet | None = None

    async def log_in_address(self, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent to log in.

        Raises: ProviderUnusable.
        """
        metadata = await self._known()
        address: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            self.settings.client_id,
            "code",
            redirect_uri,
            " ".join(self.settings.scopes),
            state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return address

    async def vouch(self, code: str, redirect_uri: str, verifier: str, nonce: str, issuer: str | None = None) -> Vouch:
        """Who somebody is that came back with a code. ``issuer`` is what the answer names; None when it names none.

        Raises: ProviderUnusable, NotVouched.
        """
        metadata = await self._known()
        if issuer is None and metadata.states_issuer:
            raise NotVouched("the answer does not name its issuer")
        if issuer is not None and issuer != self.settings.issuer:
            raise NotVouched(f"the answer is of another issuer, {issuer}")
        tokens = await self._tokens(metadata, code, redirect_uri, verifier)
        id_token = tokens.get("id_token")
        if not isinstance(id_token, str):
            raise NotVouched("the provider sent no ID token")
        claims = await self._proven(metadata, id_token, nonce, tokens.get("access_token"))
        if self.settings.userinfo and metadata.userinfo_endpoint:
            told = await self._asked("GET", metadata.userinfo_endpoint, bearer=str(tokens.get("access_token", "")))
            if told.get("sub") != claims["sub"]:
                raise NotVouched("the user info is of somebody else")
            claims = {**told, **claims}
        return Vouch(claims, id_token)

    async def log_out_address(self, id_token: str, back: str) -> str:
        """Where one logs out at the provider too; "" when it has no such place, or cannot be asked."""
        try:
            endpoint = (await self._known()).end_session_endpoint
        except ProviderUnusable:
            return ""
        if not endpoint:
            return ""
        told = {"id_token_hint": id_token, "client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(told)}"

    async def _known(self) -> Metadata:
        if self._metadata is None or self._clock() - self._metadata[0] > METADATA_KEPT_SECONDS:
            stated = await self._asked("GET", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            self._metadata = (self._clock(), _metadata(stated, self.settings.issuer))
            self._keys = None
        return self._metadata[1]

    async def _tokens(self, metadata: Metadata, code: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
        client = self.settings.client_id
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        auth = None
        if self._secret and metadata.basic:  # RFC 6749, 2.3.1: both are encoded as in a form first
            auth = aiohttp.encode_basic_auth(quote(client, safe=""), quote(self._secret, safe=""))
        else:
            form |= {"client_id": client, **({"client_secret": self._secret} if self._secret else {})}
        return await self._asked("POST", metadata.token_endpoint, form=form, authorization=auth)

    async def _proven(self, metadata: Metadata, id_token: str, nonce: str, access_token: object) -> dict[str, Any]:
        try:
            token = await self._decoded(metadata, id_token)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.settings.issuer},
                    "aud": {"essential": True, "value": self.settings.client_id},
                    "sub": {"essential": True},
                },
                {"nonce": nonce, "client_id": self.settings.client_id, "access_token": access_token},
            )
            claims.validate(int(self._now().timestamp()), self.settings.leeway_seconds)
        except (JoseError, ValueError, TypeError, KeyError) as exc:  # whatever else the libraries make of such tokens
            raise NotVouched(f"the ID token is not to be trusted: {exc}") from exc
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise NotVouched("the ID token names nobody")
        return dict(claims)

    async def _decoded(self, metadata: Metadata, id_token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=list(metadata.algorithms), strict_check_header=False)
        if self._keys is None:
            self._keys = await self._fresh_keys(metadata)
        try:
            return jwt.decode(id_token, self._keys, registry=registry)
        except InvalidKeyIdError:  # keys change; the provider says by which a token is signed
            self._keys = await self._fresh_keys(metadata)
            return jwt.decode(id_token, self._keys, registry=registry)

    async def _fresh_keys(self, metadata: Metadata) -> KeySet:
        stated = await self._asked("GET", metadata.jwks_uri)
        try:
            return KeySet.import_key_set(stated)  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as exc:
            raise ProviderUnusable(f"{metadata.jwks_uri}: no set of keys: {exc}") from exc

    async def _asked(
        self,
        method: str,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        authorization: str | None = None,
        bearer: str | None = None,
    ) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        if authorization or bearer:
            headers["Authorization"] = authorization or f"Bearer {bearer}"
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(SECONDS), trust_env=False) as session,
                session.request(method, url, data=form, headers=headers, allow_redirects=False) as answer,
            ):
                if answer.status == 400 and form is not None:
                    raise NotVouched("the provider does not take the code")
                if answer.status != 200:
                    raise ProviderUnusable(f"{url}: status {answer.status}")
                body = bytearray()
                async for piece in answer.content.iter_any():
                    body += piece
                    if len(body) > MAX_BYTES:
                        raise ProviderUnusable(f"{url}: more than {MAX_BYTES} bytes")
            found = orjson.loads(body)
        except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as exc:
            raise ProviderUnusable(f"{url}: {type(exc).__name__}") from exc
        if not isinstance(found, dict):
            raise ProviderUnusable(f"{url}: no JSON object")
        return found


def _metadata(stated: Mapping[str, Any], issuer: str) -> Metadata:
    """Raises: ProviderUnusable."""
    if stated.get("issuer") != issuer:
        raise ProviderUnusable(f"the provider says it is {stated.get('issuer')!r}, and not {issuer}")

    def address(name: str, *, needed: bool) -> str:
        found = stated.get(name)
        if found is None and not needed:
            return ""
        parts = urlsplit(found) if isinstance(found, str) else urlsplit("")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ProviderUnusable(f"{issuer}: {name} is {found!r}, no https address")
        return str(found)

    def several(name: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        found = stated.get(name)
        return tuple(map(str, found)) if isinstance(found, list) else otherwise

    offered = several("id_token_signing_alg_values_supported", ("RS256",))
    algorithms = tuple(one for one in ALGORITHMS if one in offered)
    if not algorithms:
        raise ProviderUnusable(f"{issuer}: signs by {', '.join(offered)}; needed is one of {', '.join(ALGORITHMS)}")
    return Metadata(
        address("authorization_endpoint", needed=True),
        address("token_endpoint", needed=True),
        address("jwks_uri", needed=True),
        address("userinfo_endpoint", needed=False),
        address("end_session_endpoint", needed=False),
        algorithms,
        "client_secret_basic" in several("token_endpoint_auth_methods_supported", ("client_secret_basic",)),
        stated.get("authorization_response_iss_parameter_supported") is True,
    )
