"""The marketplace in a dispute: a mediator who was not involved before, and a decision that can command a refund."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.compliance import holdings
from core.kernel import audit, clock
from core.kernel.errors import Conflict, Denied, FieldError, Invalid, _
from core.kernel.money import Money
from core.processes.complaints import moving as complaints
from core.processes.conflicts import money, moving
from core.processes.conflicts.models import ConflictRow
from core.processes.policies import finding

SOURCE, FRAUD = "conflict", "cn.crpl.55.1"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its reasons: `amount_minor` goes back, `extra_minor` the shop pays besides, as for fraud."""

    text: str
    clause: str
    amount_minor: int = 0
    extra_minor: int = 0
    is_fraud: bool = False


def take(conflict_id: UUID, *, by: UUID, name: str) -> None:
    """Mediate a dispute from now on. Raise Denied for whoever has handled the complaint before."""
    row = moving.locked(conflict_id)
    moving.require(row, "negotiation", "mediation")
    if row.complaint_id and complaints.row_of(row.complaint_id).owner_id == by:
        raise Denied("conflicts.involved", _("You have handled the complaint; somebody else must mediate"))
    row.mediator_id, row.mediator = by, name[:120]
    audit.record("conflict.taken", "conflict", row.id)


def decide(conflict_id: UUID, decision: Decision, *, by: UUID) -> None:
    """Decide over money that is held, as the published rules on disputes allow, and have the amount given back.

    Raise Conflict unless both sides have agreed to mediation and such rules are in force, Denied for anybody but the
    mediator, Invalid for a decision without reasons.
    """
    row = moving.locked(conflict_id)
    moving.require(row, "mediation")
    if row.mediator_id != by:
        raise Denied("conflicts.not_mediator", _("Only the mediator decides; take the dispute first"))
    rules = finding.in_force("disputes")
    if rules is None:
        raise Conflict("conflicts.no_rules", _("Publish rules on disputes first; they give the marketplace this power"))
    _check(row, decision)
    row.decision, row.clause = decision.text.strip(), decision.clause.strip()[:300]
    row.awarded_minor, row.extra_minor, row.is_fraud = decision.amount_minor, decision.extra_minor, decision.is_fraud
    row.decided_at = clock.now()
    moving.note(row, "operator", row.decision)
    moving.advance(row, "decided", rules_version=rules.number, amount=str(Money(row.awarded_minor, row.currency)))
    if row.is_fraud and row.currency == "CNY":
        holdings.follow(SOURCE, FRAUD, row.id, row.number, row.merchant_id)
    money.command(row, by=by)


def _check(row: ConflictRow, decision: Decision) -> None:
    rules = (
        ("text", _("Give the facts and the reasons, in 20 to 4,000 characters"),
         20 <= len(decision.text.strip()) <= moving.LONGEST),
        ("clause", _("Name the rule or law that you rely on"), bool(decision.clause.strip())),
        ("extra", _("An amount is not negative"), decision.extra_minor >= 0),
    )  # fmt: skip
    wrong = tuple(FieldError(path, message) for path, message, holds in rules if not holds)
    if wrong:
        raise Invalid("conflicts.decision", _("Some of this cannot be right"), fields=wrong)
    money.require_left(row, Money(decision.amount_minor, row.currency))
