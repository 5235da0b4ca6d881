"""Turns at hosts: one request at a time to each, whichever member or process of this machine asks.

Between processes a turn is a lock on a file of the host's, which the system takes back from a process that dies.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

from harvester.errors import StoreUnusable

HOSTS = "hosts"
"""The folder of the files, in the state folder."""

LOOK_AGAIN_SECONDS = 0.02
LEGIBLE = 60  # letters of a host in its file's name


class Turns:
    """Whose turn it is. Without ``folder`` other processes are not heeded."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._here: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[bool]:
        """A turn at a host, waited for; whether anybody is known to have had one before.

        Raises: StoreUnusable when the folder cannot be written.
        """
        asked = host in self._here
        async with self._here.setdefault(host, asyncio.Lock()):
            if self._folder is None:
                yield asked
                return
            held = _opened(self._folder / file_name(host))
            try:
                waited = await _locked(held)
                yield asked or waited
            finally:
                os.close(held)  # which gives the lock back


def file_name(host: str) -> str:
    """The name of a host's file, which is never deleted: whoever waits for it has it open."""
    return f"{re.sub('[^a-z0-9.]+', '-', host.lower())[:LEGIBLE]}-{sha256(host.encode()).hexdigest()[:12]}.lock"


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as exc:
        raise StoreUnusable(f"{path}: {exc.strerror}") from exc


async def _locked(file: int) -> bool:
    """Waits for the lock, and says whether there was need to."""
    waited = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = True
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        else:
            return waited
