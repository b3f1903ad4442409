"""Packing slips as one PDF, for the consoles."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response
from flask_babel import gettext

from core.kernel.tx import read_only
from core.orders.slips import slips
from web.papers import pdf, tables
from web.papers.slips import slip_sheet


def slip_file(order_ids: Sequence[UUID], merchant_id: UUID | None = None) -> Response:
    """Send the slips of orders, each on a page of its own. Opens its own transaction: drawing takes time."""
    with read_only():
        sheets = [slip_sheet(slip) for slip in slips(order_ids, merchant_id=merchant_id)]
    name = sheets[0].number if len(sheets) == 1 else gettext("Packing slips")
    return tables.download(pdf.draw(*sheets), f"{name}.pdf", "application/pdf")
