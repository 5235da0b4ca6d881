"""A small catalogue with what selectors meet: sets, e-books, copies on order, several editions of a work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from harvester.store import Store
from search_api.app import create_app
from search_api.selecting.matching import Shelves
from search_api.services import Services, open_services
from search_api.settings import Settings
from search_api.staff.roles import Role
from tests.support.catalogue import HARVESTED, harvest_into, index, write_libraries
from tests.support.staff import Person, person

OLD, NEW = "9789573300014", "9789573300021"
SET, VOLUME = "9789571300016", "9789571300023"
ORDERED = "9789861200019"
PRINT_OF_EBOOK = "9789862000014"


def _novel(number: str, isbn: str, year: int, publisher: str) -> str:
    return f"""
=001  {number}
=008  900101s{year}    ch            000 1 chi d
=020  \\\\$a{isbn}
=245  10$a半生緣 /$c張愛玲著.
=260  \\\\$a臺北市 :$b{publisher},$c{year}.
=300  \\\\$a363面
=100  1\\$a張愛玲
=852  8\\$bMAIN$h857.7$pN{number}
"""


THE_SET = f"""
=001  500
=008  900101s1993    ch            000 0 chi d
=020  \\\\$a{SET} (全套 : 平裝)
=020  \\\\$a{VOLUME} (第1冊 : 平裝)
=245  10$a胡適日記 /$c胡適著.
=260  \\\\$a臺北市 :$b遠流,$c1993.
=300  \\\\$a2冊
=100  1\\$a胡適
=852  8\\$bMAIN$h783$pS500
"""
ON_ORDER = f"""
=001  x600
=008  260101s2026    ch            000 0 chi d
=020  \\\\$a{ORDERED}
=245  10$a島嶼新書 /$c林一著.
=260  \\\\$a臺北市 :$b新社,$c2026.
=300  \\\\$a200面
=100  1\\$a林一
=952  \\\\$aBC$bBC$cADULT$o863.57$7-1$9600$yBK
=952  \\\\$aBC$bBC$cADULT$o863.57$pB601$9601$yBK
=999  \\\\$c600$d600
"""
EBOOK = f"""
=LDR  00000nam a2200000 a 4500
=001  302
=006  m\\\\\\\\\\o\\\\d\\\\\\\\\\\\\\\\
=007  cr
=008  200101s2020    ch     o      000 0 chi d
=245  10$a臺灣的山 /$c王二著.
=260  \\\\$a臺北市 :$b晨星,$c2020.
=100  1\\$a王二
=776  08$z{PRINT_OF_EBOOK}
=856  40$uhttps://ebooks.example/302
"""
A_PART = """
=001  403
=008  120101s2012    ch            000 1 chi d
=245  10$a明日的書.$n3,$p秋天的事 /$c林三著.
=260  \\\\$a臺北市 :$b新社,$c2012.
=300  \\\\$a300面
=100  1\\$a林三
=852  8\\$bMAIN$h857.7$pN403
"""
STOCK = {
    "alpha": [("oai:alpha:400", _novel("400", OLD, 1969, "皇冠")), ("oai:alpha:500", THE_SET)],
    "beta": [("oai:beta:600", ON_ORDER)],
    "gamma": [
        ("oai:gamma:401", _novel("401", NEW, 2010, "皇冠文化")),
        ("oai:gamma:302", EBOOK),
        ("oai:gamma:403", A_PART),
    ],
}


async def _fill(home: Path) -> Settings:
    settings = Settings(home=home, libraries=write_libraries(home / "libraries"))
    store = Store.open(settings.database_url)
    for code, records in HARVESTED.items():
        if both := [*records, *STOCK.get(code, [])]:
            harvest_into(store, code, both)
    store.close()
    await index(settings)
    return settings


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A state folder with the catalogue."""
    return asyncio.run(_fill(tmp_path_factory.mktemp("stock")))


@pytest.fixture
async def services(stocked: Settings) -> AsyncIterator[Services]:
    opened = await open_services(stocked)
    yield opened
    await opened.close()


@pytest.fixture
def shelves(services: Services) -> Shelves:
    return Shelves(services.engine, services.catalogue, services.libraries)


@pytest.fixture
def reports_store(tmp_path: Path) -> Iterator[Store]:
    """A store of a test's own."""
    opened = Store.open(f"sqlite:///{tmp_path / 'reports.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://catalogue.example") as opened:
        yield opened


@pytest.fixture
def selector(services: Services) -> Person:
    """A selector of alpha, which is in the north as delta is."""
    return person(services.store, Role.SELECTOR, library="alpha")
