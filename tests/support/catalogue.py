"""A small union catalogue made the product's own way: raw records of four members, harvested, read, indexed."""

from __future__ import annotations

from pathlib import Path

from harvester.store import RawRecord, Store
from indexer.catalogue import Catalogue
from indexer.engine.open import open_engine
from indexer.run import index_changes
from mappings.library import load_libraries
from search_api.settings import Settings
from tests.support.marc import marcxml

RED = "9789570835878"
SAPIENS = "9780062316097"
UNHELD = "9789863501237"

RED_AT_ALPHA = f"""
=001  100
=008  040101s1984    ch            000 0 chi d
=020  \\\\$a{RED}
=245  10$a紅樓夢校注 /$c曹雪芹, 高鶚原著 ; 馮其庸等校注.
=250  \\\\$a初版
=260  \\\\$a臺北市 :$b里仁書局,$c1984.
=300  \\\\$a1285面
=650  \\7$a中國小說 -- 清代$2csht
=700  1\\$a曹雪芹
=852  8\\$bMAIN$cSTACK$h857.49$pA100
=852  8\\$bMAIN$cREF$h857.49$pA101
"""
RED_AT_BETA = f"""
=001  x200
=008  040101s1984    ch            000 0 chi d
=020  \\\\$a{RED}
=245  10$a紅樓夢校注 /$c曹雪芹原著.
=260  \\\\$a臺北市 :$b里仁,$c1984.
=300  \\\\$a1285面
=700  1\\$a曹雪芹
=952  \\\\$aBC$bBC$cADULT$o857.49$pB200$920$yBK
=999  \\\\$c200$d200
"""
RED_AT_GAMMA = f"""
=001  300
=008  040101s1984    ch            000 0 chi d
=020  \\\\$a{RED}
=245  10$a紅樓夢校注.
=260  \\\\$a臺北市 :$b里仁書局,$c1984.
=852  8\\$bG$h857.49$pG300
"""
SAPIENS_AT_ALPHA = f"""
=001  101
=008  150101s2015    nyu           000 0 eng d
=020  \\\\$a{SAPIENS}
=245  10$aSapiens :$ba brief history of humankind /$cYuval Noah Harari.
=260  \\\\$aNew York :$bHarper,$c2015.
=300  \\\\$a443 p.
=650  \\0$aWorld history
=100  1\\$aHarari, Yuval Noah
=852  8\\$bMAIN$cSTACK$hCB113$pA102
"""
EBOOK_AT_GAMMA = """
=LDR  00000nam a2200000 a 4500
=001  301
=006  m\\\\\\\\\\o\\\\d\\\\\\\\\\\\\\\\
=007  cr
=008  200101s2020    ch     o      000 0 chi d
=245  10$a臺灣鳥類圖鑑.
=260  \\\\$a臺北市 :$b晨星,$c2020.
=856  40$uhttps://ebooks.example/301
"""

HARVESTED = {
    "alpha": [("oai:alpha:100", RED_AT_ALPHA), ("oai:alpha:101", SAPIENS_AT_ALPHA)],
    "beta": [("oai:beta:200", RED_AT_BETA)],
    "gamma": [("oai:gamma:300", RED_AT_GAMMA), ("oai:gamma:301", EBOOK_AT_GAMMA)],
    "delta": [],
}

_FILE = """
code = "{code}"
name = {{ "zh-Hant" = "{name}圖書館", en = "{title} Library" }}
region = "{region}"
kind = "city"
record_url = "https://{code}.example/record/{{local_id}}"

[harvest]
protocol = "oai-pmh"
url = "http://127.0.0.1:9/oai"
{rest}
"""
_MEMBERS = {
    "alpha": (
        "甲",
        "north",
        """branches = { MAIN = { "zh-Hant" = "總館", en = "Main" } }
locations = { STACK = { "zh-Hant" = "書庫", en = "Stacks" } }""",
    ),
    "beta": ("乙", "south", 'holdings = "koha-952"\nlocal_id = "999$c"'),
    "gamma": ("丙", "east", ""),
    "delta": ("丁", "north", ""),
}
_PROTOCOLS = {"alpha": "daia", "beta": "koha-ils-di"}


def write_libraries(folder: Path, status: dict[str, str] | None = None, timeout_seconds: float = 5.0) -> Path:
    """The members' files; ``status`` is where their live status is asked, for alpha (DAIA) and beta (Koha ILS-DI)."""
    folder.mkdir(parents=True, exist_ok=True)
    for code, (name, region, records) in _MEMBERS.items():
        rest = f"\n[records]\n{records}\n"
        if code in (status or {}):
            assert status is not None
            rest += (
                f'\n[availability]\nprotocol = "{_PROTOCOLS[code]}"\nurl = "{status[code]}"\n'
                f"timeout_seconds = {timeout_seconds}\n"
            )
        if code == "beta":
            rest += "\n[lending]\ndays = 3\n"
        if code == "gamma":
            rest += "\n[lending]\nlends = false\n"
        text = _FILE.format(code=code, name=name, title=code.title(), region=region, rest=rest)
        (folder / f"{code}.toml").write_text(text, encoding="utf-8")
    return folder


def harvest_into(store: Store, library: str, records: list[tuple[str, str]], *, deleted: tuple[str, ...] = ()) -> None:
    """A complete run that brings these records and takes those."""
    run = store.begin_run(library, "full", "a test")
    page = [RawRecord(library, name, "marcxml", marcxml(text)) for name, text in records]
    page += [RawRecord(library, name, "marcxml", b"", deleted=True) for name in deleted]
    store.commit_page(run, page, None)
    store.finish_run(run, "complete")


async def index(settings: Settings) -> None:
    """Reads what changed and gives it to the engine."""
    store = Store.open(settings.database_url)
    engine = open_engine(settings.engine, settings.index_folder)
    try:
        await index_changes(store, Catalogue(store.engine), engine, load_libraries(settings.libraries))
    finally:
        await engine.close()
        store.close()


async def fill(home: Path) -> Settings:
    """The catalogue in a state folder of its own."""
    settings = Settings(home=home, libraries=write_libraries(home / "libraries"))
    store = Store.open(settings.database_url)
    for code, records in HARVESTED.items():
        if records:
            harvest_into(store, code, records)
    store.close()
    await index(settings)
    return settings
