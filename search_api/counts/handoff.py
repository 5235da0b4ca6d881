"""Links that lead out of the catalogue by an address of ours, so that they can be counted without any script.

Each carries a signature: an address that led wherever somebody likes would be used for deceiving people.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from search_api.counts.tally import Handoff

SIGNATURE_BYTES = 12


class Exits:
    """Makes and checks links to libraries' own pages, with a secret that all processes share."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hashlib.sha256(b"links that lead out" + secret).digest()

    def link(self, kind: Handoff, library: str, url: str) -> str:
        """The counted address of ``url``, also of a path of this catalogue; "" for none, anything else as it is."""
        if not url.startswith(("http://", "https://", "/")):
            return url
        return f"/out/{kind}/{library}?{urlencode({'to': url, 's': self._signature(kind, library, url)})}"

    def is_ours(self, kind: str, library: str, url: str, signature: str) -> bool:
        """Whether a link was made by ``link``."""
        return hmac.compare_digest(self._signature(kind, library, url).encode(), signature.encode())

    def _signature(self, kind: str, library: str, url: str) -> str:
        digest = hmac.new(self._secret, "\n".join((kind, library, url)).encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:SIGNATURE_BYTES]).decode()
