"""What payout forms of both consoles take."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from core.billing.payouts.terms import EVERY
from web.payouts import SCHEDULES, WEEKDAYS
from web.schemas.merchants import Strict


def _text(label: object, most: int, *, required: bool = False, **metadata: object) -> fields.String:
    rules = [validate.Length(min=1, max=most)] if required else [validate.Length(max=most)]
    default: dict[str, object] = {} if required else {"load_default": ""}
    return fields.String(required=required, validate=rules, metadata={"label": label, **metadata}, **default)  # type: ignore[arg-type]


class TermsIn(Strict):
    """When, from what amount and with what reserve merchants are paid."""

    every = fields.String(
        required=True, validate=validate.OneOf(EVERY, [SCHEDULES[name] for name in EVERY]),
        metadata={"label": _l("Pay out"), "group": _l("When"), "kind": "radio",
                  "hint": _l("At six in the morning of your time zone. Weekends and bank holidays are the bank's own matter.")},
    )  # fmt: skip
    weekday = fields.Integer(
        load_default=0, validate=validate.OneOf(range(7), WEEKDAYS),
        metadata={"label": _l("On"), "group": _l("When"), "kind": "select", "show_if": "every=weekly"},
    )  # fmt: skip
    month_day = fields.Integer(
        load_default=1, validate=validate.Range(1, 28),
        metadata={"label": _l("On day"), "group": _l("When"), "show_if": "every=monthly", "hint": _l("From 1 to 28.")},
    )  # fmt: skip
    minimum = _text(
        _l("Least amount"), 20, required=True, kind="money", group=_l("When"),
        hint=_l("Less than this waits for the next time. 0 pays everything."),
    )  # fmt: skip
    reserve_percent = fields.Decimal(
        required=True, places=2, validate=validate.Range(0, 100),
        metadata={"label": _l("Keep back of each completed order"), "group": _l("Reserve"), "suffix": "%",
                  "hint": _l("A reserve pays for refunds of goods that come back late. 0 keeps nothing.")},
    )  # fmt: skip
    reserve_days = fields.Integer(
        required=True, validate=validate.Range(0, 365),
        metadata={"label": _l("Keep it for"), "group": _l("Reserve"), "suffix": _l("days"),
                  "hint": _l("Then it is paid out by itself. Closing a shop does not free it earlier.")},
    )  # fmt: skip
    adapter = _text(_l("Pay by"), 40, required=True, group=_l("How"))
    takes_back = fields.Boolean(
        load_default=False,
        metadata={"label": _l("Fetch debts from paid payouts"), "group": _l("How"),
                  "hint": _l("Where the way of paying allows it. Otherwise a debt is taken off the next sales.")},
    )  # fmt: skip


class CommonTermsIn(TermsIn):
    """The marketplace's own terms, with what holds for all merchants."""

    approval_above = _text(
        _l("A second person approves above"), 20, kind="money", group=_l("Safety"),
        hint=_l("Leave it empty to let one person pay any amount."),
    )  # fmt: skip


class BankAccountIn(Strict):
    """Where money goes."""

    holder = _text(
        _l("Account holder"), 70, required=True, autocomplete="name", hint=_l("As the bank knows you.")
    )  # fmt: skip
    number = _text(
        _l("IBAN or account number"), 60, required=True, autocomplete="off", hint=_l("Spaces do not matter.")
    )
    bank_code = _text(
        _l("BIC or bank code"), 20, autocomplete="off",
        hint=_l("With an IBAN you may leave it empty. In China: the CNAPS code."),
    )  # fmt: skip
    bank_name = _text(_l("Name of the bank"), 70, autocomplete="off")
    country = fields.String(
        required=True, validate=validate.Length(equal=2), metadata={"label": _l("Country of the bank")}
    )


class HoldIn(Strict):
    """Why money is kept back."""

    message = _text(_l("Reason"), 500, required=True, kind="textarea", hint=_l("The merchant reads it."))
    amount = _text(_l("Amount"), 20, kind="money", hint=_l("Leave it empty to hold everything."))
    until = fields.Date(
        load_default=None, allow_none=True,
        metadata={"label": _l("Until"), "hint": _l("Leave it empty to hold until you lift it.")},
    )  # fmt: skip


class WithdrawalIn(Strict):
    """Money that came from a provider."""

    provider = _text(_l("Received from"), 40, required=True)
    amount = _text(_l("Amount"), 20, required=True, kind="money")
