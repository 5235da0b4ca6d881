"""One answer of a catalogue's pages taken apart: copies, title, whether it says that there is nothing, what follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import html

from indexer.text import fold
from mappings.web_status import Web, without_attribute
from search_api.availability.http import Body, ConnectorUnavailable
from search_api.availability.reading import count, said
from search_api.availability.web import pages
from search_api.availability.web.rows import Rows, rows_of_elements, rows_of_json, rows_of_tables

_LABEL = re.compile(r"^(?:題名|書名|書刊名|刊名|title)[^:：]{0,8}[:：]\s*", re.IGNORECASE)
_PART_ENDS = re.compile(r"\s*[/／:：=＝;；.．\[(（【]\s*|\s+-\s+")
_ERRORS = ("error", "errors", "exception", "errorMessage", "error_message")
_TOTALS = frozenset({"total", "totalcount", "totalitems", "totalrecords", "totalelements", "recordstotal", "numfound"})
_LITTLE = 20
"""Characters that can be seen of a page that is drawn in the browser."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer says. ``rows`` None: it has no list of copies, and ``reason`` says what it is, for staff."""

    url: str
    rows: Rows | None
    titles: tuple[str, ...] = ()
    not_found: bool = False  # it says so in words
    no_copies: bool = False
    more: str = ""  # link to the next page of copies
    counted: int = 0  # copies that an answer without rows says there are
    hits: tuple[tuple[str, str], ...] = ()  # of a list of records: what a link says, and where it leads
    reason: str = ""

    @property
    def recognised(self) -> bool:
        return self.rows is not None or self.not_found or self.no_copies


def page_of(body: Body, web: Web) -> Page:
    """Takes an answer apart.

    Raises: ConnectorUnavailable when it is cut off, no page or no JSON.
    """
    text = pages.text_of(body, web.charset)
    return _json_page(body, text, web) if web.way == "json" else _html_page(body, text, web)


def is_of(title: str, shown: str) -> bool:
    """Whether a shown title is the record's, folded as matching folds titles.

    Either may say more behind a sign: a subtitle, who wrote it, which part it is. 紅樓夢研究 is not 紅樓夢.
    """
    shown = _LABEL.sub("", shown)
    return bool(fold(title)) and (fold(title) in _beginnings(shown) or fold(shown) in _beginnings(title))


def _beginnings(title: str) -> set[str]:
    return {fold(title[: end.start()]) for end in _PART_ENDS.finditer(title)} | {fold(title)} - {""}


def _json_page(body: Body, text: str, web: Web) -> Page:
    tree = pages.json_in(pages.page_of(text), web.script, web.after) if web.script else pages.json_of(text)
    rows = rows_of_json(tree, web)
    empty = rows is not None and not rows.rows
    sayings = list(pages.sayings_of(tree)) if rows is None or empty else []
    not_found, no_copies = pages.says(sayings, web.not_found), pages.says(sayings, web.no_copies)
    beside = [] if web.copies == "." else list(pages.around(tree, web.copies))
    reason = "answered JSON without a list of copies where its library's file says it is"
    if empty and not (not_found or no_copies) and any(map(_complains, beside)):
        rows, reason = None, "answered an error, and a list without copies"
    return Page(
        body.url,
        rows,
        titles=tuple(filter(None, (said(pages.at(tree, path)) for path in web.title))),
        not_found=not_found,
        no_copies=no_copies,
        counted=max(map(_counted, beside), default=0) if empty else 0,
        more=next(filter(None, (said(pages.at(tree, path)) for path in web.more)), ""),
        reason=_refusal(body) or reason,
    )


def _complains(table: Mapping[str, object]) -> bool:
    return any(table.get(name) for name in _ERRORS) or table.get("success") is False


def _counted(table: Mapping[str, object]) -> int:
    return max(count(value) or 0 if name.replace("_", "").lower() in _TOTALS else 0 for name, value in table.items())


def _html_page(body: Body, text: str, web: Web) -> Page:
    _check_whole(text, web.end)
    page = pages.page_of(text)
    scripts = any(True for _ in page.iter("script"))
    titles = tuple(title for selector in web.title for title in pages.values(page, selector)[:1])
    page = pages.without_unseen(page, web.copies if web.way == "rows" else "")
    rows = rows_of_tables(page, web) if web.way == "table" else rows_of_elements(page, web)
    sayings = pages.lines(page) if rows is None or not rows.rows else []
    not_found, no_copies = pages.says(sayings, web.not_found), pages.says(sayings, web.no_copies)
    reason = ""
    if rows is not None and not rows.rows and rows.remarks and not (not_found or no_copies):
        rows, reason = None, "shows something that is not understood where its copies should be"
    return Page(
        body.url,
        rows,
        titles=titles,
        not_found=not_found,
        no_copies=no_copies,
        more=next((link for selector in web.more for _, link in _links(page, selector)), ""),
        hits=tuple(_links(page, web.records)) if web.records else (),
        reason=_refusal(body) or reason or _what_it_is(page, scripts=scripts),
    )


def _links(page: html.HtmlElement, selector: str) -> list[tuple[str, str]]:
    plain, attribute = without_attribute(selector)
    found = ((" ".join(pages.lines(one)), one.get(attribute or "href", "")) for one in pages.selected(page, plain)[:50])
    return [(text, link) for text, link in found if link and not link.startswith(("#", "javascript:"))]


def titles_of(body: Body, selectors: tuple[str, ...], charset: str) -> tuple[str, ...]:
    """The titles that a page says at selectors."""
    page = pages.page_of(pages.text_of(body, charset))
    return tuple(title for selector in selectors for title in pages.values(page, selector)[:1])


def _check_whole(text: str, end: str) -> None:
    """A page that was cut off shows some of the copies only: those that are missing would seem not to exist."""
    low = text.lower()
    if end:
        whole = end.lower() in low
    elif "<html" in low:
        whole = "</html" in low
    else:
        whole = low.rfind("<table") <= low.rfind("</table")
    if not whole:
        raise ConnectorUnavailable("answered a page that is cut off")


def _refusal(body: Body) -> str:
    return f"answered HTTP {body.status}" if body.status != 200 else ""


def _what_it_is(page: html.HtmlElement, *, scripts: bool) -> str:
    if page.xpath("//input[translate(@type, 'PASWORD', 'pasword')='password']"):
        return "shows no list of copies but asks for a password"
    if scripts and sum(map(len, pages.lines(page))) <= _LITTLE:
        return "shows nothing without a browser that runs its scripts"
    return "shows no list of copies where its library's file says it is"
