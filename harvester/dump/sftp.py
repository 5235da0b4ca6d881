"""Files behind SFTP. The server's key is known beforehand: whoever answers in its place gets no password."""

from __future__ import annotations

import asyncio
import fnmatch
import os
import stat
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import PurePosixPath
from types import TracebackType
from typing import BinaryIO, cast
from urllib.parse import quote, unquote, urlsplit

import asyncssh

from harvester.access import beside
from harvester.errors import AccessRefused, AnswerTooLarge, DumpUnusable, HarvestFailed, SourceUnreachable
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
            try:
                options = self._options(parts.username, parts.hostname or "", parts.port or 22)
                connection = await self._open.enter_async_context(
                    asyncssh.connect(parts.hostname or "", parts.port or 22, **options)
                )
                self._servers[parts.netloc] = await self._open.enter_async_context(connection.start_sftp_client())
            except (asyncssh.Error, OSError, TimeoutError) as exc:
                raise _failure(url, exc) from exc
        return self._servers[parts.netloc], unquote(parts.path)

    def _options(self, username: str | None, host: str, port: int) -> dict[str, object]:
        sftp = self._library.harvest.sftp or Sftp()
        if not username:
            raise AccessRefused(f"{self._library.code}: the SFTP address names no user: sftp://user@{host}/…")
        if sftp.host_key:
            pattern = host if port == 22 else f"[{host}]:{port}"
            known = asyncssh.import_known_hosts(f"{pattern} {sftp.host_key}\n")
        elif sftp.known_hosts:
            known = asyncssh.read_known_hosts(str(beside(self._library, sftp.known_hosts)))
        else:
            raise AccessRefused(f"{self._library.code}: harvest.sftp.host_key or harvest.sftp.known_hosts is required")
        keys: list[asyncssh.SSHKey] = []
        if sftp.key_file:
            try:
                passphrase = _secret(sftp.key_passphrase_env)
                keys = [asyncssh.read_private_key(str(beside(self._library, sftp.key_file)), passphrase)]
            except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as exc:
                raise AccessRefused(f"{self._library.code}: harvest.sftp.key_file cannot be used: {exc}") from exc
        return {
            "username": unquote(username),
            "password": _secret(sftp.password_env),
            "client_keys": keys or None,
            "known_hosts": known,
            "config": None,  # nothing of whoever happens to run this
            "agent_path": None,
            "connect_timeout": CONNECT_SECONDS,
        }


def _secret(variable: str | None) -> str | None:
    """The value of an environment variable, absent when none is named.

    Raises: AccessRefused when it is named and not set.
    """
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise AccessRefused(f"the environment variable {variable} is not set")
    return value


def _listed(base: str, path: str, about: asyncssh.SFTPAttrs) -> Listed:
    modified = "" if about.mtime is None else datetime.fromtimestamp(about.mtime, UTC).isoformat()
    return base + quote(path), about.size, modified


def _failure(url: str, exc: Exception) -> HarvestFailed:
    where = url.rpartition("@")[2]
    what = str(exc) or type(exc).__name__
    if isinstance(exc, (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)):
        return DumpUnusable(f"{where}: there is no such file")
    if isinstance(exc, asyncssh.HostKeyNotVerifiable):
        return AccessRefused(f"{where}: the server's key is not the one in harvest.sftp: {what}")
    refusals = (asyncssh.PermissionDenied, asyncssh.SFTPPermissionDenied, asyncssh.KeyImportError)
    if isinstance(exc, refusals):
        return AccessRefused(f"{where}: {what}")
    return SourceUnreachable(f"{where}: {what}")
