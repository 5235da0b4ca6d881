"""What a provider's claims mean here: a name, a library, roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from search_api.staff.accounts import Vouched
from search_api.staff.configuration import OidcTable, Rule

ANY = "*"


class NoRole(Exception):
    """The provider vouches for somebody who has no role here. Who it is, is not told: they may be a reader."""


def vouched(claims: Mapping[str, Any], settings: OidcTable, libraries: Collection[str]) -> Vouched:
    """Somebody a provider vouches for. Roles of all rules that fit count; the library is the claim's, else a rule's.

    Raises: NoRole; also when their library is none of ours.
    """
    name = _text(claims, settings.name_claim) or str(claims["sub"])
    fitting = [rule for rule in settings.rules if _fits(rule, claims)]
    roles = frozenset(role for rule in fitting for role in rule.roles)
    if not roles:
        raise NoRole(f"no rule gives a role to whoever has {_had(claims, settings)}")
    library = next((rule.library for rule in fitting if rule.library is not None), "")
    if settings.library_claim is not None:
        library = _text(claims, settings.library_claim) or library
    if library and library not in libraries:
        raise NoRole(f"their library is {library}, which is no member")
    return Vouched(
        settings.issuer, str(claims["sub"]), name, _text(claims, settings.label_claim) or name, library, roles
    )


def _had(claims: Mapping[str, Any], settings: OidcTable) -> str:
    """The claims that rules ask for, as they came: what an admin needs to know to mend the rules."""
    asked = dict.fromkeys(rule.claim for rule in settings.rules)
    return "; ".join(f"{claim} = {', '.join(_values(claims, claim)) or 'nothing'}" for claim in asked)


def _fits(rule: Rule, claims: Mapping[str, Any]) -> bool:
    values = _values(claims, rule.claim)
    return bool(values) if rule.value == ANY else rule.value in values


def _values(claims: Mapping[str, Any], path: str) -> list[str]:
    """The values of a claim, as text: one or a list. A name with a dot in it may be a claim's own, or lead into one."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    several = found if isinstance(found, list) else [found]
    return [str(one) for one in several if isinstance(one, str | int | bool) and one != ""]


def _text(claims: Mapping[str, Any], name: str) -> str:
    return next(iter(_values(claims, name)), "")
