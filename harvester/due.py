"""When a member is swept, and when it is harvested in full again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from harvester.store import Store
from harvester.traits import Trait
from mappings.library import Library

Due = Literal["nothing", "sweep", "full"]
"""What is due besides the changes."""

UNTOLD = timedelta(days=7)
"""How long deletions may go untold: between two sweeps, or between two visits to a server that forgets them."""


def due(store: Store, library: Library, address: str, traits: Mapping[str, Trait]) -> Due:
    """What is due for a library, now, besides what changed.

    A server that says it keeps deletions for a while only is swept when the last good run is longer ago than a while
    may be (OAI-PMH 2.0 §2.5.1: transient promises nothing); one that keeps none is swept every week.
    """
    now, harvest = store.now(), library.harvest
    last = store.last_complete(library.code, address)
    if "full" not in last:
        return "nothing"  # the first harvest lists everything
    if not harvest.selective or traits.get("selective_ok") is False:
        return "full"  # it does not honour dates: what changed cannot be asked for
    if harvest.reharvest_days and now - last["full"] >= timedelta(days=harvest.reharvest_days):
        return "full"
    if not harvest.sweep_days:
        return "nothing"
    listed = max(last["full"], last.get("sweep", last["full"]))
    between = timedelta(days=harvest.sweep_days)
    if traits.get("deleted_record") == "no":
        between = min(between, UNTOLD)
    forgotten = traits.get("deleted_record") == "transient" and now - max(last.values()) > UNTOLD
    return "sweep" if forgotten or now - listed >= between else "nothing"
