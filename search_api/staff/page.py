"""A staff page being made, and how a room adds its own.

    add_page(router, "staff/overlap", overlap_page, Role.SELECTOR)

    async def overlap_page(page: StaffPage) -> Response:
        return page.html("overlap.html", heading=…)

adds the page in the languages of staff, guarded; its template extends ``staff.html``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, Response

from search_api.page import Page, prefix
from search_api.staff.access import csrf_field, require
from search_api.staff.menu import places
from search_api.staff.roles import ROLES, Actor, Role
from search_api.staff.secrets import masked
from search_api.texts import STAFF_LANGUAGES

PRIVATE = {"Cache-Control": "no-store"}
"""Of every staff page: the next one at this computer does not see it by going back."""


class StaffPage(Page):
    """A page that only staff see: in their languages, with who is logged in and the menu of their roles."""

    def __init__(self, request: Request, language: str, path: str, actor: Actor) -> None:
        super().__init__(request, language, path)
        self.request = request
        self.actor = actor
        self.common["alternates"] = {
            code: address for code, address in self.common["alternates"].items() if code in STAFF_LANGUAGES
        }
        self.common |= {
            "actor": actor,
            "csrf_field": csrf_field,
            "csrf_token": masked(actor.csrf) if actor.csrf else "",
            "places": places(actor),
            "here": path,
            "moment": self.moment,
            "now": self.services.store.now(),
            "roles": [role for role in ROLES if role in actor.roles],
            "library": self.labels.library(actor.library) if actor.library else self.t("staff.consortium"),
        }

    def moment(self, at: datetime) -> str:
        """A day and time as this page writes it."""
        return f"{self.t.full_day(at.astimezone(self.t.zone).date())} {self.t.time(at)}"

    def html(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        answer = super().html(template, status, **values)
        answer.headers.update(PRIVATE)
        return answer


Making = Callable[[StaffPage], Awaitable[Response]]


def add_page(
    router: APIRouter, path: str, make: Making, *roles: Role, methods: Sequence[str] = ("GET", "HEAD"), shown: str = ""
) -> None:
    """Adds a page at ``path`` (``staff/…``, parameters in braces) for staff of these roles, or for all staff.

    What its address names is in ``page.request.path_params``. ``shown`` is the path of the page in other languages when
    this address is not one to link to: that of a form.
    """
    for language in STAFF_LANGUAGES:
        router.add_api_route(
            f"{prefix(language)}{path}",
            _endpoint(make, language, shown, *roles),
            methods=list(methods),
            include_in_schema=False,
            name=f"{make.__name__}-{language}",
        )


def _endpoint(make: Making, language: str, shown: str, *roles: Role) -> Callable[..., Awaitable[Response]]:
    known = Depends(require(*roles))

    async def endpoint(request: Request, actor: Actor = known) -> Response:
        path = shown or request.scope["path"].removeprefix(prefix(language))
        try:
            return await make(StaffPage(request, language, path, actor))
        finally:
            await request.close()  # files of its form

    return endpoint
