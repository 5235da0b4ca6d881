"""How a member's server is entered: which secret goes where, named by the environment variable that holds it.

No file holds a secret. A key that belongs into the address itself stands there as ``{key}``.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

EnvName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,99}$")]
"""The name of an environment variable, never its value."""

_ENTRY = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<entry>[^/?#\s'\"]*)@", re.IGNORECASE)

TELLING = "key|token|secret|pass|pwd|auth|sig|credential"
"""What is in the names of arguments that hold secrets."""

_SECRET = re.compile(rf"(?<=[?&;])(?!resumptionToken=)([^=&;#\s]*(?:{TELLING})[^=&;#\s]*)=[^&;#\s'\"]+", re.IGNORECASE)


def without_password(address: str) -> str:
    """The address, which must tell nobody's password: files are copied, shown and sent by mail.

    Raises: ValueError when it does; who is let in over SFTP may stand there, the password may not.
    """
    entry = _ENTRY.match(address)
    if entry is None:
        return address
    if entry["scheme"].lower() == "sftp":
        if ":" in entry["entry"]:
            raise ValueError("no password may stand in an address: harvest.sftp.password_env names its variable")
        return address
    raise ValueError("no user or password may stand in an address: harvest.auth names the variables that hold them")


def masked(text: str) -> str:
    """The text, with dots for whoever stands before the @ of an address in it and for what looks like a key in one."""
    return without_keys(_ENTRY.sub(lambda found: f"{found['scheme']}://…@", text))


def without_keys(text: str) -> str:
    """The text, with dots for the values of arguments that look like keys; names of files in it stay whole."""
    return _SECRET.sub(r"\1=…", text)


Address = Annotated[str, AfterValidator(without_password)]
"""A path or an address that holds no password."""


class Auth(BaseModel):
    """What a server asks for before it gives records; every ``…_env`` names an environment variable."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: Literal["basic", "bearer", "api-key", "client-certificate"]
    username_env: EnvName | None = None  # basic
    password_env: EnvName | None = None  # basic; of a client certificate's key, when it has one
    token_env: EnvName | None = None  # bearer
    key_env: EnvName | None = None  # api-key
    header: str = ""  # api-key: the header that carries it
    parameter: str = ""  # api-key: the query parameter that carries it; neither: it stands in the URL as {key}
    certificate_env: EnvName | None = None  # client-certificate: the path of a PEM file with certificate and key

    @model_validator(mode="after")
    def _what_the_kind_needs_is_named(self) -> Auth:
        missing = [name for name in NEEDED[self.kind] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"harvest.auth of kind {self.kind!r} needs {' and '.join(missing)}")
        return self


NEEDED: dict[str, tuple[str, ...]] = {
    "basic": ("username_env", "password_env"),
    "bearer": ("token_env",),
    "api-key": ("key_env",),
    "client-certificate": ("certificate_env",),
}
"""The keys each kind cannot do without."""
