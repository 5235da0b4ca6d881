"""A catalogue's page as it can be read: its characters, what can be seen of it, its JSON, elements by selector."""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import orjson
from cssselect import HTMLTranslator
from lxml import etree, html

from mappings.web_status import without_attribute
from search_api.availability.http import Body, ConnectorUnavailable
from search_api.availability.reading import said

LONGEST_SAYING = 80
"""Characters of a part of a page that says one thing, such as that nothing was found; longer parts explain."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_AS_WINDOWS_HAS_IT = {"big5": "cp950", "gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252"}
_UNSEEN = ("script", "style", "noscript", "template", "select")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SAYING = re.compile(r"[\n\r]+")
_CELLS = frozenset({"tr", "td", "th"})
_BLOCKS = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "table", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"}
)


def text_of(body: Body, charset: str = "") -> str:
    """The answer's characters: as the library's file says, else UTF-8 where it is that, else as the answer says.

    What is valid UTF-8 is UTF-8 whatever stands in its head: text in Big5 almost never is, and heads are often wrong.
    """
    if not charset:
        try:
            return body.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            found = _IN_HEADER.search(body.content_type)
            meta = _DECLARED.search(body.content[:4_096])
            charset = found[1] if found else meta[1].decode("ascii") if meta else "big5"
            if charset.lower().replace("_", "-") in ("utf-8", "utf8"):
                charset = "big5"  # it says so and is not
    name = _AS_WINDOWS_HAS_IT.get(charset.lower(), charset)
    try:
        codecs.lookup(name)
    except LookupError:
        name = "cp950"
    return body.content.decode(name, "replace")


def page_of(text: str) -> html.HtmlElement:
    """The page as a tree, however broken.

    Raises: ConnectorUnavailable when there is nothing of a page.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as exc:
        raise ConnectorUnavailable("answered something that is no page") from exc


def without_unseen(page: html.HtmlElement, rows: str = "") -> html.HtmlElement:
    """The page, from which scripts and hidden parts are taken.

    Hidden rows, of tables or what the selector finds, stay: they are counted. So does what holds tables: a tab that is
    not in front.
    """
    counted = set(selected(page, rows)) if rows else set()
    for element in list(page.iter(*_UNSEEN)):
        element.drop_tree()
    for element in page.xpath("//body//*[@style or @hidden]"):
        if not is_hidden(element) or element in counted or element.tag in ("tr", "tbody", "table"):
            continue
        if element.find(".//table") is None:
            element.drop_tree()
    return page


def is_hidden(element: html.HtmlElement) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


@lru_cache(maxsize=512)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector))


def selected(within: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """The elements that a selector finds, in the page's order."""
    found = _compiled(selector)(within)
    return [one for one in found if isinstance(one, html.HtmlElement)] if isinstance(found, list) else []


def values(within: html.HtmlElement, selector: str) -> list[str]:
    """What a selector finds, as text on one line, or as the attribute that is named behind it."""
    plain, attribute = without_attribute(selector)
    found = selected(within, plain)
    texts = (element.get(attribute, "") if attribute else " ".join(lines(element)) for element in found)
    return [text for text in map(said, texts) if text]


def lines(element: html.HtmlElement) -> list[str]:
    """What an element says, parted where a browser would begin a line."""
    if not len(element):
        return [text] if (text := said(element.text or "")) else []
    parts: list[str] = []
    own_table = next(element.iterancestors("table"), None) if element.tag in ("td", "th") else None
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        tag = one.tag if isinstance(one.tag, str) else ""
        another = own_table is not None and one is not element and tag in _CELLS
        if another and next(one.iterancestors("table"), None) is own_table:  # this cell was never closed
            if event == "start":
                walk.skip_subtree()
            continue
        if tag in _BLOCKS:
            parts.append("\n")
        if event == "start":
            parts.append(re.sub(r"\s+", " ", one.text or "") if tag else "")
        elif one is not element:
            parts.append(re.sub(r"\s+", " ", one.tail or ""))
    split = (said(part) for part in _SAYING.split("".join(parts)))
    return [part for part in split if part]


def says(sayings: Iterable[str], phrases: tuple[str, ...]) -> bool:
    """Whether a short part of an answer holds one of the phrases: long ones may only tell what would be said."""
    folded = [_folded(phrase) for phrase in phrases]
    return any(
        phrase in text
        for saying in sayings
        if len(saying) <= LONGEST_SAYING
        for text in (_folded(saying),)
        for phrase in folded
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def json_of(text: str) -> object:
    """The answer as JSON.

    Raises: ConnectorUnavailable when it is none.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as exc:
        raise ConnectorUnavailable("answered something that is not JSON") from exc


def json_in(page: html.HtmlElement, script: str, after: str) -> object:
    """The JSON in a script of a page, right behind a text where one is given.

    Raises: ConnectorUnavailable when there is none.
    """
    for element in selected(page, script):
        text = element.text or ""
        at = text.find(after)
        if at < 0:
            continue
        begins = re.search(r"[\[{]", text[at + len(after) :])
        if begins is None:
            continue
        try:
            value: object = json.JSONDecoder().raw_decode(text, at + len(after) + begins.start())[0]
        except (json.JSONDecodeError, RecursionError) as exc:
            raise ConnectorUnavailable("has something in its script that is not JSON") from exc
        return value
    raise ConnectorUnavailable("is a page without the script that its library's file names (availability.web.script)")


def at(tree: object, path: str) -> object:
    """What stands at a path (``data.list.0.name``) of a JSON tree; None where it leads nowhere."""
    for step in path.split("."):
        if isinstance(tree, Mapping):
            tree = tree.get(step)
        elif isinstance(tree, list) and step.isdigit() and int(step) < len(tree):
            tree = tree[int(step)]
        else:
            return None
    return tree


def around(tree: object, path: str) -> Iterator[Mapping[str, object]]:
    """The tables of a JSON tree that lead to what stands at a path, from the outermost."""
    steps = path.split(".")
    for depth in range(len(steps)):
        one = at(tree, ".".join(steps[:depth])) if depth else tree
        if isinstance(one, Mapping):
            yield one


def sayings_of(tree: object, depth: int = 4) -> Iterator[str]:
    """The short texts near the top of a JSON tree: messages stand there."""
    if isinstance(tree, str):
        yield tree
    elif depth and isinstance(tree, Mapping | list):
        for value in list(tree.values() if isinstance(tree, Mapping) else tree)[:20]:
            yield from sayings_of(value, depth - 1)
