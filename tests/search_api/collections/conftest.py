"""A made-up union catalogue whose every figure can be counted by hand, and the room of collections over it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from indexer.document import document
from indexer.engine.embedded import EmbeddedEngine
from indexer.record import Classification, Edition, Format, Holding, Item, Sourced
from mappings.library import load_libraries
from search_api.app import create_app
from search_api.services import Services, open_services
from search_api.settings import Settings
from search_api.staff.roles import Role
from tests.support.catalogue import write_libraries
from tests.support.editions import make_edition
from tests.support.staff import Person, person

MEMBERS = ("alpha", "beta", "delta", "gamma")
LANGUAGES = ((), ("chi",), ("eng",), ("vie",), ("chi", "eng"))
CLASSES = ((), (("857.7", "ncsclt"),), (("312", "ncsclt"), ("005.13", "ddc")), (("8", "ncsclt"),), (("PL27", "lcc"),))
FORMATS = (Format.BOOK, Format.COMIC, Format.EBOOK, Format.SOUND)
YEARS = (None, 1987, 1994, 2005, 2020)


def made(count: int = 240, seed: int = 7) -> tuple[Edition, ...]:
    """Editions of all kinds, each held by none but the first three members and a library that is a member no more."""
    dice = random.Random(seed)
    holders = ("alpha", "beta", "gamma", "former")
    found = []
    for number in range(count):
        libraries = dice.sample(holders, dice.choice((1, 1, 2, 3)))
        edition = make_edition(
            f"e{number:03d}",
            "茶經" if number % 3 else "Tea",
            libraries=libraries,
            year=dice.choice(YEARS),
            languages=dice.choice(LANGUAGES),
            format=dice.choice(FORMATS),
            creators=["陸羽"],
        )
        classes = tuple(
            Sourced(Classification(text, scheme), tuple(sorted(libraries))) for text, scheme in dice.choice(CLASSES)
        )
        holdings = tuple(
            Holding(code, edition.id, edition.id, location="STACK", call_number=f"434.81 {number:04d}", items=(Item(),))
            for code in libraries
        )
        found.append(replace(edition, classifications=classes, holdings=holdings))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Site:
    """A deployment with the made-up catalogue in its index."""

    settings: Settings
    editions: tuple[Edition, ...]


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """To be read only."""
    home = tmp_path_factory.mktemp("collections")
    settings = Settings(home=home, libraries=write_libraries(home / "libraries"))
    editions = made()

    async def fill() -> None:
        engine = EmbeddedEngine(settings.index_folder)
        libraries = load_libraries(settings.libraries)
        await engine.write([document(edition, libraries) for edition in editions])
        await engine.close()

    asyncio.run(fill())
    return Site(settings, editions)


@pytest.fixture
async def opened(made_up: Site) -> AsyncIterator[Services]:
    services = await open_services(made_up.settings)
    yield services
    await services.close()


@pytest.fixture
def selector(opened: Services) -> Person:
    return person(opened.store, Role.SELECTOR, library="alpha")


@pytest.fixture
async def asked(opened: Services, selector: Person) -> AsyncIterator[httpx.AsyncClient]:
    """Requests of a selector's program, without a network between."""
    transport = httpx.ASGITransport(create_app(opened), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://catalogue.example", headers=selector.program
    ) as client:
        yield client


@pytest.fixture
async def page(opened: Services, selector: Person) -> AsyncIterator[httpx.AsyncClient]:
    """Requests of a selector's browser."""
    transport = httpx.ASGITransport(create_app(opened), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://catalogue.example", headers=selector.browser
    ) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
