"""What a repository says of itself and did not say before: another name, another address, another earliest date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from harvester.oai_records import instant
from harvester.traits import Trait

RESTAMPED = timedelta(days=30)  # later than before: the oldest records of a repository change now and then


def renamed(before: Mapping[str, Trait], learnt: Mapping[str, Trait]) -> str:
    """Why the repository is taken for another than before; "" when it is not."""
    name, known = learnt.get("repository_identifier"), before.get("repository_identifier")
    if not name or not known or name == known:
        return ""
    return f"the repository calls itself {name} now and not {known}: its records may have other identifiers"


def restated(before: Mapping[str, Trait], learnt: Mapping[str, Trait]) -> str:
    """What is worth a list of all identifiers though it proves nothing; "" when there is nothing of the kind."""
    address, known = (_bare(found.get("base_url")) for found in (learnt, before))
    if address and known and address != known:
        return f"the repository gives {address} as its address now and not {known}"
    earliest, was = (instant(str(found.get("earliest_datestamp") or "")) for found in (learnt, before))
    if earliest and was and earliest - was > RESTAMPED:
        return f"the repository has nothing from before {earliest:%Y-%m-%d} now, and had since {was:%Y-%m-%d}"
    return ""


def _bare(address: Trait) -> str:
    """An address without what servers write now so and now so."""
    return str(address or "").partition("://")[2].rstrip("/").casefold()
