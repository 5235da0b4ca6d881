"""Where a library is: the table ``[place]`` of its file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Place(BaseModel):
    """Degrees of WGS 84, both or neither."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)

    @model_validator(mode="after")
    def _both(self) -> Place:
        if (self.latitude is None) is not (self.longitude is None):
            raise ValueError("place.latitude and place.longitude: give both or neither")
        return self

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude; None when they are not stated."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)
