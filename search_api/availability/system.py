"""One library's own system as its connector reaches it: where, as whom, in whose words."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from yarl import URL

from mappings.availability import Availability
from search_api.availability.due import due_date
from search_api.availability.entry import Entry
from search_api.availability.http import Body, ConnectorUnavailable, EntryRefused, ImpatientHttp, Request
from search_api.availability.reading import local_day
from search_api.availability.status import AskedRecord, ItemState
from search_api.availability.words import word_of

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message to a system and what came back, for whoever sets up a member. No secret stands in it."""

    sent: str
    received: str


class Commons:
    """What connectors of several libraries share, such as a question that is asked once for all of them."""

    def __init__(self) -> None:
        self._things: dict[Hashable, object] = {}

    def of(self, key: Hashable, make: Callable[[], _Thing]) -> _Thing:
        """The one thing of this key; it is made when it is first asked for."""
        if key not in self._things:
            self._things[key] = make()
        return cast(_Thing, self._things[key])


@dataclass(slots=True)
class System:
    """What a connector needs to ask one library. Made once per library and kept as long as the program runs."""

    library: str
    service: Availability
    http: ImpatientHttp
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    listener: Callable[[Exchange], None] | None = None  # is told every exchange; absent: nobody listens
    commons: Commons = field(default_factory=Commons)
    entry: Entry = field(init=False)

    def __post_init__(self) -> None:
        timeout = self.service.timeout_seconds
        self.entry = Entry(self.service.auth, self.http, timeout_seconds=timeout, environ=self.environ)

    def name_of(self, record: AskedRecord) -> str:
        """What the system calls the record, as the library's file says."""
        return self.service.id_template.replace("{local_id}", record.local_id)

    def state_of(self, word: str, table: Mapping[str, ItemState]) -> ItemState | None:
        """The state that a status word or code stands for, by the library's own table first; None: no table knows it.

        Words are compared whole, as ``words.word_of`` folds them; ``table`` has them so.
        """
        form = self.service.due_form
        folded = word_of(word, form)
        own = next((state for known, state in self.service.words.items() if word_of(known, form) == folded), None)
        return ItemState(own) if own is not None else table.get(folded)

    def due(self, text: str) -> date | None:
        """The date in what the system writes, in its library's form; None: none, or one that could be two."""
        return due_date(text, self.service.due_form)

    def day(self, value: object) -> date | None:
        """The library's day of a date, or of a date and time, in ISO 8601; None for what is neither."""
        return local_day(value, ZoneInfo(self.service.time_zone))

    async def get(
        self,
        query: Mapping[str, str],
        *,
        accept: str,
        path: str = "",
        headers: Mapping[str, str] | None = None,
        also: frozenset[int] = frozenset(),
    ) -> Body:
        """Asks the service's address, or a path below it; raises what ``ImpatientHttp.send`` raises."""
        url = self.service.url.rstrip("/") + path if path else self.service.url
        return await self.send(Request(url, query, headers={"Accept": accept, **(headers or {})}, also=also))

    async def send(self, request: Request) -> Body:
        """Sends a request with what lets us in; a token that has ended is fetched anew, once.

        Raises: what ``ImpatientHttp.send`` raises.
        """
        try:
            return await self._entered(request)
        except EntryRefused:
            if not self.entry.renewable:
                raise
            self.entry.forget()
            return await self._entered(request)

    def tell(self, sent: str, received: bytes | str) -> None:
        """Tells whoever listens what went to and fro, without secrets."""
        if self.listener is not None:
            text = _readable(received) if isinstance(received, bytes) else received
            self.listener(Exchange(self.entry.shown(sent), self.entry.shown(text)))

    async def _entered(self, request: Request) -> Body:
        hosts = request.hosts | ({URL(request.url).host or "", *self.service.hosts} if self.service.hosts else set())
        entered = replace(
            request,
            headers={**request.headers, **await self.entry.headers()},
            query={**request.query, **self.entry.parameters()},
            hosts=hosts,
        )
        sent = f"{request.method} {URL(entered.url).update_query(entered.query).human_repr()}"
        if request.content is not None:
            sent += f"\n{request.content.decode('utf-8', 'replace')}"
        try:
            body = await self.http.send(
                entered,
                timeout_seconds=self.service.timeout_seconds,
                connect_seconds=self.service.connect_seconds,
            )
        except ConnectorUnavailable as exc:
            self.tell(sent, f"({exc})")
            raise
        self.tell(sent, body.content)
        return body


def _readable(content: bytes) -> str:
    """An answer as a person can read it: UTF-8, or the Big5 of many catalogues in Taiwan."""
    for charset in ("utf-8", "cp950"):
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")
