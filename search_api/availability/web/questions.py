"""A question to a catalogue's pages: a record's numbers put into the places that its library's file leaves for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from stdnum import isbn as isbns
from yarl import URL

from mappings.web_status import Web
from search_api.availability.http import QuestionRefused, Request
from search_api.availability.status import AskedRecord
from search_api.availability.system import System

MAX_BARCODES = 10
MAX_ISBNS = 3
ANSWERS = frozenset({404})  # some say with it that a record is not known; the page tells

Names = Mapping[str, str]
"""Place → what is put there."""

_NUMBER = re.compile(r"\{([a-z][a-z0-9_]*):number\}")
_HEADERS = {
    "Accept": "text/html, application/json;q=0.9, */*;q=0.5",
    "Accept-Language": "zh-TW, zh;q=0.9, en;q=0.5",
}


def names_of(system: System, web: Web, record: AskedRecord) -> list[Names]:
    """What the record is asked by, one after the other.

    Raises: QuestionRefused when it has no number that the pages could be asked by.
    """
    number = system.name_of(record)
    if web.id_pattern:
        found = re.search(web.id_pattern, number)
        number = next((group for group in found.groups() if group), found[0]) if found else ""
    if "local_id" in web.places and not number:
        raise QuestionRefused("not asked: the record's number is none of its pages' (availability.web.id_pattern)")
    plain = {"local_id": number}
    if web.by_barcode:
        barcodes = record.barcodes[: MAX_BARCODES if web.each_barcode else 1]
        names: list[Names] = [{**plain, "barcode": barcode} for barcode in barcodes]
    elif web.by_isbn:
        names = list(_by_isbn(plain, web, record))
    else:
        return [plain]
    if not names:
        raise QuestionRefused("not asked: the record has no barcode or ISBN that its pages could be asked by")
    return names


def _by_isbn(plain: Names, web: Web, record: AskedRecord) -> Iterator[Names]:
    for number in record.isbns[:MAX_ISBNS]:
        ten = str(isbns.to_isbn10(number)) if number.startswith("978") and isbns.is_valid(number) else ""
        if ten or "isbn10" not in web.places:
            yield {**plain, "isbn": number, "isbn10": ten}


def request(system: System, web: Web, names: Names, cookies: Mapping[str, str]) -> Request:
    """The question itself.

    Raises: QuestionRefused when a number is wanted and the record has none.
    """
    content = None
    headers = {name: _filled(text, names) for name, text in web.headers.items()}
    if web.body is not None:
        content = orjson.dumps(_tree(web.body, names))
        headers.setdefault("Content-Type", "application/json")
    elif web.method == "POST":
        content = urlencode({name: _filled(text, names) for name, text in web.form.items()}).encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    url = address(system, web.path, names)
    return Request(
        url, method=web.method, content=content, headers=_headers(headers, cookies), hosts=hosts(system), also=ANSWERS
    )


def page_request(system: System, url: str, cookies: Mapping[str, str]) -> Request:
    """A page as a reader would open it."""
    return Request(url, headers=_headers({}, cookies), hosts=hosts(system), also=ANSWERS)


def address(system: System, path: str, names: Names) -> str:
    return system.service.url.rstrip("/") + _filled(path, {name: quote(text, safe="") for name, text in names.items()})


def hosts(system: System) -> frozenset[str]:
    """Where pages of this catalogue may stand: at its own address, or at the same by https."""
    own = URL(system.service.url)
    return frozenset((f"{own.host}:{own.port}", f"{own.host}:443"))


def linked(system: System, page: str, link: str) -> str:
    """The address that a link of a page leads to. What lets us in goes with it: so it must be the catalogue's own.

    Raises: QuestionRefused when it is none of the catalogue's.
    """
    try:
        url = URL(page).join(URL(link))
        allowed = url.scheme in ("http", "https") and f"{url.host}:{url.port}" in hosts(system)
    except ValueError:
        allowed = False
    if not allowed:
        raise QuestionRefused("links to a page outside of the catalogue")
    return str(url.with_fragment(None))


def _headers(own: Mapping[str, str], cookies: Mapping[str, str]) -> dict[str, str]:
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    return {**_HEADERS, **own, **sent}


def _filled(text: str, names: Names) -> str:
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _tree(tree: Any, names: Names) -> Any:
    if isinstance(tree, str):
        number = _NUMBER.fullmatch(tree)
        if number is None:
            return _filled(tree, names)
        value = names.get(number[1], "")
        if not (value.isascii() and value.isdigit() and len(value) <= 18):
            raise QuestionRefused("not asked: its pages want a number, and the record has none")
        return int(value)
    if isinstance(tree, Mapping):
        return {key: _tree(value, names) for key, value in tree.items()}
    return [_tree(value, names) for value in tree] if isinstance(tree, list | tuple) else tree
