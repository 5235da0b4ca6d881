"""`allshelves ask`: one library's own system asked about one record, with all that went to and fro."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

import typer

from indexer.catalogue import Catalogue
from mappings.library import Library, load_libraries
from search_api import asked, terminal
from search_api.availability.connectors import connected
from search_api.availability.http import ConnectorUnavailable, ImpatientHttp
from search_api.availability.status import AskedRecord, ItemStatus, RecordAnswer, Reply
from search_api.availability.system import Exchange, System
from search_api.commands import reading
from search_api.commands.shared import LibraryCode, chosen, console, errors, fail, opened_store
from search_api.settings import Settings

SHOWN = 4_000
"""Characters of an answer that are printed without ``--whole``."""


def ask(
    library: LibraryCode,
    record: Annotated[str, typer.Argument(metavar="ID", help="What the library's own system calls the record.")],
    barcode: Annotated[list[str] | None, typer.Option(help="A copy's barcode, besides those of the catalogue.")] = None,
    isbn: Annotated[list[str] | None, typer.Option(help="An ISBN, besides those of the catalogue.")] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Print answers to their end.")] = False,
) -> None:
    """Ask one library's own system for a record's copies: what is sent, what comes back, how it is understood.

    Exit code 1 when it could not be asked. Secrets are not printed.
    """
    settings = Settings.from_environment()
    [member] = chosen(load_libraries(settings.libraries), [library])
    if member.availability.protocol == "none":
        fail(f"{member.code}: availability.protocol is none: there is nothing to ask")
    known = _known(settings, member, record)
    question = replace(
        known,
        barcodes=tuple(dict.fromkeys((*known.barcodes, *(barcode or ())))),
        isbns=tuple(dict.fromkeys((*known.isbns, *(isbn or ())))),
    )
    terminal.say(errors, f"{member.code}: {member.availability.protocol}, {_described(question)}")
    try:
        reply = asyncio.run(_asked(member, question, whole=whole))
    except ConnectorUnavailable as exc:
        fail(f"{member.code}: could not be asked: {exc}", code=1)
    for answer in reply.answers:
        _print_answer(answer)
    for word in dict.fromkeys(reply.unknown_words):
        told = terminal.visible(word)
        terminal.say(
            console, f'unknown word: {told}: say what it means in the library\'s file: words = {{"{told}" = "…"}}'
        )


async def _asked(member: Library, record: AskedRecord, *, whole: bool) -> Reply:
    """The connector's reply; what goes to and fro is printed as it does."""
    http = ImpatientHttp()
    try:
        connector = connected(
            System(
                member.code, member.availability, http, listener=lambda exchange: _print_exchange(exchange, whole=whole)
            )
        )
        try:
            return await connector.ask([record])
        finally:
            await connector.close()
    finally:
        await http.close()


def _known(settings: Settings, member: Library, local_id: str) -> AskedRecord:
    """The record with what the catalogue knows of it, when there is one."""
    if not settings.home.is_dir():
        return AskedRecord(local_id)
    with opened_store(settings) as store:
        try:
            return asked.named(store, Catalogue(store.engine), member.code, local_id)
        except reading.Ambiguous as exc:
            fail(str(exc))


def _described(record: AskedRecord) -> str:
    parts = [f"record {record.local_id}"]
    parts += [f"barcodes {', '.join(record.barcodes)}"] if record.barcodes else []
    parts += [f"ISBN {', '.join(record.isbns)}"] if record.isbns else []
    parts += [f"title {record.title}"] if record.title else []
    return terminal.visible("; ".join(parts))


def _print_exchange(exchange: Exchange, *, whole: bool) -> None:
    received = exchange.received if whole else exchange.received[:SHOWN]
    terminal.say(console, f"→ {terminal.visible(exchange.sent)}")
    terminal.say(console, f"← {terminal.visible(received)}")
    if len(received) < len(exchange.received):
        terminal.say(console, f"  ({len(exchange.received):,} characters; --whole prints them all)")


def _print_answer(answer: RecordAnswer) -> None:
    why = f" ({answer.message})" if answer.message else ""
    terminal.say(console, f"\n{answer.local_id}: {answer.state}, {_counted(len(answer.items))}{why}")
    if answer.items:
        table = terminal.table("state", "due", "place", "call number", "barcode", "said")
        for item in answer.items:
            table.add_row(*(terminal.visible(cell) for cell in _cells(item)))
        terminal.show(console, table)


def _counted(copies: int) -> str:
    return "1 copy" if copies == 1 else f"{copies:,} copies"


def _cells(item: ItemStatus) -> tuple[str, ...]:
    place = " / ".join(filter(None, (item.branch, item.location)))
    said = "; ".join(filter(None, (item.message, f"queue {item.queue}" if item.queue is not None else "")))
    call_number = " ".join(filter(None, (item.call_number, item.volume)))
    return (item.state, str(item.due or ""), place, call_number, item.barcode or item.item_id, said)
