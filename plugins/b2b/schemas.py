"""What goes in and out of the API of companies."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.http.schemas import Strict

_ROLES = validate.OneOf(["buyer", "approver", "admin"])


class CompanyIn(Strict):
    """A company as its buyer registers it."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    reg_no = fields.String(required=True, validate=validate.Length(min=1, max=40))
    tax_no = fields.String(load_default="", validate=validate.Length(max=40))
    country = fields.String(required=True, validate=validate.Length(equal=2))
    invoice_email = fields.String(required=True, validate=validate.Length(max=254))


class CompanyOut(Schema):
    """A company; `state` is applied, active, rejected or closed."""

    id = fields.UUID()
    name = fields.String()
    reg_no = fields.String()
    tax_no = fields.String()
    country = fields.String()
    invoice_email = fields.String()
    state = fields.String()
    reason = fields.String()
    applied_at = fields.AwareDateTime()


class CompanyPersonOut(Schema):
    """Somebody who buys for a company; `limit_minor` None is no limit."""

    id = fields.UUID()
    name = fields.String()
    email = fields.String()
    role = fields.String()
    limit_minor = fields.Integer(allow_none=True)
    since = fields.AwareDateTime()


class CompanyPlaceIn(Strict):
    """A place to add."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=80))
    address = fields.String(required=True, validate=validate.Length(min=1, max=300))
    cost_centre = fields.String(load_default="", validate=validate.Length(max=40))


class CompanyPlaceOut(Schema):
    """A place of a company."""

    id = fields.UUID()
    name = fields.String()
    address = fields.String()
    cost_centre = fields.String()


class CompanyInvitationOut(Schema):
    """An open invitation."""

    id = fields.UUID()
    company = fields.String()
    email = fields.String()
    role = fields.String()
    limit_minor = fields.Integer(allow_none=True)
    expires_at = fields.AwareDateTime()


class CompanyInvitationsOut(Schema):
    """The invitations to one's own address."""

    data = fields.List(fields.Nested(CompanyInvitationOut))


class OwnCompanyOut(CompanyOut):
    """One's own company with one's role and limit, its people, places and open invitations."""

    role = fields.String()
    limit_minor = fields.Integer(allow_none=True)
    people = fields.List(fields.Nested(CompanyPersonOut))
    places = fields.List(fields.Nested(CompanyPlaceOut))
    invitations = fields.List(fields.Nested(CompanyInvitationOut))


class CompanyPersonIn(Strict):
    """A role and the most for one purchase; None is no limit."""

    role = fields.String(load_default="buyer", validate=_ROLES)
    limit_minor = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 10**12))


class CompanyInviteIn(CompanyPersonIn):
    """Whom to invite."""

    email = fields.String(required=True, validate=validate.Length(max=254))


class CompanyDecisionIn(Strict):
    """What to do with a company; a reason is due but for an approval."""

    event = fields.String(required=True, validate=validate.OneOf(["approve", "reject", "close"]))
    reason = fields.String(load_default="", validate=validate.Length(max=500))


class CompaniesOut(Schema):
    """A page of companies; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(CompanyOut))
    next = fields.String(allow_none=True)


class CompanyPurchaseOut(Schema):
    """A purchase for a company."""

    id = fields.UUID()
    purchase_id = fields.UUID()
    by = fields.String()
    total_minor = fields.Integer(attribute="total.minor")
    order_number = fields.String()
    location = fields.String()
    cost_centre = fields.String()
    at = fields.AwareDateTime()


class CompanyPurchasesOut(Schema):
    """A page of purchases; `next` is the cursor of the next one."""

    data = fields.List(fields.Nested(CompanyPurchaseOut))
    next = fields.String(allow_none=True)


class CompaniesQuery(Strict):
    """Which page of which companies."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.UUID(load_default=None, allow_none=True)
    q = fields.String(load_default="", validate=validate.Length(max=100))
    state = fields.String(load_default="", validate=validate.OneOf(["", "applied", "active", "rejected", "closed"]))
