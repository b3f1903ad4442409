"""The style guide: every macro in every state, both themes, both languages.

`python -m web.styleguide` serves it. `/styleguide` shows the parts, `/styleguide/<page>` whole pages in each
shell: store, plain, merchant, operator, platform, error, mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import marshmallow as ma
from flask import Blueprint, Flask, abort, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from core.http import forms
from core.http.listing import BulkAction, Chip, Column, Listing, View
from core.kernel import clock
from core.kernel.money import Money
from web import assets, badges, headers, rendering, theme
from web.charts import Series

blueprint = Blueprint("styleguide", __name__, url_prefix="/styleguide")

PAGES = ("store", "plain", "merchant", "operator", "platform", "error", "mail")
_BRAND = "#b8412b"


class PointsSettings(ma.Schema):
    """A plugin's settings with one field of each kind."""

    enabled = fields.Boolean(
        load_default=True,
        metadata={
            "label": _l("Give points on orders"),
            "hint": _l("Added when the return period ends."),
            "group": _l("Earning"),
        },
    )
    rate = fields.Decimal(
        required=True,
        validate=validate.Range(0, 100),
        metadata={"label": _l("Points for each unit spent"), "suffix": _l("points"), "group": _l("Earning")},
    )
    count_on = fields.String(
        load_default="paid",
        validate=validate.OneOf(["paid", "list"], [_l("Amount paid"), _l("List price")]),
        metadata={"label": _l("Count on"), "group": _l("Earning")},
    )
    channels = fields.List(
        fields.String(validate=validate.OneOf(["store", "c2c"], [_l("Shops"), _l("Pre-owned")])),
        load_default=["store"],
        metadata={"label": _l("Where points are earned"), "group": _l("Earning")},
    )
    notify = fields.Email(metadata={"label": _l("Send balance reports to"), "group": _l("Reports")})
    starts = fields.Date(metadata={"label": _l("Starts on"), "group": _l("Reports")})
    note = fields.String(
        validate=validate.Length(max=500),
        metadata={"kind": "textarea", "label": _l("Note to staff"), "group": _l("Reports")},
    )
    api_key = fields.String(
        metadata={"kind": "secret", "label": _l("Partner API key"), "group": _l("Reports")},
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """An entry of the console's menu."""

    label: str
    href: str
    icon: str
    count: int = 0
    current: bool = False
    key: str = ""


def _nav() -> Sequence[tuple[str, Sequence[_Page]]]:
    return [
        (
            "",
            [
                _Page(_("Overview"), "#", "layout-dashboard", current=True, key="h"),
                _Page(_("Orders"), "#o", "shopping-bag", 12, key="o"),
                _Page(_("Merchants"), "#m", "store", 3, key="m"),
                _Page(_("Customers"), "#c", "users"),
            ],
        ),
        (_("Operations"), [_Page(_("Payouts"), "#p", "wallet"), _Page(_("Settings"), "#s", "settings")]),
    ]


def _orders(*, bulk: bool = True) -> Listing:
    now = clock.now()
    rows = [
        {
            "id": str(number),
            "href": f"#{number}",
            "number": f"M-{number}",
            "buyer": buyer,
            "amount": Money(minor, "CNY"),
            "state": ("order", state),
            "placed": now - timedelta(hours=hours),
        }
        for number, buyer, minor, state, hours in (
            (20418, "陈宇", 38400, "paid", 1),
            (20417, "Amelia Hart", 89900, "shipped", 3),
            (20416, "Zhou Min", 512000, "pending_payment", 30),
            (20415, "Tom Becker", 36900, "refunded", 300),
        )
    ]
    columns = [
        Column("number", _("Order"), sort_href="?sort=number"),
        Column("buyer", _("Buyer"), card="sub"),
        Column("state", _("Status"), kind="badge", card="st"),
        Column("placed", _("When"), kind="ago", sort_href="?sort=-placed", sorted="descending"),
        Column("amount", _("Amount"), kind="money", card="amt"),
    ]
    return Listing(
        id="orders",
        columns=columns,
        rows=rows,
        caption=_("Latest orders"),
        views=[View(_("All"), "#all", current=True), View(_("To ship"), "#ship", 8)],
        chips=[Chip(_("Paid this week"), "#clear")],
        clear_href="#none",
        bulk=[BulkAction("export", _("Export")), BulkAction("cancel", _("Cancel"), "danger")] if bulk else [],
        search="",
        next_href="#next",
        total=1204,
    )


_TENANT = SimpleNamespace(name="Sunday Market", slug="sunday", locale="en", currency="CNY", timezone="Asia/Shanghai")


@blueprint.before_request
def _bind() -> None:
    g.tenant = _TENANT


def _values() -> dict[str, object]:
    """What every page of the guide gets."""
    days = [str(day) for day in range(1, 15)]
    schema = PointsSettings()
    stored = {"rate": 1, "channels": ["store"], "api_key": "x"}
    wrong = schema.validate({"rate": "500", "notify": "nobody"})
    return {
        "tenant": _TENANT,
        "actor": SimpleNamespace(name="Lin Wei", permissions=()),
        "theme_href": "/styleguide/theme.css",
        "nav": _nav(),
        "categories": [(_("Home & living"), "#", True), (_("Bags"), "#", False), (_("Deals"), "#", False)],
        "cart_count": 3,
        "policies": [(_("Privacy"), "#"), (_("Returns"), "#")],
        "footer": [
            (_("Buying"), [(_("Delivery"), "#"), (_("Returns"), "#")]),
            (_("Selling"), [(_("Open a shop"), "#")]),
        ],
        "money": Money,
        "orders": _orders(),
        "no_orders": Listing("none", [Column("number", _("Order"))], [], _("Orders")),
        "machines": badges.BADGES,
        "items": forms.describe(schema, stored),
        "wrong_items": forms.describe(schema, {"rate": 500, "notify": "nobody"}, wrong),
        "days": days,
        "series": [
            Series(_("This month"), [32, 38, 43, 48, 45, 48, 50, 44, 44, 43, 36, 35, 36, 52]),
            Series(_("Last month"), [31, 39, 40, 40, 39, 37, 35, 38, 35, 32, 29, 27, 25, 30]),
        ],
        "parts": [
            Series(_("Goods"), [20, 24, 22, 28]),
            Series(_("Delivery"), [4, 5, 5, 6]),
            Series(_("Services"), [7, 6, 8, 9]),
        ],
        "hour_ago": clock.now() - timedelta(hours=2),
    }


@blueprint.get("/")
def parts() -> ResponseReturnValue:
    """Show every macro in every state."""
    return render_template("styleguide/parts.html", **_values())


@blueprint.get("/theme.css")
def theme_css() -> ResponseReturnValue:
    """Serve a tenant's theme for any brand colour (?brand=%23ffd400)."""
    response = make_response(theme.css(request.args.get("brand", _BRAND)))
    response.mimetype = "text/css"
    return response


@blueprint.get("/<page>")
def page(page: str) -> ResponseReturnValue:
    """Show one whole page in a shell."""
    if page not in PAGES:
        abort(404)
    console = page in {"merchant", "operator", "platform"}
    template = f"styleguide/{'console' if console else page}.html"
    return render_template(template, surface=page, code="req_8F3K22QD", retry_href="#", **_values())


def create_app() -> Flask:
    """Return an app that serves the style guide alone, under the real security headers."""
    assets.build()
    app = Flask("web")
    app.secret_key = "style guide"  # noqa: S105 - it signs nothing of value
    rendering.register(app)
    headers.register(app)
    app.register_blueprint(blueprint)
    return app


if __name__ == "__main__":
    create_app().run(port=5056, threaded=True)
