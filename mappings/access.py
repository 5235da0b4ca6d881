"""How a member's server is entered: which secret goes where, named by the environment variable that holds it.

No file holds a secret. A key that belongs into the address itself stands there as ``{key}``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

EnvName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,99}$")]
"""The name of an environment variable, never its value."""


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
