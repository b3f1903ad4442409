"""What a marketplace has switched on: packs, the mode of each rule, and the numbers that it tightens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import delete, select

from core.compliance.models import CheckRow, FindingRow, PackRow, SettingRow
from core.compliance.packs import PACKS, RULES, Pack
from core.compliance.ruling import Rule
from core.kernel import audit, clock, jobs
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, Missing, _
from core.kernel.locks import lock_name
from core.kernel.tenancy import current, current_id

EVERYTHING = "compliance.everything"
"""The job that checks every subject again."""


class Mode(StrEnum):
    """What a rule does: watch in silence, tell the merchant too, or also hold back what breaks it."""

    OBSERVE = "observe"
    WARN = "warn"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules of the packs that are on, with their modes and numbers."""

    packs: Mapping[str, Mode] = field(default_factory=dict)
    modes: Mapping[str, Mode] = field(default_factory=dict)
    numbers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def rules(self, *subjects: str) -> tuple[Rule, ...]:
        """Return the rules about these kinds of subject; about all without any."""
        return tuple(
            RULES[name]
            for name in self.modes
            if name in RULES and (not subjects or RULES[name].law.subject in subjects)
        )

    def mode(self, rule: str) -> Mode:
        """Return the mode of a rule; a rule that is off is only observed."""
        return self.modes.get(rule, Mode.OBSERVE)


def in_force() -> InForce:
    """Return what is switched on at this marketplace; one or two queries."""
    packs = {row.pack: Mode(row.mode) for row in session().scalars(select(PackRow)) if row.pack in PACKS}
    if not packs:
        return InForce()
    modes = {rule.id: mode for name, mode in packs.items() for rule in PACKS[name].rules}
    numbers: dict[str, Mapping[str, int]] = {}
    for row in session().scalars(select(SettingRow)):
        if row.rule in modes:
            modes[row.rule] = Mode(row.mode) if row.mode else modes[row.rule]
            numbers[row.rule] = dict(row.numbers)
    return InForce(packs, modes, numbers)


def proposed() -> frozenset[str]:
    """Return the packs that the marketplace's own country calls for."""
    return frozenset(pack.id for pack in PACKS.values() if current().country in pack.nexus)


def switch_on(pack: str, mode: Mode) -> None:
    """Switch a pack on, or give it another mode, and check everything. Raise Missing for a pack that is none."""
    _pack(pack)
    lock_name("compliance.packs")
    row = session().scalars(select(PackRow).where(PackRow.pack == pack)).one_or_none()
    if row is None:
        session().add(PackRow(pack=pack, mode=mode.value))
    else:
        row.mode = mode.value
    audit.record("compliance.pack_on", "tenant", current_id(), pack=pack, mode=mode.value)
    jobs.soon(EVERYTHING, {})


def switch_off(pack: str) -> None:
    """Switch a pack off: its checks are forgotten and its findings closed; the evidence stays."""
    rules = [rule.id for rule in _pack(pack).rules]
    session().execute(delete(PackRow).where(PackRow.pack == pack))
    session().execute(delete(CheckRow).where(CheckRow.rule.in_(rules)))
    open_ = select(FindingRow).where(FindingRow.rule.in_(rules), FindingRow.state != "closed")
    for row in session().scalars(open_):
        row.state, row.closed_at, row.is_blocking = "closed", clock.now(), False
    audit.record("compliance.pack_off", "tenant", current_id(), pack=pack)


def set_rule(rule: str, *, mode: Mode | None, numbers: Mapping[str, int], reason: str) -> None:
    """Set a rule's mode (None: its pack's) and numbers. Raise Invalid for a number looser than the law, or no reason."""
    found = rule_of(rule)
    wrong = [fault for name, value in numbers.items() for fault in _fault(found, name, value)]
    if not reason.strip():
        wrong.append(FieldError("reason", _("Say why; it is kept with the setting")))
    if wrong:
        raise Invalid("compliance.setting", _("Some of this cannot be right"), fields=tuple(wrong))
    lock_name(f"compliance.setting:{rule}")
    row = session().scalars(select(SettingRow).where(SettingRow.rule == rule)).one_or_none()
    if row is None:
        row = SettingRow(rule=rule)
        session().add(row)
    own = {name: value for name, value in numbers.items() if value != found.parameters[name].default}
    row.mode, row.numbers, row.reason = mode.value if mode else "", own, reason.strip()[:500]
    row.changed_at = clock.now()
    changed = " ".join(f"{name}={value}" for name, value in sorted(own.items()))
    audit.record("compliance.rule_set", "tenant", current_id(), rule=rule, mode=row.mode, numbers=changed,
                 reason=row.reason)  # fmt: skip
    jobs.soon(EVERYTHING, {"kind": found.law.subject})


def setting_of(rule: str) -> tuple[Mode | None, Mapping[str, int], str]:
    """Return a rule's own mode (None: its pack's), the numbers in force, and the reason that was given."""
    found = rule_of(rule)
    row = session().scalars(select(SettingRow).where(SettingRow.rule == rule)).one_or_none()
    defaults = {name: parameter.default for name, parameter in found.parameters.items()}
    if row is None:
        return None, defaults, ""
    return Mode(row.mode) if row.mode else None, {**defaults, **row.numbers}, row.reason


def rule_of(rule: str) -> Rule:
    """Return a rule by its name. Raise Missing if there is none."""
    found = RULES.get(rule)
    if found is None:
        raise Missing("compliance.no_rule", _("There is no such rule"))
    return found


def _fault(rule: Rule, name: str, value: int) -> list[FieldError]:
    if name not in rule.parameters:
        return [FieldError(name, _("The rule has no such number"))]
    try:
        rule.parameters[name].checked(value)
    except Invalid as error:
        return [FieldError(name, error.message.format(**error.facts))]
    return []


def _pack(name: str) -> Pack:
    found = PACKS.get(name)
    if found is None:
        raise Missing("compliance.no_pack", _("There is no such pack"))
    return found
