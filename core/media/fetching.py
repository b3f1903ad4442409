"""Fetches pictures from other servers without letting anyone reach into this network.

Only http and https, only public addresses (checked at the moment of connecting, at every redirect), at most 10 MB in
10 seconds. A failure marks the file and says why; whoever shows it leaves the picture out.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core.kernel import jobs
from core.kernel.db import session
from core.kernel.errors import Invalid, _
from core.kernel.tx import read_only, transaction
from core.media.models import MediaRow
from core.media.pictures import BYTES_LIMIT, CleanPicture, clean
from core.media.uploads import FETCH, fill

_SECONDS = 10
_PORTS = {80, 443}
Allows = Callable[[str, int], bool]


class Unreachable(OSError):
    """The address may not be fetched, or did not give a picture."""


def is_public(address: str, port: int) -> bool:
    """Tell whether an IP address and port belong to the public web."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast and port in _PORTS


def _connector(allows: Allows) -> Callable[..., socket.socket]:
    """Connect to the very address that was checked, so that a name cannot change its mind in between."""

    def connect(address: tuple[str, int], timeout: float = _SECONDS, *_rest: object) -> socket.socket:
        host, port = address
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if not found or not all(allows(str(entry[4][0]), port) for entry in found):
            raise Unreachable(_("The address is not on the public internet"))
        return socket.create_connection((str(found[0][4][0]), port), timeout)

    return connect


def _opener(allows: Allows) -> urllib.request.OpenerDirector:
    connect = _connector(allows)

    class Plain(http.client.HTTPConnection):
        def __init__(self, host: str, **options: Any) -> None:
            super().__init__(host, **options)
            self._create_connection = connect

    class Secure(http.client.HTTPSConnection):
        def __init__(self, host: str, **options: Any) -> None:
            super().__init__(host, **options)
            self._create_connection = connect

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, req)

    class SecureHandler(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Secure, req)

    opener = urllib.request.OpenerDirector()
    for handler in (PlainHandler, SecureHandler, urllib.request.HTTPRedirectHandler,
                    urllib.request.HTTPDefaultErrorHandler, urllib.request.HTTPErrorProcessor):  # fmt: skip
        opener.add_handler(handler())
    return opener


def download(url: str, allows: Allows = is_public) -> bytes:
    """Return what lies at an address. Raise Unreachable with the reason."""
    if not url.lower().startswith(("http://", "https://")):
        raise Unreachable(_("Only http and https addresses are fetched"))
    end, parts, size = time.monotonic() + _SECONDS, [], 0
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "Galleria", "Accept": "image/*"})  # noqa: S310
        with _opener(allows).open(request, timeout=_SECONDS) as response:
            while part := response.read(65_536):
                size += len(part)
                parts.append(part)
                if size > BYTES_LIMIT or time.monotonic() > end:
                    raise Unreachable(_("The picture is larger than 10 MB or took longer than 10 seconds"))
    except Unreachable:
        raise
    except urllib.error.URLError as error:
        reason = error.reason if isinstance(error.reason, Unreachable) else _("The server did not give the picture")
        raise Unreachable(str(reason)) from None
    except (OSError, ValueError, http.client.HTTPException):
        raise Unreachable(_("The server did not give the picture")) from None
    return b"".join(parts)


@jobs.slow_job(FETCH, retries=2)
def fetch(payload: jobs.Payload) -> None:
    """Fetch a noted picture; doing it again after it is there, or has failed, changes nothing."""
    media_id = UUID(payload["media_id"])
    with read_only():
        query = select(MediaRow.source_url).where(MediaRow.id == media_id, MediaRow.state == "fetching")
        url = session().scalar(query)
    if url is None:
        return
    try:
        picture = clean(download(url))
    except (Unreachable, Invalid) as error:
        _note_failure(media_id, error.message if isinstance(error, Invalid) else str(error))
        return
    _keep(media_id, picture)


def _keep(media_id: UUID, picture: CleanPicture) -> None:
    with transaction():
        row = session().scalars(select(MediaRow).where(MediaRow.id == media_id).with_for_update()).one()
        if row.state == "fetching":
            fill(row, picture)
            jobs.soon("catalogue.picture_came", {"media_id": str(media_id)})


def _note_failure(media_id: UUID, reason: str) -> None:
    with transaction():
        failed = {"state": "failed", "note": reason[:300]}
        session().execute(update(MediaRow).where(MediaRow.id == media_id, MediaRow.state == "fetching").values(failed))
