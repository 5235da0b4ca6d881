"""Where the embedded engine keeps its index: one folder a generation, and a file that names the current one.

A rebuild fills a new generation and replaces that file in one step, so that readers in any process see the old index
or the new one, and never half of one. The file also names the generation before, which can be gone back to; all others
are of rebuilds that were killed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import orjson

from indexer.engine import EngineIncompatible, EngineUnavailable

POINTER = "current.json"
LOCK = "writer.lock"
PREFIX = "editions-"


@dataclass(frozen=True, slots=True)
class Generation:
    """One index folder, and the version of the mapping it was made with."""

    folder: Path
    version: int


def current(home: Path) -> Generation | None:
    """The generation in use, or None when nothing was ever indexed.

    Raises: EngineIncompatible when the file that names it cannot be read.
    """
    return _named(home)[0]


def before(home: Path) -> Generation | None:
    """The generation that the current one replaced, or None when there is none. Raises: as `current`."""
    found = _named(home)[1]
    return found if found and found.folder.is_dir() else None


def _named(home: Path) -> tuple[Generation | None, Generation | None]:
    pointer = home / POINTER
    try:
        return _read(home, pointer.read_bytes())
    except FileNotFoundError:
        return None, None
    except OSError as exc:
        raise EngineUnavailable(f"{pointer} cannot be read: {exc}") from exc
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise EngineIncompatible(f"{pointer} is damaged; run `allshelves rebuild`") from exc


@lru_cache(maxsize=16)  # every search asks which generation is in use
def _read(home: Path, pointer: bytes) -> tuple[Generation, Generation | None]:
    content = orjson.loads(pointer)
    older = content.get("before")
    return _generation(home, content), _generation(home, older) if older else None


def _generation(home: Path, content: Mapping[str, Any]) -> Generation:
    return Generation(home / str(content["folder"]), int(content["version"]))


def begin(home: Path, version: int) -> Generation:
    """A new, empty generation beside the current one. Raises: EngineUnavailable when the folder cannot be made."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    folder = home / f"{PREFIX}{version}-{moment}"
    try:
        folder.mkdir(parents=True)
    except OSError as exc:
        raise EngineUnavailable(f"the index folder {folder} cannot be made: {exc}") from exc
    return Generation(folder, version)


def switch(home: Path, generation: Generation, replaced: Generation | None) -> None:
    """Makes a filled generation the current one, in one step that survives a power cut."""
    content = orjson.dumps(_as_json(generation) | ({"before": _as_json(replaced)} if replaced else {}))
    temporary = home / f"{POINTER}.new"
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(home / POINTER)
        folder = os.open(home, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as exc:
        raise EngineUnavailable(f"the new index in {generation.folder} cannot be put in use: {exc}") from exc


def _as_json(generation: Generation) -> dict[str, Any]:
    return {"folder": generation.folder.name, "version": generation.version}


def sweep(home: Path, *keep: Generation | None) -> None:
    """Removes all generations but these: those replaced long ago, and those a killed rebuild left unfinished."""
    kept = {generation.folder for generation in keep if generation}
    for folder in home.glob(f"{PREFIX}*"):
        if folder not in kept:
            shutil.rmtree(folder, ignore_errors=True)


class WriterLock:
    """The right to write, held by one process at a time and given back by the system when that process dies."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def take(self) -> None:
        """Raises: EngineUnavailable when another process is writing."""
        if self._file is not None:
            return
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            file = (self._home / LOCK).open("ab")
        except OSError as exc:
            raise EngineUnavailable(f"the index folder {self._home} cannot be written: {exc}") from exc
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            file.close()
            raise EngineUnavailable(
                f"another process is writing the index in {self._home}; wait until it has finished"
            ) from exc
        self._file = file

    def release(self) -> None:
        """Gives the right back; nothing happens when it is not held."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
