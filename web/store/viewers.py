"""Who looks at the storefront, as plugins see them, and what that viewer may see."""

from __future__ import annotations

from core.catalogue import visibility
from core.catalogue.visibility import Sight
from core.hooks.types import Viewer
from core.kernel.tenancy import current
from web.languages import language


def viewer() -> Viewer:
    """Return the viewer of this request."""
    return Viewer(None, language(), current().country)


def sight() -> Sight:
    """Return what the viewer of this request may see."""
    return visibility.sight(viewer())
