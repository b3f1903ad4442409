"""Bodies of policies in the API."""

from __future__ import annotations

from marshmallow import fields, validate

from core.processes.policies.commenting import LONGEST, OUTCOMES
from core.processes.policies.kinds import KINDS
from web.languages import LOCALES
from web.schemas.merchants import Strict


class StartIn(Strict):
    """Which policy gets its next version."""

    policy = fields.String(required=True, validate=validate.OneOf(list(KINDS)))


class DraftIn(Strict):
    """What is written: texts (Markdown) and what changes, by language; whether it touches major interests."""

    texts = fields.Dict(
        required=True, keys=fields.String(validate=validate.OneOf(list(LOCALES))), values=fields.String()
    )
    summaries = fields.Dict(
        load_default=dict, keys=fields.String(validate=validate.OneOf(list(LOCALES))), values=fields.String()
    )
    is_weighty = fields.Boolean(load_default=True)
    weight_reason = fields.String(load_default="", validate=validate.Length(max=500))
    adaptation_days = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 365))


class StepIn(Strict):
    """The next step; `effective_on` is for publishing, `reason` for withdrawing and correcting, `texts` for correcting."""

    step = fields.String(
        required=True,
        validate=validate.OneOf(["propose", "reopen", "conclude", "publish", "withdraw", "correct"]),
    )
    effective_on = fields.Date(load_default=None, allow_none=True)
    reason = fields.String(load_default="", validate=validate.Length(max=1000))
    texts = fields.Dict(
        load_default=dict, keys=fields.String(validate=validate.OneOf(list(LOCALES))), values=fields.String()
    )


class CommentIn(Strict):
    """A comment, published at once; a visitor may give a name."""

    text = fields.String(required=True, validate=validate.Length(3, LONGEST))
    name = fields.String(load_default="", validate=validate.Length(max=80))


class CommentAnswerIn(Strict):
    """The marketplace's answer to a comment."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    answer = fields.String(required=True, validate=validate.Length(1, LONGEST))


class AcceptanceIn(Strict):
    """A merchant's word on a version: accepted, or objected, which begins leaving."""

    decision = fields.String(required=True, validate=validate.OneOf(["accepted", "objected"]))


class KeyOut(Strict):
    """The key of what was made."""

    id = fields.UUID()


class VersionOut(Strict):
    """A version with its dates; `policy` names it. Texts are by language."""

    id = fields.UUID()
    policy = fields.String()
    number = fields.Integer()
    state = fields.String()
    texts = fields.Dict(keys=fields.String(), values=fields.String())
    summaries = fields.Dict(keys=fields.String(), values=fields.String())
    is_weighty = fields.Boolean()
    digest = fields.String()
    correction = fields.String()
    withdrawal = fields.String()
    comment_opens_at = fields.AwareDateTime(allow_none=True)
    comment_closes_at = fields.AwareDateTime(allow_none=True)
    answers_published_at = fields.AwareDateTime(allow_none=True)
    published_at = fields.AwareDateTime(allow_none=True)
    effective_at = fields.AwareDateTime(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    acceptance = fields.String()


class VersionsOut(Strict):
    """Versions."""

    data = fields.List(fields.Nested(VersionOut))


class CommentOut(Strict):
    """A comment and its answer; `outcome` is empty until there is one."""

    id = fields.UUID()
    name = fields.String()
    from_merchant = fields.Boolean()
    text = fields.String()
    at = fields.AwareDateTime()
    outcome = fields.String()
    answer = fields.String()


class CommentsOut(Strict):
    """A page of comments, oldest first; `next` is the cursor of the page that follows."""

    data = fields.List(fields.Nested(CommentOut))
    next = fields.UUID(allow_none=True)


class ExitOut(Strict):
    """A merchant that leaves under the rules before a change."""

    id = fields.UUID()
    merchant_id = fields.UUID()
    merchant = fields.String()
    kind = fields.String()
    objected_number = fields.Integer()
    governing_number = fields.Integer()
    state = fields.String()
    requested_at = fields.AwareDateTime()
    settle_by = fields.Date()
    settled_at = fields.AwareDateTime(allow_none=True)


class ExitsOut(Strict):
    """A page of exits, newest first."""

    data = fields.List(fields.Nested(ExitOut))
    next = fields.UUID(allow_none=True)
