"""What only a person may decide, at the command line: records that are held go or stay, records that went come back."""

from __future__ import annotations

from rich.console import Console

from harvester.decisions import accept, holds, how_many_would_go, refuse, refused_files, removals, skip, undo, would_go
from harvester.removal import Hold, Removal
from harvester.store import Store
from indexer.catalogue import Catalogue
from indexer.record import RecordRef
from mappings.library import Library
from search_api import terminal

EXAMPLES = 10

WHY = {
    "absent": "its list no longer has them",
    "stated": "it says that they are deleted",
    "epoch": "the list of its new system or address has no successor for them",
}
REASONS = {"full": "a full list lacked them", "sweep": "a sweep lacked them", "stated": "the source deleted them"}
REASONS |= {"epoch": "its new system or address had none of them"}


def waiting(console: Console, store: Store, catalogue: Catalogue, member: Library) -> list[Hold]:
    """Shows what waits for a person, with examples by title; what it is."""
    library, zone = member.code, member.schedule.zone
    found = holds(store, library)
    if not found:
        terminal.say(console, f"{library}: nothing waits for a decision")
    for hold in found:
        names, count = would_go(store, hold, EXAMPLES), how_many_would_go(store, hold)
        terminal.say(console, f"{library}: {count:,} of {hold.live:,} records would leave: {WHY[hold.kind]}.")
        terminal.say(console, f"  {terminal.moment(hold.at, zone)}: {hold.reason}")
        refs = [RecordRef(library, name) for name in names]
        known = catalogue.records(refs)
        for ref in refs:
            record = known.get(ref)
            title = record.title.proper if record is not None and record.title else "(not indexed)"
            terminal.say(console, f"  {terminal.visible(ref.identifier)}  {terminal.visible(title)}")
        if count > len(names):
            terminal.say(console, f"  … and {count - len(names):,} more")
    return found


def carry_out(console: Console, store: Store, found: list[Hold]) -> None:
    """Lets what is held go, and says how it can be brought back."""
    for hold in found:
        gone = accept(store, hold)
        terminal.say(console, f"{hold.library}: {gone:,} records left. allshelves undo {hold.library} brings them back")


def let_stay(console: Console, store: Store, found: list[Hold]) -> None:
    """Keeps what is held."""
    for hold in found:
        refuse(store, hold)
        terminal.say(console, f"{hold.library}: {hold.records:,} records stay")


def refused_file(console: Console, store: Store, library: str, name: str) -> bool:
    """Shows a refused file and what waits behind it; whether there is such a one."""
    found = [file for file in refused_files(store, library) if file.name == name]
    for file in found:
        terminal.say(console, terminal.visible(f"{library}: {file.name} cannot be read: {file.reason}"))
        for waiting in file.waiting[:EXAMPLES]:
            terminal.say(console, terminal.visible(f"  waits behind it: {waiting}"))
        if len(file.waiting) > EXAMPLES:
            terminal.say(console, f"  … and {len(file.waiting) - EXAMPLES:,} more")
    if not found:
        terminal.say(console, terminal.visible(f"{library}: no file called {name} was refused"))
    return bool(found)


def pass_over(console: Console, store: Store, library: str, name: str) -> None:
    """Lets harvests pass over a refused file, and says what that means."""
    skip(store, library, name)
    terminal.say(
        console, terminal.visible(f"{library}: {name} is passed over as it is; a new file of this name is read again")
    )


def last_removal(console: Console, store: Store, member: Library) -> Removal | None:
    """Shows what the library's last removal was; absent when there is none that can be undone."""
    found = removals(store, member.code)
    if not found:
        terminal.say(console, f"{member.code}: nothing left in the last ninety days that could be brought back")
        return None
    last, at = found[0], terminal.moment(found[0].at, member.schedule.zone)
    who = "somebody agreed that" if last.accepted else "by itself, because"
    terminal.say(console, f"{member.code}: {last.records:,} records left at {at}, {who} {REASONS[last.reason]}")
    return last


def bring_back(console: Console, store: Store, removal: Removal) -> None:
    """Undoes a removal."""
    back = undo(store, removal)
    terminal.say(console, f"{removal.library}: {back:,} records are back; allshelves index makes them found again")
