"""A real SFTP server on this machine over a folder, with a key and a password of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh

PASSWORD = "open sesame"


@dataclass(frozen=True, slots=True)
class SftpPlace:
    """Where the server is: its URL without a path, and its public key."""

    url: str
    host_key: str


class _Users(asyncssh.SSHServer):
    def __init__(self, key: str) -> None:
        self._key = key

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("riverton", PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return bool(self._key)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key.export_public_key().decode().split()[:2] == self._key.split()[:2]


@asynccontextmanager
async def sftp_server(folder: Path, *, authorized_key: str = "") -> AsyncIterator[SftpPlace]:
    """The server; it knows the user riverton, by the password or the key."""
    key = asyncssh.generate_private_key("ssh-ed25519")

    def server(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=str(folder).encode())

    listener = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=lambda: _Users(authorized_key), server_host_keys=[key], sftp_factory=server
    )
    try:
        port = listener.get_port()
        yield SftpPlace(f"sftp://riverton@127.0.0.1:{port}", key.export_public_key().decode().strip())
    finally:
        listener.close()
        await listener.wait_closed()
