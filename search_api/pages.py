"""The pages patrons and staff see, rendered on the server; everything works without JavaScript."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
