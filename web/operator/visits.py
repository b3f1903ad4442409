"""Where the platform's staff come in to look at a marketplace's console."""

from __future__ import annotations

from flask import request, url_for

from core.http.answers import Answer, Page, See
from core.http.edge import COOKIES, edge
from core.identity import tokens, visits
from core.identity.principals import Realm
from core.kernel.errors import AppError, Invalid
from web.auth.views import wrong
from web.operator.surface import blueprint


@blueprint.get("/visit")
@edge(Realm.OPERATOR, login=False)
def visit(error: AppError | None = None) -> Answer:
    """Show what a visit is, before it begins."""
    token = request.values.get("token", "")
    try:
        tokens.look(tokens.VISIT, Realm.OPERATOR, token)
    except Invalid as spent:
        return Page("auth/visit.html", {**wrong(error or spent), "token": ""})
    return Page("auth/visit.html", {**wrong(error), "token": token})


@blueprint.post("/visit")
@edge(Realm.OPERATOR, login=False, again=visit)
def begin_visit() -> Answer:
    """Begin the visit of the link."""
    opened = visits.enter(request.form.get("token", ""))
    return See(url_for("operator.home"), "", {COOKIES[Realm.OPERATOR]: opened.token}, visits.LASTS)
