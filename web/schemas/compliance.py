"""What the API says and takes of compliance."""

from __future__ import annotations

from marshmallow import fields, validate

from core.compliance.switches import Mode
from web.schemas.merchants import Strict

MODE = validate.OneOf([mode.value for mode in Mode])


class PackOut(Strict):
    """A pack of rules; `mode` is null while it is off."""

    id = fields.String()
    version = fields.String()
    title = fields.String()
    reviewed_on = fields.Date()
    review_by = fields.Date()
    is_stale = fields.Boolean()
    mode = fields.String(allow_none=True)
    rules = fields.List(fields.String())


class PackIn(Strict):
    """The mode in which a pack is on; null switches it off."""

    mode = fields.String(required=True, allow_none=True, validate=MODE)


class RuleOut(Strict):
    """A rule with its law, its setting, and how many subjects have each status."""

    id = fields.String()
    pack = fields.String()
    subject = fields.String()
    title = fields.String()
    duty = fields.String()
    law = fields.String()
    grade = fields.String()
    since = fields.Date()
    score = fields.Integer()
    is_waivable = fields.Boolean()
    keep_months = fields.Integer()
    keep_from = fields.String()
    mode = fields.String()
    numbers = fields.Dict(keys=fields.String(), values=fields.Integer())
    stands = fields.String()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    waived = fields.Integer()
    next_due = fields.Date(allow_none=True)


class RuleIn(Strict):
    """A rule's own mode (null: its pack's) and the numbers that differ, with the reason."""

    mode = fields.String(load_default=None, allow_none=True, validate=MODE)
    numbers = fields.Dict(keys=fields.String(), values=fields.Integer(strict=True), load_default=dict)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


class CheckedOut(Strict):
    """What a rule last said of a subject; `why` is in the caller's language."""

    id = fields.UUID()
    rule = fields.String()
    subject_kind = fields.String()
    subject_id = fields.UUID()
    label = fields.String()
    status = fields.String()
    why = fields.String()
    due_on = fields.Date(allow_none=True)
    checked_at = fields.AwareDateTime()


class CheckedPageOut(Strict):
    """A page of answers."""

    data = fields.List(fields.Nested(CheckedOut))
    next = fields.UUID(allow_none=True)


class FindingOut(Strict):
    """Something that breaks a rule."""

    id = fields.UUID()
    rule = fields.String()
    subject_kind = fields.String()
    subject_id = fields.UUID()
    merchant_id = fields.UUID(allow_none=True)
    label = fields.String()
    state = fields.String()
    is_blocking = fields.Boolean()
    why = fields.String()
    law = fields.String()
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime(allow_none=True)
    waived_until = fields.Date(allow_none=True)


class FindingsOut(Strict):
    """A page of findings."""

    data = fields.List(fields.Nested(FindingOut))
    next = fields.UUID(allow_none=True)


class ClearIn(Strict):
    """What was done about a plugin's finding."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


class ProofOut(Strict):
    """A piece of evidence: what a rule saw and said."""

    id = fields.UUID()
    rule = fields.String()
    version = fields.Integer()
    subject_kind = fields.String()
    subject_id = fields.UUID()
    label = fields.String()
    status = fields.String()
    why = fields.String()
    snapshot = fields.Dict()
    at = fields.AwareDateTime()


class WaiverIn(Strict):
    """What is asked for: a rule set aside for a subject until a day."""

    rule = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    measure = fields.String(required=True)
    ends_on = fields.Date(required=True)


class WaiverOut(Strict):
    """A waiver."""

    id = fields.UUID()
    rule = fields.String()
    subject_kind = fields.String()
    subject_id = fields.UUID()
    label = fields.String()
    reason = fields.String()
    measure = fields.String()
    ends_on = fields.Date()
    state = fields.String()
    asked_at = fields.AwareDateTime()


class ReplayIn(Strict):
    """Numbers to try."""

    numbers = fields.Dict(keys=fields.String(), values=fields.Integer(strict=True), required=True)


class WouldOut(Strict):
    """A subject whose answer would be another one."""

    label = fields.String()
    subject_id = fields.UUID()
    before = fields.String()
    after = fields.String()
    why = fields.String()


class AnswersIn(Strict):
    """Answers by the paths of a rule's questions, as they would be typed, and what proves them."""

    rule = fields.String(required=True)
    values = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    evidence = fields.String(load_default="")


class RecordIn(Strict):
    """A thing that a rule is asked about."""

    rule = fields.String(required=True)
    title = fields.String(required=True, validate=validate.Length(min=1, max=200))


class IdOut(Strict):
    """The key of what was made."""

    id = fields.UUID()


class PartOut(Strict):
    """A part of a score."""

    name = fields.String()
    points = fields.Integer()
    most = fields.Integer()


class ScoreOut(Strict):
    """A merchant's risk, 0 to 100, with its parts."""

    points = fields.Integer()
    band = fields.String()
    parts = fields.List(fields.Nested(PartOut))


class FoodCheckOut(Strict):
    """One of the twelve checks."""

    code = fields.String()
    result = fields.String()
    by_hand = fields.Boolean()
    note = fields.String()


class FoodOut(Strict):
    """A food seller's registration."""

    merchant_id = fields.UUID()
    kind = fields.String()
    state = fields.String()
    note = fields.String()
    lacks = fields.List(fields.String())
    checks = fields.List(fields.Nested(FoodCheckOut))
    submitted_at = fields.AwareDateTime(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)


class FoodIn(Strict):
    """What a food seller states, by the names of its kind's fields."""

    kind = fields.String(required=True)
    stated = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AgreeIn(Strict):
    """Whether the duties of food safety are accepted."""

    agrees = fields.Boolean(required=True)


class FoodCheckIn(Strict):
    """What a check has shown."""

    code = fields.String(required=True)
    result = fields.String(required=True)
    note = fields.String(load_default="")


class FoodDecisionIn(Strict):
    """Approve, or refuse with a reason."""

    decision = fields.String(required=True, validate=validate.OneOf(["approve", "refuse"]))
    reason = fields.String(load_default="")


class LicenceIn(Strict):
    """A licence that is handed in; without an end it is for the long term."""

    kind = fields.String(required=True)
    number = fields.String(required=True)
    issuer = fields.String(load_default="")
    scope = fields.List(fields.String(), load_default=list)
    valid_until = fields.Date(load_default=None, allow_none=True)
    media_id = fields.UUID(load_default=None, allow_none=True)


class LicenceOut(Strict):
    """A licence."""

    id = fields.UUID()
    kind = fields.String()
    number = fields.String()
    issuer = fields.String()
    scope = fields.List(fields.String())
    valid_until = fields.Date(allow_none=True)
    state = fields.String()
    note = fields.String()


class LicenceDecisionIn(Strict):
    """Verify, or refuse with a reason."""

    decision = fields.String(required=True, validate=validate.OneOf(["verify", "refuse"]))
    reason = fields.String(load_default="")


class CategoryIn(Strict):
    """What laws ask of a category."""

    food_kind = fields.String(load_default="")
    requires = fields.List(fields.List(fields.String()), load_default=list)
    is_banned = fields.Boolean(load_default=False)


class PacksOut(Strict):
    """Packs."""

    data = fields.List(fields.Nested(PackOut))


class LineOut(Strict):
    """A rule of the checklist: its law, its mode, and how many subjects have each status."""

    id = fields.String()
    pack = fields.String()
    title = fields.String()
    law = fields.String()
    score = fields.Integer()
    mode = fields.String()
    stands = fields.String()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    waived = fields.Integer()
    next_due = fields.Date(allow_none=True)


class RulesOut(Strict):
    """Rules."""

    data = fields.List(fields.Nested(LineOut))


class WouldsOut(Strict):
    """Subjects whose answers would be others."""

    data = fields.List(fields.Nested(WouldOut))


class ProofsOut(Strict):
    """Evidence."""

    data = fields.List(fields.Nested(ProofOut))


class WaiversOut(Strict):
    """Waivers."""

    data = fields.List(fields.Nested(WaiverOut))


class LicencesOut(Strict):
    """Licences."""

    data = fields.List(fields.Nested(LicenceOut))
