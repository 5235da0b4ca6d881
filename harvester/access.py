"""How a member's server is entered: headers, keys and certificates, and what of an address may be shown.

Secrets come from the environment by the names a library's file gives. They are put into a request at the last moment
and into nothing else: no log, no error, no record and no table ever holds one.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import aiohttp
from yarl import URL

from harvester.errors import SettingsUnusable
from mappings.access import TELLING, Auth
from mappings.library import Library

KEY = "{key}"
"""What stands in an address in place of its key."""

HIDDEN = "…"
PLAIN_ARGUMENTS = {"verb", "metadataPrefix", "set", "from", "until", "resumptionToken", "identifier"}

_TELLING = re.compile(TELLING, re.IGNORECASE)
_KEY_IN_PATH = re.compile(r"(?<=/)(?=[^/?#]*[0-9])(?=[^/?#]*[A-Za-z])[\w~.=-]{24,}(?=[/?#]|$)")
_USER = re.compile(r"(?<=//)[^/?#@]*@")
_PAIR = re.compile(r"(?<=[?&;])([^=&;#]+)=([^&;#]*)")


@dataclass(frozen=True, slots=True)
class Access:
    """What one member's server is sent beside the request, and only that server."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    key: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None  # absent: the usual certificates
    user_agent: str = ""
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def of(cls, library: Library, environ: Mapping[str, str] = os.environ) -> Access:
        """The access that a library's file describes.

        Raises: SettingsUnusable when a variable is not set or a certificate cannot be read.
        """
        harvest, auth = library.harvest, library.harvest.auth
        secrets = {} if auth is None else _secrets(auth, environ)
        tls = _tls(library, secrets) if harvest.ca_file or "certificate_env" in secrets else None
        headers: dict[str, str] = {}
        parameters: tuple[tuple[str, str], ...] = ()
        if auth is not None and auth.kind == "basic":
            headers["Authorization"] = aiohttp.encode_basic_auth(secrets["username_env"], secrets["password_env"])
        elif auth is not None and auth.kind == "bearer":
            headers["Authorization"] = f"Bearer {secrets['token_env']}"
        elif auth is not None and auth.kind == "api-key" and auth.header:
            headers[auth.header] = secrets["key_env"]
        elif auth is not None and auth.kind == "api-key" and auth.parameter:
            parameters = ((auth.parameter, secrets["key_env"]),)
        hidden = frozenset(value for name, value in secrets.items() if name not in ("username_env", "certificate_env"))
        return cls(headers, parameters, secrets.get("key_env", ""), tls, harvest.user_agent, hidden)

    def entered(self, url: URL) -> URL:
        """The address as it goes over the line, keys put in."""
        text = str(url).replace(KEY, quote(self.key, safe="")) if self.key else str(url)
        if self.parameters:
            query = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in self.parameters)
            text += ("&" if "?" in text else "?") + query
        return URL(text, encoded=True)

    def shown(self, text: str) -> str:
        """A text without the secrets of this access."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            for form in (secret, quote(secret, safe=""), quote(secret)):
                text = text.replace(form, HIDDEN)
        return text


OPEN = Access()
"""No credentials, the usual certificates."""


def upload_token_missing(library: Library, environ: Mapping[str, str] = os.environ) -> str:
    """In words, that the variable of a library's token for uploads is not set; "" when it is, or none is named."""
    variable = library.harvest.upload_token_env
    if variable is None or environ.get(variable):
        return ""
    return f"set {variable}, which harvest.upload_token_env names: until then the library's uploads are turned away"


def redacted(url: str) -> str:
    """An address without what looks like a key: a user, a telling argument, a long random part of the path."""
    url = _USER.sub("", url)
    path, question, query = url.partition("?")

    def pair(match: re.Match[str]) -> str:
        name = match[1]
        secret = name not in PLAIN_ARGUMENTS and _TELLING.search(name)
        return f"{name}={HIDDEN}" if secret and match[2] else match[0]

    return _KEY_IN_PATH.sub(HIDDEN, path) + _PAIR.sub(pair, question + query)


def _secrets(auth: Auth, environ: Mapping[str, str]) -> dict[str, str]:
    """The values of the variables an auth table names, by key of the table."""
    names = {key: value for key, value in auth.model_dump().items() if key.endswith("_env") and value is not None}
    for key, name in names.items():
        if not environ.get(name):
            raise SettingsUnusable(f"harvest.auth.{key} names {name}, which is not set in the environment")
    return {key: environ[name] for key, name in names.items()}


def _tls(library: Library, secrets: Mapping[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context()
    key = file = ""
    try:
        if library.harvest.ca_file:
            key = "harvest.ca_file"
            file = str(beside(library, library.harvest.ca_file))
            context.load_verify_locations(cafile=file)
        if "certificate_env" in secrets:
            key, file = "harvest.auth.certificate_env", str(beside(library, secrets["certificate_env"]))
            context.load_cert_chain(file, password=secrets.get("password_env"))
    except (OSError, ssl.SSLError) as exc:
        raise SettingsUnusable(f"{key} names {file}, which cannot be used: {_words(exc, key)}") from exc
    return context


def _words(exc: OSError, key: str) -> str:
    """What a file of certificates lacks; OpenSSL's own words are for programmers."""
    if not isinstance(exc, ssl.SSLError):
        return exc.strerror or str(exc)
    if key == "harvest.ca_file":
        return "there is no certificate in it (PEM)"
    return "it lacks a certificate or its key (PEM), or its password is not the one of harvest.auth.password_env"


def beside(library: Library, file: str) -> Path:
    """A path that a library's file names, taken from where that file stands."""
    path = Path(file)
    return path if path.is_absolute() or library.file is None else library.file.parent / path
