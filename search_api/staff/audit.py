"""What was changed, when and by whom, for as long as the consortium keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from harvester.store import Store
from search_api.staff import tables
from search_api.staff.roles import Actor

KEPT_DAYS = 400
MAX_WHAT = 2_000
MOST_TOLD = 200


class Action(StrEnum):
    """What can be done that has to be answered for."""

    LOGGED_IN = "logged_in"
    LOG_IN_FAILED = "log_in_failed"
    LOGGED_OUT = "logged_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_WITHDRAWN = "token_withdrawn"  # noqa: S105
    JUDGED = "judged"
    JUDGEMENT_WITHDRAWN = "judgement_withdrawn"
    UPLOADED = "uploaded"
    ACCEPTED = "accepted"  # deletions that were held
    SKIPPED = "skipped"  # a file that was refused
    UNDONE = "undone"  # a removal of records
    LIST_CHANGED = "list_changed"
    POLICY_CHANGED = "policy_changed"
    REQUEST_COUNTED = "request_counted"  # of inter-library loan


@dataclass(frozen=True, slots=True)
class Entry:
    """One change."""

    id: int
    at: datetime
    who: str  # an account's name, or the system's user of a command; "" for nobody known
    library: str  # of the account; "" for the consortium's
    action: str
    what: str


class Audit:
    """The log, in the store's database."""

    def __init__(self, store: Store, kept_days: int = KEPT_DAYS) -> None:
        self._store = store
        self.kept_days = kept_days

    def note(self, action: Action, what: str, *, by: Actor | str, library: str = "") -> None:
        """Writes one change down, and forgets what is older than is kept. ``library`` is that of who has only a name.

        Raises: StoreUnusable.
        """
        now = self._store.now()
        who, of = (by.name, by.library) if isinstance(by, Actor) else (by, library)
        row = {"at": now, "who": who[: tables.MAX_NAME], "library": of, "action": action, "what": what[:MAX_WHAT]}
        ends = now - timedelta(days=self.kept_days)
        with self._store.writing() as connection:
            connection.execute(tables.audit.insert().values(row))
            connection.execute(delete(tables.audit).where(tables.audit.c.at < ends))

    def entries(
        self,
        *,
        library: str | None = None,
        who: str = "",
        action: str = "",
        before: int | None = None,
        most: int = MOST_TOLD,
    ) -> list[Entry]:
        """The newest first, of accounts of one library (None: of all), with numbers below ``before``."""
        log = tables.audit
        query = select(log).order_by(log.c.id.desc()).limit(most)
        if library is not None:
            query = query.where(log.c.library == library)
        if who:
            query = query.where(log.c.who == who)
        if action:
            query = query.where(log.c.action == action)
        if before is not None:
            query = query.where(log.c.id < before)
        with self._store.reading() as connection:
            return [Entry(**row) for row in connection.execute(query).mappings()]
