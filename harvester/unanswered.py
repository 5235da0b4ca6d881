"""What went wrong on the line, in words for whoever runs the catalogue."""

from __future__ import annotations

import os
import ssl

import aiohttp
from yarl import URL

from harvester.access import Access
from harvester.errors import AccessRefused, HarvestFailed, HostUnknown, SourceUnreachable, Untrusted
from harvester.transport import shown

UNKNOWN_AUTHORITY = {18, 19, 20, 21}
"""OpenSSL's numbers for chains that end in an authority nobody here knows (X509_V_ERR_…)."""


def may_pass(exc: Exception) -> bool:
    """Whether the same request may succeed when it is made again."""
    return not isinstance(exc, (aiohttp.InvalidURL, aiohttp.ClientSSLError))


def failure(url: URL, exc: Exception, attempts: int, access: Access) -> HarvestFailed:
    """The failure that a request ends with which ``attempts`` attempts have not brought an answer to."""
    where = shown(url)
    match exc:
        case aiohttp.ClientConnectorCertificateError():
            return Untrusted(f"{where}: its certificate cannot be trusted: {_certificate(exc.certificate_error)}")
        case aiohttp.ClientSSLError():
            return AccessRefused(f"{where}: no secure connection can be made: {access.shown(_tls(exc))}")
        case aiohttp.ClientConnectorDNSError():
            return HostUnknown(f"{url.host}: nobody knows a host of this name (asked {attempts} times)")
    if not may_pass(exc):
        return AccessRefused(f"{where}: {access.shown(str(exc) or type(exc).__name__)}")
    match exc:
        case TimeoutError():
            what = "no answer in time"
        case aiohttp.ClientConnectorError():
            what = f"no connection: {no_connection(exc.os_error)}"
        case aiohttp.ClientPayloadError():
            what = "the answer broke off before its end"
        case _:
            what = access.shown(str(exc) or type(exc).__name__)
    return SourceUnreachable(f"{where}: {what} (asked {attempts} times)")


def no_connection(exc: OSError) -> str:
    """Why a connection was not made, as the system calls it: connection refused."""
    return os.strerror(exc.errno).lower() if exc.errno else str(exc)


def _certificate(exc: Exception) -> str:
    if not isinstance(exc, ssl.SSLCertVerificationError):
        return str(exc)
    hint = ""
    if exc.verify_code in UNKNOWN_AUTHORITY:
        hint = "; if its authority is one to be trusted, harvest.ca_file names a file with that one's certificate"
    return f"{exc.verify_message}{hint}"


def _tls(exc: Exception) -> str:
    inner = getattr(exc, "os_error", None)
    if isinstance(inner, ssl.SSLError) and inner.reason == "WRONG_VERSION_NUMBER":
        return "what answers there does not speak TLS: is it http://?"
    return (getattr(inner, "reason", None) or str(exc)).replace("_", " ").lower()
