"""Links that prove themselves: a guest's link to a purchase carries our signature, so nothing needs to be stored."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from core.kernel.config import Config
from core.kernel.secrets import Vault
from core.kernel.tenancy import current_id

_vaults: list[Vault] = []


def register(app: Flask) -> None:
    """Sign with this application's key."""
    config: Config = app.extensions["galleria"]
    _vaults[:] = [Vault(config)]


def vault() -> Vault:
    """Return the installation's vault. Raise RuntimeError before the composition root has set it."""
    if not _vaults:
        raise RuntimeError("no vault is set; web.app does it")
    return _vaults[0]


def signature(purchase_id: UUID) -> str:
    """Return what opens a purchase of the bound tenant to whoever carries it."""
    return vault().sign("purchase", f"{current_id()}:{purchase_id}")


def opens(purchase_id: UUID, given: str) -> bool:
    """Tell whether a signature opens a purchase of the bound tenant."""
    return vault().is_signed("purchase", f"{current_id()}:{purchase_id}", given)


def purchase_path(purchase_id: UUID) -> str:
    """Return the path of a purchase's page with its signature, for mails to guests."""
    return f"/orders/{purchase_id}?sig={signature(purchase_id)}"


def case_signature(case_id: UUID) -> str:
    """Return what opens a complaint, a notice or a dispute of the bound tenant to whoever carries it."""
    return vault().sign("case", f"{current_id()}:{case_id}")


def opens_case(case_id: UUID, given: str) -> bool:
    """Tell whether a signature opens a case of the bound tenant."""
    return vault().is_signed("case", f"{current_id()}:{case_id}", given)
