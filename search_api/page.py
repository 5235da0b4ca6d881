"""One page being made: its language, its addresses, its templates, and what every template needs."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.environment import TemplateModule
from markupsafe import Markup
from starlette.responses import HTMLResponse

from mappings.site import Covers
from search_api.face import Face, FaceView
from search_api.labels import Labels
from search_api.live_view import LiveView
from search_api.search_params import CLAUSE_FIELDS, TEXT_LIMIT
from search_api.services import Services
from search_api.texts import LANGUAGES, OWN_NAMES, STAFF_LANGUAGES, Texts, texts

STATIC_FOLDER = Path(__file__).parent / "static"
TEMPLATES_FOLDER = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_FOLDER),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=_static, icon=_icon, sprite=_sprite)
    return environment


@cache
def _parts(covers: Covers) -> TemplateModule:
    """The parts that pages are made of; covers get pictures where a service is configured."""
    return _environment().get_template("parts.html").make_module({"covers": covers})


@cache
def _static(name: str) -> str:
    """A static file's address, changing with its content so that browsers may keep it."""
    digest = hashlib.blake2b((STATIC_FOLDER / name).read_bytes(), digest_size=6).hexdigest()
    return f"/static/{name}?{digest}"


def _sprite(symbol: str) -> str:
    return f"{_static('icons.svg')}#{symbol}"


def _icon(symbol: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(_sprite(symbol))


class Page:
    """One page being made: its language, its addresses and what every template needs."""

    def __init__(self, request: Request, language: str, path: str) -> None:
        self.services: Services = request.app.state.services
        face: Face = request.app.state.face
        self.language = language
        self.consortium: FaceView = face(language)
        self.t: Texts = texts(language).in_zone(self.services.site.zone)
        self.labels = Labels(self.services.libraries, language)
        self.site = str(request.base_url).rstrip("/")
        self.live = LiveView(self.t, self.labels, self.services.libraries)
        query = f"?{request.url.query}" if request.url.query else ""
        path = quote(path)
        self.common: dict[str, Any] = {
            "t": self.t,
            "home": self.link(""),
            "members": len(self.services.libraries),
            "site": self.site,
            "canonical": self.link(path),
            "alternates": {code: f"{prefix(code)}{path}{query}" for code in LANGUAGES},
            "languages": OWN_NAMES,
            "staff": f"{prefix(language if language in STAFF_LANGUAGES else STAFF_LANGUAGES[1])}staff",
            "switch": {code: f"{prefix(code) if path else chosen(code)}{path}{query}" for code in LANGUAGES},
            "consortium": self.consortium,
            "fields": tuple(CLAUSE_FIELDS),
            "out": self.services.counting.exits.link,
            "covers": bool(self.services.site.covers.url),
            "chosen_field": "q",
            "advanced": self.link("advanced"),
            "query_text": "",
            "text_limit": TEXT_LIMIT,
            "page": "",
        }

    def link(self, path: str) -> str:
        return f"{prefix(self.language)}{path}"

    def render(self, template: str, **values: object) -> str:
        parts = _parts(self.services.site.covers)
        return _environment().get_template(template).render({**self.common, "parts": parts, **values})

    def part(self, name: str, *values: object) -> str:
        """One part of ``parts.html``, for a script to put in place."""
        return str(getattr(_parts(self.services.site.covers), name)(*values))

    def html(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        return HTMLResponse(self.render(template, **values), status, {"Content-Language": self.language})


def chosen(language: str) -> str:
    """The front page in a language that was chosen: no browser's wish leads on from it."""
    return f"/{language}/"


def prefix(language: str) -> str:
    return "/" if language == LANGUAGES[0] else f"/{language}/"
