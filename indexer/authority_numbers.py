"""Numbers and addresses of authority records, each in the one form in which a record and an authority can meet.

Numbers of files that many libraries share (the Library of Congress's, VIAF, the GND …) mean the same wherever they
are stated. All others are the library's own: the same number at another library names somebody else.
"""

from __future__ import annotations

import re

SHARED = {
    "dlc": "dlc",
    "lc": "dlc",
    "lcnaf": "dlc",
    "naf": "dlc",
    "lccn": "dlc",
    "viaf": "viaf",
    "de-588": "gnd",
    "de-588a": "gnd",
    "de-588b": "gnd",
    "de-588c": "gnd",
    "gnd": "gnd",
    "isni": "isni",
    "orcid": "orcid",
    "wikidata": "wikidata",
    "ocolc": "ocolc",
    "fast": "fast",
    "ndl": "ndl",
    "ndlna": "ndl",
    "jp-tokjk": "ndl",
    "ncl": "tw-tancl",
    "tw-tancl": "tw-tancl",
}
"""What stands in brackets before a number, or in $2 beside it → the file it is of, where many libraries use it."""

_ISIL = re.compile(r"[a-z]{2}-[a-z0-9][a-z0-9:/-]*")  # ISO 15511: names one institution of the world
_WITH_SOURCE = re.compile(r"\(([^()]{1,32})\)(.+)", re.DOTALL)
_ADDRESS = re.compile(r"https?://(?P<host>[^/?#]+\.[^/?#]+)/(?P<path>[^?#]*)", re.IGNORECASE)
_ADDRESSES = (
    (re.compile(r"id\.loc\.gov/(?:authorities/[a-z]+|rwo/agents)/([a-z]+\d+)"), "dlc"),
    (re.compile(r"(?:www\.)?viaf\.org/viaf/(\d+)"), "viaf"),
    (re.compile(r"(?:www\.)?d-nb\.info/gnd/([\dx-]+)"), "gnd"),
    (re.compile(r"(?:www\.)?isni\.org/(?:isni/)?([\dx]{16})"), "isni"),
    (re.compile(r"(?:www\.)?orcid\.org/([\dx-]+)"), "orcid"),
    (re.compile(r"(?:www\.)?wikidata\.org/(?:entity|wiki)/(q\d+)"), "wikidata"),
    (re.compile(r"id\.worldcat\.org/fast/(?:fst)?0*(\d+)"), "fast"),
    (re.compile(r"id\.ndl\.go\.jp/auth/ndl(?:na|sh)/(\d+)"), "ndl"),
)
_OF_FAST = re.compile(r"fst0*(\d+)")


def authority_number(written: str, library: str) -> str:
    """The form in which a number stated by a library is sought: ``dlc:n79032879``, ``viaf:102333412``, an address.

    A number of no shared file begins with the library's code and a bar: ``ntl|000123``. "" for nothing.
    """
    text = "".join(written.split())
    if address := _ADDRESS.match(text):
        return _of_address(address)
    text = text.casefold()
    if (sourced := _WITH_SOURCE.fullmatch(text)) is None:
        return f"{library}|{text}" if text else ""
    source, number = sourced.groups()
    if source == "uri" and (address := _ADDRESS.match(number)):
        return _of_address(address)
    if source == "ocolc" and (fast := _OF_FAST.fullmatch(number)):
        return f"fast:{fast.group(1)}"
    if source in SHARED or _ISIL.fullmatch(source):
        number = number.replace("-", "") if source == "isni" else number
        return f"{SHARED.get(source, source)}:{number}"
    return f"{library}|({source}){number}"


def _of_address(address: re.Match[str]) -> str:
    place = f"{address['host']}/{address['path']}".casefold().removesuffix(".html").rstrip("/")
    for pattern, source in _ADDRESSES:
        if known := pattern.fullmatch(place):
            return f"{source}:{known.group(1)}"
    return f"//{place}"
