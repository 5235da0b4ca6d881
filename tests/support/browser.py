"""A real Chromium for the browser tests: the machine's own, else Playwright's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these Chromium asks hosts on the Internet at every start, which a closed network refuses many times over.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str | None:
    """The path of a Chromium on this machine, or None."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
    return bundled if bundled and Path(bundled).exists() else None


def install() -> str:
    """Installs Chromium: Debian's package where we may, else the one Playwright downloads.

    Raises: SystemExit, saying what to do by hand.
    """
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, env=quiet)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    path = executable()
    if path is None:
        raise SystemExit("no Chromium: install the package chromium (or google-chrome) and run again")
    return path


if __name__ == "__main__":
    print(f"browser: {executable() or (install() if '--install' in sys.argv else 'none')}")
