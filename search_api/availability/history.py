"""What came of asking the libraries' systems, day by day, in the store: it outlasts the program, and several add to it.

Two things are counted apart: what patrons' pages asked, and what the monitor asked so that a system nobody looks at is
known too. Days are of UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    select,
)

from harvester.store import Store
from harvester.tables import Instant
from search_api.availability.counted import Counted, percentile, step_of
from search_api.own_tables import add_to_row, make_absent

KEPT_DAYS = 400
KEPT_HOURS = 24 * 8
SLOW_SECONDS = 1.0
"""An answer that comes later is slow: who waits for it has begun to wonder."""
TOLD_DAYS = 7
WORD_DAYS = 30  # a word that did not come for so long is not told any more
MAX_WORDS = 200  # told of one library
MAX_WORD_LENGTH = 300

Kind = Literal["patrons", "monitor"]

metadata = MetaData()

_FIGURES = ("answered", "failed", "compared", "only_live", "only_catalogued")

days = Table(
    "live_days",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),  # ISO 8601
    Column("kind", String(8), primary_key=True),
    *(Column(name, BigInteger, nullable=False) for name in _FIGURES),
    Column("last_answer_at", Instant),
    Column("last_failure_at", Instant),
    Column("last_failure", Text, nullable=False),
)
seconds = Table(
    "live_seconds",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),  # of ``counted.step_of``
    Column("times", BigInteger, nullable=False),
)
words = Table(
    "live_words",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("word", String(MAX_WORD_LENGTH), primary_key=True),
    Column("times", BigInteger, nullable=False),
    Column("last_at", Instant, nullable=False),
)
hours = Table(
    "live_hours",
    metadata,
    Column("library", String(32), primary_key=True),
    Column("hour", String(13), primary_key=True),  # ISO 8601, as 2026-11-21T08
    Column("answered", BigInteger, nullable=False),
    Column("slow", BigInteger, nullable=False),  # of the answers
    Column("failed", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Hour:
    """One library's hour, of patrons and monitor together."""

    began: datetime
    answered: int
    slow: int  # of the answers: later than ``SLOW_SECONDS``
    failed: int


@dataclass(frozen=True, slots=True)
class Day:
    """One library's day, or several together: how often its system was asked and answered, and how fast."""

    day: date  # the first, of several
    kind: Kind
    answered: int = 0
    failed: int = 0
    compared: int = 0
    only_live: int = 0
    only_catalogued: int = 0
    last_answer_at: datetime | None = None
    last_failure_at: datetime | None = None
    last_failure: str = ""
    steps: Mapping[int, int] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        return self.answered + self.failed

    @property
    def median_seconds(self) -> float | None:
        return percentile(self.steps, 0.5)

    @property
    def slow_seconds(self) -> float | None:
        """Within so many seconds 95 of 100 answers came."""
        return percentile(self.steps, 0.95)


@dataclass(frozen=True, slots=True)
class Past:
    """What is kept of one library."""

    days: tuple[Day, ...] = ()  # in their order, patrons before monitor
    unknown_words: Mapping[str, int] = field(default_factory=dict)  # the most frequent first

    def together(self, kind: Kind) -> Day | None:
        """All days of a kind as one; None when it was not asked."""
        some = [day for day in self.days if day.kind == kind]
        return _sum(some) if some else None


class History:
    """The kept figures of all libraries, in the store's database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        make_absent(store, metadata)

    def add(self, counted: Mapping[str, Counted], kind: Kind = "patrons") -> None:
        """Adds what was counted since the last time, by library, in one transaction.

        Raises: StoreUnusable; then nothing was added.
        """
        now = self._store.now()
        with self._store.writing() as connection:
            for library, one in counted.items():
                _add(connection, library, kind, one, now)
            ends = (now - timedelta(days=KEPT_DAYS)).date().isoformat()
            for table in (days, seconds):
                connection.execute(delete(table).where(table.c.day < ends))
            connection.execute(delete(hours).where(hours.c.hour < _hour(now - timedelta(hours=KEPT_HOURS))))
            connection.execute(delete(words).where(words.c.last_at < now - timedelta(days=KEPT_DAYS)))

    def of(self, libraries: Iterable[str], *, told_days: int = TOLD_DAYS) -> dict[str, Past]:
        """What is kept of each library, of the last days."""
        codes = list(libraries)
        now = self._store.now()
        since = (now - timedelta(days=told_days - 1)).date().isoformat()
        with self._store.reading() as connection:
            steps: dict[tuple[str, str, str], dict[int, int]] = {}
            for row in connection.execute(
                select(seconds).where(seconds.c.library.in_(codes), seconds.c.day >= since)
            ).mappings():
                steps.setdefault((row["library"], row["day"], row["kind"]), {})[row["step"]] = row["times"]
            found: dict[str, list[Day]] = {code: [] for code in codes}
            query = select(days).where(days.c.library.in_(codes), days.c.day >= since)
            for row in connection.execute(query.order_by(days.c.day, days.c.kind.desc())).mappings():
                found[row["library"]].append(_day(row, steps.get((row["library"], row["day"], row["kind"]), {})))
            told: dict[str, dict[str, int]] = {code: {} for code in codes}
            recent = select(words).where(words.c.library.in_(codes), words.c.last_at >= now - timedelta(days=WORD_DAYS))
            for row in connection.execute(recent.order_by(words.c.times.desc(), words.c.word)).mappings():
                if len(told[row["library"]]) < MAX_WORDS:
                    told[row["library"]][row["word"]] = row["times"]
        return {code: Past(tuple(found[code]), told[code]) for code in codes}

    def hours(self, libraries: Iterable[str], *, last: int = 24) -> dict[str, tuple[Hour, ...]]:
        """The last hours of each library in which its system was asked, in their order; the hour under way too."""
        codes = list(libraries)
        since = _hour(self._store.now() - timedelta(hours=last - 1))
        found: dict[str, list[Hour]] = {code: [] for code in codes}
        query = select(hours).where(hours.c.library.in_(codes), hours.c.hour >= since).order_by(hours.c.hour)
        with self._store.reading() as connection:
            for row in connection.execute(query):
                began = datetime.fromisoformat(f"{row.hour}:00:00+00:00")
                found[row.library].append(Hour(began, row.answered, row.slow, row.failed))
        return {code: tuple(some) for code, some in found.items()}


def _hour(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H")


def _add(connection: Connection, library: str, kind: Kind, counted: Counted, now: datetime) -> None:
    day = now.date().isoformat()
    key = {"library": library, "day": day, "kind": kind}
    last: dict[str, Any] = {"last_answer_at": counted.last_answer_at, "last_failure_at": counted.last_failure_at}
    kept = {name: value for name, value in last.items() if value is not None}
    if counted.last_failure_at is not None:
        kept["last_failure"] = counted.last_failure[:MAX_WORD_LENGTH]
    figures = {name: getattr(counted, name) for name in _FIGURES}
    add_to_row(
        connection, days, key, added=figures, replaced=kept, otherwise={**dict.fromkeys(last), "last_failure": ""}
    )
    late = step_of(SLOW_SECONDS)
    slow = sum(times for step, times in counted.steps.items() if step > late)
    asked = {"answered": counted.answered, "slow": slow, "failed": counted.failed}
    add_to_row(connection, hours, {"library": library, "hour": _hour(now)}, added=asked)
    for step, times in counted.steps.items():
        add_to_row(connection, seconds, {**key, "step": step}, added={"times": times})
    for word, times in counted.words.items():
        named = {"library": library, "word": word[:MAX_WORD_LENGTH]}
        add_to_row(connection, words, named, added={"times": times}, replaced={"last_at": now})


def _day(row: RowMapping, steps: Mapping[int, int]) -> Day:
    known = {name: row[name] for name in (*_FIGURES, "kind", "last_answer_at", "last_failure_at", "last_failure")}
    return Day(day=date.fromisoformat(row["day"]), steps=steps, **known)


def _sum(some: Sequence[Day]) -> Day:
    steps: Counter[int] = Counter()
    for day in some:
        steps.update(day.steps)
    failed = [day for day in some if day.last_failure_at is not None]
    return Day(
        day=some[0].day,
        kind=some[0].kind,
        **{name: sum(getattr(day, name) for day in some) for name in _FIGURES},
        last_answer_at=next((day.last_answer_at for day in reversed(some) if day.last_answer_at), None),
        last_failure_at=failed[-1].last_failure_at if failed else None,
        last_failure=failed[-1].last_failure if failed else "",
        steps=steps,
    )
