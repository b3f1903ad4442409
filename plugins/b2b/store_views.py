"""A buyer's pages of their company: registering it, its people, places, limits and purchases."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.customers import buyers
from core.hooks.surfaces import Fragment, Page
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.http.submitting import controls, load, refused, text_of
from core.identity import addresses
from core.identity.principals import Realm
from core.kernel.errors import AppError, Denied, Missing, _
from plugins.b2b import companies, company_form, people, pricing, reading, wording
from plugins.b2b.reading import Seat
from plugins.b2b.rules import Role
from plugins.b2b.surface import store


def own_id() -> UUID:
    """Return the signed-in buyer. Raise Denied for a key or somebody who is no buyer."""
    user_id = principal().user_id
    found = buyers.customer_of(user_id) if user_id else None
    if found is None:
        raise Denied("b2b.buyers_only", _("Only a signed-in buyer can buy for a company"))
    return found.id


def own_seat() -> Seat:
    """Return what the buyer is in their company. Raise Missing without one."""
    found = reading.seat(own_id())
    if found is None:
        raise Missing("b2b.no_company", _("There is no such company"))
    return found


def managed() -> Seat:
    """Return the seat of a company's admin. Raise Denied for its other people."""
    found = own_seat()
    if not found.is_admin:
        raise Denied("b2b.admins_only", _("Only an admin of the company can do this"))
    return found


def own_invitations() -> list[reading.Invitation]:
    """Return the open invitations to the buyer's own address."""
    return reading.invitations_for(addresses.email_key(buyers.get(own_id()).email))


@store.get("/")
@edge(Realm.BUYER)
def company(error: AppError | None = None) -> Answer:
    """Show the buyer's company, or how to get one."""
    seat = reading.seat(own_id())
    if seat is None or seat.company.state == "rejected":
        return _unregistered(seat, error)
    found, more = reading.bought(seat.company.id, before=request.args.get("after", type=UUID))
    return page(
        "b2b/company.html", seat=seat, company=seat.company, purchases=found, refused=refused(error),
        people=[(one, wording.role(one.role), wording.limit(one.limit)) for one in reading.people(seat.company.id)],
        places=reading.locations(seat.company.id), state=wording.state(seat.company.state),
        tone=wording.TONES[seat.company.state], country=wording.country(seat.company.country),
        own=(wording.role(seat.role), wording.limit(seat.limit)), invited=_invited(seat),
        next_href=url_for("b2b_store.company", after=more) if more else "",
    )  # fmt: skip


def _invited(seat: Seat) -> list[tuple[reading.Invitation, str, str]]:
    found = reading.invitations(seat.company.id) if seat.is_admin else []
    return [(one, wording.role(one.role), wording.limit(one.limit)) for one in found]


def _unregistered(seat: Seat | None, error: AppError | None) -> Answer:
    held = seat.company if seat else None
    items = controls(company_form.company(), company_form.company_values(held), error)
    invited = [(one, wording.role(one.role), wording.limit(one.limit)) for one in own_invitations()] if not seat else []
    may_apply = seat is None or seat.is_admin
    return page(
        "b2b/register.html", held=held, items=items, refused=refused(error), invited=invited, may_apply=may_apply
    )


@store.post("/")
@edge(Realm.BUYER, again=company)
def apply() -> Answer:
    """Register a company."""
    companies.apply(own_id(), company_form.company_draft(load(company_form.company())))
    return see(url_for("b2b_store.company"), gettext("The company is registered"))


@store.post("/withdraw")
@edge(Realm.BUYER, again=company)
def withdraw() -> Answer:
    """Take back a company that was not approved yet."""
    companies.withdraw(managed().company.id)
    return see(url_for("b2b_store.company"), gettext("The company is taken back"))


@store.post("/leave")
@edge(Realm.BUYER, again=company)
def leave() -> Answer:
    """Leave the company."""
    seat = own_seat()
    people.remove(seat.company.id, seat.member_id)
    return see(
        url_for("b2b_store.company"), gettext("You do not buy for %(company)s any more", company=seat.company.name)
    )


@store.post("/invitations/<uuid:invitation_id>/<any(accept, decline):answer>")
@edge(Realm.BUYER, again=company)
def answer_invitation(invitation_id: UUID, answer: str) -> Answer:
    """Join a company, or turn its invitation down."""
    {"accept": people.accept, "decline": people.decline}[answer](own_id(), invitation_id)
    return see(url_for("b2b_store.company"), gettext("Saved"))


@store.get("/people/new")
@edge(Realm.BUYER)
def new_person(error: AppError | None = None) -> Answer:
    """Show an empty invitation."""
    seat = managed()
    items = controls(company_form.person(is_new=True), {}, error)
    return page("b2b/form.html", title=gettext("Invite somebody"), items=items, refused=refused(error), company=seat.company,
                action=url_for("b2b_store.invite"), label=gettext("Send the invitation"), remove_href="")  # fmt: skip


@store.post("/people/new")
@edge(Realm.BUYER, again=new_person)
def invite() -> Answer:
    """Invite somebody to buy for the company."""
    form = load(company_form.person(is_new=True))
    people.invite(managed().company.id, form["email"], Role(form["role"]), company_form.limit(form))
    return see(url_for("b2b_store.company"), gettext("The invitation is on its way"))


@store.post("/invitations/<uuid:invitation_id>/withdraw")
@edge(Realm.BUYER, again=company)
def withdraw_invitation(invitation_id: UUID) -> Answer:
    """Take an invitation back."""
    people.withdraw(managed().company.id, invitation_id)
    return see(url_for("b2b_store.company"), gettext("The invitation is taken back"))


@store.get("/people/<uuid:member_id>")
@edge(Realm.BUYER)
def person(member_id: UUID, error: AppError | None = None) -> Answer:
    """Show what one of the company's people may do."""
    seat = managed()
    found = next((one for one in reading.people(seat.company.id) if one.id == member_id), None)
    if found is None:
        raise Missing("b2b.no_member", _("This person does not buy for the company"))
    values = {"role": found.role.value, "limit": text_of(found.limit)}
    items = controls(company_form.person(is_new=False), values, error)
    return page("b2b/form.html", title=found.name or found.email, items=items, refused=refused(error), company=seat.company,
                action=url_for("b2b_store.change_person", member_id=member_id), label=gettext("Save"),
                remove_href=url_for("b2b_store.remove_person", member_id=member_id))  # fmt: skip


@store.post("/people/<uuid:member_id>")
@edge(Realm.BUYER, again=person)
def change_person(member_id: UUID) -> Answer:
    """Give somebody another role and limit."""
    form = load(company_form.person(is_new=False))
    people.change(managed().company.id, member_id, Role(form["role"]), company_form.limit(form))
    return see(url_for("b2b_store.company"), gettext("Saved"))


@store.post("/people/<uuid:member_id>/remove")
@edge(Realm.BUYER, again=person)
def remove_person(member_id: UUID) -> Answer:
    """Let somebody leave."""
    people.remove(managed().company.id, member_id)
    return see(url_for("b2b_store.company"), gettext("This person does not buy for the company any more"))


@store.get("/places/new")
@edge(Realm.BUYER)
def new_place(error: AppError | None = None) -> Answer:
    """Show an empty place."""
    seat = managed()
    items = controls(company_form.location(), {}, error)
    return page("b2b/form.html", title=gettext("New place"), items=items, refused=refused(error), company=seat.company,
                action=url_for("b2b_store.add_place"), label=gettext("Add the place"), remove_href="")  # fmt: skip


@store.post("/places/new")
@edge(Realm.BUYER, again=new_place)
def add_place() -> Answer:
    """Add a place of the company."""
    form = load(company_form.location())
    companies.add_location(managed().company.id, form["name"], form["address"], form["cost_centre"])
    return see(url_for("b2b_store.company"), gettext("The place is added"))


@store.post("/places/<uuid:location_id>/remove")
@edge(Realm.BUYER, again=company)
def remove_place(location_id: UUID) -> Answer:
    """Remove a place of the company."""
    companies.remove_location(managed().company.id, location_id)
    return see(url_for("b2b_store.company"), gettext("The place is gone"))


def fragments(asked: Page) -> Sequence[Fragment]:
    """Say whom one buys for on the account's overview, what a company pays beside a price, and what more would cost less."""
    if asked.slot == "account.home" and asked.viewer is not None and asked.viewer.customer_id is not None:
        seat = reading.seat(asked.viewer.customer_id)
        return [
            Fragment("b2b/account.html", {"seat": seat, "state": wording.state(seat.company.state) if seat else ""})
        ]
    if asked.slot == "product.below_price":
        return _prices(UUID(str(asked.subject["listing_id"])))
    if asked.slot == "cart.group" and asked.viewer is not None and asked.viewer.customer_id is not None:
        found = pricing.hints(asked.viewer.customer_id, UUID(str(asked.subject["shop_id"])))
        return [Fragment("b2b/hints.html", {"hints": found})] if found else ()
    return ()


def _prices(listing_id: UUID) -> Sequence[Fragment]:
    """Show a company's person the bands of a product; the page's own viewer is nobody, so that it can be kept."""
    who = principal()
    buyer = buyers.customer_of(who.user_id) if who.user_id and who.realm is Realm.BUYER else None
    seat = reading.seat(buyer.id) if buyer else None
    if seat is None or not seat.may_buy:
        return ()
    found = pricing.offered(seat.company.id, listing_id)
    return [Fragment("b2b/prices.html", {"company": seat.company.name, "offered": found})] if found else ()
