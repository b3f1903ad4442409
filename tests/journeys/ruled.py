"""Policies, complaints, a right holder's notice and a dispute for pages to show, made through the public API."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from core.kernel import clock
from tests.cases.client import Client
from tests.journeys.seed import PASSWORD, Bought, Market

FEES = "# Fees\n\nWe keep ten percent of what you sell.\n\nFees are taken when an order is complete."
MORE = "# Fees\n\nWe keep eleven percent of what you sell.\n\nFees are taken when an order is complete."
TOLD = "One side of the mug has a crack along the rim, and the box was whole."


@dataclass(frozen=True, slots=True)
class Ruled:
    """What addresses of these pages name, and the signatures that open cases of guests, by endpoint."""

    names: Mapping[str, str]
    sigs: Mapping[str, str]


def rule(site: Market, bought: Bought) -> Ruled:
    """Make one of everything; the second person has an account already."""
    second = Client(site.port, f"{site.slug}.localhost").signed_in("operator", "second@journeys.example", PASSWORD)
    guest = Client(site.port, f"{site.slug}.localhost", cart=bought.token)
    version_id = _changed(site, second, guest)
    case, notice, dispute = _complained(site, guest), _notified(site, guest), _disputed(site, guest, bought)
    site.operator.post("/complaints", {
        "kind": "consumer", "topic": "service", "text": TOLD, "email": "ada@buyers.example", "channel": "phone", "shop": "folio",
    })  # fmt: skip
    return Ruled(
        {"policy": "fees", "number": "1", "version_id": version_id, "complaint_id": case["id"],
         "notice_id": notice["id"], "conflict_id": dispute["id"]},
        {"store.complaint": case["sig"], "store.notice": notice["sig"], "store.conflict": dispute["sig"]},
    )  # fmt: skip


def _changed(site: Market, second: Client, guest: Client) -> str:
    """Put a policy into force and its change to comment; return the change."""
    first = _let_out(site, second, FEES)
    day = clock.today("Europe/Dublin").isoformat()
    site.operator.post(f"/policies/versions/{first}/steps", {"step": "publish", "effective_on": day})
    for _try in range(600):
        if site.operator.get("/policies/fees/versions")["data"][0]["state"] == "in_force":
            break
        time.sleep(0.05)
    change = _let_out(site, second, MORE)
    guest.post(
        f"/policies/versions/{change}/comments", {"name": "Ada Byrne", "text": "Eleven is a lot for a small shop."}
    )
    return change


def _let_out(site: Market, second: Client, text: str) -> str:
    made = site.operator.post("/policies", {"policy": "fees"})
    draft = {"texts": {"en": text}, "summaries": {"en": "The fee rises by one percent.", "zh": "费率上调一个百分点。"}}
    site.operator.put(f"/policies/versions/{made['id']}", draft)
    site.operator.post(f"/policies/versions/{made['id']}/steps", {"step": "propose"})
    (asked,) = [one for one in second.get("/decisions")["data"] if one["kind"] == "policies.open"]
    second.post(f"/decisions/{asked['id']}/approve")
    return str(made["id"])


def _complained(site: Market, guest: Client) -> Mapping[str, str]:
    body = {"kind": "consumer", "topic": "quality", "text": TOLD, "email": "ada@buyers.example", "shop": "slip",
            "name": "Ada Byrne", "wish": "Half of the price back"}  # fmt: skip
    made: Mapping[str, str] = guest.post("/complaints", body)
    answer = {"step": "answer", "offer": "reduction", "text": "We are sorry; take half of it back."}
    site.sellers["slip"].post(f"/complaints/{made['id']}/steps", answer)
    return made


def _notified(site: Market, guest: Client) -> Mapping[str, str]:
    body = {"listing": site.goods("slip")[2]["slug"], "right_kind": "design", "holder": "Ember Ltd", "is_true": True,
            "email": "ip@ember.example", "text": "The handle is our registered design.", "evidence": "EU 008112233"}  # fmt: skip
    made: Mapping[str, str] = guest.post("/rights", body)
    site.operator.post(
        f"/rights/{made['id']}/steps", {"step": "act", "text": "Off sale until the parties have settled"}
    )
    statement = {"step": "counter", "text": "We drew it ourselves in 2019.", "evidence": "Sketchbook, page 12"}
    site.sellers["slip"].post(f"/rights/{made['id']}/steps", statement)
    return made


def _disputed(site: Market, guest: Client, bought: Bought) -> Mapping[str, str]:
    order = next(order for order in bought.orders if order["shop_id"] == site.shops["slip"])
    body = {"order_id": order["id"], "purchase_id": bought.id, "text": TOLD, "amount_minor": 500}
    made: Mapping[str, str] = guest.post("/conflicts", body)
    steps = f"/conflicts/{made['id']}/steps"
    site.sellers["slip"].post(steps, {"step": "offer", "amount_minor": 300, "text": "For the crack"})
    site.operator.post(f"/conflicts/{made['id']}/bundles")
    return made
