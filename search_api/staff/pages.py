"""The pages of staff access: what each can do, one's own account, and for admins the accounts and the log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from search_api.errors import InvalidRequest, NotFound
from search_api.staff import administering
from search_api.staff.access import staff_of
from search_api.staff.accounts import Account, NoSuchAccount
from search_api.staff.audit import MOST_TOLD, Action
from search_api.staff.page import PRIVATE, StaffPage, add_page
from search_api.staff.refusal import PasswordRefused, Refusal
from search_api.staff.roles import ROLES, Role, roles_of
from search_api.staff.tokens import LONGEST_DAYS, USUAL_DAYS, NoSuchToken

DONE = frozenset({"password", "withdrawn", "added", "changed", "disabled", "enabled"})
"""What a page can say was done, by the parameter ``done`` of its address."""

HOUR = timedelta(hours=1)

_AS_TYPED = frozenset({"password", "password_again", "old"})

router = APIRouter()


async def home_page(page: StaffPage) -> Response:
    """What can be done here, by role."""
    return page.html("staff_home.html")


async def me_page(page: StaffPage, **shown: object) -> Response:
    """One's own account: password, sessions, tokens of programs."""
    staff = staff_of(page.request)
    account = await asyncio.to_thread(staff.accounts.named, page.actor.name)
    tokens = await asyncio.to_thread(staff.tokens.listed, page.actor.account)
    told: dict[str, Any] = {"wrong": "", "new_token": "", **shown}
    return page.html(
        "staff_me.html",
        422 if told["wrong"] else 200,
        account=account,
        tokens=[token for token in tokens if token.withdrawn_at is None],
        may_have=ROLES if page.actor.may(Role.ADMIN) else [role for role in ROLES if role in account.roles],
        longest_days=LONGEST_DAYS,
        idle_hours=round(staff.sessions.idle / HOUR),
        whole_hours=round(staff.sessions.whole / HOUR),
        usual_days=USUAL_DAYS,
        done=_done(page),
        **told,
    )


async def change_me(page: StaffPage) -> Response:
    """What the forms of one's own account send."""
    form, staff = await page.request.form(), staff_of(page.request)
    account = await asyncio.to_thread(staff.accounts.named, page.actor.name)
    what = _text(form, "do")
    try:
        if what == "password":
            if not await staff.door.confirms(account, _text(form, "old")):
                return await me_page(page, wrong=page.t("staff.old_password_wrong"))
            new = _typed_twice(form)
            await asyncio.to_thread(administering.set_password, staff, account.name, new, by=page.actor)
            return _led(page, "staff/login", "")  # every session has ended, this one too
        if what == "token":
            make = (staff, account, _text(form, "name"), _roles(form), _days(form))
            token = await asyncio.to_thread(administering.make_token, *make, by=page.actor)
            return await me_page(page, new_token=token)
        if what == "withdraw":
            await asyncio.to_thread(administering.withdraw_token, staff, _number(form), by=page.actor)
            return _led(page, "staff/me", "withdrawn")
    except Refusal as exc:
        return await me_page(page, wrong=exc.said(page.t))
    except NoSuchToken as exc:
        raise NotFound(f"{exc}.".capitalize()) from exc
    raise InvalidRequest("There is nothing to be done.", field="do")


async def accounts_page(page: StaffPage, *, wrong: str = "", given: FormData | None = None) -> Response:
    """The accounts that an admin sees to, and a form for a new one."""
    found = await asyncio.to_thread(administering.seen_by, staff_of(page.request), page.actor)
    return page.html(
        "staff_accounts.html",
        422 if wrong else 200,
        accounts=found,
        roles=ROLES,
        libraries=_libraries(page),
        wrong=wrong,
        given={name: _text(given, name) if given else "" for name in ("name", "label", "library")},
        given_roles=_roles(given) if given else frozenset(),
        done=_done(page),
        labels=page.labels,
    )


async def add_account(page: StaffPage) -> Response:
    form = await page.request.form()
    try:
        await asyncio.to_thread(
            administering.add,
            staff_of(page.request),
            _text(form, "name"),
            label=_text(form, "label"),
            library=_text(form, "library"),
            roles=_roles(form),
            password=_typed_twice(form),
            by=page.actor,
        )
    except Refusal as exc:
        return await accounts_page(page, wrong=exc.said(page.t), given=form)
    return _led(page, "staff/accounts", "added")


async def account_page(page: StaffPage, *, wrong: str = "") -> Response:
    """One account, to be changed."""
    staff = staff_of(page.request)
    account = await _account(page)
    tokens = await asyncio.to_thread(staff.tokens.listed, account.id)
    return page.html(
        "staff_account.html",
        422 if wrong else 200,
        account=account,
        tokens=[token for token in tokens if token.withdrawn_at is None],
        roles=ROLES,
        libraries=_libraries(page),
        oneself=account.id == page.actor.account,
        wrong=wrong,
        done=_done(page),
    )


async def change_account(page: StaffPage) -> Response:
    form, staff = await page.request.form(), staff_of(page.request)
    name = (await _account(page)).name
    what = _text(form, "do")
    changes: dict[str, Callable[[], Awaitable[object]]] = {
        "changed": lambda: asyncio.to_thread(
            administering.change,
            staff,
            name,
            label=_text(form, "label"),
            library=_text(form, "library"),
            roles=_roles(form),
            by=page.actor,
        ),
        "password": lambda: asyncio.to_thread(
            administering.set_password, staff, name, _typed_twice(form), by=page.actor
        ),
        "disabled": lambda: asyncio.to_thread(administering.disable, staff, name, by=page.actor),
        "enabled": lambda: asyncio.to_thread(administering.enable, staff, name, by=page.actor),
        "withdrawn": lambda: asyncio.to_thread(administering.withdraw_token, staff, _number(form), by=page.actor),
    }
    if what not in changes:
        raise InvalidRequest("There is nothing to be done.", field="do")
    try:
        await changes[what]()
    except Refusal as exc:
        return await account_page(page, wrong=exc.said(page.t))
    except NoSuchToken as exc:
        raise NotFound(f"{exc}.".capitalize()) from exc
    return _led(page, f"staff/accounts/{quote(name)}", what)


async def log_page(page: StaffPage) -> Response:
    """What was changed by whom, the newest first."""
    staff, asked = staff_of(page.request), page.request.query_params
    who, action = asked.get("who", "").strip(), asked.get("action", "")
    before = int(asked["before"]) if asked.get("before", "").isdecimal() else None
    library = None if page.actor.everywhere else page.actor.library
    entries = await asyncio.to_thread(
        staff.audit.entries, library=library, who=who, action=action, before=before, most=MOST_TOLD
    )
    kept = {name: value for name, value in (("who", who), ("action", action)) if value}
    older = {**kept, "before": str(entries[-1].id)} if len(entries) == MOST_TOLD else None
    return page.html(
        "staff_log.html",
        entries=entries,
        who=who,
        action=action,
        actions=tuple(Action),
        labels=page.labels,
        older=page.link(f"staff/log?{urlencode(older)}") if older else "",
        kept_days=staff.audit.kept_days,
    )


async def _account(page: StaffPage) -> Account:
    name = page.request.path_params["name"]
    try:
        return await asyncio.to_thread(administering.seen, staff_of(page.request), name, page.actor)
    except NoSuchAccount as exc:
        raise NotFound(f"{exc}.".capitalize()) from exc


def _libraries(page: StaffPage) -> list[tuple[str, str]]:
    """Those an account can be bound to by this admin: code and name."""
    codes = page.labels.in_order(page.services.libraries) if page.actor.everywhere else [page.actor.library]
    consortium = [("", page.t("staff.consortium"))] if page.actor.everywhere else []
    return [*consortium, *((code, page.labels.library(code)) for code in codes)]


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    if not isinstance(value, str):  # a file where a text belongs
        return ""
    return value if name in _AS_TYPED else value.strip()


def _roles(form: FormData) -> frozenset[Role]:
    return roles_of(" ".join(str(value) for value in form.getlist("roles")))


def _days(form: FormData) -> int:
    text = _text(form, "days")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _number(form: FormData) -> int:
    text = _text(form, "token")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _typed_twice(form: FormData) -> str:
    """Raises: PasswordRefused when the two differ."""
    password = _text(form, "password")
    if password != _text(form, "password_again"):
        raise PasswordRefused("passwords_differ")
    return password


def _done(page: StaffPage) -> str:
    done = page.request.query_params.get("done", "")
    return page.t(f"staff.done_{done}") if done in DONE else ""


def _led(page: StaffPage, path: str, done: str) -> Response:
    return RedirectResponse(page.link(path) + (f"?done={done}" if done else ""), 303, PRIVATE)


add_page(router, "staff", home_page)
add_page(router, "staff/me", me_page)
add_page(router, "staff/me", change_me, methods=("POST",))
add_page(router, "staff/accounts", accounts_page, Role.ADMIN)
add_page(router, "staff/accounts", add_account, Role.ADMIN, methods=("POST",))
add_page(router, "staff/accounts/{name}", account_page, Role.ADMIN)
add_page(router, "staff/accounts/{name}", change_account, Role.ADMIN, methods=("POST",))
add_page(router, "staff/log", log_page, Role.ADMIN)
