"""Who may come in: what guards an address of the API or a page, and the forms of staff pages.

    @router.post("/api/things", ...)
    async def add(actor: Annotated[Actor, Depends(require(Role.SELECTOR))]) -> ...

admits selectors and admins. A browser brings the cookie of a session, a program ``Authorization: Bearer …``. The API
answers 401 and 403 in the one shape of errors; a page leads to the log-in and back (``staff.page.add_page``).

What changes something needs more of a browser: that the request comes from our own pages (``Sec-Fetch-Site``, else
``Origin``), and the secret of its session, in the field ``csrf`` of a form (``{{ csrf_field(actor) }}``) or in the
header ``X-CSRF-Token`` (a script finds it in ``<meta name="csrf-token">``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import SplitResult, quote, urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from harvester.store import Store
from search_api.errors import Forbidden, Unauthorised, error_response, problem
from search_api.own_tables import make_absent
from search_api.page import prefix
from search_api.staff import tables
from search_api.staff.accounts import Account, Accounts
from search_api.staff.audit import Action, Audit
from search_api.staff.configuration import StaffConfiguration
from search_api.staff.entering import Door, Shown
from search_api.staff.passwords import Passwords
from search_api.staff.provider import Provider
from search_api.staff.roles import Actor, Role
from search_api.staff.secrets import TOKEN_PREFIX, masked, same, unmasked
from search_api.staff.sessions import CSRF, Sessions
from search_api.staff.sign_ins import SignIns
from search_api.staff.tokens import Tokens
from search_api.texts import STAFF_LANGUAGES

__all__ = [
    "Account",
    "Action",
    "Actor",
    "Guard",
    "LogInFirst",
    "Role",
    "Staff",
    "csrf_field",
    "known",
    "require",
    "staff_of",
]

COOKIE = "allshelves"
SECURE_COOKIE = "__Host-allshelves"  # browsers take it over TLS alone, and from this host alone
CSRF_HEADER = "x-csrf-token"
LARGEST_FIELD = 8 * 1024 * 1024  # bytes: a list of a hundred thousand books that somebody pastes
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HOME, LOG_IN = "staff", "staff/login"

_BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="A token of a program: `asl_…`.")
_SESSION = APIKeyCookie(
    name=COOKIE, auto_error=False, scheme_name="session", description="A session of somebody who has logged in."
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Everything there is of staff, over one store."""

    accounts: Accounts
    sessions: Sessions
    tokens: Tokens
    audit: Audit
    door: Door
    sign_ins: SignIns
    provider: Provider | None = None  # of OpenID Connect, where the consortium has one
    shown: tuple[Shown, ...] = ()  # accounts that the log-in of a demo shows

    @classmethod
    def open(
        cls,
        store: Store,
        libraries: Collection[str],
        *,
        configuration: StaffConfiguration | None = None,
        passwords: Passwords | None = None,
        shown: tuple[Shown, ...] = (),
    ) -> Staff:
        """Makes the tables when they are absent. With accounts to be shown it is a demo's.

        Raises: StoreUnusable.
        """
        make_absent(store, tables.metadata)
        chosen = configuration or StaffConfiguration()
        accounts = Accounts(store, libraries, passwords or Passwords())
        sessions = Sessions(store, chosen.sessions.idle, chosen.sessions.whole)
        audit = Audit(store, chosen.log.keep_days)
        door = Door(store, accounts, sessions, audit, demo=bool(shown))
        provider = Provider(chosen.oidc, store.now, secret=chosen.oidc.secret()) if chosen.oidc else None
        return cls(accounts, sessions, Tokens(store), audit, door, SignIns(store), provider, shown)


def staff_of(request: Request) -> Staff:
    """The staff of the application that a request came to."""
    found: Staff = request.app.state.staff
    return found


class LogInFirst(Unauthorised):
    """Nobody known makes this request: a page leads to the log-in."""


@dataclass(frozen=True)
class Guard:
    """A dependency that admits staff of some roles and gives who it is; with no role named, all staff."""

    roles: frozenset[Role]

    async def __call__(
        self,
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
        _session: Annotated[str | None, Depends(_SESSION)],
    ) -> Actor:
        """Raises: LogInFirst for nobody known, Forbidden without a role of these or for a request of another site."""
        actor = await _known(request, bearer)
        if self.roles and not actor.may(*self.roles):
            raise Forbidden(f"This is for another role: {', '.join(role for role in Role if role in self.roles)}.")
        if request.method not in SAFE and actor.via == "session":
            try:
                await check_csrf(request, actor.csrf)
            except Forbidden:
                await request.close()  # a file that came with the form
                raise
        request.state.actor = actor
        return actor


def require(*roles: Role) -> Guard:
    """The guard of an address: ``Depends(require(Role.SELECTOR))``. Admins may do whatever any role may."""
    return Guard(frozenset(roles))


async def known(request: Request) -> Actor | None:
    """Who makes a request that everybody may make: staff who have logged in or bring a token, else None."""
    try:
        return await _known(request, await _BEARER(request))
    except Unauthorised:
        return None


async def _known(request: Request, bearer: HTTPAuthorizationCredentials | None) -> Actor:
    staff = staff_of(request)
    if "authorization" in request.headers:  # whoever brings a token means it: no cookie makes up for a wrong one
        token = bearer.credentials if bearer else ""
        found = await asyncio.to_thread(staff.tokens.actor, token) if token.startswith(TOKEN_PREFIX) else None
        if found is None:
            raise Unauthorised("This token is unknown, withdrawn or past its end.")
        return found
    cookie = request.cookies.get(cookie_name(request), "")
    found = await asyncio.to_thread(staff.sessions.actor, cookie) if cookie else None
    if found is None:
        raise LogInFirst("This is for staff: log in, or bring a token (Authorization: Bearer).")
    return found


def cookie_name(request: Request, name: str = COOKIE) -> str:
    """What a cookie is called on this connection: bound to the host where TLS allows it."""
    return f"__Host-{name}" if secure(request) else name


def secure(request: Request) -> bool:
    """Whether the browser came over TLS, by what the server or the proxy before it says."""
    return request.url.scheme == "https"


async def check_csrf(request: Request, expected: str) -> None:
    """Raises: Forbidden when another site's page may have sent this, or the secret is missing or not the expected."""
    refuse_other_sites(request)
    given = request.headers.get(CSRF_HEADER, "")
    if not given and is_form(request):
        field = (await request.form(max_part_size=LARGEST_FIELD)).get(CSRF, "")
        given = field if isinstance(field, str) else ""
    if not same(unmasked(given), expected):
        raise Forbidden("The form is too old, or not of this page: load the page again.", code="csrf")


def refuse_other_sites(request: Request) -> None:
    """Raises: Forbidden when the browser says that another site's page makes this request."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = site in ("same-origin", "none") if site is not None else True
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        ours = False  # "null", too: a page without an origin is none of ours
    if not ours:
        raise Forbidden("Another site's page sent this.", code="csrf")


def is_form(request: Request) -> bool:
    """Whether a body is a form's."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("application/x-www-form-urlencoded", "multipart/form-data")


def csrf_field(actor: Actor) -> Markup:
    """The hidden field that every form of a staff page has."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF, masked(actor.csrf))


def local(address: str) -> str:
    """An address if it is one of our own pages, else "": nobody is led elsewhere after logging in."""
    plain = address.isprintable() and "\\" not in address and len(address) <= 2_000
    if not plain or not address.startswith("/") or address.startswith("//"):
        return ""
    parts = urlsplit(address)
    return "" if parts.scheme or parts.netloc else address


def _address(text: str) -> SplitResult:
    """An address in its parts; what is none is empty."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def login_address(request: Request) -> str:
    """Where a page leads somebody unknown: the log-in in its language, which leads back to the page; after a form, to
    the page it stood on, saying that what was sent is not kept."""
    path = request.scope["path"]
    language = next((code for code in STAFF_LANGUAGES[1:] if path.startswith(f"/{code}/")), STAFF_LANGUAGES[0])
    back = ""
    if request.method in ("GET", "HEAD"):
        back = quote(path) + (f"?{request.url.query}" if request.url.query else "")
        return f"{prefix(language)}{LOG_IN}" + (f"?next={quote(back, safe='/')}" if local(back) else "")
    from_page = _address(request.headers.get("referer", ""))
    if from_page.netloc.lower() == request.headers.get("host", "").lower():
        back = from_page.path + (f"?{from_page.query}" if from_page.query else "")
    return f"{prefix(language)}{LOG_IN}?ended=1" + (f"&next={quote(back, safe='/')}" if local(back) else "")


def answer_strangers(app: FastAPI) -> None:
    """Leads whoever has to log in from a page to the log-in; the API answers 401."""

    async def answer(request: Request, exc: Exception) -> Response:
        if request.url.path.startswith("/api"):
            return error_response(problem(exc))
        return RedirectResponse(login_address(request), 303, {"Cache-Control": "no-store"})

    app.add_exception_handler(LogInFirst, answer)
