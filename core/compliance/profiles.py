"""What laws ask of categories: kinds of food, licences, or that trade in them is forbidden; children inherit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.catalogue.models import CategoryRow
from core.compliance.models import ProfileRow
from core.kernel import audit, jobs
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, Missing, _

FOOD_KINDS = (
    "farm_produce", "prepackaged", "bulk", "made_on_site", "catering", "health_food", "infant_formula", "fsmp",
    "fsmp_full_nutrition",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """What is asked of a category. `requires` lists alternatives: of each list one licence is needed."""

    food_kind: str = ""
    requires: tuple[tuple[str, ...], ...] = ()
    is_banned: bool = False


NOTHING = Profile()


def profiles() -> Mapping[UUID, Profile]:
    """Return the profile of every category that has one or inherits it from the nearest above."""
    own = {row.category_id: _value(row) for row in session().scalars(select(ProfileRow))}
    if not own:
        return {}
    found: dict[UUID, Profile] = {}
    paths: dict[str, Profile] = {}
    for key, path in session().execute(select(CategoryRow.id, CategoryRow.path).order_by(CategoryRow.path)):
        above = path.rpartition("/")[0]
        profile = own.get(key) or paths.get(above)
        if profile is not None:
            found[key] = paths[path] = profile
    return found


def of_category(category_id: UUID) -> Profile:
    """Return a category's own profile; an empty one if it has none."""
    row = session().scalars(select(ProfileRow).where(ProfileRow.category_id == category_id)).one_or_none()
    return _value(row) if row else NOTHING


def owned() -> Mapping[UUID, Profile]:
    """Return the profiles that categories have of their own."""
    return {row.category_id: _value(row) for row in session().scalars(select(ProfileRow))}


def set_profile(category_id: UUID, *, food_kind: str, requires: Sequence[Sequence[str]], is_banned: bool) -> None:
    """Set what laws ask of a category. Raise Missing for none, Invalid for a kind of food that is none."""
    if session().scalar(select(CategoryRow.id).where(CategoryRow.id == category_id)) is None:
        raise Missing("catalogue.no_category", _("There is no such category"))
    if food_kind and food_kind not in FOOD_KINDS:
        message = _("Choose the kind of food")
        raise Invalid("compliance.food_kind", message, fields=(FieldError("food_kind", message),))
    row = session().scalars(select(ProfileRow).where(ProfileRow.category_id == category_id)).one_or_none()
    if row is None:
        row = ProfileRow(category_id=category_id)
        session().add(row)
    row.food_kind, row.is_banned = food_kind, is_banned
    row.requires = [list(kinds) for kinds in requires if kinds]
    audit.record("compliance.category_set", "category", category_id, food_kind=food_kind, is_banned=is_banned,
                 requires="; ".join(" / ".join(kinds) for kinds in row.requires))  # fmt: skip
    jobs.soon("compliance.everything", {"kind": "listing"})


def _value(row: ProfileRow) -> Profile:
    return Profile(row.food_kind, tuple(tuple(kinds) for kinds in row.requires), row.is_banned)
