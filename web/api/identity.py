"""Sessions, accounts and passwords over the API: the same flows as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema, fields, validate

from core.http.edge import Tx, principal
from core.identity import sessions
from core.identity.principals import Principal, Realm
from core.kernel.errors import Unauthenticated, _
from web.api.surface import Strict, api_edge, resource
from web.auth import flows

Values = Mapping[str, Any]
_REALMS = validate.OneOf([realm.value for realm in Realm])
_TEXT = validate.Length(max=300)

session_blueprint = resource("sessions", "/sessions", "Signing in and out")
account_blueprint = resource("accounts", "/accounts", "Accounts of buyers and merchants")
reset_blueprint = resource("password_resets", "/password-resets", "New passwords by mail")
me_blueprint = resource("me", "/me", "Who is asking")


class SessionIn(Strict):
    """Who signs in where."""

    realm = fields.String(required=True, validate=_REALMS)
    email = fields.String(required=True, validate=_TEXT)
    password = fields.String(required=True, validate=_TEXT, load_only=True)


class SessionOut(Schema):
    """A bearer token; it is shown this once."""

    token = fields.String()
    expires_at = fields.AwareDateTime()
    merchant_id = fields.UUID(allow_none=True)
    merchants = fields.List(fields.UUID())


class DeviceOut(Schema):
    """A session that is open; `is_here` is the one that asks."""

    id = fields.UUID()
    address = fields.String()
    agent = fields.String()
    since = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    is_here = fields.Boolean()


class DevicesOut(Schema):
    """All open sessions, newest first."""

    data = fields.List(fields.Nested(DeviceOut))
    next = fields.String(allow_none=True)


class PasswordIn(Strict):
    """The present password and the new one."""

    old = fields.String(required=True, validate=_TEXT, load_only=True)
    password = fields.String(required=True, validate=_TEXT, load_only=True)


class MerchantIn(Strict):
    """The merchant to work for."""

    merchant_id = fields.UUID(required=True)


class AccountIn(Strict):
    """A registration; the address gets a link."""

    realm = fields.String(required=True, validate=validate.OneOf(["buyer", "merchant"]))
    email = fields.String(required=True, validate=_TEXT)
    name = fields.String(required=True, validate=_TEXT)
    password = fields.String(required=True, validate=_TEXT, load_only=True)


class VerifyIn(Strict):
    """The token of a registration's link."""

    realm = fields.String(required=True, validate=validate.OneOf(["buyer", "merchant"]))
    token = fields.String(required=True, validate=_TEXT)


class ForgottenIn(Strict):
    """Whose password is forgotten."""

    realm = fields.String(required=True, validate=_REALMS)
    email = fields.String(required=True, validate=_TEXT)


class ResetIn(Strict):
    """A new password and the token of the link."""

    realm = fields.String(required=True, validate=_REALMS)
    token = fields.String(required=True, validate=_TEXT)
    password = fields.String(required=True, validate=_TEXT, load_only=True)


class SentOut(Schema):
    """The same words whether or not there is an account."""

    status = fields.Constant("accepted")


class MeOut(Schema):
    """Who is asking, and what they may do."""

    realm = fields.String()
    user_id = fields.UUID(allow_none=True)
    key_id = fields.UUID(allow_none=True)
    merchant_id = fields.UUID(allow_none=True)
    name = fields.String()
    email = fields.String()
    permissions = fields.List(fields.String())


def someone() -> Principal:
    """Return who asks, a person or a key of any realm. Raise Unauthenticated for a guest."""
    who = principal()
    if who.is_guest:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    return who


@session_blueprint.post("/")
@session_blueprint.arguments(SessionIn)
@session_blueprint.response(201, SessionOut)
@api_edge(Realm.BUYER, login=False, tx=Tx.OWN)
def sign_in(body: Values) -> Any:
    """Sign in and get a bearer token. 422 for a wrong pair, 429 after ten tries a minute."""
    return flows.sign_in(Realm(body["realm"]), body["email"], body["password"])


@session_blueprint.delete("/current")
@session_blueprint.response(204)
@api_edge(Realm.BUYER, login=False)
def sign_out() -> Any:
    """End the session whose token is sent."""
    someone()
    sessions.sign_out(request.headers.get("Authorization", "").partition(" ")[2].strip())
    return ""


def _person() -> UUID:
    """Return the person who asks. Raise Unauthenticated for a guest or a key."""
    user_id = someone().user_id
    if user_id is None:
        raise Unauthenticated("identity.people_only", _("A key has no sessions"))
    return user_id


@session_blueprint.get("/")
@session_blueprint.response(200, DevicesOut)
@api_edge(Realm.BUYER, login=False)
def list_sessions() -> Any:
    """List where the person who asks is signed in."""
    found, here = sessions.devices(_person()), someone().session_id
    data = [{"id": one.id, "address": one.address, "agent": one.agent, "since": one.since,
             "expires_at": one.expires_at, "is_here": one.id == here} for one in found]  # fmt: skip
    return {"data": data, "next": None}


@session_blueprint.delete("/<uuid:session_id>")
@session_blueprint.response(204)
@api_edge(Realm.BUYER, login=False)
def end_session(session_id: UUID) -> Any:
    """End one session of the person who asks. 404 for another's."""
    sessions.sign_out_device(_person(), session_id)
    return ""


@session_blueprint.delete("/")
@session_blueprint.response(204)
@api_edge(Realm.BUYER, login=False)
def sign_out_everywhere() -> Any:
    """End every session of the person who asks."""
    sessions.sign_out_everywhere(_person())
    return ""


@session_blueprint.put("/current/merchant")
@session_blueprint.arguments(MerchantIn)
@session_blueprint.response(204)
@api_edge(Realm.MERCHANT)
def choose_merchant(body: Values) -> Any:
    """Work for another merchant from now on."""
    who = someone()
    if who.session_id is None or who.user_id is None:
        raise Unauthenticated("identity.people_only", _("A key has no sessions"))
    sessions.choose_merchant(who.session_id, who.user_id, body["merchant_id"])
    return ""


@account_blueprint.post("/")
@account_blueprint.arguments(AccountIn)
@account_blueprint.response(202, SentOut)
@api_edge(Realm.BUYER, login=False, tx=Tx.OWN)
def register(body: Values) -> Any:
    """Ask for an account; the answer is the same for known and unknown addresses."""
    flows.register(Realm(body["realm"]), body["email"], body["name"], body["password"])
    return {}


@account_blueprint.post("/verify")
@account_blueprint.arguments(VerifyIn)
@account_blueprint.response(200, SentOut)
@api_edge(Realm.BUYER, login=False, tx=Tx.OWN)
def verify(body: Values) -> Any:
    """Finish a registration."""
    flows.verify(Realm(body["realm"]), body["token"])
    return {}


@reset_blueprint.post("/")
@reset_blueprint.arguments(ForgottenIn)
@reset_blueprint.response(202, SentOut)
@api_edge(Realm.BUYER, login=False, tx=Tx.OWN)
def forgotten(body: Values) -> Any:
    """Ask for a link; the answer is the same for known and unknown addresses."""
    flows.forgotten(Realm(body["realm"]), body["email"])
    return {}


@reset_blueprint.put("/")
@reset_blueprint.arguments(ResetIn)
@reset_blueprint.response(200, SentOut)
@api_edge(Realm.BUYER, login=False, tx=Tx.OWN)
def reset(body: Values) -> Any:
    """Set a new password; every session ends."""
    flows.reset(Realm(body["realm"]), body["token"], body["password"])
    return {}


@me_blueprint.put("/password")
@me_blueprint.arguments(PasswordIn)
@me_blueprint.response(204)
@api_edge(Realm.BUYER, login=False, tx=Tx.OWN)
def change_password(body: Values) -> Any:
    """Set a new password with the present one; every session ends, this one too."""
    flows.change_password(_person(), body["old"], body["password"])
    return ""


@me_blueprint.get("/")
@me_blueprint.response(200, MeOut)
@api_edge(Realm.BUYER, login=False)
def me() -> Any:
    """Say who is asking."""
    who = someone()
    return {
        "realm": who.realm.value, "user_id": who.user_id, "key_id": who.key_id, "merchant_id": who.merchant_id,
        "name": who.name, "email": who.email, "permissions": sorted(who.permissions),
    }  # fmt: skip
