"""Names that authority records give: whose editions are found by them, since when, and until when."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from harvester.store import RawRecord, Store
from indexer import authorities
from indexer import catalogue_rows as rows
from indexer.catalogue import Catalogue
from indexer.engine import Clause, SearchField, SearchRequest
from indexer.engine.embedded import EmbeddedEngine
from indexer.matching import Matcher
from indexer.preparing import prepare_raw
from indexer.record import RecordRef
from indexer.run import index_changes, rebuild
from indexer.update import Applied, apply
from tests.support.marc import library, marcxml

LIBRARIES = {code: library(code, local_id="001") for code in ("ntl", "haifeng")}


def book(creator: str, number: str = "7", code: str = "ntl", title: str = "鹿鼎記") -> RawRecord:
    text = f"=001  {number}\n=100  1\\{creator}\n=245  10$a{title}\n=260  \\\\$a臺北市 :$b遠流,$c2006."
    return RawRecord(code, number, "marcxml", marcxml(text))


def name(
    tracing: str = "$a查良鏞", heading: str = "$a金庸,$d1924-2018", code: str = "ntl", number: str = "n1"
) -> RawRecord:
    text = f"=LDR  00000nz  a2200000n  4500\n=001  {number}\n=035  \\\\$a(DLC)n 81000001\n=100  1\\{heading}"
    text += f"\n=400  1\\{tracing}" if tracing else ""
    return RawRecord(code, f"a{number}", "marcxml", marcxml(text))


def gone(identifier: str, code: str = "ntl") -> RawRecord:
    return RawRecord(code, identifier, "marcxml", b"", deleted=True)


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
        return apply(connection, Matcher(), batch.prepared, batch.deleted, batch.holdings, names=batch.authorities)


def found_by(catalogue: Catalogue, number: str = "7", code: str = "ntl") -> tuple[str, ...]:
    edition = catalogue.edition(str(catalogue.edition_of(RecordRef(code, number))))
    assert edition is not None
    return edition.variant_names


def pending(catalogue: Catalogue) -> set[str]:
    with catalogue.writing() as connection:
        found = rows.pending(connection, 1000)
        rows.clear_pending(connection, found)
    return set(found)


BY_NUMBER = "$a金庸$0n1"
ALL = ("金庸", "查良鏞")


@pytest.mark.parametrize(
    ("creator", "expected", "why"),
    [
        (BY_NUMBER, ALL, "the library's own number"),
        ("$a金庸$0(DLC)n 81000001", ALL, "a number of a shared file"),
        ("$aJin, Yong$1http://id.loc.gov/rwo/agents/n81000001", ALL, "its address"),
        ("$a金庸,$d1924-2018", ALL, "the same heading, dates and all"),
        ("$a金庸", (), "a heading without the dates is not the same"),
        ("$a金庸,$d1924-2018$0n2", (), "who names another authority does not mean this one"),
        ("$a金容,$d1924-2018", (), "a likeness is no heading"),
        ("$a查良鏞,$d1924-2018", (), "a variant is no heading: another person may be called so"),
    ],
)
def test_an_edition_is_found_by_the_names_of_the_authority_its_record_names(
    catalogue: Catalogue, creator: str, expected: tuple[str, ...], why: str
) -> None:
    given(catalogue, book(creator), name())
    assert found_by(catalogue) == expected, why


def test_a_librarys_own_numbers_and_headings_say_nothing_of_anothers_records(catalogue: Catalogue) -> None:
    given(
        catalogue,
        name(),
        book(BY_NUMBER, code="haifeng"),
        book("$a金庸,$d1924-2018", "8", code="haifeng", title="笑傲江湖"),
    )
    assert found_by(catalogue, code="haifeng") == found_by(catalogue, "8", code="haifeng") == ()


def test_a_number_of_a_shared_file_serves_every_member(catalogue: Catalogue) -> None:
    given(catalogue, name(), book("$a金庸$0http://id.loc.gov/authorities/names/n81000001", code="haifeng"))
    assert found_by(catalogue, code="haifeng") == ALL


def test_a_heading_that_two_authorities_share_names_neither(catalogue: Catalogue) -> None:
    given(catalogue, book("$a金庸,$d1924-2018"), name(), name("$a另一人", number="n9"))
    assert found_by(catalogue) == ()
    given(catalogue, gone("an9"))
    assert found_by(catalogue) == ALL


def test_what_is_shown_and_stored_of_the_record_stays(catalogue: Catalogue) -> None:
    given(catalogue, book(BY_NUMBER), name())
    edition = catalogue.edition(str(catalogue.edition_of(RecordRef("ntl", "7"))))
    assert edition is not None
    assert [agent.value.name for agent in edition.agents] == ["金庸"]
    assert edition.agents[0].value.original == edition.agents[0].value.romanised == ""


def test_names_bring_no_records_together(catalogue: Catalogue) -> None:
    given(catalogue, name(), book(BY_NUMBER), book("$a查良鏞", "8", title="鹿鼎記外傳"))
    assert catalogue.counts().editions == 2


@pytest.mark.parametrize("creator", [BY_NUMBER, "$a金庸,$d1924-2018"])
@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_the_order_of_arrival_does_not_matter(catalogue: Catalogue, creator: str, order: Sequence[int]) -> None:
    steps = (book(creator), name())
    for step in order:
        given(catalogue, steps[step])
    assert found_by(catalogue) == ALL


@pytest.mark.parametrize("creator", [BY_NUMBER, "$a金庸,$d1924-2018"])
def test_every_change_of_a_name_goes_to_the_engine_with_the_editions_concerned(
    catalogue: Catalogue, creator: str
) -> None:
    given(catalogue, book(creator), book("$a倪匡,$d1935-2022", "8", title="老貓"))
    edition = str(catalogue.edition_of(RecordRef("ntl", "7")))
    pending(catalogue)
    for raw, names in (
        (name(), ALL),
        (name("$aCha, Louis"), ("金庸", "Cha, Louis")),
        (gone("an1"), ()),
        (name(), ALL),
        (name(heading="$a梁羽生,$d1924-2009", number="n1"), ("梁羽生", "查良鏞") if creator == BY_NUMBER else ()),
    ):
        given(catalogue, raw)
        assert pending(catalogue) == {edition}
        assert found_by(catalogue) == names


def test_what_says_the_same_as_before_touches_nothing(catalogue: Catalogue) -> None:
    given(catalogue, book(BY_NUMBER), name())
    pending(catalogue)
    given(catalogue, name())
    assert pending(catalogue) == set()


def test_a_name_whose_books_left_waits_for_them(catalogue: Catalogue) -> None:
    given(catalogue, book(BY_NUMBER), name())
    given(catalogue, gone("7"))
    given(catalogue, name("$aCha, Louis"))
    given(catalogue, book(BY_NUMBER))
    assert found_by(catalogue) == ("金庸", "Cha, Louis")


def test_an_identifier_may_become_a_book_and_a_name_again(catalogue: Catalogue) -> None:
    given(catalogue, book(BY_NUMBER), name())
    given(catalogue, replace(book("$a倪匡", "9", title="老貓"), identifier="an1"))
    assert found_by(catalogue) == ()
    given(catalogue, name())
    assert found_by(catalogue) == ALL
    assert catalogue.record(RecordRef("ntl", "an1")) is None


def test_headings_are_noted_only_where_a_library_sends_authority_records(catalogue: Catalogue) -> None:
    given(catalogue, book("$a金庸,$d1924-2018"), book("$a金庸,$d1924-2018", code="haifeng"))

    def noted() -> int:
        with catalogue.engine.connect() as connection:
            return len(connection.exec_driver_sql("SELECT record FROM catalogue_named").all())

    assert noted() == 0
    given(catalogue, name())
    assert noted() == 1
    with catalogue.engine.connect() as connection:
        assert [authorities.count(connection, code) for code in ("ntl", "haifeng")] == [1, 0]


def test_subjects_are_found_by_the_names_of_the_authorities_they_number(catalogue: Catalogue) -> None:
    text = "=001  7\n=245  10$a鹿鼎記\n=650  \\7$a武俠小說$0s1"
    topic = "=LDR  00000nz  a2200000n  4500\n=001  s1\n=150  \\\\$a武俠小說\n=450  \\\\$a劍俠小說"
    given(
        catalogue,
        RawRecord("ntl", "7", "marcxml", marcxml(text)),
        RawRecord("ntl", "as1", "marcxml", marcxml(topic)),
    )
    edition = catalogue.edition(str(catalogue.edition_of(RecordRef("ntl", "7"))))
    assert edition is not None
    assert (edition.variant_names, edition.variant_subjects) == ((), ("武俠小說", "劍俠小說"))


@pytest.mark.parametrize("seed", range(6))
def test_any_history_ends_where_its_last_words_do(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    last: dict[str, RawRecord] = {}
    steps: list[RawRecord] = []
    for _ in range(25):
        which = chance.choice(("7", "an1", "an2"))
        raw = (
            book(chance.choice((BY_NUMBER, "$a金庸,$d1924-2018", "$a倪匡$0n2")))
            if which == "7"
            else name(chance.choice(("$a查良鏞", "$aCha, Louis")), number=which[1:])
        )
        raw = gone(which) if chance.random() < 0.3 else raw
        steps.append(raw)
        last[which] = raw
    steps.append(last["7"] if not last.get("7", gone("7")).deleted else book(BY_NUMBER))
    last["7"] = steps[-1]

    def end(folder: Path, history: Sequence[RawRecord]) -> tuple[str, ...]:
        folder.mkdir()
        store = Store.open(f"sqlite:///{folder / 'catalogue.sqlite3'}")
        catalogue = Catalogue(store.engine)
        for raw in history:
            given(catalogue, raw)
        found = found_by(catalogue)
        store.close()
        return found

    assert end(tmp_path / "a", steps) == end(tmp_path / "b", list(last.values()))


async def test_a_run_counts_authority_records_apart_and_searches_find_what_they_name(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    catalogue, engine = Catalogue(store.engine), EmbeddedEngine(tmp_path / "index")

    def harvest(*raws: RawRecord) -> None:
        run = store.begin_run("ntl", "incremental", "test")
        store.commit_page(run, list(raws), None)
        store.finish_run(run, "complete")

    async def search(text: str, field: SearchField = "all") -> list[str]:
        hits = (await engine.search(SearchRequest((Clause(text, field),), limit=5))).hits
        return [hit.edition.titles[0].value.proper for hit in hits]

    harvest(book(BY_NUMBER), name(), book("$a查良鏞", "8", title="射鵰英雄傳"), name("", heading="", number="n3"))
    outcome = await index_changes(store, catalogue, engine, LIBRARIES)
    assert (outcome.seen, outcome.read, outcome.authorities, outcome.unreadable) == (4, 2, 1, 1)
    assert [(one.identifier, one.field) for one in store.quarantined("ntl")] == [("an3", "1XX")]
    for field in ("all", "creator"):
        assert await search("查良鏞", field) == ["射鵰英雄傳", "鹿鼎記"], "what is written so comes first"
        assert await search("查良镛 鹿鼎記" if field == "all" else "查良镛", field) != []
    assert await search("查良鏞", "title") == []
    assert await search("金庸") == ["鹿鼎記"]

    harvest(gone("an1"))
    outcome = await index_changes(store, catalogue, engine, LIBRARIES)
    assert (outcome.seen, outcome.deleted, outcome.editions_written) == (1, 1, 1)
    assert await search("查良鏞") == ["射鵰英雄傳"]

    harvest(name())
    outcome = await index_changes(store, catalogue, engine, LIBRARIES)
    assert (outcome.seen, outcome.authorities, outcome.editions_written) == (1, 1, 1)
    assert len(await search("查良鏞")) == 2

    outcome = await rebuild(store, catalogue, engine, LIBRARIES, reread=True)
    counted = outcome.read + outcome.unchanged + outcome.authorities + outcome.deleted + outcome.unreadable
    assert (outcome.seen, outcome.authorities) == (counted, 1)
    assert len(await search("查良鏞")) == 2
    await engine.close()
    store.close()
