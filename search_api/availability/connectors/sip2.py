"""SIP2 item information (17/18): copy by copy by barcode, for what has nothing else.

A code says the state. Status 01 and codes that SIP2 does not have are nothing by themselves: then the words that come
with it are looked up. A due date goes before a code that would have the copy there, and so does a word in its place
(held, in transit); of fields that are repeated the worse counts: nobody is sent to an empty shelf. A record whose
copies have no barcode in the catalogue cannot be asked about, which says nothing of its copies.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from search_api.availability.due import due_date
from search_api.availability.http import ConnectorTimedOut, ConnectorUnavailable
from search_api.availability.reading import MAX_ITEMS, count, said
from search_api.availability.sip2.messages import ITEM_ANSWER, Message, can_be_written, item_request
from search_api.availability.sip2.session import Question, leave, session_of
from search_api.availability.status import AnswerState, AskedRecord, ItemState, ItemStatus, RecordAnswer, Reply, worst
from search_api.availability.system import System
from search_api.availability.words import WORDS

_CODES = {  # circulation status; 01 is "other"
    "02": ItemState.ON_ORDER,
    "03": ItemState.AVAILABLE,
    "04": ItemState.ON_LOAN,
    "05": ItemState.ON_LOAN,  # not to be recalled before a date
    "06": ItemState.IN_PROCESS,
    "07": ItemState.RECALLED,
    "08": ItemState.ON_HOLD_SHELF,
    "09": ItemState.IN_PROCESS,  # waiting to be put back on its shelf
    "10": ItemState.IN_TRANSIT,
    "11": ItemState.MISSING,  # claimed to have been returned
    "12": ItemState.LOST,
    "13": ItemState.MISSING,
}
_GIVES_WAY = frozenset(  # to a due date; 08 because old Kohas say it of every copy that somebody waits for
    {
        ItemState.AVAILABLE,
        ItemState.AVAILABLE_ONSITE,
        ItemState.ON_REQUEST,
        ItemState.ON_HOLD_SHELF,
        ItemState.CHECK_WITH_LIBRARY,
        ItemState.UNKNOWN,
    }
)
_TIMESTAMP = re.compile(r"(\d{8})[ \dA-Z]{4}\d{6}")
_NO_DATE = re.compile(r"[\s0:/.-]*")  # what some write for none: blanks, zeros, signs
_DATE_LIKE = re.compile(r"\d\D*\d\D*\d")
_OTHER = "01"


class Sip2Connector:
    """One library's questions, in the session that it shares with others of the same server."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._session = session_of(system)
        self._open = True

    async def ask(self, records: Sequence[AskedRecord]) -> Reply:
        """Asks for one barcode after the other until the time is up; what was not reached is said to be so.

        Raises: ConnectorUnavailable when no barcode at all is answered for.
        """
        ends = asyncio.get_running_loop().time() + self._system.service.timeout_seconds
        unknown_words: list[str] = []
        answers: list[RecordAnswer] = []
        failure: ConnectorUnavailable | None = None
        heard = False
        for record in records:
            barcodes = self._askable(record)
            items: list[ItemStatus] = []
            reached = 0
            for barcode in barcodes[:MAX_ITEMS]:
                if failure is not None:
                    break
                try:
                    message = await self._item(barcode, ends)
                except ConnectorUnavailable as exc:
                    if not heard:
                        raise
                    failure = exc
                    break
                heard, reached = True, reached + 1
                item = status(self._system, message, barcode, record.local_id, unknown_words)
                if item is not None:
                    items.append(item)
            answers.append(_answer(record, barcodes, items, reached, failure))
        return Reply(tuple(answers), tuple(unknown_words))

    async def close(self) -> None:
        """Leaves the session; the last library to do so ends it."""
        if self._open:
            self._open = False
            leave(self._session)

    def _askable(self, record: AskedRecord) -> list[str]:
        encoding = self._system.service.sip2.encoding
        barcodes = dict.fromkeys(barcode.strip() for barcode in record.barcodes)
        return [barcode for barcode in barcodes if barcode and can_be_written(barcode, encoding)]

    async def _item(self, barcode: str, ends: float) -> Message:
        now = datetime.now(ZoneInfo(self._system.service.time_zone))
        question = Question(
            of=lambda institution: item_request(institution, barcode, now),
            answer=ITEM_ANSWER,
            is_answered_by=lambda message: message.fields.get("AB", "").casefold() == barcode.casefold(),
        )
        try:
            async with asyncio.timeout_at(ends):
                return await self._session.ask(self._system, question)
        except TimeoutError as exc:
            raise ConnectorTimedOut(f"no answer within {self._system.service.timeout_seconds:g} s") from exc


def _answer(
    record: AskedRecord,
    barcodes: Sequence[str],
    items: Sequence[ItemStatus],
    reached: int,
    failure: ConnectorUnavailable | None,
) -> RecordAnswer:
    if not record.barcodes:
        why = "its copies have no barcode in the catalogue, and SIP2 asks by barcode"
        return RecordAnswer(record.local_id, AnswerState.UNSUPPORTED, message=why)
    if not barcodes:
        return RecordAnswer(record.local_id, AnswerState.ERROR, message="its barcodes cannot be asked over SIP2")
    if reached < len(barcodes):
        why = f"{reached} of {len(barcodes)} copies reached" + (f": {failure}" if failure else "")
        if items:
            return RecordAnswer(record.local_id, AnswerState.PARTIAL, tuple(items), why)
        return RecordAnswer(record.local_id, failure.state if failure else AnswerState.ERROR, message=why)
    not_asked = len({*record.barcodes} - {*barcodes}) + sum(not copy.barcode for copy in record.copies)
    if not_asked:
        copies = "1 copy has" if not_asked == 1 else f"{not_asked} copies have"
        why = f"{copies} no barcode that could be asked"
        return RecordAnswer(record.local_id, AnswerState.PARTIAL if items else AnswerState.ERROR, tuple(items), why)
    if not items:
        return RecordAnswer(record.local_id, AnswerState.NOT_FOUND, message="none of its barcodes is known there")
    return RecordAnswer(record.local_id, AnswerState.OK, tuple(items))


def status(
    system: System, message: Message, barcode: str, local_id: str, unknown_words: list[str]
) -> ItemStatus | None:
    """The copy that message 18 tells of; None: the barcode is unknown, which is status 01 without a title."""
    code, fields = message.fixed[:2], message.fields
    if code == _OTHER and not fields.get("AJ"):
        return None
    due = max((day for text in message.values("AH") if (day := _due(system, text)) is not None), default=None)
    state, words = system.state_of(code, _CODES), "; ".join(map(said, message.values("AF")))
    if due is not None and (state is None or state in _GIVES_WAY):
        state = ItemState.ON_LOAN
    elif state is None or state is ItemState.AVAILABLE:
        dates = [] if due is not None else [said(text) for text in message.values("AH")]
        instead = [text for text in dates if not _NO_DATE.fullmatch(text)]
        words = "; ".join(instead) or words
        state = _by_words(system, state, instead, message.values("AF"))
    if state is None:
        state = ItemState.UNKNOWN
        unknown_words.append(words or code)
    recalled_on = _due(system, fields.get("CJ", ""))
    if state is ItemState.RECALLED:
        due = recalled_on or due
    return ItemStatus(
        state=state,
        barcode=barcode,
        local_id=local_id,
        due=due if state in (ItemState.ON_LOAN, ItemState.RECALLED) else None,
        branch=said(fields.get("AP")) or said(fields.get("AQ")),
        call_number=said(fields.get("CS")),
        queue=count(fields.get("CF", "")) or None,
        message="" if state is ItemState.AVAILABLE else words,
    )


def _by_words(
    system: System, state: ItemState | None, instead: Sequence[str], screen: Sequence[str]
) -> ItemState | None:
    """The state by the words of an answer whose code leaves it open, or would have the copy there; None: who knows.

    ``instead``: what stands in the place of a due date. A date that cannot be read is one nevertheless. Of several
    words the worse counts.
    """
    found = [system.state_of(said(words), WORDS) for words in instead or screen]
    if instead:
        dated = [ItemState.ON_LOAN if _DATE_LIKE.search(text) else None for text in instead]
        found = [by_word or by_date for by_word, by_date in zip(found, dated, strict=True)]
    known = [by for by in found if by is not None]
    if instead and len(known) < len(found):
        return None
    return worst(*known) if known else state


def _due(system: System, text: str) -> date | None:
    """A date in SIP2's own form, or in the library's; None without one."""
    own = _TIMESTAMP.fullmatch(text.strip())
    return due_date(own[1]) if own else system.due(text)
