"""A marketplace's own settings: one versioned document with a schema, defaults for what is absent, pure upgrades."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate
from sqlalchemy import select

from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.money import Money
from core.kernel.tenancy import bound, current_id
from core.kernel.tx import after_commit
from tenants import values
from tenants.models import TenantRow
from tenants.upgrades import DEFAULTS, VERSION, upgraded

POLICIES = ("terms", "privacy", "returns", "delivery", "imprint", "help", "about")
LANGUAGES = ("en", "zh")
_POLICY_LABELS = {
    "terms": _("Terms of sale"), "privacy": _("Privacy"), "returns": _("Returns"), "delivery": _("Delivery"),
    "imprint": _("Imprint"), "help": _("Help"), "about": _("About us"),
}  # fmt: skip
_LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
Shown = Callable[[str], str]
Controls = dict[str, fields.Field[Any]]


def plain(text: str) -> str:
    """Leave a label in English; pages hand in gettext."""
    return text


def _text(label: str, group: str, longest: int = 200, **more: Any) -> fields.String:
    rule = validate.Length(max=longest)
    return fields.String(validate=rule, load_default="", metadata={"label": label, "group": group, **more})


def _number(label: str, group: str, low: int, high: int, default: int, **more: Any) -> fields.Integer:
    rule = validate.Range(min=low, max=high)
    return fields.Integer(validate=rule, load_default=default, metadata={"label": label, "group": group, **more})


def _switch(label: str, group: str, *, default: bool, **more: Any) -> fields.Boolean:
    return fields.Boolean(load_default=default, metadata={"label": label, "group": group, **more})


def _brand(say: Shown) -> Controls:
    group = say(_("Brand"))
    colour = validate.Regexp(r"#[0-9a-fA-F]{6}\Z", error=_("Give a colour such as #b8412b"))
    lines = {
        f"{name}_{language}": _text(f"{say(label)} ({_LANGUAGE_NAMES[language]})", group, longest)
        for name, label, longest in (
            ("tagline", _("Tagline"), 120),
            ("hero_title", _("Headline of the first page"), 120),
            ("hero_text", _("Text below the headline"), 400),
        )
        for language in LANGUAGES
    }
    return {
        "brand_hex": fields.String(
            validate=colour,
            load_default=DEFAULTS["brand_hex"],
            metadata={"label": say(_("Brand colour")), "group": group, "kind": "color",
                      "hint": say(_("Buttons and links take it; text on it stays readable whatever you choose."))},
        ),
        **lines,
        "support_email": fields.String(
            validate=validate.Regexp(r"(?:[^@\s]+@[^@\s]+\.[^@\s]+)?\Z", error=_("Not a valid email address.")),
            load_default="",
            metadata={"label": say(_("E-mail for questions")), "group": group, "kind": "email"},
        ),
    }  # fmt: skip


def _selling(say: Shown) -> Controls:
    group = say(_("Selling"))
    return {
        "applications_open": _switch(
            say(_("Merchants may apply")), group, default=True,
            hint=say(_("When this is off, merchants come in by invitation only.")),
        ),
        "review_listings": _switch(
            say(_("Review products before they go live")), group, default=True,
            hint=say(_("When this is off, checks that run by themselves still apply.")),
        ),
        "reservation_minutes": _number(
            say(_("Hold stock during payment")), group, 5, 1440, 30, suffix=say(_("minutes"))
        ),
        "return_days": _number(
            say(_("Days to return goods")), group, 0, 365, 14, suffix=say(_("days")),
            hint=say(_("The law of the buyer's country may ask for more; then that holds.")),
        ),
        "auto_complete_days": _number(
            say(_("Complete orders after delivery")), group, 1, 90, 14, suffix=say(_("days")),
            hint=say(_("Never before the time to return goods is over. Then money is released to the merchant.")),
        ),
    }  # fmt: skip


def _money_safety(say: Shown) -> Controls:
    tenant = bound()
    return {
        "refund_second_person": fields.String(
            validate=_is_amount, load_default="",
            metadata={
                "label": say(_("Refunds above this need a second person")), "group": say(_("Four eyes")),
                "kind": "money", "prefix": tenant.currency if tenant else "",
                "hint": say(_("Counted over all refunds of an order. Empty: one person is enough.")),
            },
        ),
        "reconcile_second_person": fields.String(
            validate=_is_amount, load_default=DEFAULTS["reconcile_second_person"],
            metadata={
                "label": say(_("Entries of reconciliation above this need a second person")),
                "group": say(_("Four eyes")), "kind": "money", "prefix": tenant.currency if tenant else "",
                "hint": say(_("In another currency they always do. Empty: one person is enough.")),
            },
        ),
        "reconcile_wait_days": _number(
            say(_("Money may be on its way for")), say(_("Reconciliation")), 0, 30,
            int(DEFAULTS["reconcile_wait_days"]), suffix=say(_("days")),
            hint=say(_("What one side does not have yet counts as a difference only then.")),
        ),
    }  # fmt: skip


_AFTERSALES = (
    ("aftersale_answer_days", _("Shop answers a request within"), 30),
    ("aftersale_send_days", _("Buyer sends goods back within"), 60),
    ("aftersale_arrive_days", _("Goods sent back count as arrived after"), 60),
    ("aftersale_inspect_days", _("Shop looks at returned goods within"), 30),
    ("aftersale_replace_days", _("Shop sends a replacement or repair within"), 60),
    ("aftersale_dispute_days", _("Buyer takes an offer, or calls you, within"), 60),
    ("aftersale_decide_days", _("You decide a case within"), 30),
)


def _choice(label: str, group: str, default: str, options: Mapping[str, str], **more: Any) -> fields.String:
    rule = validate.OneOf(list(options), labels=list(options.values()))
    return fields.String(validate=rule, load_default=default, metadata={"label": label, "group": group, **more})


def _aftersales(say: Shown) -> Controls:
    group, unit = say(_("After-sales")), say(_("days"))
    payers = {"buyer": say(_("The buyer")), "merchant": say(_("The shop"))}
    return {
        "aftersale_fault_days": _number(
            say(_("Days to report a fault")), group, 0, 1095, 365, suffix=unit,
            hint=say(_("Counted from receipt. The law of the buyer's country may ask for more; then that holds.")),
        ),
        **{name: _number(say(label), group, 1, most, int(DEFAULTS[name]), suffix=unit)
           for name, label, most in _AFTERSALES},
        "aftersale_no_answer": _choice(
            say(_("When the shop does not answer")), group, "approve",
            {"approve": say(_("The request is approved by itself")), "escalate": say(_("You decide"))},
        ),
        "aftersale_no_inspection": _choice(
            say(_("When the shop does not look at returned goods")), group, "refund",
            {"refund": say(_("The buyer is refunded by itself")), "escalate": say(_("You decide"))},
        ),
        "aftersale_change_payer": _choice(
            say(_("Who pays for sending back after a change of mind")), group, "buyer", payers
        ),
        "aftersale_fault_payer": _choice(
            say(_("Who pays for sending back faulty goods")), group, "merchant", payers,
            hint=say(_("In the European Union and in China the law says that it is the shop.")),
        ),
    }  # fmt: skip


def _is_amount(text: str) -> None:
    """Raise ValidationError unless a text is empty or an amount of the tenant's currency, not negative."""
    tenant = bound()
    try:
        found = Money.parse(text or "0", tenant.currency if tenant else "EUR")
    except Invalid:
        raise ValidationError(_("Enter an amount such as 500 or 499.50")) from None
    if found.minor < 0:
        raise ValidationError(_("Enter an amount such as 500 or 499.50"))


def _disputes(say: Shown) -> Controls:
    group = say(_("Disputes"))
    names = {"platform": _("The marketplace"), "merchants": _("The merchants, by their shares")}
    return {
        "dispute_fee": fields.String(
            validate=validate.OneOf(tuple(names), labels=[say(label) for label in names.values()]),
            load_default=DEFAULTS["dispute_fee"],
            metadata={"label": say(_("Who pays the provider's dispute fee")), "group": group,
                      "hint": say(_("Of disputes that are lost; of those that are won it is always the marketplace."))},
        )
    }  # fmt: skip


def _tax(say: Shown) -> Controls:
    group = say(_("Tax"))
    return {
        "prices_include_tax": _switch(say(_("Prices include tax")), group, default=True),
        "default_tax_bps": _number(
            say(_("Usual tax rate")), group, 0, 10_000, 0, suffix=say(_("hundredths of a per cent")),
            hint=say(_("2300 means 23 %; 0 takes the standard rate of the country. Products may have a rate of their own.")),
        ),
    }  # fmt: skip


def _company(say: Shown) -> Controls:
    group = say(_("Company"))
    return {
        "legal_name": _text(
            say(_("Legal name")), group, 120,
            hint=say(_("Stands on statements and invoices. Empty: the marketplace's name.")),
        ),
        "legal_address": _text(say(_("Address on documents")), group, 400, kind="textarea", rows=3),
        "tax_number": _text(say(_("Tax number")), group, 40),
        "registration_number": _text(say(_("Registration number")), group, 40),
        "item_tax_bps": _number(
            say(_("Tax on periodic fees")), group, 0, 10_000, 0, suffix=say(_("hundredths of a per cent")),
            hint=say(_("For fees that arise from time, such as memberships and storage. Order fees carry their own tax.")),
        ),
    }  # fmt: skip


def _policies(say: Shown) -> Controls:
    group = say(_("Policies"))
    return {
        f"policy_{policy}_{language}": _text(
            f"{say(_POLICY_LABELS[policy])} ({_LANGUAGE_NAMES[language]})", group, 60_000, kind="markdown", rows=5
        )
        for policy in POLICIES
        for language in LANGUAGES
    }


def schema(say: Shown = plain, *, partial: bool = False) -> Schema:
    """Return the schema of the settings; `say` turns labels into the reader's language, partial asks for no default."""
    controls = {
        **_brand(say), **_selling(say), **_aftersales(say), **_money_safety(say), **_disputes(say), **_tax(say), **_company(say), **_policies(say),
    }  # fmt: skip
    made: type[Schema] = Schema.from_dict(controls, name="CoreSettings")
    return made(unknown=RAISE, partial=partial)


def load(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Check settings and return them as stored; what is absent takes its default. Raise Invalid by field."""
    rules = schema()
    try:
        loaded = rules.load(raw)
    except ValidationError as error:
        wrong = tuple(FieldError(str(name), " ".join(map(str, texts))) for name, texts in error.messages_dict.items())
        raise Invalid("settings.invalid", _("The settings do not hold together"), fields=wrong) from None
    stored: dict[str, Any] = rules.dump(loaded)
    return {**stored, "schema_version": VERSION}


def shown() -> dict[str, Any]:
    """Return the bound tenant's settings as the schema loads them."""
    stored = session().scalars(select(TenantRow.settings).where(TenantRow.id == current_id())).one()
    known = schema().fields
    return {name: value for name, value in upgraded(stored).items() if name in known}


def change(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Replace settings by name and keep the others. Raise Invalid by field."""
    row = session().scalars(select(TenantRow).where(TenantRow.id == current_id()).with_for_update()).one()
    before = upgraded(row.settings)
    known = schema().fields
    merged = {**{name: value for name, value in before.items() if name in known}, **raw}
    stored = load(merged)
    changed = sorted(name for name, value in stored.items() if before.get(name) != value)
    row.settings = stored
    row.version += 1
    audit.record("settings.changed", "tenant", row.id, names=", ".join(changed))
    tenant_id = row.id
    after_commit(lambda: values.forget(tenant_id))
    return {name: value for name, value in stored.items() if name in known}
