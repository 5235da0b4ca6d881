"""How a live status service is entered: keys from the environment, tokens fetched and fetched anew.

Secrets are put into a request at the last moment and into nothing else; ``Entry.shown`` takes them out of any text.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Collection, Mapping
from urllib.parse import quote, urlencode

import aiohttp
import orjson

from mappings.availability import ServiceAuth
from search_api.availability.http import ConnectorUnavailable, EntryRefused, ImpatientHttp, Request

HIDDEN = "…"
EARLY_SECONDS = 30.0  # a token is fetched anew so long before it ends

_NAMES = frozenset({"username_env", "client_id_env"})  # who we are, which is no secret
_LONG = 8  # characters that do not stand in a text by chance


class Entry:
    """What one library's service wants to be sent beside the question, and only that service."""

    def __init__(
        self,
        auth: ServiceAuth | None,
        http: ImpatientHttp,
        *,
        timeout_seconds: float,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._auth = auth
        self._http = http
        self._timeout_seconds = timeout_seconds
        self._environ = environ
        self._token = ""
        self._token_ends = 0.0  # loop time
        self._fetching = asyncio.Lock()

    @property
    def renewable(self) -> bool:
        """Whether a refusal may only mean that the token has ended before its time."""
        return self._auth is not None and self._auth.kind == "oauth2"

    def forget(self) -> None:
        """Drops a token that was refused; the next request fetches another."""
        self._token = ""

    async def headers(self) -> dict[str, str]:
        """The headers that let us in.

        Raises: ConnectorUnavailable when a variable is not set or no token is given.
        """
        auth = self._auth
        if auth is None:
            return {}
        if auth.kind == "basic":
            word = aiohttp.encode_basic_auth(self._secret(auth.username_env), self._secret(auth.password_env))
            return {"Authorization": word}
        if auth.kind == "bearer":
            return {"Authorization": f"Bearer {self._secret(auth.token_env)}"}
        if auth.kind == "oauth2":
            return {"Authorization": f"Bearer {await self._fetched(auth)}"}
        return {auth.header: auth.prefix + self._secret(auth.key_env)} if auth.header else {}

    def parameters(self) -> dict[str, str]:
        """What the query carries to let us in.

        Raises: ConnectorUnavailable when the variable is not set.
        """
        auth = self._auth
        return {auth.parameter: self._secret(auth.key_env)} if auth is not None and auth.parameter else {}

    def login(self) -> tuple[str, str] | None:
        """User and password, for protocols that are not HTTP; None: anybody may ask.

        Raises: ConnectorUnavailable when a variable is not set.
        """
        auth = self._auth
        return None if auth is None else (self._secret(auth.username_env), self._secret(auth.password_env))

    def shown(self, text: str) -> str:
        """A text without the secrets of this entry."""
        for form in self._forms(but=()):
            text = text.replace(form, HIDDEN)
        return text

    def telling(self) -> Callable[[str], str]:
        """Takes out of texts of an answer what the service wrote of our secrets into them: readers will see them.

        The names of users are no secrets, and may be words of any place. A short secret is hidden only where it stands
        by itself, so that a barcode with the four figures of a password in it stays a barcode.
        """
        forms = self._forms(but=_NAMES)
        if not forms:
            return str
        pattern = re.compile(
            "|".join(re.escape(f) if len(f) >= _LONG else rf"(?<![^\W_]){re.escape(f)}(?![^\W_])" for f in forms)
        )
        return lambda text: pattern.sub(HIDDEN, text)

    def _forms(self, *, but: Collection[str]) -> list[str]:
        """The secrets as they may stand in a text, the longest first; ``but``: of settings that are left out."""
        if self._auth is None:
            return []
        names = [v for k, v in self._auth.model_dump().items() if k.endswith("_env") and v and k not in but]
        secrets = {self._environ.get(name, "") for name in names} | {self._token}
        forms = {form for secret in secrets - {""} for form in (secret, quote(secret, safe=""), quote(secret))}
        return sorted(forms, key=len, reverse=True)

    def _secret(self, name: str | None) -> str:
        value = self._environ.get(name or "", "")
        if not value:
            raise ConnectorUnavailable(f"cannot be entered: {name} is not set in the environment")
        return value

    async def _fetched(self, auth: ServiceAuth) -> str:
        """The token, fetched once however many wait for it."""
        loop = asyncio.get_running_loop()
        async with self._fetching:
            if not self._token or loop.time() > self._token_ends:
                credentials = aiohttp.encode_basic_auth(
                    self._secret(auth.client_id_env), self._secret(auth.client_secret_env)
                )
                form = {"grant_type": "client_credentials", **({"scope": auth.scope} if auth.scope else {})}
                body = await self._http.send(
                    Request(
                        auth.token_url,
                        method="POST",
                        content=urlencode(form).encode(),
                        headers={
                            "Authorization": credentials,
                            "Content-Type": "application/x-www-form-urlencoded",
                            "Accept": "application/json",
                        },
                    ),
                    timeout_seconds=self._timeout_seconds,
                )
                self._token, seconds = _token(body.content)
                self._token_ends = loop.time() + max(seconds - EARLY_SECONDS, 1.0)
            return self._token


def _token(content: bytes) -> tuple[str, float]:
    """A token and how many seconds it holds (RFC 6749 §5.1)."""
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError as exc:
        raise EntryRefused("gives no token: not JSON") from exc
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token:
        raise EntryRefused("gives no token")
    seconds = answer.get("expires_in")
    return token, float(seconds) if isinstance(seconds, int | float) else 3600.0
