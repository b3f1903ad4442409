"""Mounts the same sign-in pages on a surface's blueprint: `mount(blueprint, Realm.BUYER)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext

from core.http.answers import Answer, Page, See, local_path, see
from core.http.edge import COOKIES, Tx, edge, principal
from core.http.errors import message
from core.identity import accounts, invitations, preferences, sessions
from core.identity.preferences import Preferences
from core.identity.principals import Realm
from core.identity.sessions import LIFETIME, Opened
from core.kernel.errors import AppError, Invalid, Unauthenticated, _
from core.kernel.tenancy import current
from core.kernel.tx import read_only
from web import languages
from web.auth import flows

View = Callable[..., Answer]
Entered = Callable[[UUID], Mapping[str, str]]
"""What a surface does once somebody has signed in, outside of a transaction; returns cookies to set."""


def _nothing(_user_id: UUID) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a realm's pages are: the surface's name, the realm, and where people go after signing in."""

    surface: str
    realm: Realm
    home: str
    entered: Entered = _nothing

    def url(self, name: str, **values: Any) -> str:
        """Return the address of one of these pages."""
        return url_for(f"{self.surface}.{name}", **values)


def mount(blueprint: Blueprint, realm: Realm, entered: Entered = _nothing) -> None:
    """Add the pages of a realm to its blueprint; those of a console answer only on the realm's own ground."""
    home = "/account" if realm is Realm.BUYER else f"/{realm.value}/"
    ground = Ground(blueprint.name, realm, home, entered)
    if realm is not Realm.BUYER:
        blueprint.before_request(lambda: accounts.require_ground(realm))
    _mount_sign_in(blueprint, ground)
    _mount_links(blueprint, ground)
    _mount_devices(blueprint, ground)
    if realm in accounts.OPEN_REALMS:
        _mount_register(blueprint, ground)


def wrong(error: AppError | None) -> dict[str, object]:
    """Return what a form's template needs of a refusal: `error` for the banner and `wrong` for each field."""
    if error is None:
        return {"error": "", "wrong": {}}
    fields = error.fields if isinstance(error, Invalid) else ()
    return {"error": message(error), "wrong": {f.path: str(gettext(f.message)) for f in fields}}


def _shown(ground: Ground, template: str, error: AppError | None = None, **values: object) -> Answer:
    accounts.require_ground(ground.realm)
    names = {
        Realm.BUYER: current().name,
        Realm.MERCHANT: gettext("Merchant console"),
        Realm.OPERATOR: gettext("Marketplace console"),
        Realm.PLATFORM: gettext("Platform console"),
    }
    given = {"form": request.form, "next": request.values.get("next", ""), "ground": ground}
    return Page(f"auth/{template}.html", {**given, "place": names[ground.realm], **wrong(error), **values})


def _signed_in(ground: Ground, opened: Opened) -> See:
    """Go on with the fresh token: where one wanted to go, or first to say for which merchant one works."""
    target = local_path(request.form.get("next"), ground.home)
    if ground.realm is Realm.MERCHANT and opened.merchant_id is None:
        target = ground.url("choose_merchant", next=target) if opened.merchants else "/merchant/apply"
    cookies = {COOKIES[ground.realm]: opened.token, **ground.entered(opened.user_id)}
    if ground.realm is not Realm.BUYER:
        with read_only():
            wish = preferences.of(opened.user_id)
        if wish != Preferences():
            languages.show_as(wish)
    return See(target, cookies=cookies, kept_for=LIFETIME[ground.realm])


def _mount_sign_in(blueprint: Blueprint, ground: Ground) -> None:
    realm = ground.realm

    @blueprint.get("/sign-in")
    @edge(realm, login=False)
    def sign_in(error: AppError | None = None) -> Answer:
        if error is None and principal().realm is realm and not principal().is_guest:
            return see(local_path(request.args.get("next"), ground.home))
        return _shown(ground, "sign_in", error)

    @blueprint.post("/sign-in")
    @edge(realm, login=False, tx=Tx.OWN, again=sign_in)
    def sign_in_now() -> Answer:
        opened = flows.sign_in(realm, request.form.get("email", ""), request.form.get("password", ""))
        return _signed_in(ground, opened)

    @blueprint.post("/sign-out")
    @edge(realm, login=False)
    def sign_out() -> Answer:
        sessions.sign_out(request.cookies.get(COOKIES[realm], ""))
        return See(ground.url("sign_in"), gettext("Signed out"), {COOKIES[realm]: ""})


def _mount_register(blueprint: Blueprint, ground: Ground) -> None:
    realm = ground.realm

    @blueprint.get("/register")
    @edge(realm, login=False)
    def register(error: AppError | None = None) -> Answer:
        return _shown(ground, "register", error)

    @blueprint.post("/register")
    @edge(realm, login=False, tx=Tx.OWN, again=register)
    def register_now() -> Answer:
        form = request.form
        after = local_path(form.get("next"), "")
        flows.register(realm, form.get("email", ""), form.get("name", ""), form.get("password", ""), after=after)
        return _shown(ground, "sent", kind="register", email=form.get("email", "").strip())


def _mount_links(blueprint: Blueprint, ground: Ground) -> None:
    _mount_reset(blueprint, ground)
    if ground.realm in accounts.OPEN_REALMS:
        _mount_verify(blueprint, ground)
    if ground.realm is not Realm.BUYER:
        _mount_invitation(blueprint, ground)


def _mount_reset(blueprint: Blueprint, ground: Ground) -> None:
    realm = ground.realm

    @blueprint.get("/forgotten")
    @edge(realm, login=False)
    def forgotten(error: AppError | None = None) -> Answer:
        return _shown(ground, "forgotten", error)

    @blueprint.post("/forgotten")
    @edge(realm, login=False, tx=Tx.OWN, again=forgotten)
    def forgotten_now() -> Answer:
        flows.forgotten(realm, request.form.get("email", ""))
        return _shown(ground, "sent", kind="forgotten", email=request.form.get("email", "").strip())

    @blueprint.get("/reset")
    @edge(realm, login=False)
    def reset(error: AppError | None = None) -> Answer:
        return _shown(ground, "reset", error, token=request.values.get("token", ""))

    @blueprint.post("/reset")
    @edge(realm, login=False, tx=Tx.OWN, again=reset)
    def reset_now() -> Answer:
        flows.reset(realm, request.form.get("token", ""), request.form.get("password", ""))
        return See(ground.url("sign_in"), gettext("Your new password is set; sign in with it"), {COOKIES[realm]: ""})


def _mount_verify(blueprint: Blueprint, ground: Ground) -> None:
    realm = ground.realm

    @blueprint.get("/verify")
    @edge(realm, login=False)
    def verify(error: AppError | None = None) -> Answer:
        return _shown(ground, "verify", error, token=request.values.get("token", ""))

    @blueprint.post("/verify")
    @edge(realm, login=False, tx=Tx.OWN, again=verify)
    def verify_now() -> Answer:
        after = flows.verify(realm, request.form.get("token", ""))
        target = ground.url("sign_in", next=after) if after else ground.url("sign_in")
        return see(target, gettext("Your address is confirmed; sign in"))


def _mount_invitation(blueprint: Blueprint, ground: Ground) -> None:
    realm = ground.realm

    @blueprint.get("/invitation")
    @edge(realm, login=False)
    def accept_invitation(error: AppError | None = None) -> Answer:
        token = request.values.get("token", "")
        try:
            found = invitations.look(realm, token)
        except Invalid as spent:
            return _shown(ground, "invitation", error or spent, token="", invitation=None)
        return _shown(ground, "invitation", error, token=token, invitation=found)

    @blueprint.post("/invitation")
    @edge(realm, login=False, tx=Tx.OWN, again=accept_invitation)
    def accept_invitation_now() -> Answer:
        form = request.form
        flows.accept(realm, form.get("token", ""), form.get("name", ""), form.get("password", ""))
        return see(ground.url("sign_in"), gettext("Welcome to the team; sign in"))


def _mine() -> UUID:
    """Return who is signed in as a person; keys have no devices."""
    user_id = principal().user_id
    if user_id is None:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    return user_id


def _mount_devices(blueprint: Blueprint, ground: Ground) -> None:
    realm = ground.realm
    gone = {COOKIES[realm]: ""}

    @blueprint.get("/devices")
    @edge(realm)
    def devices(error: AppError | None = None) -> Answer:
        found = sessions.devices(_mine())
        return _shown(ground, "devices", error, devices=found, here=principal().session_id)

    @blueprint.post("/devices/<uuid:session_id>/sign-out")
    @edge(realm)
    def sign_out_device(session_id: UUID) -> Answer:
        sessions.sign_out_device(_mine(), session_id)
        return see(ground.url("devices"), gettext("The device is signed out"))

    @blueprint.post("/devices/sign-out-everywhere")
    @edge(realm)
    def sign_out_everywhere() -> Answer:
        sessions.sign_out_everywhere(_mine())
        return See(ground.url("sign_in"), gettext("You are signed out everywhere"), gone)

    @blueprint.post("/devices/password")
    @edge(realm, tx=Tx.OWN, again=devices)
    def change_password() -> Answer:
        flows.change_password(_mine(), request.form.get("old", ""), request.form.get("password", ""))
        return See(ground.url("sign_in"), gettext("Your new password is set; sign in with it"), gone)
