"""Where a MARC record's links lead: the addresses of 856 in both dialects, and DOIs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.holdings import web_address
from indexer.marc import Field
from indexer.record import Link

_CONTENTS = re.compile(
    r"contents|目次|目錄|目录|inhaltsverzeichnis|table des mati|sommaire|mục lục|สารบัญ", re.IGNORECASE
)
_COVER = re.compile(r"\bcover\b|封面|書影|书影|couverture", re.IGNORECASE)
_FULL_TEXT = re.compile(
    r"full[ -]?text|全文|[線线]上(?!目[錄录]|[書书]店|[訂订购購])|電子書|电子书|在线阅读|本文", re.IGNORECASE
)
_ABOUT = re.compile(
    r"\bsample\b|excerpt|\bdescription\b|biographical|review|試閱|试读|內容簡介|内容简介|書評|书评|書目(?!.*全文)|书目",
    re.IGNORECASE,
)
_CONTENTS_ADDRESS = re.compile(r"/(?:toc|inhaltsverzeichnis)\b|/catdir/toc", re.IGNORECASE)
_COVER_ADDRESS = re.compile(r"/(?:book)?covers?\b[^?]*\.(?:jpe?g|png|gif|webp)$", re.IGNORECASE)


_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"]+")
_HOST = re.compile(r"(?:www\.[\w-]+|[\w-]+(?:\.[\w-]+)*)\.(?:[a-z]{2,12})", re.IGNORECASE)


def addresses(field: Field) -> Iterator[str]:
    """The addresses of an 856: $u, one that begins with ``www.`` too, else host ($a), path ($d) and file ($f)."""
    stated = field.all("u")
    for text in stated:
        if url := web_address(f"http://{text}" if text[:4].lower() == "www." else text):
            yield url
    host = field.first("a")
    if not stated and _HOST.fullmatch(host):
        path = "/".join(part.strip("/") for part in (host, *field.all("df")) if part.strip("/"))
        yield f"{'ftp' if field.ind1 == '1' else 'http'}://{path}"


def doi_links(fields: Iterable[Field]) -> Iterator[Link]:
    """The addresses of the DOIs in fields of numbers that name their kind in $2 (024, UNIMARC 017)."""
    for field in fields:
        if field.first("2").lower() == "doi" and (doi := _DOI.search(field.first("a"))):
            yield Link(f"https://doi.org/{doi.group()}", "DOI")


def link_kind(field: Field, label: str, url: str) -> str:
    """What an 856 leads to: by its label, its address, then its second indicator (0 and 1: the resource itself).

    Without an indicator it leads to the text only where the label says so.
    """
    if _CONTENTS.search(label) or _CONTENTS_ADDRESS.search(url):
        return "contents"
    if _COVER.search(label) or _COVER_ADDRESS.search(url):
        return "cover"
    if _ABOUT.search(label):
        return "elsewhere"  # about the text, not the text, whatever its second indicator says
    return "fulltext" if field.ind2 in "01" or (field.ind2 == " " and _FULL_TEXT.search(label)) else "elsewhere"
