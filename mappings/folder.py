"""Where a library puts its files, how to enter, and what the names of its files say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mappings.access import Address, EnvName


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_several)]
"""Names of files, with ``*``, ``?`` and ``[0-9]``; one or a list."""


class Folder(BaseModel):
    """A folder that a library puts files into: now all of its records, now what has changed since."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    path: Address = Field(min_length=1)  # a path, sftp://user@host/folder, or the URL of a page that links to the files
    take: Names = ("*",)  # other names are none of ours
    full: Names = ()  # these state everything; all others state changes
    deletions: Names = ()  # these name what has left, as records or as a list of control numbers
    items: Names = ()  # tables of copies; each states all copies of the records it names
    ready: Literal["settled", "done"] = "settled"  # done: FILE counts once FILE.done lies beside it
    settle_seconds: float = Field(default=10.0, ge=0, le=3600)  # a file must not change for so long


class Sftp(BaseModel):
    """How to enter an SFTP server whose key is known beforehand."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    host_key: str = ""  # "ssh-ed25519 AAAA…", as ssh-keyscan prints it after the name of the host
    known_hosts: str = ""  # a file of such lines; relative to the library's file
    password_env: EnvName | None = None
    key_file: str = ""  # our private key; relative to the library's file
    key_passphrase_env: EnvName | None = None
