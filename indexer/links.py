"""Where a MARC record's links lead: the addresses of 856 in both dialects, and DOIs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.holdings import web_address
from indexer.marc import Field
from indexer.record import Link

_CONTENTS = re.compile(
    r"contents|目次|(?<![藏館馆合書书出展商產品店詢询用刊])目[錄录]|(?<=[本全]書)目錄|(?<=[本全]书)目录"
    r"|inhaltsverzeichnis|table des mati|sommaire|mục lục|สารบัญ",
    re.IGNORECASE,
)
"""目錄 by itself is a table of contents; a library's, a shop's or a publisher's 目錄 is a catalogue."""
_COVER = re.compile(r"\bcover\b|封面|書影|书影|couverture", re.IGNORECASE)
_FULL_TEXT_ITSELF = re.compile(r"full[ -]?text|全文|volltext|texte int[ée]gral", re.IGNORECASE)
_FULL_TEXT = re.compile(
    r"full[ -]?text|全文|[線线]上(?!目[錄录]|[書书]店|[訂订]|[購购])|電子書|电子书|在线阅读|本文", re.IGNORECASE
)
_ABOUT = re.compile(
    r"\b(?:sample|excerpt|description|abstract|summary|synopsis|bibliograph(?:y|ies)|biographical|preview|blurb|trailer"
    r"|errata|finding aid|author (?:biography|information|interview|notes?)|press release|reading guide|opac)\b|review"
    r"|(?:library|union|online) catalog|catalog(?:ue)? record|r[ée]sum[ée]\b|compte rendu|rezension|inhaltstext"
    r"|klappentext|zusammenfassung|leseprobe|試閱|试读|试阅|試聽|預覽|预览|提要|摘要"
    r"|[容書书作者籍][簡简]介|導讀|[書书]評|[書书]评|[書书]目"
    r"|參考文獻|参考文献|勘誤|勘误|[館馆]藏(?:查|地|[狀状][況况]|$)|目[錄录]|[訂订購购][購购買买]"
    r"|^\W*(?:index|索引|序文?|自序|前言|推薦序)\W*$",
    re.IGNORECASE,
)
_CONTENTS_ADDRESS = re.compile(r"/(?:toc|inhaltsverzeichnis)\b|/catdir/toc", re.IGNORECASE)
COVER_ADDRESS = re.compile(r"/(?:book)?(?:covers?|thumb(?:nail)?s?)\b[^?]*\.(?:jpe?g|png|gif|webp)$", re.IGNORECASE)

_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"]+")
_DOI_ALONE = re.compile(r"(?:doi:?\s*)?(?P<doi>10\.\d{4,9}/[^\s<>\"]+)", re.IGNORECASE)
_HOST = re.compile(r"(?:www\.[\w-]+|[\w-]+(?:\.[\w-]+)*)\.(?:[a-z]{2,12})", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(
    r"(?://)?(?P<whole>(?:[\w-]+(?:\.[\w-]+)*\.(?P<last>[a-z]{2,12})|\d{1,3}(?:\.\d{1,3}){3})"
    r"(?::\d{1,5})?(?:/[^\s<>\"]*)?)",
    re.IGNORECASE,
)
_BLANK_IN_FILE = re.compile(
    r"(?<=/)[^/<>\"?.]{1,200} (?!\S*://)[^/<>\"]{1,200}\."
    r"(?:pdf|docx?|html?|jpe?g|png|gif|tiff?|xlsx?|pptx?|epub|mp[34]|wav|zip|txt|djvu|aspx?|php|jsp)(?:[?#]\S*)?$",
    re.IGNORECASE,
)
"""A name of a file with blanks, which its address ends with: 台灣 史.pdf; other words behind an address are a label."""
_TOP = frozenset(
    {"com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "name", "museum", "asia", "cat", "eus"}
)
_TOP |= {"online", "site", "app", "dev", "tech", "wiki", "page", "link", "cloud", "art", "blog", "xyz", "library"}
_FILES = frozenset({"ps", "gz", "js", "md"})
"""Two letters that end names of files; any two others may be a country's."""


def addresses(field: Field) -> Iterator[str]:
    """The addresses of an 856: $u, one without its scheme too, else host ($a), path ($d) and file ($f)."""
    stated = field.all("u")
    for written in stated:
        text = _BLANK_IN_FILE.sub(lambda match: match.group().replace(" ", "%20"), written)
        if url := web_address(f"http://{text}" if text[:4].lower() == "www." else text) or _completed(text):
            yield url
    host = field.first("a")
    if not stated and _HOST.fullmatch(host):
        path = "/".join(part.strip("/") for part in (host, *field.all("df")) if part.strip("/"))
        yield f"{'ftp' if field.ind1 == '1' else 'http'}://{path}"


def _completed(text: str) -> str:
    """The address that a host, with or without a path, or a DOI stands for; "" where the text is neither."""
    if doi := _DOI_ALONE.fullmatch(text):
        return f"https://doi.org/{doi['doi']}"
    if (host := _WITHOUT_SCHEME.fullmatch(text)) is None:
        return ""
    last = (host["last"] or "").lower()
    is_host = not last or last in _TOP or (len(last) == 2 and last not in _FILES)
    return f"http://{host['whole']}" if is_host else ""


def doi_links(fields: Iterable[Field]) -> Iterator[Link]:
    """The addresses of the DOIs in fields of numbers that name their kind in $2 (024, UNIMARC 017)."""
    for field in fields:
        if field.first("2").lower() == "doi" and (doi := _DOI.search(field.first("a"))):
            yield Link(f"https://doi.org/{doi.group()}", "DOI")


def link_kind(field: Field, label: str, url: str, *, online: bool = False) -> str:
    """What an 856 leads to: by its label, its address, then its second indicator (0 and 1: the resource itself).

    Without an indicator, which UNIMARC has none of, it leads to the text where the label says so or the record itself
    is of something ``online``.
    """
    if _CONTENTS.search(label) or _CONTENTS_ADDRESS.search(url):
        return "contents"
    if _COVER.search(label) or COVER_ADDRESS.search(url):
        return "cover"
    if _ABOUT.search(label) and "://" not in label and not _FULL_TEXT_ITSELF.search(label):
        return "elsewhere"  # about the text, not the text, whatever its second indicator says
    silent = field.ind2 == " "
    return "fulltext" if field.ind2 in "01" or (silent and (online or _FULL_TEXT.search(label))) else "elsewhere"
