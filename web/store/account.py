"""A buyer's account: overview and addresses."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import Locale, get_locale, gettext

from core.customers import addresses, buyers
from core.http import slots
from core.http.answers import Answer, Page, see
from core.http.edge import edge, principal
from core.identity import accounts
from core.identity.principals import Realm
from core.kernel.errors import AppError, Unauthenticated, _
from web import languages
from web.auth.views import wrong
from web.shopping import viewer
from web.store.surface import blueprint


def customer_id() -> UUID:
    """Return the buyer who is signed in. Raise Unauthenticated for a guest."""
    user_id = principal().user_id
    known = buyers.customer_of(user_id) if user_id else None
    if known is None:
        raise Unauthenticated("identity.sign_in", _("Sign in to see this"))
    return known.id


@blueprint.get("/account")
@edge(Realm.BUYER)
def account(error: AppError | None = None) -> Answer:
    """Show who one is here."""
    buyer = buyers.get(customer_id())
    form = request.form if error else {"name": buyer.name, "phone": buyer.phone}
    given = {"buyer": buyer, "form": form, "locale": accounts.get(principal().user_id or buyer.id).locale,
             "pieces": slots.drawn(slots.filled("account.home", {}, viewer()))}  # fmt: skip
    return Page("account/overview.html", {**given, **wrong(error)})


@blueprint.post("/account")
@edge(Realm.BUYER, again=account)
def change_account() -> Answer:
    """Change name, phone and the language of mail."""
    key, form = customer_id(), request.form
    locale = form.get("locale", "")
    locale = locale if locale in languages.LOCALES else ""
    accounts.rename(principal().user_id or key, form.get("name", ""), locale)
    buyers.change(key, form.get("name", ""), form.get("phone", ""))
    return see(url_for("store.account"), gettext("Saved"))


@blueprint.get("/account/addresses", endpoint="addresses")
@edge(Realm.BUYER)
def addresses_page(error: AppError | None = None, address_id: UUID | None = None) -> Answer:
    """Show the addresses; with one to edit its form is open."""
    buyer = customer_id()
    chosen = address_id or _asked()
    edited = addresses.address(buyer, chosen) if chosen else None
    given = {"addresses": addresses.addresses(buyer), "edited": edited, "form": request.form if error else None}
    return Page("account/addresses.html", {**given, **wrong(error), "countries": countries()})


def countries() -> list[tuple[str, str]]:
    """Return codes and names in the reader's language, by name."""
    names = (get_locale() or Locale("en")).territories
    return sorted(((c, str(names.get(c, c))) for c in addresses.COUNTRIES), key=lambda pair: pair[1])


def _asked() -> UUID | None:
    try:
        return UUID(request.args.get("edit", ""))
    except ValueError:
        return None


@blueprint.post("/account/addresses")
@edge(Realm.BUYER, again=addresses_page)
def add_address() -> Answer:
    """Keep a new address."""
    addresses.add(customer_id(), addresses.place(request.form))
    return see(url_for("store.addresses"), gettext("Saved"))


@blueprint.post("/account/addresses/<uuid:address_id>")
@edge(Realm.BUYER, again=addresses_page)
def edit_address(address_id: UUID) -> Answer:
    """Replace what an address says."""
    addresses.edit(customer_id(), address_id, addresses.place(request.form))
    return see(url_for("store.addresses"), gettext("Saved"))


@blueprint.post("/account/addresses/<uuid:address_id>/default")
@edge(Realm.BUYER)
def default_address(address_id: UUID) -> Answer:
    """Deliver here from now on."""
    addresses.make_default(customer_id(), address_id)
    return see(url_for("store.addresses"), gettext("Saved"))


@blueprint.post("/account/addresses/<uuid:address_id>/remove")
@edge(Realm.BUYER)
def remove_address(address_id: UUID) -> Answer:
    """Forget an address."""
    addresses.remove(customer_id(), address_id)
    return see(url_for("store.addresses"), gettext("The address is removed"))
