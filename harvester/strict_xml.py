"""XML from strangers: no DTD, no entities, no network; strict first, then mended bytes and strict again.

A parser that recovers by itself is never used: it takes a cut-off body for a whole one.
"""

from __future__ import annotations

import codecs
import html.entities
import re

from lxml import etree

REPLACEMENT = "\ufffd"
PREDEFINED = {"amp", "lt", "gt", "quot", "apos"}

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"'][^>]*\?>")
_ANY_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_NOT_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_MENDABLE = re.compile(
    rf"(?P<kept><!\[CDATA\[)|(?P<char>{_NOT_XML})"
    r"|&#(?P<number>[0-9]{1,8}|[xX][0-9a-fA-F]{1,8});|&(?P<name>\w+);|(?P<bare>&)"
)
_CDATA_END = "]]>"


class XmlRefused(Exception):
    """These bytes are not XML that may be read."""


def declares_doctype(body: bytes) -> bool:
    """Whether a document type declaration stands before the root element."""
    prolog = _PROLOG.match(body)
    return prolog is not None and body[prolog.end() : prolog.end() + 9].upper() == b"<!DOCTYPE"


def root_of(body: bytes) -> tuple[etree._Element, int]:
    """The root element, and how many places had to be mended so that the body is well-formed.

    Mended are bytes of no character, characters and references XML forbids, HTML entities and bare ampersands;
    never the mark-up. The character set an HTTP header states plays no part.

    Raises: XmlRefused when it is not well-formed even so, or declares a document type.
    """
    body, repairs = _as_utf8(body)  # the parser must see the same characters as the check for a DTD
    if declares_doctype(body):
        raise XmlRefused("it declares a document type, as HTML pages and attacks do and records never")
    try:
        return _strict(body), repairs
    except etree.XMLSyntaxError as exc:
        refusal = XmlRefused(f"it is not well-formed XML: {exc.msg}")
        refusal.__cause__ = exc
    body, mended = mend(body)
    if not mended:
        raise refusal
    try:
        return _strict(body), repairs + mended
    except etree.XMLSyntaxError as exc:
        raise XmlRefused(f"it is not well-formed XML: {exc.msg}") from exc


def _strict(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=True,  # the size is capped where the body is read
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(body, parser)


def _as_utf8(body: bytes) -> tuple[bytes, int]:
    """The body in UTF-8 where it says that it is in something else; untouched otherwise."""
    if _encoding(body) in {"utf-8", "ascii"}:
        return body, 0
    text, bad = decoded(body)
    return text.encode("utf-8"), bad


def _encoding(body: bytes) -> str:
    """The codec a body declares by byte order mark or XML declaration, UTF-8 when it declares none that is known."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if body.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    declared = _DECLARATION.match(body[:256])
    try:
        return codecs.lookup(declared[1].decode("ascii") if declared else "utf-8").name
    except LookupError:
        return "utf-8"


def says_utf8(body: bytes) -> bool:
    """Whether a body declares UTF-8, or nothing, which means the same."""
    return _encoding(body).startswith("utf-8")


def mend(body: bytes) -> tuple[bytes, int]:
    """The body as UTF-8 without what XML forbids, and how many places were changed."""
    text, repairs = decoded(body)
    mended: list[str] = []
    at = 0
    while match := _MENDABLE.search(text, at):
        mended.append(text[at : match.start()])
        if match["kept"]:  # ampersands are text in there
            end = text.find(_CDATA_END, match.end())
            at = len(text) if end < 0 else end + len(_CDATA_END)
            inside = text[match.start() : at]
            clean = re.sub(_NOT_XML, " ", inside)
            repairs += sum(a != b for a, b in zip(inside, clean, strict=True))
            mended.append(clean)
            continue
        replacement = _replacement(match)
        repairs += replacement != match[0]
        mended.append(replacement)
        at = match.end()
    mended.append(text[at:])
    return "".join(mended).encode("utf-8"), repairs


def _replacement(match: re.Match[str]) -> str:
    if match["char"]:
        return " "  # not nothing: positions in fixed fields mean something
    if match["bare"]:
        return "&amp;"
    if number := match["number"]:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        return match[0] if code <= 0x10FFFF and not re.fullmatch(_NOT_XML, chr(code)) else " "
    name = match["name"]
    if name in PREDEFINED:
        return match[0]
    return html.entities.html5.get(f"{name};", f"&amp;{name};")


def decoded(body: bytes) -> tuple[str, int]:
    """The text of a body by its own declaration, without that declaration, and how many bad sequences it had.

    Bad bytes in UTF-8 become letters of Windows-1252 when every one of them is a letter there, else U+FFFD.
    """
    codec = _encoding(body)
    bad = 0
    try:
        text = body.decode(codec)
    except UnicodeDecodeError:
        text, bad = _with_bad_bytes(body, codec)
    return _ANY_DECLARATION.sub("", text, count=1), bad


def _with_bad_bytes(body: bytes, codec: str) -> tuple[str, int]:
    if not codec.startswith("utf-8"):
        text = body.decode(codec, errors="replace")
        return text, max(1, text.count(REPLACEMENT))
    marked = body.decode(codec, errors="surrogateescape")
    bad = re.findall("[\udc80-\udcff]", marked)
    letters = {char: bytes([ord(char) - 0xDC00]).decode("cp1252", errors="replace") for char in set(bad)}
    guess = all(letter.isalpha() for letter in letters.values())
    table = {ord(char): letter if guess else REPLACEMENT for char, letter in letters.items()}
    return marked.translate(table), len(bad)
