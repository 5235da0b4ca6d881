"""Fuzz reading and mapping with atheris: no bytes may raise anything but the documented errors.

Seeds are the real files of ``../shared/data`` where they are there, and records written by hand. What is found is kept
in the folder given, one file an input; ``--again FILE`` runs one. No test: it runs as long as it is told to.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["harvester", "indexer", "mappings"]):
    from tests.support.anything import choice, try_anything

from tests.support.marc import iso2709, marcxml
from tests.support.real_files import DATA, iso2709_files, iso2709_records

MOST_SEEDS_OF_A_FILE = 25
MOST_BYTES = 20_000
_BY_HAND = (
    "=001  1\n=008  040101s2004    ch            000 0 chi d\n=245  10$a紅樓夢 /$c曹雪芹著\n=260  $a臺北市$b里仁$c民93",
    "=001  2\n=100  \\\\$a20041006d2004    m  y0chiy09      ea\n=200  1\\$a傲慢與偏見$g孫!T*!N|!YF\n=215  \\\\$a354!_w",
    "=001  3\n=245  10$6880-01$aHonglou meng\n=880  10$6245-01/$1$a紅樓夢\n=952  $aMAIN$p123$o857.49",
)


def seeds() -> Iterator[bytes]:
    """Inputs to begin with, each with its choice before it."""
    for number, text in enumerate(_BY_HAND):
        yield choice("iso2709", number) + iso2709(text)
        yield choice("marcxml", number) + marcxml(text)
        yield choice("dump", number) + iso2709(text) * 3
        yield choice("dump", number) + b"<collection>" + marcxml(text) * 2 + b"</collection>"
    yield (
        choice("oai_dc")
        + "<dc><title>紅樓夢</title><date>2004</date><identifier>9789570835878</identifier></dc>".encode()
    )
    if not DATA.is_dir():
        return
    for file in iso2709_files():
        records = list(iso2709_records(file))
        for number, data in enumerate(records[:: max(1, len(records) // MOST_SEEDS_OF_A_FILE)]):
            yield choice("apart" if number % 2 else "iso2709") + data
    for file in (*DATA.glob("oai/*/*.xml"), *DATA.glob("broken/*.xml")):
        data = file.read_bytes()
        yield choice("answer" if file.parent.name != "broken" else "dump") + data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--again", type=Path, help="one input that was found")
    options = parser.parse_args()
    if options.again:
        try_anything(options.again.read_bytes())
        return
    corpus, found = options.folder / "corpus", options.folder / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds()):
        if len(data) <= MOST_BYTES:
            (corpus / f"seed-{number:04d}").write_bytes(data)
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={options.seconds}",
            f"-max_len={MOST_BYTES}",
            f"-artifact_prefix={found}/",
            "-timeout=30",
            "-rss_limit_mb=4096",
            "-print_final_stats=1",
            str(corpus),
        ],
        try_anything,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
