"""How a library's system is asked over SIP2: its character set, its checks, where the terminal stands."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SIP2_URL = re.compile(r"(?:tcp|tls)://[A-Za-z0-9._-]+(?::\d{1,5})?/?")


class Sip2(BaseModel):
    """What a SIP2 server wants. Its address is ``availability.url``, its institution ``availability.institution``."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    encoding: Literal["utf-8", "cp850", "latin-1", "big5"] = "utf-8"
    checksum: bool = True  # whether messages carry a number and a checksum (AY, AZ)
    status: bool = True  # whether the server's status is asked when a session begins (99)
    location: str = Field(default="", pattern=r"^[^|\r\n]*$", max_length=100)  # of the terminal (CP), with a login
