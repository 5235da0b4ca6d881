"""Writes down, every so often and at the end, what a serving process has counted of the libraries' systems."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from harvester.errors import StoreUnusable
from search_api.availability.check import AvailabilityChecker
from search_api.availability.history import History

EVERY_SECONDS = 60.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keeping:
    """One process's checker, and where its counts are added to those of others."""

    checker: AvailabilityChecker
    history: History
    every_seconds: float = EVERY_SECONDS

    async def run(self) -> None:
        """Writes until it is cancelled. What was counted since the last time is then still to be written."""
        while True:
            await asyncio.sleep(self.every_seconds)
            await self.write()

    async def write(self) -> None:
        """Writes once. What the store does not take is counted on, and written with the next."""
        counted = self.checker.counted()
        if not counted:
            return
        try:
            await asyncio.to_thread(self.history.add, counted)
        except StoreUnusable as exc:
            self.checker.give_back(counted)
            logger.warning("what came of live status could not be written down: %s", exc)
