"""Holdings records and the records they belong to: whichever comes first or leaves, an edition shows what is."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from harvester.store import RawRecord, Store
from indexer import attached, own_records
from indexer import catalogue_rows as rows
from indexer.catalogue import Catalogue
from indexer.engine import SearchRequest
from indexer.engine.embedded import EmbeddedEngine
from indexer.holdings.records import HoldingsRecord
from indexer.matching import Matcher
from indexer.preparing import prepare_raw
from indexer.quality import Unattached, Waiting
from indexer.read import HoldingsOnly, Unreadable, read, read_either
from indexer.record import RecordRef
from indexer.run import index_changes, rebuild
from indexer.update import Applied, apply
from mappings.library import Library
from tests.support.marc import library, marcxml

LIBRARIES = {code: library(code, local_id="001") for code in ("ntl", "haifeng")}
LEADER = "=LDR  00000nx  a2200000un 4500"


def book(number: str = "7", title: str = "紅樓夢", code: str = "ntl", name: str = "") -> RawRecord:
    text = f"=001  {number}\n=245  00$a{title}\n=260  \\\\$a臺北市 :$b里仁,$c1984."
    return RawRecord(code, name or number, "marcxml", marcxml(text))


def copies(name: str, of: str = "7", branch: str = "MAIN", code: str = "ntl", rest: str = "") -> RawRecord:
    owner = f"=004  {of}\n" if of else ""
    return RawRecord(
        code, name, "marcxml", marcxml(f"{LEADER}\n=001  {name}\n{owner}=852  0\\$b{branch}$pB{name}{rest}")
    )


def copies_in(raw: RawRecord, member: Library = LIBRARIES["ntl"]) -> HoldingsRecord:
    found = read_either(raw, member)
    assert isinstance(found, HoldingsRecord)
    return found


def gone(name: str, code: str = "ntl") -> RawRecord:
    return RawRecord(code, name, "marcxml", b"", deleted=True)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    yield Catalogue(store.engine)
    store.close()


def given(catalogue: Catalogue, *raws: RawRecord) -> Applied:
    batch = prepare_raw(raws, 1, LIBRARIES)
    assert batch.size == len(raws)
    assert batch.refused == ()
    with catalogue.writing() as connection:
        return apply(connection, Matcher(), batch.prepared, batch.deleted, batch.holdings)


def held(catalogue: Catalogue, number: str = "7", code: str = "ntl") -> list[str]:
    """The branches of the edition a record belongs to, as its page shows them."""
    edition = catalogue.edition(str(catalogue.edition_of(RecordRef(code, number))))
    assert edition is not None
    return [holding.branch for holding in edition.holdings]


def pending(catalogue: Catalogue) -> set[str]:
    with catalogue.writing() as connection:
        found = rows.pending(connection, 1000)
        rows.clear_pending(connection, found)
    return set(found)


def test_a_holdings_record_is_read_as_the_copies_of_another() -> None:
    found = copies_in(copies("h1"))
    assert (found.ref, len(found.holdings)) == (RecordRef("ntl", "h1"), 1)


def test_it_is_no_record_of_its_own() -> None:
    with pytest.raises(HoldingsOnly, match=r"ntl:h1: it is a holdings record.* calls 7"):
        read(copies("h1"), LIBRARIES["ntl"])


def test_one_that_does_not_say_whose_copies_it_means_is_refused_with_the_field() -> None:
    with pytest.raises(Unreadable) as refused:
        read_either(copies("h1", of=""), LIBRARIES["ntl"])
    assert (refused.value.field, refused.value.identifier) == ("004", "h1")


def test_014_names_the_record_where_004_does_not() -> None:
    found = read_either(copies("h1", of="", rest="\n=014  1\\$a7"), LIBRARIES["ntl"])
    assert getattr(found, "belongs_to", "") == "7"


@pytest.mark.parametrize(
    ("fields", "number", "why"),
    [
        ("=773  08$w7", "7", "the host item"),
        ("=773  08$w(NTL)7", "7", "with the code of its agency"),
        ("=014  0\\$a7", "", "014 of another kind"),
        ("=773  08$t紅樓夢", "", "a title is no number"),
    ],
)
def test_773_names_the_record_where_neither_does(fields: str, number: str, why: str) -> None:
    raw = RawRecord("ntl", "h1", "marcxml", marcxml(f"{LEADER}\n=001  h1\n=852  \\\\$bA\n{fields}"))
    if not number:
        with pytest.raises(Unreadable):
            read_either(raw, LIBRARIES["ntl"])
        return
    assert getattr(read_either(raw, LIBRARIES["ntl"]), "belongs_to", "") == number, why


def test_a_holdings_record_without_852_is_read_by_the_librarys_preset() -> None:
    raw = RawRecord("ntl", "h1", "marcxml", marcxml(f"{LEADER}\n=001  h1\n=004  7\n=995  \\\\$bSC$fB1"))
    found = copies_in(raw, library("ntl", local_id="001", holdings="unimarc-995"))
    assert [(h.branch, len(h.items)) for h in found.holdings] == [("SC", 1)]


def test_a_book_whose_leader_is_mistyped_stays_a_book() -> None:
    raw = RawRecord("ntl", "1", "marcxml", marcxml(f"{LEADER}\n=001  1\n=245  00$a紅樓夢"))
    assert read(raw, LIBRARIES["ntl"]).titles[0].proper == "紅樓夢"


def test_an_electronic_holdings_record_says_where_and_what_of_it() -> None:
    found = copies_in(copies("h1", rest="\n=856  40$uhttps://x.tw/1\n=866  \\0$a1998-2004"))
    (holding,) = found.holdings
    assert (holding.url, holding.coverage, holding.summary) == ("https://x.tw/1", "1998-2004", "")


def test_copies_are_shown_with_their_record_and_carry_its_name(catalogue: Catalogue) -> None:
    given(catalogue, book(), copies("h1"), copies("h2", branch="EAST"))
    record = catalogue.record(RecordRef("ntl", "7"))
    assert record is not None
    assert [(h.branch, h.record, h.local_id) for h in record.holdings] == [("MAIN", "7", "7"), ("EAST", "7", "7")]
    assert held(catalogue) == ["MAIN", "EAST"]


def test_a_holdings_record_makes_no_edition_of_its_own(catalogue: Catalogue) -> None:
    given(catalogue, book(), copies("h1"))
    assert (catalogue.counts().records, catalogue.counts().editions) == (1, 1)


def test_copies_follow_those_that_the_record_states_itself(catalogue: Catalogue) -> None:
    own = RawRecord("ntl", "7", "marcxml", marcxml("=001  7\n=245  00$a紅樓夢\n=852  \\\\$bOWN$p1"))
    given(catalogue, copies("h1"), own)
    assert held(catalogue) == ["OWN", "MAIN"]


def test_copies_of_another_library_with_the_same_number_are_not_mixed_up(catalogue: Catalogue) -> None:
    given(catalogue, book(), book(code="haifeng"), copies("h1", code="haifeng", branch="HAI"))
    record = catalogue.record(RecordRef("ntl", "7"))
    assert record is not None
    assert record.holdings == ()


def test_the_number_is_the_local_id_not_the_name_the_harvest_gave(catalogue: Catalogue) -> None:
    given(catalogue, book(name="oai:ntl:7"), copies("oai:ntl:h1"))
    assert held(catalogue, "oai:ntl:7") == ["MAIN"]


STEPS: tuple[tuple[RawRecord, ...], ...] = ((book(),), (copies("h1"),), (copies("h2", branch="EAST"),))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_arrival_does_not_matter(catalogue: Catalogue, order: Sequence[int]) -> None:
    for step in order:
        given(catalogue, *STEPS[step])
    assert held(catalogue) == ["MAIN", "EAST"]


def test_every_change_goes_to_the_engine_with_the_edition(catalogue: Catalogue) -> None:
    given(catalogue, book())
    edition = str(catalogue.edition_of(RecordRef("ntl", "7")))
    pending(catalogue)
    for raw in (copies("h1"), copies("h1", branch="EAST"), gone("h1")):
        given(catalogue, raw)
        assert pending(catalogue) == {edition}
    given(catalogue, copies("h2", of="nobody"))
    assert pending(catalogue) == set()


def test_what_says_the_same_as_before_touches_nothing(catalogue: Catalogue) -> None:
    given(catalogue, book(), copies("h1"))
    pending(catalogue)
    assert given(catalogue, copies("h1")) == Applied(unchanged=1)
    assert pending(catalogue) == set()


def test_copies_that_leave_are_no_longer_shown(catalogue: Catalogue) -> None:
    given(catalogue, book(), copies("h1"), copies("h2", branch="EAST"))
    given(catalogue, gone("h1"))
    assert held(catalogue) == ["EAST"]


def test_copies_wait_for_a_record_that_left(catalogue: Catalogue) -> None:
    given(catalogue, book(), copies("h1"))
    given(catalogue, gone("7"))
    assert catalogue.record(RecordRef("ntl", "7")) is None
    given(catalogue, book())
    assert held(catalogue) == ["MAIN"]


def test_copies_that_move_to_another_record_leave_the_first(catalogue: Catalogue) -> None:
    given(catalogue, book(), book("8", "西遊記"), copies("h1"))
    editions = {str(catalogue.edition_of(RecordRef("ntl", number))) for number in "78"}
    pending(catalogue)
    given(catalogue, copies("h1", of="8"))
    assert (held(catalogue, "7"), held(catalogue, "8")) == ([], ["MAIN"])
    assert pending(catalogue) == editions


def test_a_name_may_become_a_book_and_copies_again(catalogue: Catalogue) -> None:
    given(catalogue, book(), copies("h1"))
    given(catalogue, book("9", "西遊記", name="h1"))
    assert (held(catalogue), held(catalogue, "h1")) == ([], [])
    given(catalogue, copies("h1"))
    assert held(catalogue) == ["MAIN"]
    assert catalogue.record(RecordRef("ntl", "h1")) is None


def test_copies_whose_record_is_not_there_are_told(catalogue: Catalogue) -> None:
    given(catalogue, copies("h1"), copies("h2", of="8"), book())
    with catalogue.engine.connect() as connection:
        assert list(attached.unattached(connection, "ntl")) == [(RecordRef("ntl", "h2"), "8")]
        assert list(attached.unattached(connection, "haifeng")) == []
    assert own_records.unattached(catalogue, "ntl") == Unattached(1, (Waiting(RecordRef("ntl", "h2"), "8"),))


def test_copies_are_told_no_more_once_their_record_came(catalogue: Catalogue) -> None:
    given(catalogue, *(copies(f"h{n}", of="8") for n in range(9)))
    found = own_records.unattached(catalogue, "ntl")
    assert (found.records, len(found.examples)) == (9, 5)
    given(catalogue, book("8"))
    assert own_records.unattached(catalogue, "ntl") == Unattached()
    assert held(catalogue, "8") == ["MAIN"] * 9
    given(catalogue, gone("8"))
    assert own_records.unattached(catalogue, "ntl").records == 9


def test_any_number_of_them_is_told(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached, "_BATCH", 2)
    given(catalogue, *(copies(f"h{n}", of="8" if n % 2 else "7") for n in range(7)), book("7"))
    assert own_records.unattached(catalogue, "ntl").records == 3


def _end(folder: Path, steps: Iterable[RawRecord]) -> list[str]:
    store = Store.open(f"sqlite:///{folder / 'catalogue.sqlite3'}")
    catalogue = Catalogue(store.engine)
    for raw in steps:
        given(catalogue, raw)
    found = held(catalogue)
    store.close()
    return found


@pytest.mark.parametrize("seed", range(6))
def test_any_history_ends_where_its_last_words_do(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    last: dict[str, RawRecord] = {"7": book()}
    steps: list[RawRecord] = []
    for _ in range(25):
        name = chance.choice(("7", "h1", "h2"))
        raw = chance.choice((gone(name), book() if name == "7" else copies(name, branch=chance.choice("ABC"))))
        steps.append(raw)
        last[name] = raw
    steps.append(book())
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    last["7"] = steps[-1]
    assert _end(tmp_path / "a", steps) == _end(tmp_path / "b", last.values())


async def test_a_run_counts_every_holdings_record_and_gives_the_engine_its_copies(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    catalogue, engine = Catalogue(store.engine), EmbeddedEngine(tmp_path / "index")

    def harvest(*raws: RawRecord) -> None:
        run = store.begin_run("ntl", "incremental", "test")
        store.commit_page(run, list(raws), None)
        store.finish_run(run, "complete")

    async def shown() -> list[str]:
        (hit,) = (await engine.search(SearchRequest(limit=5))).hits
        return [holding.branch for holding in hit.edition.holdings]

    harvest(copies("h1"), book(), copies("h2", of=""))
    outcome = await index_changes(store, catalogue, engine, LIBRARIES)
    assert (outcome.seen, outcome.read, outcome.unreadable) == (3, 2, 1)
    assert [(q.identifier, q.field) for q in store.quarantined("ntl")] == [("h2", "004")]
    assert await shown() == ["MAIN"]

    harvest(copies("h2", branch="EAST"), gone("h1"))
    outcome = await index_changes(store, catalogue, engine, LIBRARIES)
    assert (outcome.seen, outcome.read, outcome.deleted, outcome.editions_written) == (2, 1, 1, 1)
    assert list(store.quarantined("ntl")) == []
    assert await shown() == ["EAST"]

    outcome = await rebuild(store, catalogue, engine, LIBRARIES, reread=True)
    assert outcome.seen == outcome.read + outcome.unchanged + outcome.deleted + outcome.unreadable
    assert await shown() == ["EAST"]
    await engine.close()
    store.close()


def test_rows_of_an_item_file_may_come_as_a_holdings_record(catalogue: Catalogue) -> None:
    text = f"{LEADER}\n=001  items:7\n=004  7\n=ROW  \\\\$aEAST$jB1\n=ROW  \\\\$aEAST$jB2"
    given(catalogue, RawRecord("ntl", "items:7", "marcxml", marcxml(text)), book())
    record = catalogue.record(RecordRef("ntl", "7"))
    assert record is not None
    assert [(h.branch, [item.barcode for item in h.items]) for h in record.holdings] == [("EAST", ["B1", "B2"])]
