"""Logging in at a provider of OpenID Connect: the way there, and the way back."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from search_api.errors import NotFound
from search_api.page import prefix
from search_api.staff import cookies
from search_api.staff.access import HOME, local, staff_of
from search_api.staff.audit import Action
from search_api.staff.login_pages import form_page
from search_api.staff.page import PRIVATE
from search_api.staff.provider import NotVouched, Provider, ProviderUnusable
from search_api.staff.refusal import AccountRefused
from search_api.staff.sign_ins import LASTS, Taken
from search_api.staff.vouching import NoRole, vouched
from search_api.texts import STAFF_LANGUAGES

logger = logging.getLogger(__name__)

COOKIE = "allshelves-sign-in"
LONGEST = 4_000
"""Characters of a code or state; no provider's are as long."""

router = APIRouter(include_in_schema=False)


async def sign_in(request: Request, language: str, next_: str) -> Response:
    """Sends the browser to the provider."""
    staff, provider = staff_of(request), _provider(request)
    next_ = local(next_) or f"{prefix(language)}{HOME}"
    begun = await asyncio.to_thread(staff.sign_ins.begin, next_)
    try:
        address = await provider.log_in_address(_back(request), begun.state, begun.nonce, begun.verifier)
    except ProviderUnusable as exc:
        logger.warning("log-in: %s", exc)
        return form_page(request, language, next_, wrong="provider_unusable")
    answer = RedirectResponse(address, 303, PRIVATE)
    cookies.write(request, answer, COOKIE, begun.token, LASTS)
    return answer


async def signed_in(request: Request) -> Response:
    """The provider has sent the browser back: with a code, or saying why not."""
    staff, asked = staff_of(request), request.query_params
    _provider(request)
    begun = await asyncio.to_thread(
        staff.sign_ins.take, cookies.read(request, COOKIE), asked.get("state", "")[:LONGEST]
    )
    next_ = begun.next if begun else ""
    language = next((code for code in STAFF_LANGUAGES[1:] if next_.startswith(f"/{code}/")), STAFF_LANGUAGES[0])
    if begun is None:
        wrong = "sign_in_lost"
    elif "error" in asked or not asked.get("code"):
        wrong = "sign_in_refused"
    else:
        wrong = ""
    answer = await _entered(request, language, begun) if begun and not wrong else None
    if answer is None:
        answer = form_page(request, language, next_, wrong=wrong)
    cookies.forget(request, answer, COOKIE)
    return answer


async def _entered(request: Request, language: str, begun: Taken) -> Response:
    staff, asked, provider = staff_of(request), request.query_params, _provider(request)
    try:
        vouch = await provider.vouch(
            asked["code"][:LONGEST], _back(request), begun.verifier, begun.nonce, asked.get("iss")
        )
        person = vouched(vouch.claims, provider.settings, request.app.state.services.libraries)
        account = await asyncio.to_thread(staff.accounts.vouched, person)
    except (ProviderUnusable, NotVouched, NoRole, AccountRefused) as exc:
        logger.warning("log-in: %s", exc)
        await asyncio.to_thread(staff.audit.note, Action.LOG_IN_FAILED, f"{provider.settings.issuer}: {exc}", by="")
        return form_page(request, language, begun.next, wrong=_WRONG[type(exc)])
    session = await asyncio.to_thread(
        staff.sessions.begin, account.id, vouch.id_token, cookies.read(request, cookies.SESSION)
    )
    what = provider.settings.issuer
    await asyncio.to_thread(staff.audit.note, Action.LOGGED_IN, what, by=account.name, library=account.library)
    answer = RedirectResponse(begun.next, 303, PRIVATE)
    cookies.write(request, answer, cookies.SESSION, session)
    return answer


_WRONG = {
    ProviderUnusable: "provider_unusable",
    NotVouched: "sign_in_not_vouched",
    NoRole: "sign_in_no_role",
    AccountRefused: "sign_in_no_role",
}
"""What somebody reads who could not log in; the log has the reason."""


def _provider(request: Request) -> Provider:
    """Raises: NotFound where there is none."""
    provider = staff_of(request).provider
    if provider is None:
        raise NotFound("Nobody logs in elsewhere here.")
    return provider


def _back(request: Request) -> str:
    """Where the provider sends browsers back to, as it was told once: the same in every language."""
    return f"{str(request.base_url).rstrip('/')}/staff/signed-in"


def _add(language: str) -> None:
    async def begun(request: Request, next: str = "") -> Response:
        return await sign_in(request, language, next)

    router.add_api_route(f"{prefix(language)}staff/sign-in", begun, methods=["GET"], name=f"sign_in-{language}")


for _language in STAFF_LANGUAGES:
    _add(_language)
router.add_api_route("/staff/signed-in", signed_in, methods=["GET"])
