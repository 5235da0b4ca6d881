"""An Alma as a test scripts it: records with their availability, items, and its errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from tests.support.status import Handler


def alma(records: Mapping[str, Sequence[str]], items: Mapping[str, Sequence[str]] | None = None) -> Handler:
    """A server that knows these records: MMS id → AVA and AVE fields, and → items (none: refused)."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/bibs"):
            wanted = request.query["mms_id"].split(",")
            found = "".join(alma_bib(number, *records[number]) for number in wanted if number in records)
            return _xml(f"<bibs>{found}</bibs>")
        assert request.path.endswith("/holdings/ALL/items"), request.path
        number = request.path.split("/")[-4]
        if items is None or number not in items:
            return _xml(alma_error("401690", "no"), 400)
        start = int(request.query["offset"])
        some = items[number][start : start + int(request.query["limit"])]
        return _xml(f'<items total_record_count="{len(items[number])}">{"".join(some)}</items>')

    return answer


def alma_bib(number: str, *fields: str) -> str:
    return f"<bib><mms_id>{number}</mms_id><title>書</title><record>{''.join(fields)}</record></bib>"


def ava(state: str, copies: int = 1, away: int = 0, **more: str) -> str:
    """A physical holding; ``more``: further subfields, named x0 for those that are digits."""
    codes = {"a": "01NORTH_INST", "b": "MAIN", "q": "總館", "c": "書庫", "j": "stacks", "d": "857.6 X1", "x8": "22"}
    told = {**codes, "e": state, "f": str(copies), "g": str(away), **more}
    return _field("AVA", told)


def ave(state: str, **more: str) -> str:
    """An electronic holding."""
    return _field("AVE", {"a": "01NORTH_INST", "e": state, "m": "電子書平台", "u": "https://e.example/1", **more})


def alma_item(
    base: str, process: str = "", due: str = "", *, policy: str = "", holding: str = "22", bib: str = "", **more: str
) -> str:
    """An item; ``more``: further elements of its item_data."""
    told = "".join(f"<{name}>{text}</{name}>" for name, text in more.items())
    return (
        f"<item><bib_data>{f'<mms_id>{bib}</mms_id>' if bib else ''}</bib_data>"
        f"<holding_data><holding_id>{holding}</holding_id><call_number>857.6 X1</call_number>"
        f"<in_temp_location>false</in_temp_location></holding_data>"
        f'<item_data><pid>23</pid><base_status desc="?">{base}</base_status>'
        f'<process_type desc="{process.title()}">{process}</process_type><due_date>{due}</due_date>'
        f'<policy desc="{policy}">{"07" if policy else ""}</policy><library desc="總館">MAIN</library>'
        f'<location desc="書庫">stacks</location>{told}</item_data></item>'
    )


def alma_error(code: str, message: str) -> str:
    return (
        '<web_service_result xmlns="http://com/exlibris/urm/general/xmlbeans"><errorsExist>true</errorsExist><errorList>'
        f"<error><errorCode>{code}</errorCode><errorMessage>{message}</errorMessage></error></errorList>"
        "</web_service_result>"
    )


def _field(tag: str, subfields: Mapping[str, str]) -> str:
    told = "".join(f'<subfield code="{code[-1]}">{text}</subfield>' for code, text in subfields.items())
    return f'<datafield ind1=" " ind2=" " tag="{tag}">{told}</datafield>'


def _xml(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="application/xml")
