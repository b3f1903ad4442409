"""Coupons over HTTP: every coupon for the operator, below /own a merchant's own ones."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import Denied, _
from core.kernel.tenancy import current
from plugins.coupons import services, wording
from plugins.coupons.schemas import CouponIn, CouponOut, CouponsOut, CouponsQuery
from plugins.coupons.services import CouponDraft, Entry

blueprint = Blueprint("api_coupons", __name__, description="Codes that lower the price of a cart")


def own() -> UUID:
    """Return the merchant of who asks. Raise Denied for one without."""
    merchant_id = principal().merchant_id
    if merchant_id is None:
        raise Denied("coupons.no_merchant", _("Choose a merchant first"))
    return merchant_id


@blueprint.get("/")
@blueprint.arguments(CouponsQuery, location="query")
@blueprint.response(200, CouponsOut)
@edge(Realm.OPERATOR, "coupons.view")
def coupons(query: dict[str, Any]) -> Any:
    """List every coupon, newest first."""
    return _page(None, query)


@blueprint.post("/")
@blueprint.arguments(CouponIn)
@blueprint.response(201, CouponOut)
@edge(Realm.OPERATOR, "coupons.manage")
def create(body: dict[str, Any]) -> Any:
    """Make a coupon of the marketplace."""
    return _shown(services.find(services.create(_draft(body), None), None))


@blueprint.get("/<uuid:coupon_id>")
@blueprint.response(200, CouponOut)
@edge(Realm.OPERATOR, "coupons.view")
def coupon(coupon_id: UUID) -> Any:
    """Read a coupon."""
    return _shown(services.find(coupon_id, None))


@blueprint.put("/<uuid:coupon_id>")
@blueprint.arguments(CouponIn)
@blueprint.response(200, CouponOut)
@edge(Realm.OPERATOR, "coupons.manage")
def change(body: dict[str, Any], coupon_id: UUID) -> Any:
    """Change a coupon; orders keep what they got."""
    services.change(coupon_id, _draft(body), None)
    return _shown(services.find(coupon_id, None))


@blueprint.delete("/<uuid:coupon_id>")
@blueprint.response(204)
@edge(Realm.OPERATOR, "coupons.manage")
def remove(coupon_id: UUID) -> Any:
    """Delete a coupon that nobody has used."""
    services.remove(coupon_id, None)
    return "", 204


@blueprint.get("/own")
@blueprint.arguments(CouponsQuery, location="query")
@blueprint.response(200, CouponsOut)
@edge(Realm.MERCHANT, "coupons.offer")
def own_coupons(query: dict[str, Any]) -> Any:
    """List the merchant's own coupons, newest first."""
    return _page(own(), query)


@blueprint.post("/own")
@blueprint.arguments(CouponIn)
@blueprint.response(201, CouponOut)
@edge(Realm.MERCHANT, "coupons.offer")
def create_own(body: dict[str, Any]) -> Any:
    """Make a coupon of an own shop, which the merchant pays."""
    return _shown(services.find(services.create(_draft(body), own()), own()))


@blueprint.get("/own/<uuid:coupon_id>")
@blueprint.response(200, CouponOut)
@edge(Realm.MERCHANT, "coupons.offer")
def own_coupon(coupon_id: UUID) -> Any:
    """Read an own coupon."""
    return _shown(services.find(coupon_id, own()))


@blueprint.put("/own/<uuid:coupon_id>")
@blueprint.arguments(CouponIn)
@blueprint.response(200, CouponOut)
@edge(Realm.MERCHANT, "coupons.offer")
def change_own(body: dict[str, Any], coupon_id: UUID) -> Any:
    """Change an own coupon."""
    services.change(coupon_id, _draft(body), own())
    return _shown(services.find(coupon_id, own()))


@blueprint.delete("/own/<uuid:coupon_id>")
@blueprint.response(204)
@edge(Realm.MERCHANT, "coupons.offer")
def remove_own(coupon_id: UUID) -> Any:
    """Delete an own coupon that nobody has used."""
    services.remove(coupon_id, own())
    return "", 204


def _draft(body: dict[str, Any]) -> CouponDraft:
    return CouponDraft(**{**body, "currency": body["currency"] or current().currency})


def _page(merchant_id: UUID | None, query: dict[str, Any]) -> dict[str, Any]:
    found, more = services.entries(merchant_id, before=query["cursor"], limit=query["limit"])
    return {"data": [_shown(entry) for entry in found], "next": str(more) if more else None}


def _shown(entry: Entry) -> dict[str, Any]:
    coupon = entry.coupon
    names = ("id", "code", "currency", "percent_bps", "shop_id", "merchant_id", "platform_bps", "starts_at", "ends_at",
             "total_uses", "uses_per_customer", "is_active", "used")  # fmt: skip
    return {
        **{name: getattr(coupon, name) for name in names},
        "amount_minor": coupon.amount.minor if coupon.amount else None,
        "minimum_minor": coupon.minimum.minor if coupon.minimum else None,
        "given_minor": entry.given.minor,
        "sentence": wording.sentence(coupon, entry.shop),
    }
