"""A request as ISO 18626 (Information and documentation: interlibrary loan transactions, version 1.2): XML and JSON.

``supplierInfo`` lists the libraries in the order of asking. The JSON has the elements of the XML by their names, those
that may repeat as lists; the standard has no JSON of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any

from lxml import etree

from indexer.record import Format
from mappings.library import Library
from search_api.lending.reasons import Lender
from search_api.lending.request import Description, Suppliable, described

NAMESPACE = "http://illtransactions.org/2013/iso18626"
VERSION = "1.2"

_PUBLICATION_TYPES = {
    Format.AUDIOBOOK: "AudioBook",
    Format.SERIAL: "Journal",
    Format.NEWSPAPER: "Newspaper",
    Format.THESIS: "Thesis",
    Format.SCORE: "MusicScore",
    Format.MAP: "Map",
    Format.SOUND: "SoundRecording",
    Format.FILM: "Movie",
    Format.PICTURE: "Image",
    Format.GAME: "Game",
    Format.ARTICLE: "Article",
    Format.MANUSCRIPT: "Manuscript",
}
"""Of the standard's own list; whatever has no name there is a book."""

Message = dict[str, Any]
Words = Callable[[Lender], str]
"""What is known of a library's copies, with its time: the availability note."""


def message(request: Suppliable, note: Words) -> Message:
    """The request as nested elements, in the order of the schema; what is not stated is absent."""
    told = described(request.edition, request.sought)
    borrower = request.borrower
    first = request.libraries[request.lenders[0].library] if request.lenders else None
    return {
        "ISO18626Message": {
            "request": _stated(
                {
                    "header": {
                        "supplyingAgencyId": _agency(first),
                        "requestingAgencyId": _agency(borrower),
                        "multipleItemRequestId": "",
                        "timestamp": _instant(request.at),
                        "requestingAgencyRequestId": request.number,
                    },
                    "bibliographicInfo": _bibliographic(request, told),
                    "publicationInfo": _publication(request, told),
                    "serviceInfo": _service(request),
                    "supplierInfo": [_supplier(request, at, one, note) for at, one in enumerate(request.lenders, 1)],
                    "requestedDeliveryInfo": _delivery(borrower),
                    "requestingAgencyInfo": _requesting(borrower),
                }
            )
        }
    }


def as_xml(found: Message) -> bytes:
    """The message as XML, valid against the standard's schema."""
    (name, parts), *_ = found.items()
    root = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={None: NAMESPACE})
    root.set(f"{{{NAMESPACE}}}version", VERSION)
    _add(root, parts)
    etree.cleanup_namespaces(root, top_nsmap={None: NAMESPACE, "ill": NAMESPACE}, keep_ns_prefixes=["ill"])
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _add(parent: Any, parts: Mapping[str, Any]) -> None:
    for name, value in parts.items():
        for one in value if isinstance(value, list) else [value]:
            element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
            if isinstance(one, dict):
                _add(element, one)
            else:
                element.text = _plain(str(one))


def _plain(text: str) -> str:
    """Text without characters that XML cannot hold; records have them."""
    return "".join(char for char in text if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff"))


def _bibliographic(request: Suppliable, told: Description) -> Message:
    lender = request.lenders[0] if request.lenders else None
    numbers = [("ISBN", told.isbn), ("ISSN", told.issn)]
    return _stated(
        {
            "supplierUniqueRecordId": lender.local_id if lender else "",
            "title": told.title,
            "author": told.author,
            "subtitle": told.subtitle,
            "seriesTitle": told.series,
            "edition": told.edition,
            "titleOfComponent": told.article,
            "authorOfComponent": told.article_author,
            "volume": told.volume,
            "issue": told.issue,
            "pagesRequested": told.pages,
            "bibliographicItemId": [
                {"bibliographicItemIdentifier": number, "bibliographicItemIdentifierCode": code}
                for code, number in numbers
                if number
            ],
            "bibliographicRecordId": [
                {"bibliographicRecordIdentifierCode": "Allshelves", "bibliographicRecordIdentifier": request.edition.id}
            ],
        }
    )


def _publication(request: Suppliable, told: Description) -> Message:
    return _stated(
        {
            "publisher": told.publisher,
            "publicationType": _PUBLICATION_TYPES.get(request.edition.format, "Book"),
            "publicationDate": told.year,
            "placeOfPublication": told.place,
        }
    )


def _service(request: Suppliable) -> Message:
    sought = request.sought
    needed = datetime.combine(sought.needed_by, time(23, 59, 59), request.at.tzinfo) if sought.needed_by else None
    return _stated(
        {
            "requestType": "New",
            "serviceType": "Loan" if sought.service == "loan" else "Copy",
            "serviceLevel": "Standard",
            "needBeforeDate": _instant(needed) if needed else "",
            "anyEdition": "Y" if sought.which == "any" else "N",
        }
    )


def _supplier(request: Suppliable, at: int, lender: Lender, note: Words) -> Message:
    library = request.libraries[lender.library]
    return _stated(
        {
            "sortOrder": str(at),
            "supplierCode": _agency(library),
            "supplierDescription": library.label("zh-Hant"),
            "bibliographicRecordId": {
                "bibliographicRecordIdentifierCode": library.code,
                "bibliographicRecordIdentifier": lender.local_id,
            }
            if lender.local_id
            else {},
            "callNumber": lender.call_number,
            "summaryHoldings": lender.statement,
            "availabilityNote": note(lender),
        }
    )


def _delivery(borrower: Library | None) -> list[Message]:
    if borrower is None:
        return []
    where: list[Message] = []
    if line := borrower.lending.address:
        where.append({"physicalAddress": {"line1": next(iter(line.values()))}})
    if borrower.lending.email:
        where.append({"electronicAddress": _electronic(borrower)})
    return [{"sortOrder": str(at), "address": one} for at, one in enumerate(where, 1)]


def _requesting(borrower: Library | None) -> Message:
    if borrower is None:
        return {}
    address = [{"electronicAddress": _electronic(borrower)}] if borrower.lending.email else []
    return _stated({"name": borrower.label("zh-Hant"), "address": address})


def _electronic(library: Library) -> Message:
    return {"electronicAddressType": "Email", "electronicAddressData": library.lending.email}


def _agency(library: Library | None) -> Message:
    if library is None:  # the schema wants one; whoever receives it reads supplierInfo
        return {"agencyIdType": "Allshelves", "agencyIdValue": ""}
    if library.lending.agency:
        return {"agencyIdType": library.lending.agency_scheme, "agencyIdValue": library.lending.agency}
    return {"agencyIdType": "Allshelves", "agencyIdValue": library.code}


def _stated(parts: Message) -> Message:
    return {name: value for name, value in parts.items() if value not in ("", [], {}, None)}


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
