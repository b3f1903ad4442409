"""The marketplace's rules, as anybody reads them: what applies, what comes, every version, changes, comments."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext

from core.customers import buyers
from core.http.answers import Answer, page, see
from core.http.edge import edge, principal
from core.identity.principals import Realm
from core.kernel.errors import AppError, Missing, _
from core.processes.policies import commenting, reading
from core.processes.policies.commenting import Voice
from core.processes.policies.kinds import kind_of
from core.processes.policies.reading import Version
from web import compliance, policies
from web.store.surface import blueprint
from web.submitting import refused

_MOST = 200


@blueprint.get("/policies", endpoint="policies")
@edge(Realm.BUYER, login=False)
def all_policies() -> Answer:
    """List what applies, and what is put to comment or comes."""
    standing, coming = reading.standing(), reading.coming(only_public=True)
    return page("store/policies.html", standing=list(standing.values()), coming=list(coming.values()),
                words=policies, canonical="/policies")  # fmt: skip


@blueprint.get("/policies/<policy>")
@edge(Realm.BUYER, login=False)
def policy(policy: str) -> Answer:
    """Show what applies of a policy; where nothing does yet, what is coming."""
    kind_of(policy)
    found = reading.versions(policy, only_public=True)
    shown = next((one for one in found if one.state == "in_force"), next(iter(found), None))
    if shown is None:
        raise Missing("policies.missing", _("There is no such version"))
    return _shown(shown)


@blueprint.get("/policies/<policy>/<int:number>")
@edge(Realm.BUYER, login=False)
def policy_version(policy: str, number: int, error: AppError | None = None) -> Answer:
    """Show one version, with comments while it is open to them and with the answers after."""
    return _shown(reading.public(policy, number), error)


def _shown(version: Version, error: AppError | None = None) -> Answer:
    history = reading.versions(version.kind.code, only_public=True)
    return page(
        "store/policy.html", version=version, heading=policies.title(version), body=policies.text_of(version.texts),
        summary=policies.text_of(version.summaries), history=history, words=policies, refusal=refused(error),
        wrong=compliance.field_errors(error), typed=request.form, is_guest=principal().user_id is None,
        comments=reading.comments(version.id, limit=_MOST) if version.comment_opens_at else (),
        canonical=url_for("store.policy_version", policy=version.kind.code, number=version.number),
    )  # fmt: skip


@blueprint.get("/policies/<policy>/<int:number>/changes")
@edge(Realm.BUYER, login=False)
def policy_changes(policy: str, number: int) -> Answer:
    """Show what a version changes, line by line."""
    version = reading.public(policy, number)
    return page("store/policy_changes.html", version=version, heading=policies.title(version),
                lines=policies.changes(version), corrected=policies.corrections(version), words=policies)  # fmt: skip


@blueprint.get("/policies/<policy>/<int:number>/file")
@edge(Realm.BUYER, login=False)
def policy_file(policy: str, number: int) -> Answer:
    """Send a version as a text to keep."""
    version = reading.public(policy, number)
    answer = Response(policies.text_of(version.texts), content_type="text/markdown; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{policy}-{number}.md")
    return answer


@blueprint.post("/policies/<policy>/<int:number>/comments")
@edge(Realm.BUYER, login=False, again=policy_version)
def comment_policy(policy: str, number: int) -> Answer:
    """Comment on a version, as a buyer or under a name of one's own."""
    version = reading.public(policy, number)
    commenting.say(version.id, request.form.get("text", ""), voice(request.form.get("name", "")))
    return see(url_for("store.policy_version", policy=policy, number=number), gettext("Thank you; it is published"))


def voice(name: str) -> Voice:
    """Return who speaks: the buyer who is signed in, else a guest by the name given."""
    user_id = principal().user_id
    known = buyers.customer_of(user_id) if user_id and principal().realm is Realm.BUYER else None
    return Voice(name, customer_id=known.id if known else None)
