"""The pages of a library's own catalogue, where it offers nothing else and has permitted to be asked.

Which pages, and how they are read, stands in the library's file (``availability.web``). An answer is used only when it
is recognised: a list of copies at its place, of the record that was asked about. Everything else, a login, a page of
another record, one that is cut off, is a failure, and never copies.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mappings.web_status import Before, Web
from search_api.availability.http import Body, ConnectorUnavailable, EntryRefused, QuestionRefused, Request
from search_api.availability.reading import MAX_ITEMS, said
from search_api.availability.status import AnswerState, AskedRecord, RecordAnswer, Reply
from search_api.availability.system import System
from search_api.availability.web import pages, questions
from search_api.availability.web.answers import Page, is_of, page_of, titles_of
from search_api.availability.web.copies import status_of
from search_api.availability.web.questions import Names
from search_api.availability.web.rows import Row

LARGE_BYTES = 100_000
"""A page above this is read beside the other questions, which would wait for it."""


@dataclass(frozen=True, slots=True)
class _Let:
    """What the page asked before gave: values by name, cookies, and the record's title where it is told there."""

    values: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    fresh: bool = True  # not kept from another question


@dataclass(slots=True)
class _Read:
    """What came of one look-up."""

    page: Page
    rows: list[Row]
    left_out: str = ""  # why there may be more copies than these


class WebConnector:
    """Asks one catalogue's pages. What it was given to enter with is kept for a while."""

    def __init__(self, system: System) -> None:
        if system.service.web is None:
            raise ValueError(f"{system.library}: availability.web is missing")
        self._system = system
        self._web: Web = system.service.web
        self._kept: _Let | None = None
        self._kept_until = 0.0  # loop time
        self._entering = asyncio.Lock()

    async def ask(self, records: Sequence[AskedRecord]) -> Reply:
        """Asks for one record after the other.

        Raises: ConnectorUnavailable when the first answer cannot be used.
        """
        answers: list[RecordAnswer] = []
        unknown_words: list[str] = []
        for record in records:
            try:
                answers.append(await self._answer(record, unknown_words))
            except ConnectorUnavailable as exc:
                if not answers and not (isinstance(exc, QuestionRefused) and len(records) > 1):
                    raise
                answers.append(RecordAnswer(record.local_id, exc.state, message=str(exc)))
        return Reply(tuple(answers), tuple(unknown_words))

    async def close(self) -> None:
        return None

    async def _answer(self, record: AskedRecord, unknown_words: list[str]) -> RecordAnswer:
        rows: list[Row] = []
        left_out, known = "", False
        asked = questions.names_of(self._system, self._web, record)
        for names in asked:
            try:
                read = await self._looked_up(record, names)
            except ConnectorUnavailable as exc:
                if not known:
                    raise
                left_out = f"one of its copies: {exc}"
                continue
            if read is None:
                continue
            known, left_out = True, left_out or read.left_out
            rows += _of_copy(read.rows, names["barcode"]) if self._web.each_barcode else read.rows
            if not self._web.each_barcode:
                break
        if not known:
            return RecordAnswer(record.local_id, AnswerState.NOT_FOUND)
        numbers = {record.local_id, *(one["local_id"] for one in asked)}
        own = [row for row in rows if "record" not in row or numbers & set(row["record"])]
        if rows and not own:
            return RecordAnswer(record.local_id, AnswerState.NOT_FOUND, message="shows copies of other records")
        if self._web.each_barcode and len(record.barcodes) > len(asked):
            left_out = f"asked for {len(asked)} of its {len(record.barcodes)} copies"
        if len(own) > MAX_ITEMS:
            left_out = f"more than {MAX_ITEMS} copies"
        items = tuple(
            status_of(row, self._system, record.local_id, unknown_words)
            for row in own[:MAX_ITEMS]
            if self._is_of_library(row)
        )
        return RecordAnswer(record.local_id, AnswerState.PARTIAL if left_out else AnswerState.OK, items, left_out)

    async def _looked_up(self, record: AskedRecord, names: Names) -> _Read | None:
        """All rows of one look-up; None when the catalogue says that it does not know the record."""
        let = await self._let(names)
        try:
            page, cookies = await self._asked(record, names, let)
        except (EntryRefused, QuestionRefused):
            if let.fresh:
                raise
            page = None
        if page is None or (not let.fresh and not page.recognised):
            self._kept = None  # what let us in may have ended
            let = await self._let(names)
            page, cookies = await self._asked(record, names, let)
        if page.rows is None and page.not_found:
            return None
        titles = page.titles or let.titles
        if page.rows is None and not page.no_copies:
            raise ConnectorUnavailable(page.reason)
        if not self._title_agrees(record, titles):
            raise QuestionRefused("shows another record: its title is not this one's")
        if page.rows is None:
            return _Read(page, [])
        if page.counted and not page.no_copies:
            raise ConnectorUnavailable(f"lists none of the {page.counted} copies that it counts")
        if not page.rows.rows and page.not_found and not titles:
            return None
        return await self._with_more(record, names, page, let, cookies)

    async def _asked(self, record: AskedRecord, names: Names, let: _Let) -> tuple[Page, Mapping[str, str]]:
        """The first page of a look-up, and the cookies that further ones are asked with."""
        filled = {**let.values, **names, "page": str(self._web.first_page)}
        body = await self._system.send(questions.request(self._system, self._web, filled, let.cookies))
        page, cookies = await self._read(body), {**let.cookies, **body.cookies}
        if not page.hits or page.titles:
            return page, cookies
        link = _of_title(page.hits, record.title)
        if not link and page.not_found:
            return page, cookies
        if not link:
            raise QuestionRefused("lists other records, not this one")
        body = await self._system.send(
            questions.page_request(self._system, questions.linked(self._system, page.url, link), cookies)
        )
        return await self._read(body), {**cookies, **body.cookies}

    async def _with_more(
        self, record: AskedRecord, names: Names, page: Page, let: _Let, cookies: Mapping[str, str]
    ) -> _Read:
        """The rows of this page and those that follow it, as far as they may be asked for."""
        read = _Read(page, [])
        seen, number = {page.url}, self._web.first_page
        while True:
            assert page.rows is not None  # whoever calls has looked, and so has the loop
            listed = list(page.rows.rows)
            if page.counted > len(read.rows):
                read.left_out = f"a further page lists none of the {page.counted} copies that it counts"
                return read
            if read.rows and listed == read.rows[-len(listed) :]:
                read.left_out = "its further pages repeat themselves"
                return read
            read.rows = listed if listed[: len(read.rows)] == read.rows else read.rows + listed
            if page.rows.hidden:
                read.left_out = f"{page.rows.hidden} rows of its page are hidden, and were not taken"
            number += 1
            try:
                following = self._following(page, {**let.values, **names, "page": str(number)}, seen, cookies)
                if following is None or len(read.rows) > MAX_ITEMS:
                    return read
                if number - self._web.first_page >= self._web.max_pages:
                    read.left_out = f"more than {self._web.max_pages} pages"
                    return read
                body = await self._system.send(following)
                page = await self._read(body)
            except ConnectorUnavailable as exc:
                read.left_out = f"a further page: {exc}"
                return read
            if page.rows is None or (page.titles and not self._title_agrees(record, page.titles)):
                read.left_out = "a further page shows no list of this record's copies"
                return read

    def _following(self, page: Page, names: Names, seen: set[str], cookies: Mapping[str, str]) -> Request | None:
        """The question for the page after this one; None when this is the last."""
        assert page.rows is not None  # pages without rows end the reading
        if "page" in self._web.places:
            full = len(page.rows.rows) + page.rows.hidden >= self._web.page_size
            return questions.request(self._system, self._web, names, cookies) if full else None
        if not page.more:
            return None
        url = questions.linked(self._system, page.url, page.more)
        if url in seen:
            return None
        seen.add(url)
        return questions.page_request(self._system, url, cookies)

    async def _read(self, body: Body) -> Page:
        if len(body.content) > LARGE_BYTES:
            return await asyncio.to_thread(page_of, body, self._web)
        return page_of(body, self._web)

    def _title_agrees(self, record: AskedRecord, titles: Sequence[str]) -> bool:
        """Whether the answer is of the record, as far as its title tells.

        Raises: ConnectorUnavailable when it says no title where one is to be expected.
        """
        if not (self._web.title or (self._web.before and self._web.before.title)):
            return True
        if not titles:
            raise ConnectorUnavailable("says no title where its library's file says it is (availability.web.title)")
        if not record.title:
            return not self._web.by_isbn
        return any(is_of(record.title, title) for title in titles)

    def _is_of_library(self, row: Row) -> bool:
        for name, pattern in self._web.only.items():
            if name not in row:
                raise ConnectorUnavailable(f"has no column for {name}, by which its library's copies are told")
            if not re.search(pattern, " ".join(row[name])):
                return False
        return True

    async def _let(self, names: Names) -> _Let:
        """What the page that is asked before gives: anew where it is of one record, else from a while ago."""
        before = self._web.before
        if before is None:
            return _Let()
        if any(f"{{{name}}}" in before.path for name in names):
            return await self._fetched(before, names)
        loop = asyncio.get_running_loop()
        async with self._entering:
            if self._kept is not None and loop.time() < self._kept_until:
                return replace(self._kept, fresh=False)
            self._kept = await self._fetched(before, names)
            self._kept_until = loop.time() + before.keep_seconds
            return self._kept

    async def _fetched(self, before: Before, names: Names) -> _Let:
        url = questions.address(self._system, before.path, names)
        body = await self._system.send(questions.page_request(self._system, url, {}))
        text = pages.text_of(body, self._web.charset)
        values: dict[str, str] = {}
        for name, pattern in before.patterns.items():
            found = re.search(pattern, text)
            values[name] = (found[1] or "") if found else ""
        if before.selectors:
            page = pages.page_of(text)
            values |= {name: next(iter(pages.values(page, s)), "") for name, s in before.selectors.items()}
        if before.paths:
            tree = pages.json_of(text)
            values |= {name: said(pages.at(tree, path)) for name, path in before.paths.items()}
        missing = sorted(
            name for name, value in values.items() if not value or len(value) > 2_000 or not value.isprintable()
        )
        if missing:
            raise ConnectorUnavailable(f"does not give what is to be taken from its page: {', '.join(missing)}")
        titles = titles_of(body, before.title, self._web.charset) if before.title else ()
        return _Let(values, body.cookies, titles)


def _of_title(hits: Sequence[tuple[str, str]], title: str) -> str:
    """The link of a list of records that names the title; "" when none does.

    Raises: QuestionRefused when several records have it.
    """
    links = list(dict.fromkeys(link for text, link in hits if is_of(title, text)))
    if len(links) > 1:
        raise QuestionRefused("lists several records of this title")
    return links[0] if links else ""


def _of_copy(rows: Sequence[Row], barcode: str) -> list[Row]:
    """The rows of one copy: those that name its barcode, or the only one, which then has it."""
    if len(rows) == 1 and not rows[0].get("barcode"):
        return [{**rows[0], "barcode": (barcode,)}]
    return [row for row in rows if barcode in row.get("barcode", ())]
