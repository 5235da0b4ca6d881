"""Commands that look: what could not be read, a record beside its reading, how good a library's records are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from harvester.raw_record import Quarantined, RawRecord
from harvester.reuse import Former, formers
from harvester.store import Store
from indexer import own_records
from indexer.catalogue import Catalogue
from indexer.export import NotExportable
from indexer.record import RecordRef
from indexer.transmission import Malformed
from mappings.library import Library, load_libraries
from search_api import terminal
from search_api.commands import raw as raw_records
from search_api.commands import reading
from search_api.commands.shared import LibraryCode, chosen, console, errors, fail, opened_store
from search_api.progress import counting
from search_api.settings import Settings

COPIES_SHOWN = 20
"""Holdings records whose copies are listed under the record they belong to; further ones are only named."""


def quarantine(
    library: LibraryCode,
    raw: Annotated[
        Path | None,
        typer.Option(help="A folder to write each of them into as it came, a file a record.", file_okay=False),
    ] = None,
) -> None:
    """The records of a library that could not be read, why, and how many for each reason."""
    settings = Settings.from_environment()
    [member] = chosen(load_libraries(settings.libraries), [library])
    with opened_store(settings) as store:
        found = store.quarantined(member.code)
        written = len(list(raw_records.write_quarantine(store, found, raw))) if raw and found else 0
    if not found:
        console.print(f"{member.code}: nothing in quarantine")
        return
    raw_records.print_quarantine(console, found, member.schedule.zone)
    if raw:
        terminal.say(console, f"\n{written:,} of {len(found):,} written to {raw}")


def show(
    library: LibraryCode,
    record: Annotated[str, typer.Argument(metavar="ID", help="Its identifier, or what the library itself calls it.")],
    form: Annotated[
        raw_records.Form | None,
        typer.Option("--as", help="Write the record itself to standard output: as it came, or mended and in UTF-8."),
    ] = None,
    former: Annotated[
        bool, typer.Option("--former", help="What it was before the library gave its identifier to another record.")
    ] = False,
) -> None:
    """A record as it came, and beside every value the fields it was read from. Exit code 1 when it cannot be read."""
    settings = Settings.from_environment()
    [member] = chosen(load_libraries(settings.libraries), [library])
    with opened_store(settings) as store:
        catalogue = Catalogue(store.engine)
        try:
            stored = reading.find(store, catalogue, member.code, record)
        except reading.Ambiguous as exc:
            fail(str(exc))
        earlier = formers(store, member.code, stored.raw.identifier if stored else record)
        if former:
            _show_former(earlier, member, record, form)
            return
        if stored is not None and form is not None:
            _write(stored.raw, member, form)
            return
        if stored is not None:
            ref = RecordRef(member.code, stored.raw.identifier)
            edition = catalogue.edition_of(ref)
            if (refused := _refused(store, ref)) and not stored.raw.deleted:
                kept = catalogue.record(ref)
                reading.print_refused_version(console, stored, refused, member, kept=kept, edition=edition)
                raise typer.Exit(1)
            readable = reading.print_record(console, stored, member, edition)
            described = catalogue.copies_described_by(RecordRef(member.code, stored.raw.identifier))
            for number, one in enumerate(described):
                terminal.say(console, f"\nCopies of it stand in {one}: allshelves show {member.code} {one}")
                if number < COPIES_SHOWN and (beside := store.raw(member.code, one)):
                    reading.print_copies(console, beside.raw, member)
            if earlier:
                at = terminal.moment(earlier[0].replaced_at, member.schedule.zone)
                terminal.say(console, f"\nUntil {at} it was quite another record: --former shows it")
            raise typer.Exit(0 if readable else 1)
        for refused in store.quarantined(member.code):
            if refused.identifier == record:
                if form is not None:
                    typer.echo(refused.payload, nl=False)
                else:
                    reading.print_refused(console, refused, member.schedule.zone)
                raise typer.Exit(0 if form is raw_records.Form.RAW else 1)
    fail(f"no record {member.code}:{record} was harvested")


def _refused(store: Store, ref: RecordRef) -> Quarantined | None:
    """Why the newest version of a record is no part of the catalogue, None where it is."""
    found = (one for one in store.quarantined(ref.library) if one.identifier == ref.identifier and one.stage == "read")
    return next(found, None)


def _show_former(earlier: Sequence[Former], member: Library, name: str, form: raw_records.Form | None) -> None:
    if not earlier:
        fail(f"{member.code}:{name} was no other record in the last ninety days")
    if form is not None:
        _write(earlier[0].record, member, form)
        return
    readable = [reading.print_former(console, one, member) for one in earlier]
    if not all(readable):
        raise typer.Exit(1)


def _write(raw: RawRecord, member: Library, form: raw_records.Form) -> None:
    try:
        typer.echo(raw_records.as_bytes(raw, member, form), nl=False)
    except (Malformed, NotExportable) as exc:
        fail(f"{member.code}:{raw.identifier}: {exc}", code=1)


def report(library: LibraryCode) -> None:
    """How good a library's records are, with examples: something to forward to its cataloguers."""
    settings = Settings.from_environment()
    [member] = chosen(load_libraries(settings.libraries), [library])
    with opened_store(settings) as store:
        catalogue = Catalogue(store.engine)
        total = own_records.count(catalogue, member.code)
        with counting(errors, "records", total) as progress:
            quality = own_records.quality_of(store, catalogue, member, progress)
    reading.print_quality(console, quality, member)
