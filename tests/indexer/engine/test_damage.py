"""Whatever happens to the files of an embedded index, it is noticed when it is opened and never passes for empty."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.document import document
from indexer.engine import Document, EngineIncompatible, EngineUnavailable, SearchRequest, checksums
from indexer.engine.embedded import EmbeddedEngine
from indexer.engine.generations import POINTER
from tests.support.editions import make_edition, make_libraries


def documents(*ids: str) -> list[Document]:
    return [document(make_edition(one, f"紅樓夢 {one}"), make_libraries()) for one in ids]


async def given_again() -> AsyncIterator[Sequence[Document]]:
    yield documents("e1", "e2", "e3", "e4")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two segments, one of them with a deletion; only to be copied."""

    async def make(home: Path) -> Path:
        engine = EmbeddedEngine(home)
        await engine.write(documents("e1", "e2", "e3"))
        await engine.write(documents("e4", "e2"))
        await engine.close()
        return home

    return asyncio.run(make(tmp_path_factory.mktemp("made") / "index"))


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "index"))


def generation(home: Path) -> Path:
    [folder] = home.glob("editions-*")
    return folder


def one_of(folder: Path, ending: str) -> Path:
    return min(folder.glob(f"*{ending}"))


def cut_in_half(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 4
    file.write_bytes(content)


def empty_folder(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def other_names(folder: Path) -> None:
    meta = folder / "meta.json"
    content = orjson.loads(meta.read_bytes())
    for segment in content["segments"]:
        segment["segment_id"] = segment["segment_id"][::-1]
    meta.write_bytes(orjson.dumps(content))


SEGMENT = [f".{kind}" for kind in checksums.KINDS] + [".del"]
DAMAGES: list[tuple[str, Callable[[Path], object]]] = [
    *((f"{ending} missing", lambda f, e=ending: one_of(f, e).unlink()) for ending in SEGMENT),  # type: ignore[misc]
    *((f"{ending} cut off", lambda f, e=ending: cut_in_half(one_of(f, e))) for ending in SEGMENT),  # type: ignore[misc]
    *((f"{ending} with a bit flipped", lambda f, e=ending: flip(one_of(f, e))) for ending in SEGMENT),  # type: ignore[misc]
    *((f"{ending} empty", lambda f, e=ending: one_of(f, e).write_bytes(b"")) for ending in SEGMENT),  # type: ignore[misc]
    ("no meta.json", lambda f: (f / "meta.json").unlink()),
    ("meta.json cut off", lambda f: cut_in_half(f / "meta.json")),
    ("an empty meta.json", lambda f: (f / "meta.json").write_bytes(b"")),
    ("a meta.json of another shape", lambda f: (f / "meta.json").write_bytes(b"[]")),
    ("a meta.json that names other segments", other_names),
    ("an empty folder", empty_folder),
    ("no folder", shutil.rmtree),
]


@pytest.mark.parametrize(("what", "damage"), DAMAGES, ids=[what for what, _ in DAMAGES])
async def test_damage_is_noticed_and_a_rebuild_mends_it(
    home: Path, what: str, damage: Callable[[Path], object]
) -> None:
    damage(generation(home))
    engine = EmbeddedEngine(home)
    for work in (
        engine.count(),
        engine.search(SearchRequest()),
        engine.editions(["e1"]),
        engine.write(documents("e5")),
    ):
        with pytest.raises(EngineIncompatible, match="allshelves rebuild"):
            await work
    assert await engine.rebuild(given_again()) == 4, what
    assert await engine.count() == 4
    with pytest.raises((EngineIncompatible, EngineUnavailable)):
        await engine.back()
    assert await engine.count() == 4, "what is damaged was not gone back to"
    await engine.close()


async def test_an_index_whose_pointer_is_gone_is_absent_not_empty(home: Path) -> None:
    (home / POINTER).unlink()
    engine = EmbeddedEngine(home)
    with pytest.raises(EngineUnavailable, match="no index"):
        await engine.search(SearchRequest())
    await engine.close()


async def test_a_process_killed_before_its_first_commit_leaves_no_empty_index(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "index")
    with pytest.raises(EngineUnavailable):
        await engine.write([{**documents("e1")[0], "num": "no number"}])  # it fails as late as a kill may come
    with pytest.raises(EngineUnavailable, match="no index"):
        await engine.search(SearchRequest())
    await engine.write(documents("e1"))
    assert await engine.count() == 1
    await engine.close()


async def test_a_whole_index_passes_and_what_another_process_merges_away_is_no_damage(home: Path) -> None:
    folder = generation(home)
    checksums.check(folder)
    segments = orjson.loads((folder / "meta.json").read_bytes())["segments"]
    assert len(segments) == 2
    assert any(segment["deletes"] for segment in segments)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), which=st.integers(0, 100))
def test_any_flipped_bit_of_a_segment_is_noticed(home: Path, where: float, bit: int, which: int) -> None:
    files = sorted(one for one in generation(home).iterdir() if one.suffix.lstrip(".") in (*checksums.KINDS, "del"))
    file = files[which % len(files)]
    whole = file.read_bytes()
    before_the_note = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    changed = bytearray(whole)
    changed[int(where * before_the_note)] ^= 1 << bit
    file.write_bytes(changed)
    try:
        with pytest.raises(checksums.Damaged):
            checksums.check(generation(home))
    finally:
        file.write_bytes(whole)
