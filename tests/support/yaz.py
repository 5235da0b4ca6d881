"""Index Data's servers (Debian: yaz, idzebra-2.0), which we did not write, for tests of Z39.50 and SRU.

`make peers` finds them or installs them; a test that has none fails and says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PACKAGES = ("yaz", "idzebra-2.0")
PROGRAMS = ("yaz-ztest", "zebrasrv", "zebraidx")
START_SECONDS = 10


def missing() -> list[str]:
    """The programs that are not on this machine."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def needed() -> None:
    """Raises: AssertionError, saying what to do, when a server is missing: the test has shown nothing."""
    assert not missing(), f"{', '.join(missing())}: not here; run `make peers`, or install {' and '.join(PACKAGES)}"


def install() -> None:
    """Installs Debian's packages where we may.

    Raises: SystemExit, saying what to do by hand.
    """
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", *PACKAGES], check=False, env=quiet)
    if missing():
        raise SystemExit(f"no {', '.join(missing())}: install the packages {' and '.join(PACKAGES)} and run again")


@asynccontextmanager
async def running(*command: str, folder: Path, port: int) -> AsyncIterator[None]:
    """A server that listens on a local port, started in a folder and ended."""
    server = await asyncio.create_subprocess_exec(*command, cwd=folder, stderr=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(START_SECONDS):
            while not await _listens(port):
                assert server.returncode is None, f"{command[0]} ended at once"
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.terminate()
        await server.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    if missing() and "--install" in sys.argv:
        install()
    print(f"peers: {', '.join(name for name in PROGRAMS if name not in missing()) or 'none'}")
