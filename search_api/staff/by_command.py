"""What somebody at the machine changes by a command is in the log too, by the name the system knows them by."""

from __future__ import annotations

import getpass

from harvester.store import Store
from search_api.own_tables import make_absent
from search_api.staff import tables
from search_api.staff.audit import Action, Audit


def who_runs() -> str:
    """Who runs the command, as the log names them; nobody has an account of such a name."""
    return f"{getpass.getuser()} (command line)"


def note(store: Store, action: Action, what: str) -> None:
    """Writes down what a command has changed.

    Raises: StoreUnusable.
    """
    make_absent(store, tables.metadata)
    Audit(store).note(action, what, by=who_runs())
