"""Fields in which other systems keep copies, in records that a library's own preset read no copy from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from indexer.holdings import item_fields, marc21, sudoc
from indexer.holdings.presets import PRESETS
from indexer.marc import Marc
from mappings.item_field import ItemField

LEAST_SHARE = 0.1
"""Of the records looked at: fewer have the field for something else."""

_TAG_OF_READING = {"marc21-852": "852", "unimarc-930": "930"}
"""Where a preset is a function of the record: the field that it reads first."""
_BESIDE = {"marc21-852": marc21.DEPENDENT, "unimarc-930": sudoc.TIED}
"""And those that belong to it."""


@dataclass(frozen=True, slots=True)
class UnreadCopies:
    """A field that stands unread and looks like copies. ``presets``: those that read it best, more where they tie."""

    tag: str
    presets: tuple[str, ...]
    records: int
    looked_at: int  # records without holdings


def unread_copies(records: Iterable[Marc], read: Collection[str], preset: str) -> tuple[UnreadCopies, ...]:
    """The fields that other presets would read copies from, in many of these records; the most frequent first.

    ``read`` are the tags that are known to be read rightly; ``preset`` is the library's own. A copy counts when it has
    a call number or a barcode: a place alone may be anything.
    """
    looked_at = 0
    met: Counter[tuple[str, str]] = Counter()
    barcodes: Counter[tuple[str, str]] = Counter()
    for marc in records:
        looked_at += 1
        for name, reading in PRESETS.items():
            if name == preset:
                continue
            for tag, source in zip(tags_of(name), reading.reads, strict=True):
                if tag in read or not marc.has(tag):
                    continue
                copies = item_fields.copies(marc, source) if isinstance(source, ItemField) else source(marc)
                found = [copy for copy in copies if copy.call_number or (copy.item and copy.item.barcode)]
                met[tag, name] += bool(found)
                barcodes[tag, name] += any(copy.item and copy.item.barcode for copy in found)
    told = [
        UnreadCopies(tag, _best(tag, met, barcodes), max(n for (one, _), n in met.items() if one == tag), looked_at)
        for tag in dict.fromkeys(tag for (tag, _), n in met.items() if n and n >= LEAST_SHARE * looked_at)
    ]
    return tuple(sorted(told, key=lambda one: (-one.records, one.tag)))


def tags_of(preset: str) -> tuple[str, ...]:
    """The fields a preset reads, one for each of its sources."""
    return tuple(s.tag if isinstance(s, ItemField) else _TAG_OF_READING[preset] for s in PRESETS[preset].reads)


def every_tag_of(preset: str) -> frozenset[str]:
    """Every field a preset looks at, those that belong to its copies included."""
    return frozenset((*tags_of(preset), *_BESIDE.get(preset, ())))


def _best(tag: str, met: Counter[tuple[str, str]], barcodes: Counter[tuple[str, str]]) -> tuple[str, ...]:
    worth = {name: (barcodes[tag, name], n) for (one, name), n in met.items() if one == tag}
    return tuple(name for name in PRESETS if worth.get(name) == max(worth.values()))
