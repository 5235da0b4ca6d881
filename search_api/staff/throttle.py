"""Waits after failed log-ins, which grow; counted by account and address, so that no stranger locks anybody out.

Three things are counted: failures of one name from one address, of an address whatever the name, and of a name
whatever the address. A browser that somebody has logged in with before (it has a cookie of ours) is counted by itself
and by nothing else: whoever else fails at the same name, its user comes in. A name that no account has is counted like
any other.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from harvester.store import Store
from search_api.staff import tables

FORGOTTEN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Rule:
    """How failures of one kind make the next attempt wait: a second after the free ones, then twice as long each."""

    free: int
    longest: timedelta
    forgiven_every: timedelta  # one failure is taken back for each such time without another

    def wait(self, failures: int) -> timedelta:
        beyond = failures - self.free
        return min(self.longest, timedelta(seconds=2 ** min(beyond, 20))) if beyond >= 0 else timedelta(0)

    def standing(self, failures: int, since: timedelta) -> int:
        """What of the failures is not forgiven."""
        return max(0, failures - int(since / self.forgiven_every))


PAIR = Rule(free=5, longest=timedelta(minutes=15), forgiven_every=timedelta(minutes=30))
BROWSER = PAIR
ADDRESS = Rule(free=20, longest=timedelta(minutes=15), forgiven_every=timedelta(minutes=5))  # a library shares one
NAME = Rule(free=50, longest=timedelta(minutes=5), forgiven_every=timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that failures are counted of."""

    key: str
    rule: Rule


def counted(name: str, address: str, browser: str) -> tuple[Counted, ...]:
    """What an attempt is counted by. ``browser`` is the hash of its cookie, "" for one never logged in with."""
    if browser:
        return (Counted(_key("browser", browser), BROWSER),)
    place = network(address)
    return (
        Counted(_key("pair", name, place), PAIR),
        Counted(_key("address", place), ADDRESS),
        Counted(_key("name", name), NAME),
    )


def network(address: str) -> str:
    """What one attacker has of addresses: a single one of IPv4, the 64 bits of a subscriber of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a socket of this machine has none
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


class Throttle:
    """The failures of all, in the store: several processes count together, and a restart forgives nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, by: tuple[Counted, ...]) -> float:
        """Counts an attempt as failed before it is looked at, so that many at once gain nothing.

        Returns 0, or the seconds to wait first; then nothing was counted.
        """
        now = self._store.now()
        with self._store.writing() as connection:
            waits, failures = [], {}
            for one in by:
                row = connection.execute(select(tables.attempts).where(tables.attempts.c.key == one.key)).first()
                standing = one.rule.standing(row.failures, now - row.last_at) if row else 0
                failures[one.key] = standing + 1
                waits.append(row.last_at + one.rule.wait(standing) - now if row else timedelta(0))
            longest = max(waits)
            if longest > timedelta(0):
                return longest.total_seconds()
            for key, count in failures.items():
                _write(connection, key, count, now)
            connection.execute(delete(tables.attempts).where(tables.attempts.c.last_at < now - FORGOTTEN))
        return 0.0

    def succeeded(self, by: tuple[Counted, ...]) -> None:
        """Takes the attempt back; what only this person did is forgiven, what others did is not."""
        attempts = tables.attempts
        with self._store.writing() as connection:
            for one in by:
                if one.rule is PAIR:
                    connection.execute(delete(attempts).where(attempts.c.key == one.key))
                else:
                    less = update(attempts).where(attempts.c.key == one.key, attempts.c.failures > 0)
                    connection.execute(less.values(failures=attempts.c.failures - 1))


def _write(connection: Connection, key: str, failures: int, now: datetime) -> None:
    attempts = tables.attempts
    changed = connection.execute(update(attempts).where(attempts.c.key == key).values(failures=failures, last_at=now))
    if not changed.rowcount:
        connection.execute(attempts.insert().values(key=key, failures=failures, last_at=now))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
