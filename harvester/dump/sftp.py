"""Files behind SFTP. The server's key is known beforehand: whoever answers in its place gets no password."""

from __future__ import annotations

import asyncio
import fnmatch
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import PurePosixPath
from types import TracebackType
from typing import BinaryIO, cast
from urllib.parse import quote, unquote, urlsplit

import asyncssh

from harvester.access import beside
from harvester.errors import (
    AccessRefused,
    AnswerTooLarge,
    DumpUnusable,
    HarvestFailed,
    HostUnknown,
    SettingsUnusable,
    SourceUnreachable,
    Untrusted,
)
from harvester.unanswered import no_connection
from mappings.folder import Sftp
from mappings.library import Library

CONNECT_SECONDS = 30.0
BLOCK_BYTES = 256 * 1024
WILDCARDS = "*?["

Listed = tuple[str, int | None, str]
"""URL, size, and when it was last changed."""


class SftpFiles:
    """One connection for each server of a library, opened when it is first needed."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._open = AsyncExitStack()
        self._servers: dict[str, asyncssh.SFTPClient] = {}

    async def __aenter__(self) -> SftpFiles:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def look(self, url: str) -> list[Listed]:
        """The files of a folder, those whose names fit a pattern, or the one that is named.

        Raises: SourceUnreachable, AccessRefused; DumpUnusable when there is no such file.
        """
        server, path = await self._at(url)
        pattern = PurePosixPath(path).name
        base = url[: len(url) - len(urlsplit(url).path)]
        try:
            if not path.endswith("/") and not any(sign in pattern for sign in WILDCARDS):
                return [_listed(base, path, await server.stat(path))]
            folder = path if path.endswith("/") else str(PurePosixPath(path).parent) + "/"
            wanted = "*" if path.endswith("/") else pattern
            return [
                _listed(base, folder + str(entry.filename), entry.attrs)
                async for entry in server.scandir(folder)
                if fnmatch.fnmatchcase(str(entry.filename), wanted) and stat.S_ISREG(entry.attrs.permissions or 0)
            ]
        except (asyncssh.Error, OSError) as exc:
            raise _failure(url, exc) from exc

    async def fetch(self, url: str, into: BinaryIO, max_bytes: int) -> None:
        """Copies a file.

        Raises: SourceUnreachable, AccessRefused, DumpUnusable, AnswerTooLarge.
        """
        server, path = await self._at(url)
        size = 0
        try:
            async with await server.open(path, "rb") as file:
                while block := await asyncio.wait_for(
                    file.read(BLOCK_BYTES, size), self._library.harvest.timeout_seconds
                ):
                    size += len(block)
                    if size > max_bytes:
                        raise AnswerTooLarge(f"{url}: the file is larger than {max_bytes:,} bytes")
                    await asyncio.to_thread(into.write, cast(bytes, block))
        except (asyncssh.Error, OSError, TimeoutError) as exc:
            raise _failure(url, exc) from exc

    async def _at(self, url: str) -> tuple[asyncssh.SFTPClient, str]:
        parts = urlsplit(url)
        if parts.netloc not in self._servers:
            options = self._options(parts.username, parts.hostname or "", parts.port or 22)
            strangers = _Strangers()
            try:
                connection = await self._open.enter_async_context(
                    asyncssh.connect(
                        parts.hostname or "", parts.port or 22, client_factory=lambda: strangers, **options
                    )
                )
                self._servers[parts.netloc] = await self._open.enter_async_context(connection.start_sftp_client())
            except (asyncssh.Error, OSError, TimeoutError) as exc:
                raise _failure(url, exc, strangers.shown) from exc
        return self._servers[parts.netloc], unquote(parts.path)

    def _options(self, username: str | None, host: str, port: int) -> dict[str, object]:
        sftp = self._library.harvest.sftp or Sftp()
        if not username:
            raise SettingsUnusable(f"the SFTP address names no user: sftp://user@{host}/…")
        password = _secret("password_env", sftp.password_env)
        keys: list[asyncssh.SSHKey] = []
        if sftp.key_file:
            passphrase = _secret("key_passphrase_env", sftp.key_passphrase_env)
            file = str(beside(self._library, sftp.key_file))
            with _settings("key_file", file):
                keys = [asyncssh.read_private_key(file, passphrase)]
        return {
            "username": unquote(username),
            "password": password,
            "client_keys": keys or None,
            "known_hosts": self._known_hosts(sftp, host, port),
            "config": None,  # nothing of whoever happens to run this
            "agent_path": None,
            "connect_timeout": CONNECT_SECONDS,
        }

    def _known_hosts(self, sftp: Sftp, host: str, port: int) -> asyncssh.SSHKnownHosts:
        if sftp.host_key:
            with _settings("host_key", repr(sftp.host_key)):
                asyncssh.import_public_key(sftp.host_key)  # the next line would pass over what is none
            pattern = host if port == 22 else f"[{host}]:{port}"
            return asyncssh.import_known_hosts(f"{pattern} {sftp.host_key}\n")
        if not sftp.known_hosts:
            raise SettingsUnusable(
                "harvest.sftp.host_key or harvest.sftp.known_hosts is required: ask the library for its server's key"
            )
        file = str(beside(self._library, sftp.known_hosts))
        with _settings("known_hosts", file):
            return asyncssh.read_known_hosts(file)


class _Strangers(asyncssh.SSHClient):
    """Lets nobody in whose key is not known, and keeps what it was, for the library to be asked about."""

    shown = ""

    def validate_host_public_key(
        self,
        host: str,  # noqa: ARG002 (asyncssh gives it)
        addr: str,  # noqa: ARG002
        port: int,  # noqa: ARG002
        key: asyncssh.SSHKey,
    ) -> bool:
        self.shown = f"{key.get_algorithm()} {key.get_fingerprint()}"
        return False


@contextmanager
def _settings(key: str, value: str) -> Iterator[None]:
    """Raises: SettingsUnusable for what the block finds wrong with a key of the library's file."""
    try:
        yield
    except OSError as exc:
        raise SettingsUnusable(f"harvest.sftp.{key} names {value}: {exc.strerror}") from exc
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError) as exc:
        raise SettingsUnusable(f"harvest.sftp.{key}: {value} cannot be used: {exc}") from exc


def _secret(key: str, variable: str | None) -> str | None:
    """The value of the environment variable that a key names, absent when it names none.

    Raises: SettingsUnusable when it names one that is not set.
    """
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise SettingsUnusable(f"harvest.sftp.{key} names {variable}, which is not set in the environment")
    return value


def _listed(base: str, path: str, about: asyncssh.SFTPAttrs) -> Listed:
    modified = "" if about.mtime is None else datetime.fromtimestamp(about.mtime, UTC).isoformat()
    return base + quote(path), about.size, modified


def _failure(url: str, exc: Exception, key: str = "") -> HarvestFailed:
    where = url.rpartition("@")[2]
    what = str(exc) or type(exc).__name__
    if isinstance(exc, (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)):
        return DumpUnusable(f"{where}: there is no such file")
    if isinstance(exc, asyncssh.HostKeyNotVerifiable):
        shows = f" (it shows {key})" if key else ""
        return Untrusted(f"{where}: its key is not the one in harvest.sftp{shows}: has the library changed it?")
    if isinstance(exc, socket.gaierror):
        return HostUnknown(f"{urlsplit(url).hostname}: nobody knows a host of this name")
    if isinstance(exc, OSError) and not isinstance(exc, TimeoutError):
        what = f"no connection: {no_connection(exc)}"
    elif isinstance(exc, TimeoutError):
        what = "no answer in time"
    refusals = (asyncssh.PermissionDenied, asyncssh.SFTPPermissionDenied, asyncssh.KeyImportError)
    if isinstance(exc, refusals):
        return AccessRefused(f"{where}: {what}")
    return SourceUnreachable(f"{where}: {what}")
