"""What pages and the API take of merchants and shops."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, fields, validate

from core.merchants.applying import KINDS


class Strict(Schema):
    """The base of every body: an unknown field is refused."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE


def countries() -> list[tuple[str, str]]:
    """Return countries by their names in the reader's language, in its order."""
    locale = get_locale()
    names = {code: str(name) for code, name in (locale.territories if locale else {}).items()}
    real = {code: name for code, name in names.items() if len(code) == 2 and code not in ("EU", "EZ", "UN", "QO", "ZZ")}
    return sorted(((c, n) for c, n in real.items() if c[0] != "X" or c == "XK"), key=lambda pair: pair[1])


def _text(label: object, *, most: int = 120, required: bool = False, **metadata: object) -> fields.String:
    rules = [validate.Length(min=1, max=most)] if required else [validate.Length(max=most)]
    default: dict[str, object] = {} if required else {"load_default": ""}
    return fields.String(required=required, validate=rules, metadata={"label": label, **metadata}, **default)  # type: ignore[arg-type]


class WhoIn(Strict):
    """Who applies."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(
            KINDS, [_l("A person"), _l("A company"), _l("A promoter, who recommends but does not sell")]
        ),
        metadata={"label": _l("You are"), "hint": _l("A person who sells as a trade is a person, not a company.")},
    )
    name = _text(_l("Name under which you trade"), required=True, autocomplete="organization")
    country = fields.String(
        required=True, metadata={"label": _l("Country of your business"), "autocomplete": "country"}
    )


class BusinessIn(Strict):
    """How to reach a merchant, and its numbers."""

    email = fields.Email(required=True, metadata={"label": _l("E-mail"), "autocomplete": "email",
                                                  "hint": _l("Decisions go there.")})  # fmt: skip
    phone = _text(_l("Telephone"), most=40, required=True, autocomplete="tel")
    registration_number = _text(
        _l("Number in the trade register"),
        most=60,
        hint=_l("Companies need one. In China: the unified social credit code."),
    )
    tax_number = _text(_l("VAT or tax number"), most=60, hint=_l("If you have one."))


class AddressIn(Strict):
    """A postal address."""

    name = _text(_l("Name on the address"), autocomplete="organization")
    line1 = _text(_l("Street and number"), required=True, autocomplete="address-line1")
    line2 = _text(_l("Further line"), autocomplete="address-line2")
    postcode = _text(_l("Postcode"), most=16, autocomplete="postal-code")
    city = _text(_l("Town or city"), required=True, autocomplete="address-level2")
    region = _text(_l("County or province"), autocomplete="address-level1")
    country = fields.String(required=True, metadata={"label": _l("Country"), "autocomplete": "country"})


class ShopIn(Strict):
    """A new shop."""

    name = _text(_l("Name of the shop"), most=80, required=True)
    slug = _text(_l("Address in the storefront"), most=60, placeholder="tallow-lane",
                 hint=_l("Lower-case letters, digits and hyphens. Empty: made of the name."))  # fmt: skip
    city = _text(_l("Town or city"), most=80, hint=_l("Buyers see where the shop is."))
    story = _text(_l("Story"), most=20_000, kind="textarea", rows=8,
                  hint=_l("Who makes or chooses the goods, and how. Markdown may be used."))  # fmt: skip


class ProfileIn(Strict):
    """What buyers see of a shop."""

    name = _text(_l("Name of the shop"), most=80, required=True)
    slug = _text(_l("Address in the storefront"), most=60, required=True,
                 hint=_l("Links to the old address break when you change it."))  # fmt: skip
    city = _text(_l("Town or city"), most=80)
    story = _text(_l("Story"), most=20_000, kind="textarea", rows=10, hint=_l("Markdown may be used."))


class PoliciesIn(Strict):
    """A shop's texts, and for how many days goods may be sent back."""

    return_days = fields.Integer(required=True, validate=validate.Range(0, 365),
                                 metadata={"label": _l("Goods may be sent back for"), "suffix": _l("days"),
                                           "hint": _l("Buyers in the EU have at least 14 days by law.")})  # fmt: skip
    returns = _text(_l("Returns"), most=20_000, kind="textarea", rows=6,
                    hint=_l("Who pays for sending back, and what cannot be sent back."))  # fmt: skip
    delivery = _text(_l("Delivery"), most=20_000, kind="textarea", rows=6)
    privacy = _text(_l("Privacy"), most=20_000, kind="textarea", rows=6)
    imprint = _text(_l("Legal notice"), most=20_000, kind="textarea", rows=6)


def _day(label: object) -> fields.String:
    return _text(label, most=60, placeholder="09:00-17:30")


class HoursIn(Strict):
    """Opening hours by day; an empty day is closed."""

    mon, tue, wed, thu, fri, sat, sun = (
        _day(label)
        for label in (
            _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"),
        )
    )  # fmt: skip


class HolidayIn(Strict):
    """A break."""

    until = fields.Date(load_default=None, allow_none=True,
                        metadata={"label": _l("Back on"), "hint": _l("The shop opens by itself then.")})  # fmt: skip
    note = _text(_l("Note to buyers"), most=500, kind="textarea", rows=3,
                 placeholder=_l("We are at a fair and send orders again from the 3rd."))  # fmt: skip


class DeliveryIn(Strict):
    """A delivery option in a form; amounts are plain decimals of the marketplace's currency."""

    label = _text(_l("Name"), most=80, required=True, placeholder=_l("Tracked post"))
    price = _text(_l("Price"), most=20, required=True, kind="money", hint=_l("0 is free."))
    free_from = _text(_l("Free from this value of goods"), most=20, kind="money")
    min_days = fields.Integer(required=True, validate=validate.Range(0, 120),
                              metadata={"label": _l("At least"), "suffix": _l("working days")})  # fmt: skip
    max_days = fields.Integer(required=True, validate=validate.Range(0, 120),
                              metadata={"label": _l("At most"), "suffix": _l("working days")})  # fmt: skip
    is_active = fields.Boolean(load_default=True, metadata={"label": _l("Offer it to buyers")})


class ReasonIn(Strict):
    """A word from the operator to a merchant."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000), metadata={"label": _l("Reason")})
