from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable

import pytest
import zstandard

from harvester.dump import archive
from harvester.dump.archive import members, prove
from harvester.errors import DumpUnusable
from tests.support.marc_bytes import iso2709

RECORDS = b"".join(iso2709(str(number), f"title {number * number}") for number in range(200))


def zipped(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files:
            file.writestr(name, content)
    return packed.getvalue()


def tarred(*files: tuple[str, bytes], link: str = "") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as file:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            file.addfile(entry, io.BytesIO(content))
        if link:
            entry = tarfile.TarInfo("link.mrc")
            entry.type, entry.linkname = tarfile.SYMTYPE, link
            file.addfile(entry)
    return packed.getvalue()


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def contents(data: bytes, name: str = "file") -> list[tuple[str, bytes]]:
    return [(stream.name, stream.read()) for stream in members(name, io.BytesIO(data))]


ONE = [
    (RECORDS, "plain"),
    (gzip.compress(RECORDS), "gzip"),
    (gzip.compress(RECORDS[:500]) + gzip.compress(RECORDS[500:]), "gzip in two parts, as parallel packers write it"),
    (bz2.compress(RECORDS), "bzip2"),
    (lzma.compress(RECORDS), "xz"),
    (zstd(RECORDS), "zstandard"),
    (zstd(RECORDS[:500]) + zstd(RECORDS[500:]), "zstandard in two frames"),
    (zipped(("a.mrc", RECORDS)), "zip"),
    (tarred(("a.mrc", RECORDS)), "tar"),
    (gzip.compress(tarred(("a.mrc", RECORDS))), "tar.gz"),
    (zipped(("a.mrc.gz", gzip.compress(RECORDS))), "gzip within zip"),
]


@pytest.mark.parametrize(("data", "how"), ONE, ids=[how for _, how in ONE])
def test_a_file_is_unpacked_by_its_first_bytes_whatever_its_name(data: bytes, how: str) -> None:
    assert [content for _, content in contents(data)] == [RECORDS]


@pytest.mark.parametrize("pack", [zipped, tarred, lambda *files: gzip.compress(tarred(*files))])
def test_the_files_of_an_archive_come_in_its_order_and_with_their_names(pack: Callable[..., bytes]) -> None:
    packed = pack(("b.mrc", b"1"), ("folder/a.mrc", b"2"), ("__MACOSX/._a.mrc", b"junk"), (".DS_Store", b"junk"))
    assert contents(packed, "all") == [("all/b.mrc", b"1"), ("all/folder/a.mrc", b"2")]


def test_the_head_of_a_stream_is_still_to_be_read() -> None:
    (stream,) = members("file", io.BytesIO(gzip.compress(RECORDS)))
    assert stream.head()[:100] == RECORDS[:100]
    assert stream.read(10) + stream.read() == RECORDS


PACKED = [row for row in ONE if row[1] != "plain"]


@pytest.mark.parametrize(("data", "how"), PACKED, ids=[how for _, how in PACKED])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9, 0.98])
def test_a_packed_file_that_is_cut_off_is_found_out_before_it_is_read(data: bytes, how: str, kept: float) -> None:
    cut = data[: int(len(data) * kept)]
    if how == "tar" and not data[len(cut) :].strip(b"\0") and not cut[-512:].strip(b"\0"):
        assert prove("file", io.BytesIO(cut)) == len(RECORDS)  # it is only filled up to its usual length
        return
    with pytest.raises(DumpUnusable, match="file"):
        prove("file", io.BytesIO(cut))


@pytest.mark.parametrize(
    ("data", "how"),
    [pytest.param(*row, id=row[1]) for row in PACKED if row[1] != "tar" and "zstandard" not in row[1]],
)
def test_a_packed_file_with_a_wrong_byte_is_found_out(data: bytes, how: str) -> None:
    at = len(data) // 2
    wrong = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
    with pytest.raises(DumpUnusable):
        prove("file", io.BytesIO(wrong))


def test_a_whole_file_is_proven_and_measured() -> None:
    for data, _ in ONE:
        assert prove("file", io.BytesIO(data)) == len(RECORDS) or data is RECORDS


OUTSIDE = ["../evil.mrc", "/etc/passwd", "a/../../evil.mrc", "C:\\evil.mrc", "..\\evil.mrc"]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_that_names_a_file_outside_of_itself_is_refused(pack: Callable[..., bytes], name: str) -> None:
    with pytest.raises(DumpUnusable, match="outside of itself"):
        contents(pack((name, RECORDS)))


def test_an_archive_that_holds_a_link_is_refused() -> None:
    with pytest.raises(DumpUnusable, match="link or a device"):
        contents(tarred(("a.mrc", RECORDS), link="/etc/passwd"))


def test_an_encrypted_zip_is_refused_with_what_to_do() -> None:
    data = bytearray(zipped(("a.mrc", RECORDS)))
    data[6] |= 1  # the flag in the local header
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    with pytest.raises(DumpUnusable, match="encrypted; send it without a password"):
        contents(bytes(data))


BOMBS: list[tuple[Callable[[bytes], bytes], str]] = [
    (gzip.compress, "gzip"),
    (bz2.compress, "bzip2"),
    (lzma.compress, "xz"),
    (zstd, "zstandard"),
    (lambda data: zipped(("a.mrc", data)), "zip"),
    (lambda data: gzip.compress(gzip.compress(data)), "gzip within gzip"),
    (lambda data: zipped(*((f"{n}.mrc", data[: len(data) // 4]) for n in range(4))), "in four files of one zip"),
]


@pytest.mark.parametrize(("pack", "how"), BOMBS, ids=[how for _, how in BOMBS])
def test_what_unpacks_to_far_more_than_records_do_is_refused(
    monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes], how: str
) -> None:
    monkeypatch.setattr(archive, "NEVER_TOO_EXPANDED", 1_000_000)
    with pytest.raises(DumpUnusable, match="unpacks to more than"):
        contents(pack(b"\0" * 4_000_000))


def test_archives_within_archives_are_opened_only_so_deep() -> None:
    data = RECORDS
    for _ in range(archive.MAX_DEPTH + 1):
        data = gzip.compress(data)
    with pytest.raises(DumpUnusable, match="deep"):
        contents(data)
