"""`python -m benchmarks.strokes Unihan_IRGSources.txt`: writes ``indexer/strokes.txt`` anew from a Unihan database.

Debian's package ``unicode-data`` has the file (compressed with bzip2). Where Unihan counts a character in two ways, the
second is Taiwan's (UAX #38, kTotalStrokes).
"""

from __future__ import annotations

import argparse
import bz2
from itertools import groupby
from pathlib import Path

from indexer.strokes import FILE, FIRST

HEADER = """\
# Strokes of Han characters: Unihan database, property kTotalStrokes, Taiwan's count where there are two.
# Copyright (c) 1991-2022 Unicode, Inc. All rights reserved. Distributed under the Terms of Use in
# https://www.unicode.org/copyright.html; the Unicode License applies. Made by benchmarks/strokes.py.
# A line: the first code point, and for it and each one after it a letter: chr(48 + strokes); "0" is unknown.
"""


def counts(lines: list[str]) -> dict[int, int]:
    """Code point → strokes."""
    rows = (line.split("\t") for line in lines if "\tkTotalStrokes\t" in line)
    return {int(code[2:], 16): int(value.split()[-1]) for code, _, value in rows}


def table(strokes: dict[int, int]) -> str:
    """The table as the product reads it."""
    found = [HEADER]
    for page, codes in groupby(sorted(strokes), key=lambda code: code >> 8):
        known = set(codes)
        letters = "".join(chr(FIRST + strokes[c]) if c in known else "0" for c in range(page << 8, (page + 1) << 8))
        found.append(f"{page << 8:X} {letters.rstrip('0')}\n")
    return "".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("unihan", type=Path)
    source: Path = parser.parse_args().unihan
    content = bz2.decompress(source.read_bytes()) if source.suffix == ".bz2" else source.read_bytes()
    FILE.write_text(table(counts(content.decode().splitlines())), encoding="utf-8")


if __name__ == "__main__":
    main()
