"""Reading what a library's system says, whatever it says: text made short and plain, dates, numbers, words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from lxml import etree

from search_api.availability.http import ConnectorUnavailable
from search_api.availability.status import AnswerState, ItemStatus, RecordAnswer

MAX_TEXT = 300
MAX_ITEMS = 2_000  # copies of one record; more is a fault or an attack, and no page could show them

_BASIC_OFFSET = re.compile(r"([+-]\d\d)(\d\d)$")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])")


def said(value: object) -> str:
    """A text of an answer on one line, cut to a readable length; "" for what is not text or a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(str(value)[: 4 * MAX_TEXT].split())[:MAX_TEXT]


def count(value: object) -> int | None:
    """A number of requests or copies; None for what is not a sensible one."""
    if isinstance(value, str) and value.isascii() and value.strip().isdigit():
        value = int(value.strip()[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000 else None


def day(value: object) -> date | None:
    """The day of an ISO 8601 date or date and time, as the library writes it (no change of zone)."""
    found = _ISO_DATE.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def local_day(value: object, zone: ZoneInfo) -> date | None:
    """The day of an ISO 8601 date, or of a date and time where the library is; None for what is neither.

    Systems that write UTC say 16:00 where a book is due at midnight in Taipei: the next day.
    """
    if not isinstance(value, str) or len(value.strip()) <= 10:
        return day(value)
    try:
        moment = datetime.fromisoformat(_BASIC_OFFSET.sub(r"\1:\2", value.strip()))
    except ValueError:
        return day(value)
    try:
        return (moment.astimezone(zone) if moment.tzinfo else moment).date()
    except OverflowError:
        return None


def is_due(value: object) -> bool:
    """Whether a system gives a due date at all, one that can be read or not: null, false and blanks are none."""
    return bool(value.strip() if isinstance(value, str) else value)


def link(value: object) -> str:
    """An http(s) address; "" for anything else, so that no ``javascript:`` reaches a page."""
    return value if isinstance(value, str) and re.match(r"https?://[^\s<>\"]+$", value[:2_000]) else ""


def answered(local_id: str, items: Sequence[ItemStatus]) -> RecordAnswer:
    """The answer of a record that the system knows, with no more copies than a page can show."""
    if len(items) > MAX_ITEMS:
        return RecordAnswer(local_id, AnswerState.PARTIAL, tuple(items[:MAX_ITEMS]), f"more than {MAX_ITEMS} copies")
    return RecordAnswer(local_id, AnswerState.OK, tuple(items))


def json(content: bytes) -> Any:
    """What a JSON answer says.

    Raises: ConnectorUnavailable when it is not JSON, or deeper than anything a system says.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as exc:
        raise ConnectorUnavailable("answered something that is not JSON") from exc


def json_list(value: object) -> list[Any]:
    """A list of a JSON answer; what is no list counts as an empty one."""
    return value if isinstance(value, list) else []


def json_table(value: object) -> dict[str, Any]:
    """A table of a JSON answer; what is none counts as an empty one."""
    return value if isinstance(value, dict) else {}


def xml(content: bytes) -> etree._Element:
    """The root of an XML answer without DTD and entities.

    Raises: ConnectorUnavailable when it is not well-formed or brings a document type.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as exc:
        raise ConnectorUnavailable("answered something that is not XML") from exc
    if root.getroottree().docinfo.internalDTD is not None:
        raise ConnectorUnavailable("answered XML with a document type")
    return root


def local_name(element: etree._Element) -> str:
    """An element's name without namespace; "" for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The direct children of a name, in any namespace."""
    return [child for child in element if local_name(child) == name]


def child_text(element: etree._Element, name: str) -> str:
    """The text of the first direct child of a name; "" without one."""
    return next((said(child.text) for child in children(element, name)), "")
