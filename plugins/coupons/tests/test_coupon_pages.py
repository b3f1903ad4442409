"""Coupons are made and changed by their pages; a merchant sees and makes only its own."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from core.kernel.tenancy import Tenant
from core.kernel.tx import transaction
from plugins.coupons import services
from plugins.coupons.services import CouponDraft
from tests.plugin_rows import make_key, make_shop

FORM = {"code": "ten", "kind": "percent", "percent": "10", "shop": "", "platform": "60", "is_active": "1",
        "starts_at": "2026-05-01T00:00", "total_uses": "5"}  # fmt: skip


def only() -> services.Entry:
    with transaction():
        return services.entries(None)[0][0]


def test_the_operator_makes_a_coupon_and_reads_its_rule(app: Flask, tenant: Tenant) -> None:
    with transaction():
        key = make_key("operator", "*")
    client, base = app.test_client(), f"http://{tenant.slug}.localhost"
    answer = client.post("/operator/coupons/new", data=FORM, base_url=base, headers=key, follow_redirects=True)
    assert answer.status_code == 200
    assert "TEN takes 10% off the goods in a cart." in answer.text
    assert "The marketplace pays 60% of it, the shops 40%." in answer.text
    coupon = only().coupon
    assert coupon.starts_at is not None
    assert (coupon.percent_bps, coupon.platform_bps, coupon.total_uses) == (1000, 6000, 5)
    assert coupon.starts_at.isoformat() == "2026-04-30T23:00:00+00:00"
    changed = {**FORM, "kind": "amount", "amount": "7.50"}
    url = f"/operator/coupons/{coupon.id}"
    assert client.post(url, data=changed, base_url=base, headers=key).status_code == 303
    after = only().coupon
    assert (after.amount.minor if after.amount else 0, after.percent_bps, after.starts_at) == (
        750,
        None,
        coupon.starts_at,
    )
    assert "TEN" in client.get("/operator/coupons/?q=te", base_url=base, headers=key).text
    assert client.post(f"{url}/remove", base_url=base, headers=key).status_code == 303
    assert "No coupons yet" in client.get("/operator/coupons/", base_url=base, headers=key).text


def test_a_wrong_coupon_comes_back_with_the_reason_at_its_field(app: Flask, tenant: Tenant) -> None:
    with transaction():
        key = make_key("operator", "*")
    base = f"http://{tenant.slug}.localhost"
    wrong = {**FORM, "ends_at": "2026-04-01T00:00"}
    answer = app.test_client().post("/operator/coupons/new", data=wrong, base_url=base, headers=key)
    assert answer.status_code == 422
    assert "The end comes after the start" in answer.text
    assert 'value="ten"' in answer.text


def test_a_merchant_makes_its_own_and_does_not_see_others(app: Flask, tenant: Tenant) -> None:
    with transaction():
        shop = make_shop("Mine")
        theirs = services.create(CouponDraft("THEIRS", "EUR", percent_bps=100), None)
        key = make_key("merchant", "coupons.offer", merchant_id=shop.merchant_id)
    client, base = app.test_client(), f"http://{tenant.slug}.localhost"
    form = {"code": "MINE", "kind": "amount", "amount": "3", "shop": str(shop.id), "is_active": "1"}
    made = client.post("/merchant/coupons/new", data=form, base_url=base, headers=key, follow_redirects=True)
    assert "MINE takes €3.00 off goods of Mine." in made.text
    assert "THEIRS" not in client.get("/merchant/coupons/", base_url=base, headers=key).text
    assert foreign(client, base, key, theirs) == [404, 404, 404]


def foreign(client: object, base: str, key: dict[str, str], coupon_id: UUID) -> list[int]:
    """Return the answers to reading, changing and removing someone else's coupon."""
    url = f"/merchant/coupons/{coupon_id}"
    calls = (("GET", url), ("POST", url), ("POST", f"{url}/remove"))
    return [client.open(path, method=m, base_url=base, headers=key).status_code for m, path in calls]  # type: ignore[attr-defined]
