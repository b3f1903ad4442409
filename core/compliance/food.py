"""Food sellers: registration under their real names, of seven kinds, and the twelve checks before they may sell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy import select

from core.compliance import licences
from core.compliance.checking import now
from core.compliance.facts import Tree
from core.compliance.models import FoodRow
from core.compliance.profiles import FOOD_KINDS
from core.compliance.rules.cn_food import FOOD_FIELDS, PERMITS
from core.compliance.shapes import id_card_ok, permit_no_ok, uscc_ok
from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.locks import lock_name

KINDS = tuple(FOOD_FIELDS)
STATED = (
    "name", "reg_no", "id_no", "licence_no", "licence_valid_until", "legal_rep", "address", "actual_address", "contact",
    "main_food_kinds", "safety_manager", "shopfront_photo", "dine_in", "suppliers",
)  # fmt: skip
"""What a food seller may state; which of it is needed says FOOD_FIELDS by its kind."""
BY_HAND = ("document", "official", "person", "place", "history", "spot")
"""Checks that a person makes; the others follow from the file itself."""
CHECKS = ("shape", "document", "official", "person", "place", "fit", "history", "agreement", "publish", "archive",
          "renew", "spot")  # fmt: skip
RESULTS: Mapping[str, tuple[str, ...]] = {
    "official": ("same", "different", "not_found"),
    **{name: ("ok", "failed") for name in BY_HAND if name != "official"},
}
_GOOD = ("ok", "same", "not_found", "later")
_ONLY_LATER = ("publish", "renew", "spot")


@dataclass(frozen=True, slots=True)
class Check:
    """One of the twelve. `result` is ok, failed, same, different, not_found, later, open or not_needed."""

    code: str
    result: str
    by_hand: bool
    at: str = ""
    by_name: str = ""
    note: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it stands in nobody's way."""
        return self.result in (*_GOOD, "not_needed")


@dataclass(frozen=True, slots=True)
class Registration:
    """A food seller's registration. `state` is draft, submitted, approved or refused; `lacks` names missing fields."""

    merchant_id: UUID
    kind: str
    stated: Mapping[str, Tree]
    state: str
    note: str
    submitted_at: datetime | None
    decided_at: datetime | None
    checks: tuple[Check, ...]
    lacks: tuple[str, ...]


def of_merchant(merchant_id: UUID) -> Registration | None:
    """Return a merchant's registration; None if it has begun none."""
    row = _row(merchant_id)
    return _value(row) if row else None


def missing() -> NoReturn:
    """Raise Missing: there is no registration."""
    raise Missing("compliance.no_food", _("There is no food registration"))


def waiting(limit: int = 100) -> tuple[Registration, ...]:
    """Return registrations that wait for the operator, oldest first."""
    query = select(FoodRow).where(FoodRow.state == "submitted").order_by(FoodRow.submitted_at).limit(limit)
    return tuple(_value(row) for row in session().scalars(query))


def state(merchant_id: UUID, kind: str, typed: Mapping[str, str]) -> None:
    """State or change a registration; one that was approved must be handed in again.

    Raise Invalid for a kind that is none, or with an error for each field that cannot be right.
    """
    values, wrong = _read(kind, typed)
    if wrong:
        raise Invalid("compliance.food", _("Some of this cannot be right"), fields=tuple(wrong))
    lock_name(f"compliance.food:{merchant_id}")
    row = _row(merchant_id)
    if row is None:
        row = FoodRow(merchant_id=merchant_id, kind=kind, state="draft", stated={}, checks={})
        session().add(row)
    kept = {"agreement_signed_at": row.stated["agreement_signed_at"]} if row.stated.get("agreement_signed_at") else {}
    row.kind, row.stated, row.state, row.checks = kind, {**values, **kept}, "draft", {}
    session().flush()
    audit.record("compliance.food_stated", "merchant", merchant_id, kind=kind)


def submit(merchant_id: UUID, *, agrees: bool) -> None:
    """Hand the registration in and agree to the duties of food safety.

    Raise Invalid without agreement or with an error for each field that is missing.
    """
    row = _need(merchant_id)
    if row.state == "submitted":
        raise Conflict("compliance.food_submitted", _("The registration is being checked already"))
    if agrees:
        row.stated = {**row.stated, "agreement_signed_at": now().moment.isoformat()}
    lacks = _lacks(row)
    if lacks:
        wrong = tuple(FieldError(name, _("This is needed")) for name in lacks)
        raise Invalid("compliance.food_incomplete", _("Something is still missing"), fields=wrong)
    row.state, row.submitted_at, row.note = "submitted", clock.now(), ""
    audit.record("compliance.food_submitted", "merchant", merchant_id, kind=row.kind)


def record_check(merchant_id: UUID, code: str, result: str, note: str) -> None:
    """Put down what a person found in one of the checks. Raise Invalid for a check or result that is none."""
    row = _need(merchant_id)
    if result not in RESULTS.get(code, ()):
        message = _("Choose what the check has shown")
        raise Invalid("compliance.food_check", message, fields=(FieldError(code, message),))
    seen = {"result": result, "note": note.strip()[:500], "at": now().moment.isoformat(), "by": audit.actor().name}
    row.checks = {**row.checks, code: seen}
    audit.record("compliance.food_checked", "merchant", merchant_id, check=code, result=result, note=seen["note"])


def approve(merchant_id: UUID) -> None:
    """Let a food seller sell food for six months. Raise Conflict while a check is open or failed."""
    row = _need(merchant_id)
    if row.state != "submitted":
        raise Conflict("compliance.food_not_submitted", _("The registration was not handed in"))
    bad = [check.code for check in _value(row).checks if not check.is_good]
    if bad:
        raise Conflict("compliance.food_checks", _("These checks are still open or failed: {checks}"),
                       checks=tuple(bad))  # fmt: skip
    row.state, row.decided_at, row.note = "approved", clock.now(), ""
    audit.record("compliance.food_approved", "merchant", merchant_id, kind=row.kind)


def refuse(merchant_id: UUID, reason: str) -> None:
    """Refuse a registration, or take back one that was approved. Raise Invalid without a reason."""
    row = _need(merchant_id)
    if not reason.strip():
        message = _("Give the reason; the merchant reads it")
        raise Invalid("compliance.no_reason", message, fields=(FieldError("reason", message),))
    row.state, row.decided_at, row.note = "refused", clock.now(), reason.strip()[:1000]
    audit.record("compliance.food_refused", "merchant", merchant_id, reason=row.note)


def _read(kind: str, typed: Mapping[str, str]) -> tuple[dict[str, Tree], list[FieldError]]:
    if kind not in FOOD_FIELDS:
        return {}, [FieldError("kind", _("Choose what kind of food seller you are"))]
    values: dict[str, Tree] = {name: text.strip() for name, text in typed.items() if name in STATED and text.strip()}
    wrong = [fault for name, text in list(values.items()) for fault in _faults(name, str(text), kind)]
    if isinstance(kinds := values.get("main_food_kinds"), str):
        values["main_food_kinds"] = [word for word in re.split(r"[,，\s]+", kinds) if word]
    if "dine_in" in values:
        values["dine_in"] = str(values["dine_in"]).lower() in ("yes", "true", "1")
    if "licence_no" in values:
        values.setdefault("licence_valid_until", None)
    return values, wrong


def _faults(name: str, text: str, kind: str) -> list[FieldError]:
    checks = {
        "reg_no": (uscc_ok(text), _("The code has 18 characters and its check character does not fit")),
        "id_no": (id_card_ok(text, now().today), _("This is no valid identity number")),
        "licence_no": (permit_no_ok(text, kind), _("A licence number is SC, JY or YB with 14 digits, as your kind needs")),
        "licence_valid_until": (_is_future(text), _("Give a day in the future, or leave it empty for the long term")),
        "main_food_kinds": (
            set(re.split(r"[,，\s]+", text)) <= {*FOOD_KINDS, ""}, _("Choose from the kinds of food")),
    }  # fmt: skip
    if name in checks and not checks[name][0]:
        return [FieldError(name, checks[name][1])]
    return []


def _is_future(text: str) -> bool:
    try:
        return date.fromisoformat(text) >= now().today
    except ValueError:
        return False


def _lacks(row: FoodRow) -> tuple[str, ...]:
    """Fields of the kind that are missing; what the operator's own visit gives is not asked of the merchant."""
    needed = (name for name in FOOD_FIELDS[row.kind] if name not in ("site_checked_at", "licence_valid_until"))
    return tuple(name for name in needed if row.stated.get(name) in (None, "", []))


def _value(row: FoodRow) -> Registration:
    checks = tuple(_check(row, code) for code in CHECKS)
    return Registration(row.merchant_id, row.kind, dict(row.stated), row.state, row.note, row.submitted_at,
                        row.decided_at, checks, _lacks(row))  # fmt: skip


def _check(row: FoodRow, code: str) -> Check:
    if code in BY_HAND:
        seen = row.checks.get(code, {})
        needed = code in ("document", "official", "person", "history") or (code == "place" and row.kind == "catering")
        default = "open" if needed else "later" if code == "spot" else "not_needed"
        return Check(code, seen.get("result", default), True, seen.get("at", ""), seen.get("by", ""),
                     seen.get("note", ""))  # fmt: skip
    return Check(code, _by_itself(row, code), False)


def _by_itself(row: FoodRow, code: str) -> str:
    if code in _ONLY_LATER:
        return "ok" if row.state == "approved" else "later"
    holds = {
        "shape": not _lacks(row),  # shapes are checked when they are typed
        "fit": _fits(row),
        "agreement": bool(row.stated.get("agreement_signed_at")),
        "archive": True,  # the file, its checks and their changes are kept by the log and the evidence
    }
    return "ok" if holds[code] else "failed"


def _fits(row: FoodRow) -> bool:
    """Whether each kind of food that is stated is covered by a verified licence; farm produce needs none."""
    if row.kind == "catering":
        wanted = {"catering"}
    else:
        stated = row.stated.get("main_food_kinds")
        wanted = set(stated) if isinstance(stated, list) else set()
    held = {one.kind for one in licences.of_merchant(row.merchant_id) if one.is_valid(now().today)}
    return all(kind == "farm_produce" or held & set(PERMITS.get(kind, ())) for kind in wanted)


def _row(merchant_id: UUID) -> FoodRow | None:
    return session().scalars(select(FoodRow).where(FoodRow.merchant_id == merchant_id)).one_or_none()


def _need(merchant_id: UUID) -> FoodRow:
    lock_name(f"compliance.food:{merchant_id}")
    row = _row(merchant_id)
    if row is None:
        missing()
    return row
