"""Buyers without an account: known by the address they gave, joined to an account once it is verified."""

from __future__ import annotations

from uuid import UUID

from core.customers.models import CustomerRow
from core.kernel.db import session
from core.kernel.ids import new_id


def ensure(email: str, name: str) -> UUID:
    """Make a guest for one purchase; never one found by address, which would show one's orders to another."""
    row = CustomerRow(
        id=new_id(), user_id=None, email=email.strip(), email_key=email.strip().lower(), name=name.strip()
    )
    session().add(row)
    return row.id
