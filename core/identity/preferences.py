"""How each person wants the consoles: language, theme, density, keys, rows on a page, columns put away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.identity.models import PreferencesRow
from core.kernel.db import session
from core.kernel.errors import FieldError, Invalid, _
from core.kernel.ids import new_id
from core.kernel.tenancy import current_id

LANGUAGES = ("", "en", "zh")
THEMES = ("", "light", "dark")
DENSITIES = ("", "compact")
PAGE_SIZES = (25, 50, 100)
_MOST_LISTS, _MOST_COLUMNS = 60, 30


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's wishes; empty texts follow the browser. `columns` names, by list, the columns that are put away."""

    language: str = ""
    theme: str = ""
    density: str = ""
    has_shortcuts: bool = True
    page_size: int = PAGE_SIZES[0]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def of(user_id: UUID | None) -> Preferences:
    """Return a person's wishes; the usual ones for who never chose, and for keys."""
    if user_id is None:
        return Preferences()
    row = session().scalars(select(PreferencesRow).where(PreferencesRow.user_id == user_id)).one_or_none()
    if row is None:
        return Preferences()
    columns = {name: tuple(keys) for name, keys in row.columns.items()}
    return Preferences(row.language, row.theme, row.density, row.has_shortcuts, row.page_size, columns)


def choose(user_id: UUID, wish: Preferences) -> None:
    """Store a person's wishes as a whole. Raise Invalid for a value that is not offered."""
    offered = {"language": LANGUAGES, "theme": THEMES, "density": DENSITIES, "page_size": PAGE_SIZES}
    message = _("Choose one of the options")
    wrong = [name for name, known in offered.items() if getattr(wish, name) not in known]
    if wrong:
        raise Invalid("preferences.invalid", message, fields=tuple(FieldError(name, message) for name in wrong))
    values = {
        "language": wish.language, "theme": wish.theme, "density": wish.density, "page_size": wish.page_size,
        "has_shortcuts": wish.has_shortcuts, "columns": {name: list(keys) for name, keys in wish.columns.items()},
    }  # fmt: skip
    row = {"tenant_id": current_id(), "id": new_id(), "user_id": user_id, **values}
    keys = [PreferencesRow.tenant_id, PreferencesRow.user_id]
    session().execute(
        insert(PreferencesRow).values(row).on_conflict_do_update(index_elements=keys, set_=values),
        execution_options={"synchronize_session": False},
    )


def put_away(user_id: UUID, listing: str, columns: tuple[str, ...]) -> None:
    """Remember which columns of a list a person does not want to see. Raise Invalid for too much."""
    before = of(user_id)
    kept = {**before.columns, listing: columns}
    is_too_much = len(kept) > _MOST_LISTS or len(columns) > _MOST_COLUMNS or any(len(c) > _MOST_LISTS for c in columns)
    if is_too_much or len(listing) > _MOST_LISTS:
        message = _("These are too many columns to remember")
        raise Invalid("preferences.invalid", message, fields=(FieldError("columns", message),))
    choose(user_id, replace(before, columns={name: keys for name, keys in kept.items() if keys}))
