"""The small union catalogue, made once, and the API over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from search_api.app import create_app
from search_api.services import Services, open_services
from search_api.settings import Settings
from tests.support.catalogue import fill


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A state folder with the catalogue of three libraries, to be read only; a fourth member has no records."""
    return asyncio.run(fill(tmp_path_factory.mktemp("catalogue")))


@pytest.fixture
async def services(filled: Settings) -> AsyncIterator[Services]:
    opened = await open_services(filled)
    yield opened
    await opened.close()


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Requests to the application, without a network between."""
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as opened:
        yield opened
