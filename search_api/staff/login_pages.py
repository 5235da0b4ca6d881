"""Logging in and out in the browser."""

from __future__ import annotations

import asyncio
import math
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from search_api.page import Page, prefix
from search_api.staff import cookies
from search_api.staff.access import HOME, LOG_IN, check_csrf, local, require, staff_of
from search_api.staff.audit import Action
from search_api.staff.entering import BROWSER_KNOWN, Entered, Refused
from search_api.staff.page import PRIVATE
from search_api.staff.roles import Actor
from search_api.staff.secrets import masked, secret
from search_api.staff.sessions import csrf_of
from search_api.texts import STAFF_LANGUAGES

LONGEST_NAME, LONGEST_PASSWORD = 300, 2_000

router = APIRouter(include_in_schema=False)


async def login_page(request: Request, language: str, next_: str) -> Response:
    """The form; whoever is in already is led on."""
    if await asyncio.to_thread(staff_of(request).sessions.actor, cookies.read(request, cookies.SESSION)):
        return _led_on(language, next_)
    return form_page(request, language, next_, out="out" in request.query_params, ended="ended" in request.query_params)


async def log_in(request: Request, language: str, name: str, password: str, next_: str) -> Response:
    """Opens a session, or says that nothing was opened: never which of the two was wrong."""
    await check_csrf(request, csrf_of(cookies.read(request, cookies.FORM)))
    staff = staff_of(request)
    outcome = await staff.door.enter(
        name,
        password,
        address=request.client.host if request.client else "",
        browser=cookies.read(request, cookies.BROWSER),
        session=cookies.read(request, cookies.SESSION),
    )
    if isinstance(outcome, Refused):
        return form_page(request, language, next_, name=name, refused=outcome)
    answer = _led_on(language, next_)
    begin(request, answer, outcome)
    cookies.forget(request, answer, cookies.FORM)
    return answer


def begin(request: Request, answer: Response, entered: Entered) -> None:
    """Gives the browser what it brings from now on."""
    cookies.write(request, answer, cookies.SESSION, entered.session)
    cookies.write(request, answer, cookies.BROWSER, entered.browser, BROWSER_KNOWN)


async def log_out(request: Request, language: str, actor: Actor, everywhere: bool) -> Response:
    staff = staff_of(request)
    token = cookies.read(request, cookies.SESSION)
    id_token = await asyncio.to_thread(staff.sessions.end, token)
    if everywhere:
        await asyncio.to_thread(staff.sessions.end_all, actor.account)
    await asyncio.to_thread(staff.audit.note, Action.LOGGED_OUT, "everywhere" if everywhere else "", by=actor)
    site = str(request.base_url).rstrip("/")
    there = ""
    if id_token and staff.provider:
        there = await staff.provider.log_out_address(id_token, f"{site}{prefix(language)}{LOG_IN}")
    if there:  # a link: our policy lets no form lead to another site, not even by way of ours
        answer: Response = form_page(request, language, "", out=True, out_at=there)
    else:
        answer = RedirectResponse(f"{prefix(language)}{LOG_IN}?out=1", 303, PRIVATE)
    answer.headers["Clear-Site-Data"] = '"cache"'
    cookies.forget(request, answer, cookies.SESSION)
    return answer


def _led_on(language: str, next_: str) -> Response:
    return RedirectResponse(local(next_) or f"{prefix(language)}{HOME}", 303, PRIVATE)


def form_page(
    request: Request,
    language: str,
    next_: str,
    *,
    name: str = "",
    refused: Refused | None = None,
    wrong: str = "",
    out: bool = False,
    ended: bool = False,
    out_at: str = "",
) -> Response:
    """The page of the form. ``wrong`` is the key of what else went wrong; ``out_at`` where one can log out besides."""
    provider = staff_of(request).provider
    page = Page(request, language, LOG_IN)
    page.common["alternates"] = {
        code: address for code, address in page.common["alternates"].items() if code in STAFF_LANGUAGES
    }
    given = cookies.read(request, cookies.FORM) or secret()
    waits = math.ceil(refused.wait_seconds) if refused else 0
    answer = page.html(
        "staff_login.html",
        429 if waits else 403 if refused or wrong else 200,
        actor=None,
        here=LOG_IN,
        csrf=masked(csrf_of(given)),
        next=local(next_),
        name=name,
        refused=refused is not None,
        waits=waits,
        wrong=page.t(f"staff.{wrong}") if wrong else "",
        out=out,
        ended=ended,
        out_at=out_at,
        shown=staff_of(request).shown,
        provider=provider.settings.name[language] if provider else "",
    )
    answer.headers.update(PRIVATE)
    if waits:
        answer.headers["Retry-After"] = str(waits)
    cookies.write(request, answer, cookies.FORM, given)
    return answer


def _add(language: str) -> None:
    known = Depends(require())

    async def shown(request: Request, next: str = "") -> Response:
        return await login_page(request, language, next)

    async def sent(
        request: Request,
        name: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
        password: Annotated[str, Form(max_length=LONGEST_PASSWORD)] = "",
        next: Annotated[str, Form()] = "",
    ) -> Response:
        return await log_in(request, language, name, password, next)

    async def left(request: Request, actor: Actor = known, everywhere: Annotated[str, Form()] = "") -> Response:
        return await log_out(request, language, actor, bool(everywhere))

    at = prefix(language)
    router.add_api_route(f"{at}{LOG_IN}", shown, methods=["GET", "HEAD"], name=f"login_page-{language}")
    router.add_api_route(f"{at}{LOG_IN}", sent, methods=["POST"], name=f"log_in-{language}")
    router.add_api_route(f"{at}staff/logout", left, methods=["POST"], name=f"log_out-{language}")


for _language in STAFF_LANGUAGES:
    _add(_language)
