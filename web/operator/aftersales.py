"""The operator's after-sales: every case, those to decide first, one case with the decision, and rules by category."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask_babel import gettext

from core.aftersales import deciding, exclusions, moves, queries, settling, talking
from core.aftersales.reasons import NEEDS_GOODS
from core.billing import views
from core.catalogue.tree import named, tree
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.kernel.tx import transaction
from core.orders import progress
from web import aftersale_forms as forms
from web import aftersale_lists as lists
from web import aftersale_words as words
from web import files, order_forms
from web.languages import language
from web.operator.surface import blueprint, menu

menu.add("Marketplace", 24, "After-sales", "operator.aftersales", "life-buoy", "orders.view")


@blueprint.get("/aftersales")
@edge(Realm.OPERATOR, "orders.view")
def aftersales() -> Answer:
    """List every merchant's cases, those to decide first."""
    rules = url_for("operator.return_rules") if principal().may("catalogue.manage") else ""
    listing = lists.listing(lists.asked(otherwise="escalated"), "operator")
    return page("console/aftersales.html", cases=listing, rules_href=rules)


@blueprint.get("/aftersales/<uuid:case_id>")
@edge(Realm.OPERATOR, "orders.view")
def aftersale(case_id: UUID, error: AppError | None = None) -> Answer:
    """Show a case with what both sides say."""
    case, row = queries.case(case_id), moves.find(case_id)
    expected = settling.expected(row, progress.find(case.order_id)) if case.is_open else None
    return page(
        "console/aftersale.html", case=case, order=views.order(case.order_id), next_step=words.operators_next(case),
        words=words, timeline=words.told(case.moments), expected=expected, left=settling.left(row),
        refunded=words.refunded(case), needs_goods=case.kind in NEEDS_GOODS, may_handle=False,
        may_decide=principal().may("aftersales.decide"),
        outcomes=[(outcome.value, words.OUTCOMES[outcome]) for outcome in deciding.outcomes(row)],
        said=order_forms.refusal(error), typed=request.form, prefix="operator.",
    )  # fmt: skip


def _back(case_id: UUID, toast: str) -> Answer:
    return see(url_for("operator.aftersale", case_id=case_id), toast)


@blueprint.post("/aftersales/<uuid:case_id>/escalate")
@edge(Realm.OPERATOR, "aftersales.decide", again=aftersale)
def escalate_aftersale(case_id: UUID) -> Answer:
    """Take a case out of the hands of buyer and shop."""
    deciding.take_over(case_id, request.form.get("text", ""))
    return _back(case_id, gettext("Taken over; both sides have been told"))


@blueprint.post("/aftersales/<uuid:case_id>/decide")
@edge(Realm.OPERATOR, "aftersales.decide", again=aftersale)
def decide_aftersale(case_id: UUID) -> Answer:
    """Decide a case."""
    form, currency = request.form, moves.find(case_id).currency
    amount = forms.amount(form.get("amount", ""), currency) if form.get("outcome") == "refund" else None
    deciding.decide(case_id, form.get("outcome", ""), form.get("text", ""), amount)
    return _back(case_id, gettext("Decided; both sides have been told"))


@blueprint.post("/aftersales/<uuid:case_id>/messages")
@edge(Realm.OPERATOR, "aftersales.decide", tx=Tx.OWN, again=aftersale)
def write_aftersale(case_id: UUID) -> Answer:
    """Write to both sides, and add photographs."""
    photos = forms.photos()
    with transaction():
        talking.add_photos(case_id, photos)
        if request.form.get("text", "").strip() or not photos:
            talking.write(case_id, request.form.get("text", ""))
    return _back(case_id, gettext("Sent"))


@blueprint.get("/aftersales/<uuid:case_id>/photos/<uuid:media_id>/file")
@edge(Realm.OPERATOR, "orders.view")
def aftersale_photo_file(case_id: UUID, media_id: UUID) -> Answer:
    """Send a photograph of the case."""
    return files.shown(talking.photo(moves.find(case_id), media_id))


@blueprint.get("/aftersales/<uuid:case_id>/label")
@edge(Realm.OPERATOR, "orders.view")
def aftersale_label_file(case_id: UUID) -> Answer:
    """Send the label for the way back."""
    return files.shown(talking.label(moves.find(case_id)))


@blueprint.get("/aftersales/rules")
@edge(Realm.OPERATOR, "catalogue.manage")
def return_rules(error: AppError | None = None, **_ids: UUID) -> Answer:
    """Show the categories whose goods cannot be sent back for a change of mind."""
    rules = [
        (
            named(one.names, language()),
            one.ground.value,
            one.created_at,
            url_for("operator.remove_return_rule", rule_id=one.id),
        )
        for one in exclusions.of_categories()
    ]
    return page("console/return_rules.html", rules=rules, grounds=words.GROUNDS, categories=_categories(),
                prefix="operator.", said=order_forms.refusal(error), typed=request.form)  # fmt: skip


def _categories() -> list[tuple[str, str]]:
    """Return every category, those below others with their place."""
    nodes = sorted(tree().nodes.values(), key=lambda node: node.path)
    return [(str(node.id), "– " * node.path.count("/") + node.name(language())) for node in nodes]


@blueprint.post("/aftersales/rules")
@edge(Realm.OPERATOR, "catalogue.manage", again=return_rules)
def add_return_rule() -> Answer:
    """Exclude a category."""
    category_id = request.form.get("category_id", type=UUID)
    if category_id is None:
        raise Missing("catalogue.no_category", _("There is no such category"))
    exclusions.exclude_category(category_id, request.form.get("ground", ""))
    return see(url_for("operator.return_rules"), gettext("Saved"))


@blueprint.post("/aftersales/rules/<uuid:rule_id>/remove")
@edge(Realm.OPERATOR, "catalogue.manage", again=return_rules)
def remove_return_rule(rule_id: UUID) -> Answer:
    """Let a category's goods be sent back again."""
    exclusions.remove(rule_id)
    return see(url_for("operator.return_rules"), gettext("Removed"))
