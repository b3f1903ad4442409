"""The machines of own goods: a receipt is posted and perhaps reversed; a count is submitted and approved, or lapses."""

from __future__ import annotations

from core.kernel.machine import machine

RECEIPT = machine("self_operated.receipt", draft="posted", posted="reversed", reversed="")
COUNT = machine("self_operated.count", open="submitted lapsed", submitted="approved open", approved="", lapsed="")
