"""Facts at the edges of the rules: the last day that is in time and the first that is not."""

from __future__ import annotations

from typing import Any

LAW_ABIDING = {
    "legal_name": "Tee GmbH", "address": "Hafen 1", "phone": "1", "email": "a@b.example", "eid": "x",
    "payment_account": "DE", "eu_self_cert_at": "2026-10-01", "checked_at": "2026-10-02",
}  # fmt: skip
CATERER = {
    "kind": "catering", "name": "N", "reg_no": "9", "licence_no": "JY1", "licence_valid_until": None, "legal_rep": "r",
    "address": "a", "contact": "c", "shopfront_photo": "p", "dine_in": False, "site_checked_at": "2026-10-01",
    "agreement_signed_at": "2026-10-01", "identity_verified_at": "2026-10-02", "official_match": "same",
    "reverified_at": "2026-05-22",
}  # fmt: skip


def _small(total: int, year: int = 2026) -> dict[str, Any]:
    person = {"kind": "natural_person", "exemption": "sporadic_small", "exemption_statement_at": "2026-01-05"}
    return {"merchant": person, "orders": [{"completed_at": f"{year}-05-01", "amount": total}]}


def _licence(end: str | None, **changes: Any) -> dict[str, Any]:
    licence = {"type": "a", "status": "verified", "valid_until": end, "scope": ["tea"], **changes}
    return {"requires": [["a", "b"]], "category": "tea", "licences": [licence]}


def _return(received: str, asked: str, **decision: Any) -> dict[str, Any]:
    return {"line": {"received_at": received}, "request": {"asked_at": asked, **decision}}


def _penalty(published: str | None) -> dict[str, Any]:
    return {
        "p": {"decided_at": "2026-09-30", "published_at": published, "shop_name": "S", "breach": "b", "measure": "m"}
    }


EDGES: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("cn.ecl.10.1", "2026-11-22", {"merchant": {"reg_no": "9"}}, "pass"),
    ("cn.ecl.10.1", "2026-11-22", {"merchant": {"kind": "natural_person"}}, "fail"),
    ("cn.ecl.10.1", "2026-11-22", _small(80_000), "pass"),
    ("cn.ecl.10.1", "2026-11-22", _small(80_001), "warn"),
    ("cn.ecl.10.1", "2026-11-22", _small(100_000), "warn"),
    ("cn.ecl.10.1", "2026-11-22", _small(100_001), "fail"),
    ("cn.ecl.10.1", "2026-11-22", _small(100_001, 2025), "pass"),
    ("cn.ecl.12.1", "2026-11-22", _licence("2026-11-21"), "fail"),
    ("cn.ecl.12.1", "2026-11-22", _licence("2026-11-22"), "warn"),
    ("cn.ecl.12.1", "2026-11-22", _licence("2027-01-21"), "warn"),
    ("cn.ecl.12.1", "2026-11-22", _licence("2027-01-22"), "pass"),
    ("cn.ecl.12.1", "2026-11-22", _licence(None, status="uploaded"), "fail"),
    ("cn.ecl.12.1", "2026-11-22", _licence(None, scope=["salt"]), "fail"),
    ("cn.ecl.16.1", "2026-11-22", {"shop": {}}, "n/a"),
    ("cn.ecl.16.1", "2026-11-22", {"shop": {"closing_at": "2026-12-01"}}, "fail"),
    ("cn.otm.24.1", "2026-11-22", {"merchant": {"status": "active", "verified_at": "2026-05-22"}}, "due"),
    ("cn.otm.24.1", "2026-11-22", {"merchant": {"status": "active", "verified_at": "2026-05-21"}}, "fail"),
    ("cn.otm.24.1", "2026-11-22", {"merchant": {"status": "left"}}, "n/a"),
    ("cn.otm.24.1", "2027-02-28", {"merchant": {"status": "active", "verified_at": "2026-08-31"}}, "due"),
    ("cn.otm.25.1", "2027-01-31", {"filings": []}, "due"),
    ("cn.otm.25.1", "2027-02-01", {"filings": []}, "fail"),
    ("cn.tax.4.1", "2025-07-20", {"started": "2025-01-01", "filings": []}, "due"),
    ("cn.tax.4.1", "2025-07-21", {"started": "2025-01-01", "filings": []}, "fail"),
    ("cn.tax.4.1", "2027-01-31", {"started": "2025-01-01", "filings": [{"kind": "cn_tax_basic"}]}, "due"),
    ("cn.tax.4.1", "2027-02-01", {"started": "2025-01-01", "filings": [{"kind": "cn_tax_basic"}]}, "fail"),
    ("cn.ecl.29.1", "2026-11-17T08:00:00", {"case": {"detected_at": "2026-11-16T09:00:00",
     "measure_at": "2026-11-16T11:00:00"}}, "due"),
    ("cn.ecl.31.1", "2026-11-22", {"record": {"kind": "transaction", "completed_at": "2020-01-01", "hold": "tax"}},
     "fail"),
    ("cn.ecl.31.1", "2026-11-22", {"record": {"kind": "food_transaction", "completed_at": "2020-01-01",
     "shelf_life_end": "2026-05-22"}}, "fail"),
    ("cn.ecl.31.1", "2026-11-23", {"record": {"kind": "food_transaction", "completed_at": "2020-01-01",
     "shelf_life_end": "2026-05-22"}}, "pass"),
    # Decided on 30 September: the 1st to the 7th are holidays, so that the 8th is the first working day.
    ("cn.otm.30.1", "2026-10-08", _penalty(None), "due"),
    ("cn.otm.30.1", "2026-10-09", _penalty(None), "fail"),
    ("cn.otm.30.1", "2026-10-20", _penalty("2026-10-08"), "pass"),
    ("cn.otm.30.1", "2026-10-20", _penalty("2026-10-09"), "fail"),
    ("cn.ecl.43.1", "2026-11-18", {"k": {"arrived_at": "2026-11-02"}}, "fail"),
    ("cn.ecl.43.1", "2026-11-22", {"k": {"arrived_at": "2026-11-02", "lifted_at": "2026-11-19"}}, "fail"),
    ("cn.ecl.43.1", "2026-11-22", {"k": {"arrived_at": "2026-11-02", "action_proof_at": "2026-11-17"}}, "pass"),
    ("cn.crpl.25.1", "2026-11-12", _return("2026-11-02", "2026-11-09"), "due"),
    ("cn.crpl.25.1", "2026-11-24", _return("2026-11-02", "2026-11-09"), "due"),
    ("cn.crpl.25.1", "2026-11-25", _return("2026-11-02", "2026-11-09"), "fail"),
    ("cn.crpl.25.1", "2026-11-22", _return("2026-11-07", "2026-11-17", decision="refused"), "n/a"),
    ("cn.crpl.25.3", "2026-11-09", {"goods_received_at": "2026-11-02", "paid": 100}, "due"),
    ("cn.crpl.25.3", "2026-11-10", {"goods_received_at": "2026-11-02", "paid": 100}, "fail"),
    ("cn.crpl.25.3", "2026-11-22", {"goods_received_at": "2026-11-02", "paid": 100,
     "refund": {"paid_at": "2026-11-09", "amount": "99.99"}}, "fail"),
    ("cn.price.16.1", "2026-11-22", {"starts_at": "2026-11-11", "compare": 70, "sales":
     [{"at": "2026-11-03", "price": 60}, {"at": "2026-11-04", "price": 70}]}, "pass"),
    ("cn.price.16.1", "2026-11-22", {"starts_at": "2026-11-11", "compare": 60, "sales": []}, "fail"),
    ("cn.fsl.62.1", "2026-11-22", {"f": CATERER}, "pass"),
    ("cn.fsl.62.1", "2026-11-23", {"f": CATERER}, "fail"),
    ("cn.fsl.62.1", "2026-11-22", {"f": {**CATERER, "official_match": "different"}}, "fail"),
    ("cn.fsl.62.2", "2026-11-22", {"food_kind": "bulk", "permits": [
     {"kind": "food_operation", "status": "verified", "valid_until": "2026-11-22"}]}, "pass"),
    ("cn.fsl.62.2", "2026-11-23", {"food_kind": "bulk", "permits": [
     {"kind": "food_operation", "status": "verified", "valid_until": "2026-11-22"}]}, "fail"),
    ("cn.fsl.62.2", "2026-11-22", {"food_kind": "farm_produce"}, "n/a"),
    ("cn.fsl.62.2", "2026-11-22", {"food_kind": "fsmp_full_nutrition"}, "fail"),
    ("cn.fsl.54.1", "2026-11-22", {"lot": {"end": "2026-11-27", "status": "sellable"}, "near": 30, "promise": 5}, "warn"),
    ("cn.fsl.54.1", "2026-11-22", {"lot": {"end": "2026-11-26", "status": "sellable"}, "near": 30, "promise": 5}, "fail"),
    ("eu.dsa.30.1", "2026-11-22", {"tenant": {"size_class": "small"}}, "n/a"),
    ("eu.dsa.30.1", "2026-11-22", {"tenant": {}, "m": LAW_ABIDING}, "fail"),
    ("eu.dsa.30.1", "2026-11-22", {"tenant": {}, "m": LAW_ABIDING, "shown": True}, "pass"),
    ("eu.dsa.30.5", "2026-11-21", {"exited_at": "2026-05-21"}, "due"),
    ("eu.dsa.30.5", "2026-11-22", {"exited_at": "2026-05-21"}, "pass"),
    ("eu.dsa.30.5", "2026-11-23", {"exited_at": "2026-05-21"}, "fail"),
    ("eu.dsa.30.5", "2026-11-23", {"exited_at": "2026-05-21", "holds": ["cn"], "restricted": True}, "pass"),
    ("eu.crd.9.1", "2026-11-22", {"parcels": ["2026-11-02"], "informed_at": "2026-10-25", "sent_at": "2026-11-17"},
     "n/a"),
    ("eu.crd.9.1", "2026-11-22", {"parcels": ["2026-11-02"], "sent_at": "2026-11-17"}, "fail"),
    ("eu.gdpr.12.3", "2026-12-02", {"q": {"asked_at": "2026-11-02"}}, "due"),
    ("eu.gdpr.12.3", "2026-12-03", {"q": {"asked_at": "2026-11-02"}}, "fail"),
    ("eu.gdpr.12.3", "2027-02-02", {"q": {"asked_at": "2026-11-02", "extended_at": "2026-12-02",
     "extension_reason": "many"}}, "due"),
    ("eu.dac7.1", "2026-11-22", {"s": {"sales": 30, "amount": 1}}, "pass"),
    ("us.inform.1", "2026-11-22", {"lines": [{"at": "2025-03-01", "usd": 25, "n": 100},
     {"at": "2026-02-28", "usd": 25, "n": 100}], "sel": {"qualified_at": "2026-11-12"}}, "due"),
    ("us.inform.1", "2026-11-22", {"lines": [{"at": "2025-03-01", "usd": 25, "n": 100},
     {"at": "2026-03-01", "usd": 25, "n": 100}], "sel": {}}, "n/a"),
    ("us.inform.1", "2026-11-22", {"lines": [{"at": "2026-03-01", "usd": "24.99", "n": 200}], "sel": {}}, "n/a"),
    ("us.inform.2", "2026-11-22", {"gross": 20_000, "home_only": True, "display": {"name": "n", "address": "a",
     "contact": "c"}, "report_link": True}, "fail"),
)  # fmt: skip
