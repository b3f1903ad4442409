"""What a merchant must prove and what must not happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.hooks.markers import Phase, Scope, hook
from core.kernel.tenancy import Tenant


class Severity(StrEnum):
    """What a finding does: nothing but being read, asking for a look, or suspending its subject."""

    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class MerchantSnapshot:
    """A merchant of `kind` "person", "company" or "promoter" (verified and paid, no shop).

    `country` is ISO 3166 alpha-2; `models` are the operating models that it takes part in.
    """

    id: UUID
    country: str
    kind: str
    models: frozenset[str]


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something to supply:

    `kind` is "document", "attestation" or "check"; `blocks` has "sell", "payout" or both.
    """

    code: str
    label: str
    kind: str
    blocks: frozenset[str]


@dataclass(frozen=True, slots=True)
class ComplianceSubject:
    """What is judged, with the facts known about it.

    The kinds are open: core's are "merchant", "listing", "order", "payout" and "tenant"; a plugin's are
    "subject:<plugin>.<entity>". Ignore those that are not known.
    """

    kind: str
    id: UUID
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong. `code` is "<plugin>.<finding>"; `message` is for the person who clears it."""

    code: str
    severity: Severity
    message: str


@hook(Phase.READ, Scope.ENABLED)
def merchant_requirements(tenant: Tenant, merchant: MerchantSnapshot) -> Sequence[Requirement]:
    """Return what the merchant must supply before selling or being paid.

    Runs on application, on the merchant's verification page, and before approval and payout.
    """
    raise NotImplementedError


@hook(Phase.AFTER, Scope.ENABLED)
def compliance_findings(tenant: Tenant, subject: ComplianceSubject) -> Sequence[Finding]:
    """Judge a subject, after it changed or in the nightly sweep.

    Runs in a worker. BLOCK suspends the subject until a person clears the finding; no findings changes
    nothing.
    """
    raise NotImplementedError
