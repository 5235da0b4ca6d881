"""What a few of a library's records tell of how they are to be read: dialect, copies, local id, character sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harvester.raw_record import RawRecord
from indexer.holdings import PRESETS, holdings
from indexer.marc import Marc
from indexer.read import dialect_of, is_dublin_core, taken_apart
from indexer.record import Holding
from indexer.transmission import Malformed
from mappings.library import Library

LOCAL_IDS = ("001", "999$c", "907$a", "035$a")
"""Where systems put the number they call a record by, the likeliest first; 999$c is Koha's."""

DEFAULT_PRESET = "marc21-852"


@dataclass(frozen=True, slots=True)
class PresetFit:
    """How much one preset finds in a sample."""

    name: str
    records: int  # with copies
    copies: int
    facts: int  # barcodes, call numbers, branches, places


@dataclass(frozen=True, slots=True)
class Sample:
    """What the records tell."""

    records: int  # looked at
    unreadable: Mapping[str, int]  # reason → how often
    dialects: Mapping[str, int]  # marc21, unimarc, oai_dc → how many records
    charsets: Mapping[str, int]  # as the bytes are
    repairs: Mapping[str, int]  # what had to be mended → in how many records
    fits: tuple[PresetFit, ...]  # the best first; none that finds nothing
    local_ids: Mapping[str, int]  # tag → how many records have it

    @property
    def dialect(self) -> str:
        """The one all MARC records are in, else auto."""
        of_marc = [name for name in self.dialects if name != "oai_dc"]
        return of_marc[0] if len(of_marc) == 1 else "auto"


def sample(records: Sequence[RawRecord], library: Library) -> Sample:
    """Looks at records as the library's file says they are to be read, but for what is to be found out."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("unreadable", "dialect", "charset", "repair", "id")}
    marcs: list[Marc] = []
    for raw in records:
        if is_dublin_core(raw):
            counts["dialect"]["oai_dc"] += 1
            continue
        try:
            marc = taken_apart(raw, library)
        except Malformed as exc:
            counts["unreadable"][exc.reason] += 1
            continue
        marcs.append(marc)
        counts["dialect"][dialect_of(marc)] += 1
        counts["charset"][marc.charset or "as the XML says"] += 1
        counts["repair"].update(set(marc.repairs))
        counts["id"].update(place for place in LOCAL_IDS if marc.value(place))
    fits = [fit for fit in (_fit(name, marcs) for name in PRESETS) if fit.copies]
    fits.sort(key=lambda fit: (-fit.facts, fit.name != DEFAULT_PRESET, fit.name))
    return Sample(
        records=len(records),
        unreadable=counts["unreadable"],
        dialects=counts["dialect"],
        charsets=counts["charset"],
        repairs=counts["repair"],
        fits=tuple(fits),
        local_ids=counts["id"],
    )


def _fit(preset: str, marcs: Sequence[Marc]) -> PresetFit:
    found = [holdings(marc, preset, "sample", str(number), "") for number, marc in enumerate(marcs)]
    held = [one for of_record in found for one in of_record]
    return PresetFit(
        preset,
        records=sum(bool(of_record) for of_record in found),
        copies=sum(max(1, len(one.items)) for one in held),
        facts=sum(map(_facts, found)),
    )


def _facts(held: Sequence[Holding]) -> int:
    """How much is told of one record's copies: values that differ, wherever a preset puts them."""
    told = [("branch", one.branch) for one in held] + [("location", one.location) for one in held]
    told += [("call number", one.call_number) for one in held] + [("summary", one.summary) for one in held]
    told += [("url", one.url) for one in held]
    for item in (item for one in held for item in one.items):
        told += [("barcode", item.barcode), ("call number", item.call_number), ("type", item.item_type)]
    return len({fact for fact in told if fact[1]})
