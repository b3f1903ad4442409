"""Drafts and versions of the storefront's design: saved as one works, published at once, brought back when wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError
from sqlalchemy import select

from core.kernel import audit, clock
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.tenancy import current, current_id
from core.kernel.tx import after_commit
from tenants import settings, values
from tenants.design import front, theme
from tenants.design.front import FrontContent
from tenants.design.menus import MenusContent
from tenants.design.models import DesignRow, DesignVersionRow
from tenants.design.theme import ThemeContent
from tenants.models import TenantRow

Content = Mapping[str, Any]
SCHEMAS: Mapping[str, type[Schema]] = {"theme": ThemeContent, "front": FrontContent, "menus": MenusContent}
_SHOWN_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the design. `content` is the draft, or without one what is published or standard."""

    name: str
    content: Content
    published: Content | None
    number: int
    has_draft: bool
    version: int
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was published."""

    number: int
    published_by: str
    published_at: datetime


def part(name: str) -> Part:
    """Return a part as it is now. Raise Missing unless it is "theme", "front" or "menus"."""
    _schema(name)
    row = session().scalars(select(DesignRow).where(DesignRow.part == name)).one_or_none()
    found = _value(name, row)
    if name == "theme" and not found.has_draft:  # The colour may have been changed among the settings since.
        colour = str(current().setting("brand_hex", "") or theme.PLAIN)
        return replace(found, content={**found.content, "brand_hex": colour})
    return found


def _value(name: str, row: DesignRow | None) -> Part:
    if row is None:
        return Part(name, standard(name), None, 0, has_draft=False, version=0, changed_by="", changed_at=None)
    content = row.draft if row.draft is not None else row.published
    return Part(name, content if content else standard(name), row.published, row.number, row.draft is not None,
                row.version, row.changed_by, row.changed_at)  # fmt: skip


def standard(name: str) -> Content:
    """Return what a part is before anything of it was published."""
    tenant = current()
    if name == "front":
        return front.starting(tenant.settings.get("core", {}))
    colour = {"brand_hex": str(tenant.setting("brand_hex", "") or theme.PLAIN)}
    loaded: Content = _checked(name, colour if name == "theme" else {})
    return loaded


def save(name: str, content: Content, *, version: int | None = None) -> Part:
    """Keep a draft. Raise Invalid by field, Conflict if someone has changed the part since `version`."""
    checked = _checked(name, content)
    row = _row(name)
    if version is not None and version != row.version and not (version == 0 and row.version == 1):
        raise Conflict(
            "design.changed", _("Someone else changed this meanwhile; look at their change, then make yours")
        )
    if checked == (row.draft if row.draft is not None else row.published):
        return _value(name, row)
    row.draft = checked
    _touched(row)
    audit.record("design.drafted", "design", row.id, part=name)
    return _value(name, row)


def discard(name: str) -> Part:
    """Throw the draft away; what is published stays."""
    row = _row(name)
    if row.draft is not None:
        row.draft = None
        _touched(row)
        audit.record("design.discarded", "design", row.id, part=name)
    return _value(name, row)


def publish(name: str) -> Part:
    """Show the draft to everyone, as a new version. Raise Conflict if there is none."""
    row = _row(name)
    if row.draft is None:
        raise Conflict("design.no_draft", _("There is no draft to publish"))
    return _published(row, row.draft)


def restore(name: str, number: int) -> Part:
    """Take an earlier version as the draft. Raise Missing if there is none of this number."""
    content = _content(name, number)
    return save(name, content)


def undo(name: str) -> Part:
    """Publish the version before the present one again. Raise Conflict if there is none."""
    row = _row(name)
    if row.number < 2:
        raise Conflict("design.nothing_before", _("There is no earlier version"))
    return _published(row, _content(name, row.number - 1))


def versions(name: str) -> Sequence[Version]:
    """Return the latest published versions of a part, the newest first."""
    _schema(name)
    rows = session().scalars(
        select(DesignVersionRow)
        .where(DesignVersionRow.part == name)
        .order_by(DesignVersionRow.number.desc())
        .limit(_SHOWN_VERSIONS)
    )
    return [Version(row.number, row.published_by, row.published_at) for row in rows]


def drafted() -> dict[str, Content]:
    """Return every part as its draft would show it, for a preview."""
    rows = {row.part: row for row in session().scalars(select(DesignRow))}
    return {name: _value(name, rows[name]).content for name in SCHEMAS if name in rows}


def _schema(name: str) -> Schema:
    kind = SCHEMAS.get(name)
    if kind is None:
        raise Missing("design.no_part", _("There is no such part of the design"))
    return kind()


def _checked(name: str, content: Content) -> dict[str, Any]:
    rules = _schema(name)
    try:
        stored: dict[str, Any] = rules.dump(rules.load(dict(content)))
    except ValidationError as error:
        wrong = tuple(FieldError(path, said) for path, said in _faults(error.messages_dict))
        raise Invalid("design.invalid", _("This does not hold together yet"), fields=wrong) from None
    return stored


def _faults(found: Mapping[Any, Any], before: str = "") -> list[tuple[str, str]]:
    """Return marshmallow's nested messages as flat paths with one sentence each."""
    flat: list[tuple[str, str]] = []
    for name, said in found.items():
        path = f"{before}{name}"
        if isinstance(said, Mapping):
            flat += _faults(said, f"{path}.")
        else:
            flat.append((path, str(said[0] if isinstance(said, list) else said)))
    return flat


def _row(name: str) -> DesignRow:
    """Return a part's row, locked; made at its first change."""
    _schema(name)
    session().execute(select(TenantRow.id).where(TenantRow.id == current_id()).with_for_update())  # one at a time
    query = select(DesignRow).where(DesignRow.part == name).with_for_update()
    row = session().scalars(query).one_or_none()
    if row is None:
        row = DesignRow(part=name, number=0, version=1)
        session().add(row)
        session().flush()
    return row


def _touched(row: DesignRow) -> None:
    row.version += 1
    row.changed_by, row.changed_at = audit.actor().name, clock.now()
    session().flush()


def _content(name: str, number: int) -> dict[str, Any]:
    _schema(name)
    query = select(DesignVersionRow.content).where(DesignVersionRow.part == name, DesignVersionRow.number == number)
    found = session().scalars(query).one_or_none()
    if found is None:
        raise Missing("design.no_version", _("There is no version of this number"))
    return dict(found)


def _published(row: DesignRow, content: dict[str, Any]) -> Part:
    row.number += 1
    row.published, row.draft = content, None
    _touched(row)
    by = audit.actor().name
    session().add(DesignVersionRow(part=row.part, number=row.number, content=content, published_by=by))
    if row.part == "theme":  # Statements and mails take the colour from the settings.
        settings.change({"brand_hex": content["brand_hex"]})
    tenant = session().scalars(select(TenantRow).where(TenantRow.id == current_id())).one()
    tenant.version += 1
    audit.record("design.published", "design", row.id, part=row.part, number=row.number)
    session().flush()
    tenant_id = tenant.id
    after_commit(lambda: values.forget(tenant_id))
    return _value(row.part, row)
