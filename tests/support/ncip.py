"""An NCIP 2 responder as a test scripts it: records with copies, problems beside them, and pages with tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web
from lxml import etree

from tests.support.status import Handler

NAMESPACE = "http://www.niso.org/2008/ncip"


def ncip(records: Mapping[str, Sequence[str]], *, page: int = 2_000) -> Handler:
    """A responder that knows these records: number → copies (`ncip_item`), ``page`` of them in one answer.

    Of a record that it does not know it says so, beside the others.
    """

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.method == "POST"
        lookup = etree.fromstring(await request.read())
        wanted = [element.text or "" for element in lookup.iter(f"{{{NAMESPACE}}}BibliographicRecordIdentifier")]
        token = next((element.text or "" for element in lookup.iter(f"{{{NAMESPACE}}}NextItemToken")), "0")
        copies = [(number, item) for number in wanted for item in records.get(number, ())]
        start = int(token)
        some = copies[start : start + page]
        more = str(start + page) if start + page < len(copies) else ""
        bibs = []
        for number in wanted:
            if number not in records:
                bibs.append(ncip_bib(number, ncip_problem("Unknown Item")))
            elif items := [item for owner, item in some if owner == number]:
                bibs.append(ncip_bib(number, holdings(*items)))
            elif not records[number]:
                bibs.append(ncip_bib(number))
        return web.Response(text=ncip_message("".join(bibs), more), content_type="application/xml")

    return answer


def ncip_message(bibs: str, token: str | None = None) -> str:
    """A LookupItemSetResponse; ``token`` None: the element is left out."""
    more = "" if token is None else f"<ns1:NextItemToken>{token}</ns1:NextItemToken>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ns1:NCIPMessage xmlns:ns1="{NAMESPACE}" ns1:version="2.02">'
        f"<ns1:LookupItemSetResponse>{bibs}{more}</ns1:LookupItemSetResponse></ns1:NCIPMessage>"
    )


def ncip_bib(number: str, inside: str = "", *, kind: str = "Record") -> str:
    """What is said of one record; ``kind``: as what its number is named, Record or Item."""
    return (
        f"<ns1:BibInformation><ns1:BibliographicId><ns1:Bibliographic{kind}Id>"
        f"<ns1:Bibliographic{kind}Identifier>{number}</ns1:Bibliographic{kind}Identifier>"
        f"</ns1:Bibliographic{kind}Id></ns1:BibliographicId>{inside}</ns1:BibInformation>"
    )


def holdings(*items: str, place: str = "") -> str:
    return f"<ns1:HoldingsSet>{place}{''.join(items)}</ns1:HoldingsSet>"


def ncip_problem(kind: str) -> str:
    return (
        f"<ns1:Problem><ns1:ProblemType>{kind}</ns1:ProblemType><ns1:ProblemDetail/>"
        "<ns1:ProblemValue>no such thing</ns1:ProblemValue></ns1:Problem>"
    )


def ncip_place(*names: str, kind: str = "Permanent Location") -> str:
    """A location by its names, the widest first."""
    levels = "".join(
        f"<ns1:LocationNameInstance><ns1:LocationNameLevel>{level}</ns1:LocationNameLevel>"
        f"<ns1:LocationNameValue>{name}</ns1:LocationNameValue></ns1:LocationNameInstance>"
        for level, name in reversed(list(enumerate(names, 1)))
    )
    return (
        f"<ns1:Location><ns1:LocationType>{kind}</ns1:LocationType>"
        f"<ns1:LocationName>{levels}</ns1:LocationName></ns1:Location>"
    )


def ncip_item(
    status: str,
    *,
    number: str = "",
    due: str = "",
    inner_due: str = "",
    restriction: str = "",
    queue: str = "",
    more: str = "",
    number_type: str = "Accession Number",
) -> str:
    """One copy; ``due`` beside its details and ``inner_due`` among them; ``more``: further details as XML."""
    named = (
        f"<ns1:ItemId><ns1:ItemIdentifierType>{number_type}</ns1:ItemIdentifierType>"
        f"<ns1:ItemIdentifierValue>{number}</ns1:ItemIdentifierValue></ns1:ItemId>"
        if number
        else ""
    )
    details = "".join(
        f"<ns1:{name}>{value}</ns1:{name}>"
        for name, value in (
            ("ItemUseRestrictionType", restriction),
            ("CirculationStatus", status),
            ("HoldQueueLength", queue),
            ("DateDue", inner_due),
        )
        if value
    )
    return (
        f"<ns1:ItemInformation>{named}{f'<ns1:DateDue>{due}</ns1:DateDue>' if due else ''}"
        f"<ns1:ItemOptionalFields>{details}{more}</ns1:ItemOptionalFields></ns1:ItemInformation>"
    )
