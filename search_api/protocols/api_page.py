"""What the HTTP API offers, as a page: made of the OpenAPI description that programs read, without their scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from search_api.page import Page

_METHODS = ("get", "post", "put", "patch", "delete")
_FAMILIAR = frozenset({"422", "500", "503"})
"""What any operation may answer: said once for all."""


@dataclass(frozen=True, slots=True)
class ParameterView:
    name: str
    place: str  # query | path | header
    kind: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation: what it does, what it takes, what it answers."""

    id: str  # of its place on the page
    method: str
    path: str
    summary: str
    about: tuple[str, ...]  # paragraphs
    parameters: tuple[ParameterView, ...]
    takes: tuple[str, ...]  # media types of its body
    answers: tuple[tuple[str, str], ...]  # status and what it means
    try_it: str  # an address to open, "" where that would need more than an address


@dataclass(frozen=True, slots=True)
class GroupView:
    name: str
    about: str
    operations: tuple[OperationView, ...]


def groups(described: Mapping[str, Any]) -> tuple[GroupView, ...]:
    """The operations of an OpenAPI description by their first tag, in the order of the tags."""
    by_tag: dict[str, list[OperationView]] = {}
    for path, methods in described["paths"].items():
        for method in _METHODS:
            if method in methods:
                tags = methods[method].get("tags") or [""]
                by_tag.setdefault(tags[0], []).append(_operation(path, method, methods[method]))
    order = [tag["name"] for tag in described.get("tags", ())]
    about = {tag["name"]: tag["description"] for tag in described.get("tags", ())}
    names = [*(name for name in order if name in by_tag), *(name for name in by_tag if name not in order)]
    return tuple(GroupView(name, about.get(name, ""), tuple(by_tag[name])) for name in names)


def _operation(path: str, method: str, told: Mapping[str, Any]) -> OperationView:
    parameters = tuple(_parameters(told.get("parameters", ())))
    plain = method == "get" and "{" not in path and not any(one.required for one in parameters)
    return OperationView(
        id=f"{method}{path}".replace("/", "-").replace("{", "").replace("}", ""),
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        about=tuple(" ".join(part.split()) for part in told.get("description", "").split("\n\n") if part.strip()),
        parameters=parameters,
        takes=tuple(told.get("requestBody", {}).get("content", ())),
        answers=tuple(
            (status, answer.get("description", ""))
            for status, answer in told.get("responses", {}).items()
            if status not in _FAMILIAR
        ),
        try_it=path if plain and not told.get("security") else "",
    )


def _parameters(told: Sequence[Mapping[str, Any]]) -> Iterator[ParameterView]:
    for one in told:
        schema = one.get("schema", {})
        about = one.get("description") or schema.get("description", "")
        yield ParameterView(one["name"], one["in"], _kind(schema), bool(one.get("required")), about)


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value is, in a few words: the values there are, where there are few."""
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(one) for one in schema["anyOf"] if one.get("type") != "null"))
    if schema.get("type") == "array":
        return f"{_kind(schema.get('items', {}))}, …"
    return str(schema.get("type", ""))


async def api_page(request: Request, language: str) -> Response:
    """The page; the descriptions themselves are in English, as in the OpenAPI document."""
    page = Page(request, language, "api/")
    app: FastAPI = request.app
    described = app.openapi()
    return page.html(
        "api.html",
        page="api",
        groups=groups(described),
        about=[" ".join(part.split()) for part in described["info"]["description"].split("\n\n")],
        version=described["info"]["version"],
        base=page.site,
    )
