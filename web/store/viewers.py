"""Who looks at the storefront, as plugins see them, and what that viewer may see."""

from __future__ import annotations

from uuid import UUID

from flask import request

from core.catalogue import visibility
from core.catalogue.visibility import Sight
from core.customers import saved
from core.hooks.types import Viewer
from core.http.edge import principal
from core.kernel.tenancy import current
from web.languages import language

_SAVED = "galleria.saved"


def viewer() -> Viewer:
    """Return the viewer of this request."""
    return Viewer(None, language(), current().country)


def sight() -> Sight:
    """Return what the viewer of this request may see."""
    return visibility.sight(viewer())


def saved_ids() -> frozenset[UUID]:
    """Return what the buyer of this request has saved: one small statement a page, none for guests."""
    user_id = principal().user_id
    if user_id is None:
        return frozenset()
    found: frozenset[UUID] | None = request.environ.get(_SAVED)
    if found is None:
        found = request.environ[_SAVED] = saved.ids_of_account(user_id)
    return found
