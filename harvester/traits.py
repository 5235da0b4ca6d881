"""What was learnt of a member's server, so that it need not be found out again with every run.

The names are listed here, with who learns them and what they mean.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from harvester import tables

Trait = str | int | float | bool | None | list["Trait"] | dict[str, "Trait"]
"""A value that JSON can hold."""

TRAITS: Mapping[str, str] = {
    "repository_identifier": "OAI-PMH: what the repository calls itself; another one means other identifiers",
    "base_url": "OAI-PMH: the address the server gives for itself",
    "earliest_datestamp": "OAI-PMH: as stated; often wrong, and a change of it is worth a sweep",
    "granularity": "OAI-PMH: day or second, as it proved to be",
    "deleted_record": "OAI-PMH: no, transient or persistent, as stated",
    "deletes_seen_ever": "whether this source ever stated a deletion",
    "selective_ok": "OAI-PMH: false when from and until are ignored or refused",
    "prefix_with_token": "OAI-PMH: whether the metadata prefix must be sent with a resumption token",
    "token_encoding": "OAI-PMH: quoted, or verbatim when the server fails over quoted tokens",
    "token_idempotent": "OAI-PMH: false when a token can be used only once",
    "gzip_ok": "false when compressed answers come broken",
    "skew_seconds": "how far the server's clock is ahead of ours",
    "force_seconds": "OAI-PMH: whether dates have to be given to the second though the server says days",
    "moved_to": "OAI-PMH: the address its permanent redirects lead to",
    "moved_runs": "OAI-PMH: in how many runs, one after another, they led there",
    "most_results": "SRU: how many records of one query the server gives or counts at most, below what its file says",
    "metadata_prefix": "OAI-PMH: the prefix that proved to be MARC, when the configured one was not known",
}
"""Every name under which something may be learnt."""


def of(connection: Connection, library: str, source: str) -> dict[str, Trait]:
    """What was learnt of a source, by name."""
    table = tables.trait
    query = select(table.c.name, table.c.value).where(table.c.library == library, table.c.source == source)
    return {name: json.loads(value) for name, value in connection.execute(query)}


def learn(connection: Connection, library: str, source: str, learnt: Mapping[str, Trait], now: datetime) -> None:
    """Notes what was learnt, in place of what was known by these names.

    Raises: ValueError for a name that ``TRAITS`` does not list: a misspelt trait would be forgotten in silence.
    """
    if not learnt:
        return
    if unknown := sorted(set(learnt) - set(TRAITS)):
        raise ValueError(f"no trait is called {unknown[0]!r}; there are {', '.join(TRAITS)}")
    table = tables.trait
    of_source = (table.c.library == library, table.c.source == source)
    connection.execute(delete(table).where(*of_source, table.c.name.in_(learnt)))
    connection.execute(
        insert(table),
        [
            {"library": library, "source": source, "name": name, "value": json.dumps(value), "learnt_at": now}
            for name, value in learnt.items()
        ],
    )
