"""The API of staff access: who one is, accounts, tokens, the log.

A token cannot make tokens: it would never end. They are made on one's own page, or by ``allshelves tokens``.
"""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Path, Query, Request

from search_api.errors import InvalidRequest, NotFound
from search_api.may_fail import staff_may_fail
from search_api.schemas import staff as bodies
from search_api.staff import administering
from search_api.staff.access import Actor, Role, require, staff_of
from search_api.staff.accounts import Account, NoSuchAccount
from search_api.staff.audit import MOST_TOLD, Action
from search_api.staff.refusal import AccountRefused, Refusal
from search_api.staff.roles import ROLES
from search_api.staff.tokens import NoSuchToken, Token

router = APIRouter(prefix="/api/staff", tags=["staff"])

Anybody = Annotated[Actor, Depends(require())]
Admin = Annotated[Actor, Depends(require(Role.ADMIN))]
Name = Annotated[str, Path(max_length=300, description="The account's name.")]


@router.get("/me", summary="Who makes the request", responses=staff_may_fail())
async def me(actor: Anybody) -> bodies.MeBody:
    """Name, library and roles: of a token those that it has."""
    return bodies.MeBody(
        name=actor.name, label=actor.label, library=actor.library, roles=_sorted(actor.roles), via=actor.via
    )


@router.get("/accounts", summary="The accounts of staff", responses=staff_may_fail())
async def accounts(request: Request, actor: Admin) -> bodies.AccountsBody:
    """All of them for an admin of the consortium, for an admin of a library those of that library."""
    found = await asyncio.to_thread(administering.seen_by, staff_of(request), actor)
    return bodies.AccountsBody(accounts=tuple(map(_account, found)))


@router.get("/accounts/{name}", summary="One account", responses=staff_may_fail(404))
async def account(request: Request, actor: Admin, name: Name) -> bodies.AccountBody:
    """Its library, roles and last log-in."""
    try:
        return _account(await asyncio.to_thread(administering.seen, staff_of(request), name, actor))
    except NoSuchAccount as exc:
        raise NotFound(f"There is no account {name}.") from exc


@router.post("/accounts", summary="Add an account", status_code=201, responses=staff_may_fail())
async def add_account(request: Request, actor: Admin, new: bodies.NewAccount) -> bodies.AccountBody:
    """With its first password, of ten characters or more."""
    try:
        made = await asyncio.to_thread(
            administering.add,
            staff_of(request),
            new.name,
            label=new.label,
            library=new.library,
            roles=frozenset(new.roles),
            password=new.password,
            by=actor,
        )
    except Refusal as exc:
        raise _invalid(exc) from exc
    return _account(made)


@router.patch("/accounts/{name}", summary="Change an account", responses=staff_may_fail(404))
async def change_account(
    request: Request, actor: Admin, name: Name, change: bodies.AccountChange
) -> bodies.AccountBody:
    """Another password ends its sessions, disabling its tokens too. None is deleted: the log names them."""
    try:
        return _account(await asyncio.to_thread(_changed, request, actor, name, change))
    except Refusal as exc:
        raise _invalid(exc) from exc
    except NoSuchAccount as exc:
        raise NotFound(f"There is no account {name}.") from exc


def _changed(request: Request, actor: Actor, name: str, change: bodies.AccountChange) -> Account:
    staff = staff_of(request)
    found = administering.seen(staff, name, actor)
    if (change.label, change.library, change.roles) != (None, None, None):
        roles = None if change.roles is None else frozenset(change.roles)
        found = administering.change(staff, name, label=change.label, library=change.library, roles=roles, by=actor)
    if change.password is not None:
        found = administering.set_password(staff, name, change.password, by=actor)
    if change.disabled is not None:
        found = (administering.disable if change.disabled else administering.enable)(staff, name, by=actor)
    return found


@router.get("/tokens", summary="Tokens of programs", responses=staff_may_fail())
async def tokens(request: Request, actor: Anybody) -> bodies.TokensBody:
    """Whose, what for, in which roles, until when, last used when; withdrawn ones too."""
    found = await asyncio.to_thread(administering.tokens_seen, staff_of(request), actor)
    return bodies.TokensBody(tokens=tuple(map(_token, found)))


@router.delete("/tokens/{number}", summary="Withdraw a token", status_code=204, responses=staff_may_fail(404))
async def withdraw_token(
    request: Request, actor: Anybody, number: Annotated[int, Path(description="As the list gives it.")]
) -> None:
    """It opens nothing any more, at once. One's own, or for admins of an account they see to."""
    try:
        await asyncio.to_thread(administering.withdraw_token, staff_of(request), number, by=actor)
    except NoSuchToken as exc:
        raise NotFound(f"There is no token {number} in use.") from exc


@router.get("/log", summary="What was changed by whom", responses=staff_may_fail())
async def log(
    request: Request,
    actor: Admin,
    *,
    who: Annotated[str, Query(max_length=300, description="An account's name.")] = "",
    action: Annotated[Action | None, Query(description="One kind of change.")] = None,
    before: Annotated[int | None, Query(description="Only entries with a lower number.")] = None,
) -> bodies.LogBody:
    """The newest first, two hundred at a time. An admin of a library reads of its accounts."""
    audit = staff_of(request).audit
    library = None if actor.everywhere else actor.library
    found = await asyncio.to_thread(audit.entries, library=library, who=who, action=action or "", before=before)
    kept = {name: value for name, value in (("who", who), ("action", action or "")) if value}
    more = len(found) == MOST_TOLD
    return bodies.LogBody(
        entries=tuple(bodies.LogEntryBody.model_validate(one) for one in found),
        kept_days=audit.kept_days,
        older_url=f"/api/staff/log?{urlencode({**kept, 'before': found[-1].id})}" if more else None,
    )


def _account(account: Account) -> bodies.AccountBody:
    return bodies.AccountBody(
        name=account.name,
        label=account.label,
        library=account.library,
        roles=_sorted(account.roles),
        origin=account.origin,
        made_at=account.made_at,
        last_login_at=account.last_login_at,
        disabled_at=account.disabled_at,
        url=f"/api/staff/accounts/{quote(account.name)}",
    )


def _token(token: Token) -> bodies.TokenBody:
    return bodies.TokenBody(
        id=token.id,
        name=token.name,
        owner=token.owner,
        roles=_sorted(token.roles),
        made_at=token.made_at,
        ends_at=token.ends_at,
        used_at=token.used_at,
        withdrawn_at=token.withdrawn_at,
    )


def _sorted(roles: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(role for role in ROLES if role in roles)


def _invalid(exc: Refusal) -> InvalidRequest:
    """A refusal, with the parameter that is to blame."""
    field = _FIELDS.get(exc.why, "password" if not isinstance(exc, AccountRefused) else "")
    return InvalidRequest(str(exc), field=field, code=exc.why)


_FIELDS = {"name": "name", "name_taken": "name", "label": "label", "library": "library", "roles": "roles"}
"""Which parameter a refused account has to mend, by why it is refused."""
