"""What only the embedded engine has: a folder, processes beside it, and files that break."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from tantivy import Query, SchemaBuilder

from indexer.document import document
from indexer.engine import Clause, Document, EngineIncompatible, EngineUnavailable, SearchRequest
from indexer.engine.embedded import EmbeddedEngine
from indexer.engine.generations import POINTER, current
from indexer.engine.mapping import index_mapping
from indexer.engine.tantivy_query import tantivy_errors
from tests.support.editions import make_edition, make_libraries

ROOT = Path(__file__).parents[3]


def documents(*ids: str) -> list[Document]:
    return [document(make_edition(one, "紅樓夢"), make_libraries()) for one in ids]


async def in_batches(*batches: Sequence[Document]) -> AsyncIterator[Sequence[Document]]:
    for batch in batches:
        yield batch


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """A folder with an index of two editions, nobody writing."""
    engine = EmbeddedEngine(tmp_path / "index")
    await engine.write(documents("e1", "e2"))
    await engine.close()
    return tmp_path / "index"


@pytest.fixture
async def engine(home: Path) -> AsyncIterator[EmbeddedEngine]:
    opened = EmbeddedEngine(home)
    yield opened
    await opened.close()


def generations(home: Path) -> set[Path]:
    return set(home.glob("editions-*"))


def generation(home: Path) -> Path:
    known = current(home)
    assert known
    return known.folder


class Writer:
    """Another process that works on an index, or reads it, until it is killed."""

    def __init__(self, home: Path, work: str) -> None:
        program = textwrap.dedent(
            """
            import asyncio, itertools, sys
            from pathlib import Path
            from indexer.document import document
            from indexer.engine.embedded import EmbeddedEngine
            from tests.support.editions import make_edition, make_libraries

            def documents(n, size=20):
                return [document(make_edition(f"w{n}-{i}", "紅樓夢"), make_libraries()) for i in range(size)]

            async def endless():
                for n in itertools.count():
                    yield documents(n)
                    print(n, flush=True)

            async def main(engine):
            """
        ) + textwrap.indent(textwrap.dedent(work), "    ")
        program += "\nasyncio.run(main(EmbeddedEngine(Path(sys.argv[1]))))\n"
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, str(home)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def lines(self) -> Iterator[str]:
        assert self.process.stdout
        return iter(self.process.stdout.readline, "")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


async def test_while_another_process_writes_reading_goes_on_and_writing_says_so(
    home: Path, engine: EmbeddedEngine
) -> None:
    other = Writer(home, "await engine.write(documents(0)); print('written', flush=True); sys.stdin.read()")
    try:
        assert next(other.lines()) == "written\n"
        assert await engine.count() == 22
        with pytest.raises(EngineUnavailable, match="another process is writing"):
            await engine.write(documents("e3"))
        with pytest.raises(EngineUnavailable, match="another process is writing"):
            await engine.rebuild(in_batches())
    finally:
        other.kill()
    await engine.write(documents("e3"))
    assert await engine.count() == 23


async def test_readers_in_several_processes_see_every_commit_and_nothing_half_done(
    home: Path, engine: EmbeddedEngine
) -> None:
    reading = """
        seen = await engine.count()
        print(seen, flush=True)
        while seen < 102:
            before, seen = seen, await engine.count()
            assert seen >= before and (seen - 2) % 20 == 0, (before, seen)
            if seen != before:
                assert len(await engine.editions([f"w{(seen - 2) // 20 - 1}-{n}" for n in range(20)])) == 20
        print("done", flush=True)
        sys.stdin.read()
    """
    readers = [Writer(home, reading) for _ in range(2)]
    try:
        for reader in readers:
            assert next(reader.lines()) == "2\n"
        for number in range(5):
            await engine.write(documents(*(f"w{number}-{n}" for n in range(20))))
        for reader in readers:
            assert next(reader.lines()) == "done\n"
    finally:
        for reader in readers:
            reader.kill()


async def test_a_process_killed_while_writing_loses_nothing_it_had_written(home: Path, engine: EmbeddedEngine) -> None:
    other = Writer(home, "async for batch in endless(): await engine.write(batch)")
    written = 0
    for line in other.lines():
        written = int(line)
        if written == 5:
            break
    other.kill()
    count = await engine.count()
    assert count >= 2 + 20 * written
    assert (count - 2) % 20 == 0
    page = await engine.search(SearchRequest((Clause("紅樓夢"),), limit=0))
    assert page.total == count
    await engine.write(documents("e3"))
    assert await engine.count() == count + 1


async def test_a_process_killed_while_rebuilding_leaves_the_old_index_and_no_litter_for_long(
    home: Path, engine: EmbeddedEngine
) -> None:
    other = Writer(home, "await engine.rebuild(endless())")
    for line in other.lines():
        if int(line) == 5:
            break
    other.kill()
    assert len(generations(home)) == 2
    assert await engine.count() == 2
    await engine.rebuild(in_batches(documents("new")))
    assert list(await engine.editions(["new", "e1"])) == ["new"]
    left = generations(home)
    assert generation(home) in left
    assert len(left) == 2, "the new one, and the one before for readers that still have it open"


async def test_a_reader_that_has_the_old_index_open_sees_the_new_one_after_two_rebuilds(
    home: Path, engine: EmbeddedEngine
) -> None:
    reader = EmbeddedEngine(home)
    assert await reader.count() == 2
    for n in range(2):
        await engine.rebuild(in_batches(documents(*(f"r{n}-{i}" for i in range(n + 3)))))
    assert await reader.count() == 4
    await reader.close()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"folder": "%s", "version": 0}', "made by an older version"),
        (b'{"folder": "%s", "version": 99}', "made by a newer version"),
        (b'{"folder": "%s"', "half written"),
        (b"[]", "of another shape"),
        (b'{"folder": "editions-gone", "version": %d}' % index_mapping().version, "naming a folder that is gone"),
    ],
)
async def test_an_index_that_cannot_be_used_is_refused_until_it_is_rebuilt(
    home: Path, engine: EmbeddedEngine, content: bytes, why: str
) -> None:
    name = generation(home).name.encode()
    (home / POINTER).write_bytes(content.replace(b"%s", name))
    for work in (engine.search(SearchRequest()), engine.count(), engine.write(documents("e3"))):
        with pytest.raises(EngineIncompatible, match="allshelves rebuild"):
            await work
    assert await engine.rebuild(in_batches(documents("e9"))) == 1
    assert await engine.count() == 1, why


@pytest.mark.parametrize("suffix", ["meta.json", ".store", ".fast"])
async def test_a_missing_file_is_noticed_and_never_an_empty_index(home: Path, suffix: str) -> None:
    [file] = [f for f in generation(home).iterdir() if f.name.endswith(suffix)]
    file.unlink()
    engine = EmbeddedEngine(home)
    with pytest.raises((EngineIncompatible, EngineUnavailable)):
        await engine.search(SearchRequest(facets=("library",)))
    await engine.rebuild(in_batches(documents("e9")))
    assert await engine.count() == 1
    await engine.close()


async def test_an_index_that_cannot_be_locked_is_not_taken_for_damaged(home: Path) -> None:
    """As on a disk that is read-only, which root cannot make by permissions."""
    lock = generation(home) / ".tantivy-meta.lock"
    lock.unlink()
    lock.mkdir()
    engine = EmbeddedEngine(home)
    with pytest.raises(EngineUnavailable, match="cannot be written, as readers have to"):
        await engine.count()
    lock.rmdir()
    assert await engine.count() == 2
    await engine.close()


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file stands here")
    engine = EmbeddedEngine(tmp_path / "index")
    for work in (engine.write(documents("e1")), engine.rebuild(in_batches())):
        with pytest.raises(EngineUnavailable, match="index"):
            await work
    await engine.close()


async def test_a_write_that_fails_writes_nothing_and_the_next_one_works(engine: EmbeddedEngine) -> None:
    (good,) = documents("e3")
    with pytest.raises(EngineUnavailable, match="writing"):
        await engine.write([good, {**good, "id": "e4", "num": "no number"}])
    assert await engine.count() == 2
    await engine.write([good])
    assert await engine.count() == 3


def test_a_panic_of_the_library_is_an_error_like_any_other() -> None:
    schema = SchemaBuilder().add_text_field("all").build()
    with pytest.raises(EngineUnavailable, match="while searching"), tantivy_errors("searching"):
        Query.phrase_query(schema, "all", ["one"])


def test_an_interrupt_is_not_taken_for_a_panic() -> None:
    with pytest.raises(KeyboardInterrupt), tantivy_errors("searching"):
        raise KeyboardInterrupt
