"""The application over the small catalogue, and somebody with a browser at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from harvester.store import Store
from search_api.app import create_app
from search_api.services import Services
from search_api.staff.access import Staff
from tests.support.staff import QUICK


class Clock:
    """A time that moves when a test says so."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock, tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'staff.sqlite3'}", clock)
    yield opened
    opened.close()


@pytest.fixture
def staff(store: Store) -> Staff:
    """Staff of alpha and beta, with a database of their own."""
    return Staff.open(store, ("alpha", "beta"), passwords=QUICK)


@pytest.fixture
async def client(services: Services, staff: Staff) -> AsyncIterator[httpx.AsyncClient]:
    """Requests of one browser, which keeps its cookies; the staff are those of ``staff``."""
    app = create_app(services)
    app.state.staff = staff
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("192.0.2.7", 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as opened:
        yield opened
