"""What a library's live answer means for a request: there, to be fetched, not known, out, or not to be had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.holdings.volumes import VolumeKey, volume_key
from indexer.record import Item
from search_api.availability.status import (
    Answer,
    ItemState,
    ItemStatus,
    Standing,
    Tally,
    is_of,
    tally,
)
from search_api.lending.reasons import Reason, Rule, Tier, Wanted, Why

_AWAY = frozenset(
    {
        ItemState.ON_LOAN,
        ItemState.RECALLED,
        ItemState.ON_HOLD_SHELF,
        ItemState.IN_TRANSIT,
        ItemState.IN_PROCESS,
        ItemState.ON_ORDER,
    }
)
_NOT_KNOWN = {
    Standing.KEPT: Why.KEPT_ANSWER,
    Standing.UNANSWERED: Why.COULD_NOT_ASK,
    Standing.ASKING: Why.COULD_NOT_ASK,
    Standing.NO_LIVE_STATUS: Why.NO_LIVE_STATUS,
    Standing.UNCLEAR: Why.UNCLEAR,
}
_EXCLUDING = {
    Standing.NOT_FOUND: Rule.NOT_THERE,
    Standing.ON_SITE: Rule.ON_SITE_ONLY,
    Standing.ONLINE: Rule.ONLINE_ONLY,
}
_THERE = {ItemState.AVAILABLE: Why.AVAILABLE_NOW, ItemState.ON_REQUEST: Why.ON_REQUEST}
_TIERS = {Standing.AVAILABLE: Tier.THERE, Standing.ON_REQUEST: Tier.ON_REQUEST}
_STAYS = frozenset({ItemState.AVAILABLE_ONSITE, ItemState.NOT_FOR_LOAN})


@dataclass(frozen=True, slots=True)
class Live:
    """What an answer comes to. ``items`` are those that count: of the volume, of copies that are lent."""

    tier: Tier
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    items: tuple[ItemStatus, ...]
    excluded: Rule | None = None

    @property
    def there(self) -> tuple[ItemStatus, ...]:
        """The copies that can be had now."""
        return tuple(one for one in self.items if one.state in _THERE)


def may_be(volume: str, wanted: str) -> bool:
    """Whether a copy may be of the volume that is wanted, or of a part of it or of more: a copy of which nobody says,
    and one counted in another way (上 and v.1, 全 and v.2), may; whoever wants it asks."""
    have, want = volume_key(volume), volume_key(wanted)
    if not have or not want or have == want:
        return True
    kind = _counted_by(have)
    if not kind or kind != _counted_by(want):
        return True
    (begins, ends), (first, last) = _span(have), _span(want)
    return begins[: len(last)] <= last[: len(begins)] and first[: len(ends)] <= ends[: len(first)]


def _counted_by(key: VolumeKey) -> str:
    """What a volume is counted by: figures, or one of 上中下 and the like; "" for what cannot be compared."""
    if any(step.rank for step in key):
        return ""
    words = {step.word for step in key} - {"", "-"}
    return "figures" if not words else "words" if len(key) == 1 else ""


def _span(key: VolumeKey) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first and the last of the volumes that are named: v.1-3 is 1 and 3."""
    dash = next((at for at, step in enumerate(key) if step.word == "-"), None)
    numbers = tuple(step.number for step in key)
    return (numbers, numbers) if dash is None else (numbers[:dash], numbers[dash:])


def live_of(answer: Answer, not_lent: Sequence[Item], wanted: Wanted) -> Live:
    """What an answer means, without other volumes and copies that the library does not lend: one of those on the shelf
    helps nobody."""
    items = tuple(
        one
        for one in answer.items
        if may_be(one.volume, wanted.volume) and not any(is_of(one, item) for item in not_lent)
    )
    staying = 0
    if wanted.service == "copy":  # what stays in the house can be copied there
        staying = sum(one.state in _STAYS for one in items)
        items = tuple(replace(one, state=ItemState.AVAILABLE) if one.state in _STAYS else one for one in items)
    counted = replace(answer, items=items)
    figures = tally(counted)
    tier, there, out = _reasons(figures)
    if staying:
        there = [Reason(Why.TO_BE_COPIED, number=staying), *(one for one in there if one.why is Why.ON_REQUEST)]
    return Live(tier, tuple(there), tuple(out), items, _excluded(figures, items, wanted))


def _excluded(figures: Tally, items: Sequence[ItemStatus], wanted: Wanted) -> Rule | None:
    if figures.standing is Standing.ONLINE and wanted.service == "copy":
        return None
    if figures.standing in _EXCLUDING:
        return _EXCLUDING[figures.standing]
    if figures.standing is Standing.NOT_NOW and not any(item.state in _AWAY for item in items):
        return Rule.NO_COPY_LEFT
    return None


def _reasons(figures: Tally) -> tuple[Tier, list[Reason], list[Reason]]:
    waiting = [Reason(Why.WAITING, number=one.queue, volume=one.volume) for one in figures.parts if one.queue]
    if figures.standing in _NOT_KNOWN:
        return Tier.NOT_KNOWN, [], [Reason(_NOT_KNOWN[figures.standing]), *waiting]
    if figures.standing is Standing.ONLINE:
        return Tier.NOT_KNOWN, [], []
    there, out = [], []
    for part in figures.parts:
        why = _THERE.get(part.state)
        if why is not None:
            there.append(Reason(why, number=part.available, volume=part.volume))
        elif part.state is ItemState.ON_LOAN or part.first_due is not None:
            out.append(Reason(Why.ON_LOAN, day=part.first_due, volume=part.volume))
        else:
            out.append(Reason(Why.AWAY, volume=part.volume))
    if figures.standing in _TIERS:
        if len(figures.volumes) > 1 and not out:
            there = [Reason(Why.WHOLE_SET, number=len(figures.volumes))]
        return _TIERS[figures.standing], there, [*(out if figures.volumes else []), *waiting]
    return Tier.OUT, [], [*out, *waiting]
