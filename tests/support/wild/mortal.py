"""A harvest without a line, in this process, that can be killed at any step: before and after each request, and
before, within and after each transaction. A killed one does nothing more, not even tidy up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import aiohttp
from sqlalchemy import Connection, Engine
from yarl import URL

from fixtures.wild.repository import Clock
from fixtures.wild.server import WildServer
from harvester.access import Access
from harvester.http import Answer, Patience, PatientSession
from harvester.store import Store


class Killed(BaseException):
    """The process is gone."""


@dataclass(slots=True)
class Steps:
    """Counts steps; at ``last`` the process dies."""

    last: int | None = None
    taken: int = 0
    dead: bool = False

    def step(self) -> None:
        if self.dead:
            raise Killed
        self.taken += 1
        if self.taken == self.last:
            self.dead = True
            raise Killed


class MortalStore(Store):
    """A store of a process that may die."""

    def __init__(self, engine: Engine, now: Clock, steps: Steps) -> None:
        super().__init__(engine, now)
        self.steps = steps

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self.steps.step()
        with super().writing() as connection:
            yield connection
            self.steps.step()
        self.steps.step()


class MortalSession(PatientSession):
    """Asks a wild server in this process; all else is the patient session's own. Each answer takes a second."""

    def __init__(self, server: WildServer, clock: Clock, steps: Steps) -> None:
        async def sleep(seconds: float) -> None:
            clock.later(seconds=seconds)

        super().__init__(sleep=sleep, jitter=lambda: 1.0, clock=clock.seconds)
        self.server = server
        self.time = clock
        self.steps = steps

    async def __aenter__(self) -> MortalSession:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def _answer(self, url: URL, patience: Patience, access: Access) -> Answer:
        self.steps.step()
        reply = self.server.ask(url.raw_query_string)
        self.time.later(seconds=1)
        self.steps.step()
        if reply.sending == "dropped":
            raise aiohttp.ClientError("the connection was dropped")
        if reply.sending != "whole":
            raise aiohttp.ClientPayloadError("cut off")
        return Answer(str(url), reply.status, reply.body, None, reply.headers.get("Retry-After", ""))
