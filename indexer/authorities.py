"""Authority records kept beside the records that name them, and joined to them whenever an edition is made.

They are stored under their numbers and headings, and so are the records under those they name: whichever comes first,
changes or leaves, an edition is found under the names that are there, and the engine is given it again when they
change. Nothing else depends on them: what is shown and what is matched comes from the records alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import orjson
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from indexer import browse_rows, codec
from indexer import catalogue_tables as tables
from indexer.authority import AGENTS, Authority
from indexer.authority_numbers import authority_number
from indexer.catalogue_rows import chunks, insert_many
from indexer.match_keys import key_number
from indexer.record import Agent, Record, RecordRef, Subject


class Named(NamedTuple):
    """The authorities that a record names, as keys: by number, and by heading where no number is given."""

    numbers: frozenset[int] = frozenset()
    headings: frozenset[int] = frozenset()


NOTHING_NAMED = Named()


class Naming(Protocol):
    """What names authorities: a record as it is stored."""

    @property
    def ref(self) -> RecordRef: ...

    @property
    def named(self) -> Named: ...


@dataclass(frozen=True, slots=True)
class PreparedAuthority:
    """An authority record as the catalogue stores it."""

    ref: RecordRef
    keys: frozenset[int]  # of its numbers and headings
    payload: bytes


class Variants(NamedTuple):
    """Names besides those a record states."""

    creators: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


def _number_key(number: str, library: str) -> int:
    return key_number(f"authority:{authority_number(number, library)}")


def _heading_key(library: str, kind: str, text: str, dates: str) -> int:
    return key_number(f"heading:{library}:{kind}:{text}:{dates.strip(' ,.')}")


def _headings(agent: Agent, library: str) -> Iterator[int]:
    """An agent's heading in each script. One that names an authority by number names none by its heading."""
    if not agent.numbers:
        yield _heading_key(library, agent.kind, agent.name, agent.dates)
        if agent.romanised:
            yield _heading_key(library, agent.kind, agent.romanised, agent.dates)


def named(record: Record) -> Named:
    """The authorities that a record names; a heading is its own library's."""
    library = record.library
    nouns: tuple[Agent | Subject, ...] = (*record.agents, *record.subjects)
    return Named(
        frozenset(_number_key(number, library) for noun in nouns for number in noun.numbers),
        frozenset(key for agent in record.agents for key in _headings(agent, library)),
    )


def prepare_authority(authority: Authority) -> PreparedAuthority:
    """An authority record made ready for the catalogue."""
    keys = {key_number(f"authority:{number}") for number in authority.numbers}
    if authority.kind in AGENTS:
        keys |= {_heading_key(authority.library, authority.kind, form.text, form.dates) for form in authority.headings}
    content = [authority.kind, sorted(authority.numbers), authority.headings, authority.names]
    return PreparedAuthority(authority.ref, frozenset(keys), orjson.dumps(content))


def store_authorities(
    connection: Connection,
    given: Mapping[RecordRef, PreparedAuthority],
    leaving: Iterable[RecordRef],
) -> frozenset[int]:
    """Writes authority records and removes those that leave; names of no authority record are passed over.

    The numbers of the records whose bearers have other names now.
    """
    known = _stored(connection, [*given, *leaving])
    if not known and not given:
        return frozenset()
    changed = [one for ref, one in given.items() if ref not in known or known[ref].payload != one.payload]
    gone = [row.number for ref, row in known.items() if ref not in given]
    beginning = sorted({one.ref.library for one in changed if not sends(connection, one.ref.library)})
    before = _keys(connection, [*gone, *(known[one.ref].number for one in changed if one.ref in known)])
    numbers = _write(connection, known, changed)
    _forget_keys(connection, [*gone, *numbers.values()])
    for chunk in chunks(gone):
        connection.execute(delete(tables.authorities).where(tables.authorities.c.number.in_(chunk)))
    keys = [{"key": key, "authority": numbers[one.ref]} for one in changed for key in one.keys]
    if keys:
        connection.execute(insert(tables.authority_keys), keys)
    browse_rows.refer(connection, {numbers[one.ref]: one.payload for one in changed}, gone)
    for library in beginning:
        _note_headings(connection, library)
    after = {key for one in changed for key in one.keys}
    return frozenset(_naming(connection, before | after))


class _Row(NamedTuple):
    number: int
    payload: bytes


def _stored(connection: Connection, refs: Sequence[RecordRef]) -> dict[RecordRef, _Row]:
    table = tables.authorities
    found: dict[RecordRef, _Row] = {}
    if not refs or not any_at_all(connection):
        return found
    query = select(table.c.number, table.c.identifier, table.c.payload)
    for library in {ref.library for ref in refs}:
        for chunk in chunks(ref.identifier for ref in refs if ref.library == library):
            rows = connection.execute(query.where(table.c.library == library, table.c.identifier.in_(chunk)))
            found |= {RecordRef(library, row.identifier): _Row(row.number, row.payload) for row in rows}
    return found


def _write(
    connection: Connection, known: Mapping[RecordRef, _Row], changed: Sequence[PreparedAuthority]
) -> dict[RecordRef, int]:
    """Writes payloads; the number of each authority record."""
    table = tables.authorities
    number = (connection.execute(select(func.max(table.c.number))).scalar_one() or 0) + 1
    numbers: dict[RecordRef, int] = {}
    new: list[dict[str, object]] = []
    others: list[dict[str, object]] = []
    for one in changed:
        if one.ref in known:
            numbers[one.ref] = known[one.ref].number
            others.append({"row": numbers[one.ref], "payload": one.payload})
            continue
        numbers[one.ref] = number
        new.append({"number": number, **one.ref._asdict(), "payload": one.payload})
        number += 1
    if new:
        connection.execute(insert(table), new)
    if others:
        connection.execute(update(table).where(table.c.number == bindparam("row")), others)
    return numbers


def _keys(connection: Connection, authorities: Iterable[int]) -> set[int]:
    table = tables.authority_keys
    found: set[int] = set()
    for chunk in chunks(authorities):
        found.update(connection.execute(select(table.c.key).where(table.c.authority.in_(chunk))).scalars())
    return found


def _forget_keys(connection: Connection, authorities: Iterable[int]) -> None:
    table = tables.authority_keys
    for chunk in chunks(authorities):
        connection.execute(delete(table).where(table.c.authority.in_(chunk)))


def _naming(connection: Connection, keys: Iterable[int]) -> set[int]:
    """The numbers of the records that name authorities by these keys."""
    table = tables.named
    found: set[int] = set()
    for chunk in chunks(keys):
        found.update(connection.execute(select(table.c.record).where(table.c.key.in_(chunk))).scalars())
    return found


def store_named(connection: Connection, changed: Mapping[int, Naming], gone: Iterable[int]) -> None:
    """Notes which authorities records, by number, name; headings only of libraries that send authority records."""
    _forget_named(connection, (*changed, *gone))
    store_first_named(connection, ((number, one.ref.library, one.named) for number, one in changed.items()))


def store_first_named(connection: Connection, records: Iterable[tuple[int, str, Named]]) -> None:
    """The same of records, each by number and library, of which nothing has been noted."""
    sending: dict[str, bool] = {}
    rows: list[tuple[int, int]] = []
    for number, library, found in records:
        if library not in sending:
            sending[library] = sends(connection, library)
        keys = found.numbers | found.headings if sending[library] else found.numbers
        rows.extend((key, number) for key in keys)
    insert_many(connection, tables.named, ("key", "record"), rows)


def _forget_named(connection: Connection, records: Iterable[int]) -> None:
    table = tables.named
    for chunk in chunks(records):
        connection.execute(delete(table).where(table.c.record.in_(chunk)))


def _note_headings(connection: Connection, library: str) -> None:
    """Notes the headings of all records of a library whose first authority record has come."""
    table = tables.records
    query = select(table.c.number, table.c.payload).where(table.c.library == library, table.c.payload.is_not(None))
    numbers = connection.execute(select(table.c.number).where(table.c.library == library)).scalars().all()
    for chunk in chunks(numbers):
        rows = connection.execute(query.where(table.c.number.in_(chunk)))
        found = {row.number: named(codec.decode(row.payload)) for row in rows}
        _forget_named(connection, chunk)
        keys = [(key, number) for number, one in found.items() for key in one.numbers | one.headings]
        insert_many(connection, tables.named, ("key", "record"), keys)


def variants(connection: Connection, records: Sequence[Record]) -> dict[RecordRef, Variants]:
    """For each record that names authorities, all the names these give; records that name none are absent.

    A heading that two authority records of a library share names neither.
    """
    if not records or not any_at_all(connection):
        return {}
    wanted = {key for record in records for keys in named(record) for key in keys}
    authorities: dict[int, list[int]] = {}
    table = tables.authority_keys
    for chunk in chunks(sorted(wanted)):
        for key, number in connection.execute(select(table.c.key, table.c.authority).where(table.c.key.in_(chunk))):
            authorities.setdefault(key, []).append(number)
    names = _names(connection, {number for numbers in authorities.values() for number in numbers})
    found: dict[RecordRef, Variants] = {}
    for record in records:
        creators: dict[str, None] = {}
        subjects: dict[str, None] = {}
        nouns: tuple[Agent | Subject, ...] = (*record.agents, *record.subjects)
        for noun in nouns:
            into = creators if isinstance(noun, Agent) else subjects
            for number in noun.numbers:
                for one in authorities.get(_number_key(number, record.library), ()):
                    into.update(dict.fromkeys(names[one]))
        for agent in record.agents:
            for key in _headings(agent, record.library):
                bearers = authorities.get(key, [])
                if len(bearers) == 1:
                    creators.update(dict.fromkeys(names[bearers[0]]))
        if creators or subjects:
            found[record.ref] = Variants(tuple(creators), tuple(subjects))
    return found


def _names(connection: Connection, authorities: Iterable[int]) -> dict[int, list[str]]:
    table = tables.authorities
    found: dict[int, list[str]] = {}
    for chunk in chunks(sorted(authorities)):
        for number, payload in connection.execute(
            select(table.c.number, table.c.payload).where(table.c.number.in_(chunk))
        ):
            found[number] = orjson.loads(payload)[-1]
    return found


def count(connection: Connection, library: str) -> int:
    """How many authority records the catalogue holds of a library."""
    table = tables.authorities
    return connection.execute(select(func.count()).where(table.c.library == library)).scalar_one()


def sends(connection: Connection, library: str) -> bool:
    """Whether a library sends authority records."""
    table = tables.authorities
    return connection.execute(select(table.c.number).where(table.c.library == library).limit(1)).first() is not None


def any_at_all(connection: Connection) -> bool:
    """Whether there are authority records at all: a catalogue without them is asked nothing further."""
    return connection.execute(select(tables.authorities.c.number).limit(1)).first() is not None


def forget(connection: Connection) -> None:
    """Forgets all of it, as another codec version wants it; reading all raw records again brings it back."""
    for table in (tables.authorities, tables.authority_keys, tables.named, tables.list_references):
        connection.execute(delete(table))
