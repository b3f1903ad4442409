"""A buyer's own data: the copy holds everything and nothing of others, erasure leaves only what the law asks for."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from core.checkout import cart as carts
from core.checkout.cart import Owner
from core.checkout.place import Placing, place
from core.compliance import own_data, work
from core.customers import addresses, buyers, consents
from core.customers.models import AddressRow, CustomerRow
from core.hooks.types import Viewer
from core.identity import accounts
from core.identity.models import SessionRow, UserRow
from core.identity.principals import Realm
from core.kernel import clock, mail
from core.kernel.db import session
from core.kernel.errors import Conflict, Missing
from core.kernel.ids import new_id
from core.kernel.mail import MailRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import read_only, transaction
from core.orders.models import OrderRow, PurchaseRow
from core.payments import payments
from core.payments.models import PaymentRow
from plugins.coupons.models import CouponRow, RedemptionRow
from tenants import plugins as switches
from tenants import values
from tests.market import ADDRESS, balances, make_good, make_shop
from tests.working import run_due

ANN = "Ann.Byrne@example.com"
HOME = {"name": "Ann", "line1": "1 Secret Street", "city": "Galway", "country": "IE"}


@dataclass(frozen=True, slots=True)
class Buyer:
    """An account with a paid order."""

    user_id: UUID
    customer_id: UUID
    purchase_id: UUID


def shopper(email: str = ANN, state: str = "completed") -> Buyer:
    """Make an account with an address, a consent, a mail, a cart, and one order in a state."""
    with transaction():
        user = accounts.create_verified(Realm.BUYER, email, "Ann Byrne", "a fine long sentence")
        customer = buyers.ensure_customer(user, email, "Ann Byrne")
        addresses.add(customer, addresses.place(HOME))
        consents.give(customer, "measurement", "Count me")
        mail.send(email, "Hello Ann", "text", "<p>text</p>")
        good = make_good(make_shop(delivery=490), 1000)
        cart, _token = carts.open_cart(Owner(customer_id=customer))
        carts.add(cart, good, 1)
        session().flush()
        bought = place(
            cart, Placing(Viewer(customer, "en", "IE"), email, {**ADDRESS, "name": "Ann Byrne"}, "key" + email)
        )
        row = session().scalars(select(PaymentRow).where(PaymentRow.purchase_id == bought).with_for_update()).one()
        payments.captured(row, "card")
        order = session().scalars(select(OrderRow).where(OrderRow.purchase_id == bought)).one()
        order.note = "Ring twice"
        session().execute(OrderRow.__table__.update().where(OrderRow.id == order.id).values(state=state))
        return Buyer(user, customer, bought)


def archive_of(user_id: UUID) -> dict[str, object]:
    """Ask for a copy, run the job, return the files by name."""
    with transaction():
        asked = own_data.ask_export(user_id)
    run_due()
    with read_only():
        packed = zipfile.ZipFile(io.BytesIO(own_data.archive(user_id, asked.id)))
        return {name: json.loads(packed.read(name)) for name in packed.namelist()}


def test_a_copy_holds_what_is_known_and_no_secret(tenant: Tenant) -> None:
    ann, _bo = shopper(), shopper("bo@example.com")
    files = archive_of(ann.user_id)
    assert files["account.json"][0]["email"] == ANN
    assert files["addresses.json"][0]["fields"]["line1"] == "1 Secret Street"
    assert files["consents.json"][0]["wording"] == "Count me"
    assert len(files["purchases.json"]) == len(files["orders.json"]) == len(files["order_lines.json"]) == 1
    assert next(m["subject"] for m in files["mails.json"]) == "Hello Ann"
    text = json.dumps(files)
    assert "bo@example.com" not in text
    assert "password_hash" not in text
    assert "token_digest" not in text


def test_a_copy_reaches_plugins_that_are_off(tenant: Tenant) -> None:
    ann = shopper()
    with transaction():
        switches.enable("coupons")
        coupon = CouponRow(id=new_id(), code="TEN", currency="EUR", amount_minor=100, platform_bps=0)
        session().add(coupon)
        session().add(RedemptionRow(coupon_id=coupon.id, purchase_id=ann.purchase_id, customer_id=ann.customer_id,
                                    amount_minor=100, currency="EUR"))  # fmt: skip
        switches.disable("coupons")
    values.forget(tenant.id)
    fresh = values.find(tenant.id)
    assert fresh is not None
    assert "coupons" in fresh.retained
    with bind(fresh):
        assert "coupons/redemptions.json" in archive_of(ann.user_id)
        with transaction():
            own_data.ask_erasure(ann.user_id)
        run_due()
        with read_only():
            assert session().scalars(select(RedemptionRow.customer_id)).all() == [None]


def test_a_copy_is_its_owners_alone_and_for_a_week(tenant: Tenant) -> None:
    ann, bo = shopper(), shopper("bo@example.com")
    with transaction():
        asked = own_data.ask_export(ann.user_id)
        assert own_data.ask_export(ann.user_id).id == asked.id
    run_due()
    with read_only(), pytest.raises(Missing):
        own_data.archive(bo.user_id, asked.id)
    with transaction():
        work._expire({"request": str(asked.id)})
    with read_only():
        assert own_data.find(ann.user_id, asked.id).state == "expired"
        with pytest.raises(Missing):
            own_data.archive(ann.user_id, asked.id)


def test_nobody_asks_for_copies_all_day(tenant: Tenant) -> None:
    ann = shopper()
    for _n in range(5):
        archive_of(ann.user_id)
    with transaction(), pytest.raises(Conflict, match="privacy"):
        own_data.ask_export(ann.user_id)


@pytest.mark.parametrize("state", ["paid", "accepted", "shipped", "delivered"])
def test_an_open_order_stands_in_the_way_and_nothing_changes(tenant: Tenant, state: str) -> None:
    ann = shopper(state=state)
    with pytest.raises(Conflict, match="privacy"), transaction():
        own_data.ask_erasure(ann.user_id)
    with read_only():
        assert own_data.requests(ann.user_id) == []
        assert accounts.get(ann.user_id).email == ANN


def test_an_erasure_leaves_the_books_and_takes_the_person(tenant: Tenant) -> None:
    ann, bo = shopper(), shopper("bo@example.com")
    with read_only():
        before = balances()
    archive_of(ann.user_id)
    with transaction():
        own_data.ask_erasure(ann.user_id)
    run_due()
    with read_only():
        assert session().scalars(select(UserRow.email).where(UserRow.realm == "buyer")).all() == ["bo@example.com"]
        left = session().scalars(select(CustomerRow).where(CustomerRow.id == ann.customer_id)).one()
        assert (left.email, left.name, left.user_id, left.erased_at is not None) == ("", "", None, True)
        assert [a.customer_id for a in session().scalars(select(AddressRow))] == [bo.customer_id]
        assert session().scalars(select(SessionRow).where(SessionRow.user_id == ann.user_id)).all() == []
        bought = session().scalars(select(PurchaseRow).where(PurchaseRow.id == ann.purchase_id)).one()
        assert (bought.email, bought.address["name"], bought.address["line1"], bought.address["country"]) == (
            "", "", "", "IE")  # fmt: skip
        order = session().scalars(select(OrderRow).where(OrderRow.purchase_id == ann.purchase_id)).one()
        assert (order.note, order.total_minor) == ("", 1490)
        assert balances() == before
        (done,) = [one for one in own_data.all_requests() if one.kind == "erasure"]
        assert done.state == "done"
        assert {part["table"]: part["erased"] for part in done.report}["addresses"] == 1
        subjects = session().scalars(select(MailRow.subject).where(MailRow.recipient == ANN)).all()
        assert subjects == ["Your account is erased"]
    with transaction():
        work._forget_mails({"address": ANN})
        assert session().scalars(select(MailRow).where(MailRow.recipient == ANN)).all() == []


def test_an_order_placed_meanwhile_stops_the_erasure(tenant: Tenant) -> None:
    ann = shopper()
    with transaction():
        own_data.ask_erasure(ann.user_id)
        session().execute(OrderRow.__table__.update().values(state="paid", paid_at=clock.now()))
    run_due()
    with read_only():
        assert [one.state for one in own_data.requests(ann.user_id)] == ["refused"]
        assert accounts.get(ann.user_id).email == ANN
