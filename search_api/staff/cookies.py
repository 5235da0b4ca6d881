"""The cookies of staff: never read by a script, never sent with another site's form, bound to the host under TLS."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from search_api.staff.access import COOKIE, cookie_name, secure

BROWSER = "allshelves-browser"  # somebody has logged in with this browser before
FORM = "allshelves-login"  # who has not logged in has no session that a form's secret could come from


def read(request: Request, name: str) -> str:
    """What a cookie holds, "" without it."""
    return request.cookies.get(cookie_name(request, name), "")


def write(request: Request, answer: Response, name: str, value: str, lasts: timedelta | None = None) -> None:
    """Sets a cookie until the browser is closed, or for a time."""
    answer.set_cookie(
        cookie_name(request, name),
        value,
        max_age=None if lasts is None else int(lasts.total_seconds()),
        path="/",
        secure=secure(request),
        httponly=True,
        samesite="lax",
    )


def forget(request: Request, answer: Response, name: str) -> None:
    """Takes a cookie from the browser."""
    answer.delete_cookie(cookie_name(request, name), path="/", secure=secure(request), httponly=True, samesite="lax")


SESSION = COOKIE
