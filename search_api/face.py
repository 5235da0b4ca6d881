"""The consortium's own name, logo and colours on the pages: what ``mappings/site.toml`` says, ready for templates."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from mappings.site import PICTURES, Site, SiteInvalid
from search_api.errors import NotFound
from search_api.texts import LANGUAGES

LEAST_CONTRAST = 4.5
"""Of text and its ground: WCAG 2.2, 1.4.3."""

LEAST_OF_SHAPES = 3.0
"""Of a shape and its ground: WCAG 2.2, 1.4.11. The seal of the dark theme is a shape, never text."""

_STYLES = Path(__file__).parent / "static" / "page.css"
_GROUNDS = ("paper", "sheet")
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class FaceView:
    """What the templates show of the consortium, in one language."""

    name: str
    intro: str  # "" where the consortium says nothing of its own
    about: str
    links: tuple[tuple[str, str], ...]  # label and address
    examples: tuple[tuple[str, str], ...]  # words and their language
    logo: str  # address, "" for the mark of Allshelves
    icon: str
    icon_type: str
    styles: str  # the address of its colours, "" when it has none of its own


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    kind: str

    @property
    def digest(self) -> str:
        return hashlib.blake2b(self.content, digest_size=6).hexdigest()


class Face:
    """The consortium's face, made once.

    Raises: SiteInvalid when a colour cannot be read on the ground it stands on; start-up stops.
    """

    def __init__(self, site: Site) -> None:
        self.files: Mapping[str, _File] = dict(_files(site))
        self._views = {language: self._view(site, language) for language in LANGUAGES}

    def __call__(self, language: str) -> FaceView:
        return self._views[language]

    def _view(self, site: Site, language: str) -> FaceView:
        def said(text: Mapping[str, str] | None) -> str:
            return (text.get(language) or text["en"]) if text else ""

        return FaceView(
            name=said(site.name),
            intro=said(site.intro),
            about=said(site.about),
            links=tuple((said(link.label), link.url) for link in site.links),
            examples=tuple((one.text, one.language) for one in site.examples),
            logo=self._address("logo"),
            icon=self._address("icon"),
            icon_type=self.files["icon"].kind if "icon" in self.files else "",
            styles=self._address("colours.css"),
        )

    def _address(self, name: str) -> str:
        return f"/site/{name}?{self.files[name].digest}" if name in self.files else ""


def _files(site: Site) -> Iterator[tuple[str, _File]]:
    for name, file in (("logo", site.logo), ("icon", site.icon)):
        if file:
            path = site.beside(file)
            yield name, _File(path.read_bytes(), PICTURES[path.suffix.lower()])
    if styles := _styles(site):
        yield "colours.css", _File(styles.encode(), "text/css; charset=utf-8")


def _styles(site: Site) -> str:
    """The consortium's colours as a style sheet; "" when it has none of its own."""
    light, dark = _colours(site, "light"), _colours(site, "dark")
    rules = [f":root {{ {light} }}"] if light else []
    if dark:  # without its own, the dark theme keeps ours: its rules outrank the light one's
        rules += [
            f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {dark} }} }}",
            f"@media screen {{ :root[data-theme=dark] {{ {dark} }} }}",
        ]
    return "\n".join(rules)


def _colours(site: Site, theme: str) -> str:
    chosen = site.colours.light if theme == "light" else site.colours.dark
    grounds = tokens(theme)
    said = []
    for name in ("seal", "link"):
        value: str = getattr(chosen, name)
        least = LEAST_OF_SHAPES if (theme, name) == ("dark", "seal") else LEAST_CONTRAST
        for ground in _GROUNDS if value else ():
            found = contrast(value, grounds[ground])
            if found < least:
                raise SiteInvalid(
                    f"{site.file}: colours.{theme}.{name} = {value!r}: has a contrast of {found:.1f} on "
                    f"{grounds[ground]}; at least {least} is needed to see it well"
                )
        said.append(f"--{name}: {value or grounds[name]};")
    return " ".join(said) if chosen.seal or chosen.link else ""


def tokens(theme: str) -> Mapping[str, str]:
    """The colours of a theme as the style sheet has them."""
    styles = _STYLES.read_text(encoding="utf-8")
    start = styles.index(":root[data-theme=dark]" if theme == "dark" else ":root {")
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", styles[start : styles.index("}", start)]))


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, from 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


router = APIRouter(include_in_schema=False)


@router.api_route("/site/{name}", methods=["GET", "HEAD"])
async def site_file(request: Request, name: str) -> Response:
    """The consortium's logo, icon or colours; their addresses change with their content."""
    face: Face = request.app.state.face
    file = face.files.get(name)
    if file is None:
        raise NotFound("There is no such file of the consortium.")
    return Response(file.content, media_type=file.kind, headers=_KEPT)
