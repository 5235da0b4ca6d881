"""What an operator can mend, said in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harvester.errors import LeaseTaken, StoreUnusable
from indexer.codec import CodecMismatch
from indexer.engine import EngineIncompatible, EngineUnavailable
from mappings.agreements import LendingInvalid
from mappings.library import LibraryInvalid
from mappings.site import SiteInvalid
from mappings.table import TableInvalid
from mappings.themes import ThemesInvalid
from search_api.commands.shared import errors
from search_api.settings import SettingsInvalid
from search_api.text_catalogues import TextsInvalid

MENDABLE = (
    *(SettingsInvalid, SiteInvalid, LibraryInvalid, LendingInvalid, ThemesInvalid, TableInvalid, TextsInvalid),
    *(StoreUnusable, LeaseTaken, EngineUnavailable, EngineIncompatible, CodecMismatch),
)


@contextmanager
def said_in_one_line() -> Iterator[None]:
    """Ends with exit code 2 and one line for what an operator can mend; anything else goes on as it is."""
    try:
        yield
    except MENDABLE as exc:
        errors.print(f"allshelves: {exc}", style="red", markup=False, soft_wrap=True)
        raise SystemExit(2) from exc
