"""A damaged version of a record beside its good one: from the raw store to what can be found."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from harvester.store import RawRecord, Store
from indexer.catalogue import Catalogue
from indexer.damage import Damage, damage
from indexer.engine import SearchRequest
from indexer.engine.embedded import EmbeddedEngine
from indexer.run import IndexOutcome, index_changes, rebuild
from tests.support import marc
from tests.support.marc import LEADER, from_values, read_text

LIBRARIES = {"testlib": marc.library()}
TITLE = "Příliš žluťoučký kůň úpěl"
OTHER_FIELDS = [("001", b"1"), ("260", b"  \x1faPraha\x1fc1984"), ("300", b"  \x1fa354 p.")]


def titled(title: bytes, tag: str = "245") -> RawRecord:
    return RawRecord("testlib", "1", "iso2709", from_values(LEADER, [*OTHER_FIELDS, (tag, b"10\x1fa" + title)]))


def in_xml(text: str, tag: str = "245") -> RawRecord:
    xml = marc.marcxml(f"=001  1\n=260  \\\\$aPraha$c1984\n=245  10$a{text}")
    return RawRecord("testlib", "1", "marcxml", xml.replace(b'tag="245"', f'tag="{tag}"'.encode()))


class Union:
    def __init__(self, folder: Path) -> None:
        self.store = Store.open(f"sqlite:///{folder / 'catalogue.sqlite3'}")
        self.catalogue = Catalogue(self.store.engine)
        self.engine = EmbeddedEngine(folder / "index")

    async def index(self, record: RawRecord) -> IndexOutcome:
        run = self.store.begin_run("testlib", "incremental", "test")
        self.store.commit_page(run, [record], None)
        self.store.finish_run(run, "complete")
        return await index_changes(self.store, self.catalogue, self.engine, LIBRARIES)

    async def titles(self) -> list[str]:
        page = await self.engine.search(SearchRequest(limit=10))
        return [hit.edition.title.proper if hit.edition.title else "" for hit in page.hits]

    def reasons(self) -> list[str]:
        return [one.reason for one in self.store.quarantined("testlib")]


@pytest.fixture
async def union(tmp_path: Path) -> AsyncIterator[Union]:
    opened = Union(tmp_path)
    yield opened
    await opened.engine.close()
    opened.store.close()


DAMAGED = [
    (titled(TITLE.encode("cp1250")), "windows-1250", "another set under a leader that says UTF-8"),
    (titled(b"P\xef\xbf\xbd\xef\xbf\xbdli\xef\xbf\xbd"), "lost", "letters that were lost before it was sent"),
    (titled(b"\x00" * 15), "control characters", "nothing but NUL"),
    (titled(b"?????"), "no letter", "question marks for letters"),
    (titled(b"A title", "2 5"), "tag '2 5'", "a tag that is none"),
    (titled(b"A title", "24 "), "tag '24 '", "the same"),
    (titled(b""), "no subfields|no title", "no title at all"),
    (in_xml("A title", "2 5"), "tag '2 5'", "in MARCXML"),
    (in_xml("A title", "24"), "tag '24'", "in MARCXML"),
    (in_xml("A title", ""), "tag ''", "in MARCXML"),
    (in_xml("A title", "2455"), "tag '2455'", "in MARCXML"),
    (titled("小王子".encode("gb18030").decode("latin-1").encode()), "no sense", "GB as Latin-1, too little to be sure"),
    (in_xml("A title", "942"), "no title any more", "a tag that is one, and not a title's"),
]


@pytest.mark.parametrize(("version", "says", "why"), DAMAGED, ids=[f"{row[1]}-{row[2]}" for row in DAMAGED])
async def test_a_damaged_version_is_quarantined_and_the_good_one_stays(
    version: RawRecord, says: str, why: str, union: Union
) -> None:
    await union.index(titled(TITLE.encode()))
    outcome = await union.index(version)
    assert (outcome.seen, outcome.read, outcome.unreadable) == (1, 0, 1), why
    (reason,) = union.reasons()
    assert re.search(says, reason)
    assert await union.titles() == [TITLE]
    await rebuild(union.store, union.catalogue, union.engine, LIBRARIES, reread=True)
    assert await union.titles() == [TITLE], "reading all anew does not change it"
    await union.index(titled("Dějiny".encode()))
    assert union.reasons() == [], "a good version lets it out"
    assert await union.titles() == ["Dějiny"]


async def test_a_record_that_never_had_a_title_may_change(union: Union) -> None:
    await union.index(RawRecord("testlib", "1", "marcxml", marc.marcxml("=001  1\n=260  \\\\$aPraha$c1984")))
    outcome = await union.index(RawRecord("testlib", "1", "marcxml", marc.marcxml("=001  1\n=260  \\\\$aBrno$c1985")))
    assert (outcome.read, outcome.unreadable) == (1, 0)
    assert union.reasons() == []


async def test_a_damaged_record_is_deleted_like_any_other(union: Union) -> None:
    await union.index(titled(TITLE.encode()))
    await union.index(titled(b"?????"))
    outcome = await union.index(RawRecord("testlib", "1", "iso2709", b"", deleted=True))
    assert outcome.deleted == 1
    assert await union.titles() == []
    assert (await union.index(titled(b"?????"))).read == 1, "after a deletion there is no version to protect"


async def test_a_version_no_more_damaged_than_the_one_before_replaces_it(union: Union) -> None:
    await union.index(in_xml("P\ufffd\ufffdli\ufffd kniha o koni"))
    assert (await union.index(in_xml("P\ufffd\ufffdli\ufffd kniha o koni a psu"))).read == 1
    assert (await union.index(in_xml("Příliš kniha o koni"))).read == 1
    assert await union.titles() == ["Příliš kniha o koni"]


@pytest.mark.parametrize(
    ("text", "found", "why"),
    [
        ("=245  10$aPride and prejudice", Damage.NONE, "nothing"),
        ("=245  10$a1984", Damage.NONE, "figures are a title"),
        ("=245  10$aLes mis\ufffdrables : édition intégrale", Damage.NONE, "one letter of many"),
        ("=245  10$aMis\ufffdre", Damage.LOSSY, "one letter of few"),
        ("=245  10$aMis\ufffdrables et grandes esp\ufffdrances", Damage.LOSSY, "two letters"),
        ("=245  10$a???", Damage.GARBAGE, "no letter"),
        ("=246  3\\$aPride and prejudice", Damage.UNTITLED, "a variant is no title proper"),
        ("=260  \\\\$aLondon", Damage.UNTITLED, "none at all"),
    ],
)
def test_damage_is_measured_by_the_title(text: str, found: Damage, why: str) -> None:
    assert damage(read_text("=001  1\n" + text)) == found, why
