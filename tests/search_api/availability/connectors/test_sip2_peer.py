"""SIP2 against a server that we did not write: the one of the package pysip2."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from anyio import create_task_group
from anyio.abc import SocketAttribute
from pysip2 import (
    ITEM_INFORMATION,
    LOGIN,
    ItemInformationRequest,
    ItemInformationResponse,
    LoginRequest,
    LoginResponse,
    SIP2Server,
)

from mappings.library import Availability
from search_api.availability.http import ConnectorUnavailable, EntryRefused, ImpatientHttp
from search_api.availability.status import AnswerState, AskedRecord, ItemState
from tests.support.status import asked

AUTH = {"kind": "basic", "username_env": "U", "password_env": "P"}
ENTRY = {"U": "tom", "P": "通關密語"}
COPIES = {"B1": ("03", "", "總館"), "B2": ("04", "20261203    235900", "分館"), "B3": ("08", "", "總館")}


class _Server(SIP2Server):
    """Closes the socket that it listens at when it ends, which the package's own ``start`` leaves open."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        async with await self.listen(port=0) as listener, create_task_group() as tasks:
            tasks.start_soon(listener.serve, self._handle_connection)
            yield listener.extra(SocketAttribute.local_port)
            tasks.cancel_scope.cancel()


def _server(**settings: Any) -> _Server:
    """A server of three copies that lets tom in."""
    server = _Server(encoding="utf-8", institution_id="UWOLS", login_required=True, **settings)

    @server.route(LOGIN)
    async def login(request: LoginRequest, _: object) -> LoginResponse:
        ok = (request.login_user_id, request.login_password) == ("tom", "通關密語")
        return LoginResponse(ok="1" if ok else "0")

    @server.route(ITEM_INFORMATION)
    async def item(request: ItemInformationRequest, _: object) -> ItemInformationResponse:
        code, due, place = COPIES.get(request.item_identifier, ("01", "", ""))
        return ItemInformationResponse(
            circulation_status=code,
            security_marker="00",
            fee_type="01",
            transaction_date="20261121    001426",
            item_identifier=request.item_identifier,
            title_identifier="紅樓夢" if place else "",
            due_date=due or None,
            permanent_location=place or None,
            hold_queue_length="2" if code == "08" else None,
        )

    return server


@pytest.fixture
async def http() -> AsyncIterator[ImpatientHttp]:
    opened = ImpatientHttp()
    yield opened
    await opened.close()


def _service(port: int, **settings: Any) -> Availability:
    known = {"protocol": "sip2", "url": f"tcp://127.0.0.1:{port}", "timeout_seconds": 5, "auth": AUTH}
    return Availability.model_validate({**known, **settings})


@pytest.mark.parametrize("checks", [{"error_detection": "required"}, {"error_detection": "auto"}])
async def test_copies_are_told_by_a_server_of_another_hand(http: ImpatientHttp, checks: dict[str, str]) -> None:
    record = AskedRecord("1", barcodes=("B1", "B2", "B3", "B4"))
    async with _server(**checks).running() as port:
        settings = {"sip2": {"checksum": checks["error_detection"] == "required"}}
        reply = await asked(http, _service(port, **settings), [record], environ=ENTRY)
    (answer,) = reply.answers
    assert answer.state is AnswerState.OK
    assert [(i.barcode, i.state, i.branch, str(i.due), i.queue) for i in answer.items] == [
        ("B1", ItemState.AVAILABLE, "總館", "None", None),
        ("B2", ItemState.ON_LOAN, "分館", "2026-12-03", None),
        ("B3", ItemState.ON_HOLD_SHELF, "總館", "None", 2),
    ]


async def test_a_wrong_password_and_none_are_refused(http: ImpatientHttp) -> None:
    record = AskedRecord("1", barcodes=("B1",))
    async with _server().running() as port:
        with pytest.raises(EntryRefused):
            await asked(http, _service(port), [record], environ={**ENTRY, "P": "wrong"})
        with pytest.raises(ConnectorUnavailable):
            await asked(http, _service(port, auth=None), [record])


async def test_a_server_without_item_information_is_found_out(http: ImpatientHttp) -> None:
    server = _Server(encoding="utf-8", institution_id="UWOLS")
    async with server.running() as port:
        with pytest.raises(ConnectorUnavailable, match="BX"):
            await asked(http, _service(port, auth=None), [AskedRecord("1", barcodes=("B1",))])
