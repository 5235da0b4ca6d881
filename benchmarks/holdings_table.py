"""`make docs-holdings`: the presets of `records.holdings` as `docs/holdings.md` lists them, made of the presets.

The tables go between two comments; the prose around them stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.generated_part import GeneratedPart
from indexer.holdings import PRESETS, marc21, sudoc
from indexer.holdings.presets import Source
from mappings.item_field import ItemField

PART = GeneratedPart(Path(__file__).parents[1] / "docs" / "holdings.md", "make docs-holdings")

_FIRST = {
    "branch": "branch",
    "location": "location",
    "collection": "collection",
    "classification": "class",
    "author_mark": "author mark",
    "year": "year, else volume",
    "copy_number": "copy number",
    "barcode": "barcode",
    "item_id": "item number",
    "item_type": "item type",
    "policy": "policy",
    "count": "number of copies",
    "url": "address",
}
"""What the first subfield of several is taken for."""

_ALL = {
    "call_number": "call number",
    "volume": "volume",
    "coverage": "coverage",
    "summary": "which volumes there are",
    "note": "note",
}
"""What all subfields together are taken for."""


def tables() -> str:
    """Two tables as Markdown, a row for each preset: whose it is, and what it reads."""
    return "\n".join((*_whose(), "", *_reads())) + "\n"


def _whose() -> Iterator[str]:
    yield "| preset | whose | described in | before choosing it |"
    yield "| --- | --- | --- | --- |"
    for name, preset in PRESETS.items():
        yield f"| `{name}` | {preset.whose} | {preset.described_in} | {preset.choose} |"


def _reads() -> Iterator[str]:
    yield "| preset | field | subfields |"
    yield "| --- | --- | --- |"
    for name, preset in PRESETS.items():
        for tag, meaning in (row for source in preset.reads for row in _rows(source)):
            yield f"| `{name}` | {tag} | {meaning} |"


def _rows(source: Source) -> Iterator[tuple[str, str]]:
    if isinstance(source, ItemField):
        yield _tag(source), "; ".join(_meanings(source))
    else:
        yield from next(module.READS for module in (marc21, sudoc) if module.copies is source)


def _tag(field: ItemField) -> str:
    indicators = [
        f"{which} indicator {' or '.join(wanted)}"
        for which, wanted in (("first", field.first_indicator), ("second", field.second_indicator))
        if wanted
    ]
    return ", ".join((field.tag, *indicators))


def _meanings(field: ItemField) -> Iterator[str]:
    for key in ItemField.model_fields:
        codes = [f"${code}" for code in getattr(field, key)] if key in _FIRST or key in _ALL else []
        if codes:
            yield f"{_FIRST[key]} {', else '.join(codes)}" if key in _FIRST else f"{_ALL[key]} {' '.join(codes)}"
        if key == "note" and field.public_marks:
            yield f"only notes that begin with {' or '.join(field.public_marks)}"
    for code, words in field.gone.items():
        yield f"left out where ${code} is {' or '.join(words) if words else 'anything but 0'}"
    if field.not_places:
        yield f"no location: {', '.join(field.not_places)}"


def main() -> None:
    PART.write(tables())


if __name__ == "__main__":
    main()
