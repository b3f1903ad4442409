"""Companies, their people and an operator who speak to the API of a marketplace, for tests of companies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask, g
from sqlalchemy import func, select

from core.customers import buyers
from core.identity.models import SessionRow, UserRow
from core.kernel import clock
from core.kernel.db import session
from core.kernel.ids import new_id, token
from core.kernel.secrets import digest
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction
from plugins.b2b.deal_models import QuoteRow, RequisitionRow, RevisionRow
from plugins.b2b.models import BoughtRow, CompanyRow, InvitationRow, LocationRow, MemberRow
from tenants import plugins as tenant_plugins
from tenants import values
from tests.market import ADDRESS
from tests.plugin_rows import make_key

TABLES = (CompanyRow, LocationRow, MemberRow, InvitationRow, BoughtRow, RequisitionRow, QuoteRow, RevisionRow)
COMPANY = {"name": "Quayside Design Ltd", "reg_no": "IE 123-456", "country": "IE", "invoice_email": "ap@quay.example"}


def switch_on(tenant: Tenant, **settings: object) -> Tenant:
    """Enable companies with settings and return the marketplace as it is then."""
    with bind(tenant), transaction():
        tenant_plugins.enable("b2b")
        if settings:
            tenant_plugins.change_settings("b2b", settings)
    values.forget(tenant.id)
    found = values.find(tenant.id)
    assert found is not None
    return found


@dataclass(slots=True)
class People:
    """People of a marketplace by name, who speak to its API."""

    app: Flask
    tenant: Tenant
    heads: dict[str, Mapping[str, str]]
    ids: dict[str, UUID]

    def ask(self, who: str, method: str, path: str, body: object = None, **more: Any) -> Any:
        """Call the API as somebody."""
        client, base = self.app.test_client(), f"http://{self.tenant.slug}.localhost"
        headers = {**self.heads[who], **more.pop("headers", {})}
        g.pop("cart_owner", None)  # kept for a request; tests share one application context
        return client.open(f"/api/v1{path}", method=method, json=body, base_url=base, headers=headers, **more)

    def see(self, who: str, method: str, path: str, form: Mapping[str, str] | None = None) -> Any:
        """Open a page as somebody, or send its form."""
        base = f"http://{self.tenant.slug}.localhost"
        g.pop("cart_owner", None)
        return self.app.test_client().open(path, method=method, data=form, base_url=base, headers=self.heads[who])

    def join(self, name: str) -> str:
        """Write a signed-in buyer and return their address."""
        email = f"{name}@example.com"
        with transaction():
            secret, user_id = token(), new_id()
            session().add(
                UserRow(
                    id=user_id, realm="buyer", email=email, email_key=email, name=name.title(), verified_at=clock.now()
                )
            )  # fmt: skip
            session().flush()
            ends = clock.now() + timedelta(hours=1)
            session().add(SessionRow(user_id=user_id, token_digest=digest(secret), expires_at=ends))
            self.ids[name] = buyers.ensure_customer(user_id, email, name.title())
            self.heads[name] = {"Authorization": f"Bearer {secret}"}
        return email

    def company(self, **more: object) -> Any:
        """Register a company as "ann" and approve it; return it as the API shows it."""
        made = self.ask("ann", "POST", "/b2b/company", {**COMPANY, **more})
        assert made.status_code == 201, made.text
        self.decide(made.json["id"], "approve")
        return self.ask("ann", "GET", "/b2b/company").json

    def decide(self, company_id: str, event: str, reason: str = "") -> Any:
        """Decide on a company as the operator."""
        return self.ask(
            "operator", "POST", f"/b2b/companies/{company_id}/decisions", {"event": event, "reason": reason}
        )

    def hire(self, name: str, role: str = "buyer", limit: int | None = None) -> str:
        """Invite somebody new as "ann" and let them join; return their key in the company."""
        email = self.join(name)
        body = {"email": email, "role": role, "limit_minor": limit}
        sent = self.ask("ann", "POST", "/b2b/company/invitations", body)
        assert sent.status_code == 201, sent.text
        (invitation,) = self.ask(name, "GET", "/b2b/invitations").json["data"]
        assert self.ask(name, "POST", f"/b2b/invitations/{invitation['id']}/accept").status_code == 204
        people = self.ask("ann", "GET", "/b2b/company").json["people"]
        return str(next(one["id"] for one in people if one["email"] == email))

    def fill(self, who: str, variant: UUID, quantity: int, **answers: str) -> Any:
        """Put units into somebody's cart and answer checkout's questions; return the cart."""
        cart = self.ask(who, "POST", "/cart/lines", {"variant_id": str(variant), "quantity": quantity})
        assert cart.status_code == 201, cart.text
        if answers:
            given = {f"b2b.{name}": text for name, text in answers.items()}
            cart = self.ask(who, "PUT", "/cart/answers", {"answers": given})
            assert cart.status_code == 200, cart.text
        return cart.json

    def place(self, who: str, **more: object) -> Any:
        """Place what is in somebody's cart."""
        return self.ask(who, "POST", "/purchases", {"email": "ada@example.com", "address": ADDRESS, **more})


def people(app: Flask, tenant: Tenant) -> People:
    """Write the buyer "ann" and the key of an operator."""
    with transaction():
        operator = make_key("operator", "*")
    found = People(app, tenant, {"operator": operator}, {})
    found.join("ann")
    return found


def rows() -> dict[str, int]:
    """Return how many rows every table of companies has."""
    with transaction():
        return {
            kind.__tablename__: int(session().scalar(select(func.count()).select_from(kind)) or 0) for kind in TABLES
        }
