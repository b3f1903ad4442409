"""What the roles of each realm may hold, and the roles that are there from the start."""

from __future__ import annotations

from collections.abc import Mapping

from core.hooks.declare import declare_permissions
from core.hooks.runtime import plugins
from core.identity.principals import Realm
from core.kernel.errors import FieldError, Invalid, _

PERMISSIONS: Mapping[Realm, Mapping[str, str]] = {
    Realm.OPERATOR: {
        "merchants.review": _("Review, approve and suspend merchants"),
        "listings.review": _("Review listings"),
        "catalogue.manage": _("Manage categories and tags"),
        "orders.view": _("See orders"),
        "orders.refund": _("Refund orders"),
        "orders.complete": _("Complete orders early"),
        "aftersales.decide": _("Decide after-sales cases"),
        "customers.view": _("See customers"),
        "ledger.view": _("See the ledger and statements"),
        "payouts.manage": _("Pay merchants out"),
        "ledger.close": _("Issue statements and close months"),
        "ledger.post": _("Write manual entries and approve those of others"),
        "plan.view": _("See the plan and the platform's invoices"),
        "plan.manage": _("Change the plan and pay the platform's invoices"),
        "plugins.manage": _("Switch plugins on and off"),
        "settings.manage": _("Change settings"),
        "team.manage": _("Manage people and roles"),
        "keys.manage": _("Manage API keys"),
        "audit.view": _("See the log"),
        "history.import": _("Import the history of another marketplace"),
        "compliance.view": _("See compliance"),
        "compliance.manage": _("Manage compliance: rules, waivers, food sellers"),
    },
    Realm.MERCHANT: {
        "listings.view": _("See listings"),
        "listings.edit": _("Edit listings"),
        "stock.edit": _("Change stock"),
        "imports.run": _("Import files"),
        "orders.view": _("See orders"),
        "orders.fulfil": _("Ship orders"),
        "orders.refund": _("Refund orders"),
        "aftersales.handle": _("Handle returns and claims"),
        "money.view": _("See money and statements"),
        "bank.manage": _("Change bank details"),
        "shop.manage": _("Manage the shop"),
        "compliance.answer": _("See compliance and put it right"),
        "team.manage": _("Manage people and roles"),
        "keys.manage": _("Manage API keys"),
    },
    Realm.PLATFORM: {
        "tenants.view": _("See marketplaces"),
        "tenants.manage": _("Open, suspend and close marketplaces"),
        "billing.view": _("See plans, usage and invoices of marketplaces"),
        "billing.manage": _("Change plans, and issue, pay and credit invoices"),
        "jobs.manage": _("Manage jobs"),
        "team.manage": _("Manage people and roles"),
    },
    Realm.BUYER: {},
}

TEMPLATES: Mapping[Realm, Mapping[str, tuple[str, ...]]] = {
    Realm.OPERATOR: {
        _("Manager"): (
            "merchants.review", "listings.review", "catalogue.manage", "orders.view", "orders.refund",
            "aftersales.decide", "customers.view", "ledger.view", "settings.manage", "team.manage", "audit.view",
            "compliance.view", "compliance.manage",
        ),
        _("Moderator"): ("merchants.review", "listings.review", "catalogue.manage", "compliance.view"),
        _("Support"): ("orders.view", "orders.refund", "aftersales.decide", "customers.view"),
        _("Finance"): ("orders.view", "ledger.view", "ledger.close", "ledger.post", "payouts.manage", "audit.view",
                       "plan.view"),
    },
    Realm.MERCHANT: {
        _("Manager"): (
            "listings.view", "listings.edit", "stock.edit", "imports.run", "orders.view", "orders.fulfil",
            "orders.refund", "aftersales.handle", "money.view", "shop.manage", "team.manage", "compliance.answer",
        ),
        _("Catalogue"): ("listings.view", "listings.edit", "stock.edit", "imports.run"),
        _("Warehouse"): ("listings.view", "stock.edit", "orders.view", "orders.fulfil", "aftersales.handle"),
        _("Finance"): ("orders.view", "money.view"),
    },
    Realm.PLATFORM: {
        _("Observer"): ("tenants.view",),
        _("Engineer"): ("tenants.view", "jobs.manage"),
        _("Finance"): ("tenants.view", "billing.view", "billing.manage"),
    },
    Realm.BUYER: {},
}  # fmt: skip


def known(realm: Realm) -> Mapping[str, str]:
    """Return permissions and labels of a realm, those that plugins declare included."""
    declared = {p.name: p.label for p in plugins().collect(declare_permissions) if p.surface.value == realm.value}
    return {**PERMISSIONS[realm], **declared}


def check(realm: Realm, wanted: list[str], held: frozenset[str]) -> tuple[str, ...]:
    """Return permissions in order, without repeats. Raise Invalid for an unknown one or one that the giver lacks."""
    names = known(realm)
    for name in wanted:
        if name not in names:
            fault = _("There is no permission {permission}")
            raise Invalid("identity.no_such_permission", fault, permission=name[:60])
        if "*" not in held and name not in held:
            fault = _("You cannot give {permission}, because your own role does not include it")
            raise Invalid(
                "identity.not_yours_to_give", fault, permission=name, fields=(FieldError("permissions", fault),)
            )
    return tuple(name for name in names if name in wanted)
