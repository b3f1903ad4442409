"""The tree of categories: every listing sits in exactly one, so branches never overlap."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select, text

from core.catalogue.models import CategoryRow, ListingRow
from core.catalogue.refreshing import refresh
from core.catalogue.slugs import SLUG, slugify
from core.catalogue.tokens import fold
from core.catalogue.values import Category
from core.kernel import audit
from core.kernel.db import session
from core.kernel.errors import Conflict, FieldError, Invalid, Missing, _
from core.kernel.ids import new_id
from core.kernel.locks import lock_name
from core.kernel.tenancy import current_id

_DEEPEST = 6


def tree(*, only_active: bool = False) -> tuple[Category, ...]:
    """Return all categories, each before those below it, siblings in their order."""
    rows = session().scalars(select(CategoryRow).order_by(CategoryRow.position, CategoryRow.id)).all()
    below: dict[UUID | None, list[CategoryRow]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: list[Category] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        row = waiting.pop()
        if only_active and not row.is_active:
            continue
        found.append(_value(row))
        waiting += reversed(below.get(row.id, []))
    return tuple(found)


def category(category_id: UUID) -> Category:
    """Return one category. Raise Missing if there is none."""
    return _value(_find(category_id))


def _value(row: CategoryRow) -> Category:
    depth = row.path.count("/")
    return Category(row.id, row.parent_id, row.slug, row.path, row.names, row.position, row.is_active, depth)


def _find(category_id: UUID) -> CategoryRow:
    row = session().scalars(select(CategoryRow).where(CategoryRow.id == category_id)).one_or_none()
    if row is None:
        raise Missing("catalogue.no_category", _("There is no such category"))
    return row


def _checked(names: Mapping[str, str]) -> dict[str, str]:
    kept = {language: name.strip() for language, name in names.items() if name.strip()}
    if not kept or any(len(name) > 60 for name in kept.values()):
        raise _wrong("names", _("Give the category a name of at most 60 characters"))
    return kept


def _wrong(path: str, message: str) -> Invalid:
    return Invalid("catalogue.invalid_category", message, fields=(FieldError(path, message),))


def create(
    names: Mapping[str, str], *, parent_id: UUID | None = None, slug: str = "", position: int | None = None
) -> UUID:
    """Add a category at the end of its siblings. Raise Invalid, or Conflict if a sibling has the name or any the slug.

    Locks the tree until the transaction ends.
    """
    lock_name("catalogue.categories")
    kept = _checked(names)
    slug = slug.strip() or slugify(kept.get("en", "")) or slugify(next(iter(kept.values())))
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise _wrong("slug", _("Write the address with lower-case letters, digits and hyphens"))
    parent = _find(parent_id) if parent_id else None
    if parent is not None and parent.path.count("/") + 2 > _DEEPEST:
        raise _wrong("parent_id", _("Categories go at most six levels deep"))
    _refuse_doubles(kept, parent_id, None)
    if session().scalar(select(CategoryRow.id).where(CategoryRow.slug == slug)):
        raise Conflict("catalogue.slug_taken", _("Another category has the address {slug}"), slug=slug)
    siblings = session().scalars(
        select(CategoryRow.position).where(CategoryRow.parent_id.is_not_distinct_from(parent_id))
    )
    row = CategoryRow(
        id=new_id(), parent_id=parent_id, slug=slug, path=f"{parent.path}/{slug}" if parent else slug, names=kept,
        position=position if position is not None else max(siblings, default=-1) + 1,
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record("category.created", "category", row.id, path=row.path)
    return row.id


def _refuse_doubles(names: Mapping[str, str], parent_id: UUID | None, itself: UUID | None) -> None:
    """Two siblings of one name would overlap: a merchant could not tell which is right."""
    query = select(CategoryRow).where(CategoryRow.parent_id.is_not_distinct_from(parent_id))
    for row in session().scalars(query):
        if row.id == itself:
            continue
        for language, name in names.items():
            if fold(row.names.get(language, "")) == fold(name):
                raise Conflict("catalogue.name_taken", _("There is a category {name} here already"), name=name)


def rename(category_id: UUID, names: Mapping[str, str]) -> None:
    """Change the names; the address stays. Listings in the branch are found by the new names at once."""
    lock_name("catalogue.categories")
    row, kept = _find(category_id), _checked(names)
    _refuse_doubles(kept, row.parent_id, row.id)
    before, row.names = row.names, kept
    audit.record("category.renamed", "category", row.id, before=str(before), after=str(kept))
    _refresh_branch(row.path)


def move(category_id: UUID, parent_id: UUID | None, position: int) -> None:
    """Hang a category, with all below it, under another or at the root; `position` is among its new siblings.

    Raise Conflict below itself or where a sibling has its name.
    """
    lock_name("catalogue.categories")
    row = _find(category_id)
    parent = _find(parent_id) if parent_id else None
    if parent is not None and (parent.id == row.id or parent.path.startswith(f"{row.path}/")):
        raise Conflict("catalogue.below_itself", _("A category cannot stand below itself"))
    _refuse_doubles(row.names, parent_id, row.id)
    old, new = row.path, f"{parent.path}/{row.slug}" if parent else row.slug
    if _depth_of_branch(old) - old.count("/") + new.count("/") + 1 > _DEEPEST:
        raise _wrong("parent_id", _("Categories go at most six levels deep"))
    row.parent_id = parent_id
    _make_room(row, parent_id, position)
    session().flush()
    if old != new:
        session().execute(_REPATH, {"tenant": current_id(), "old": old, "new": new, "below": f"{old}/"})
        session().expire_all()
        _refresh_branch(new)
    audit.record("category.moved", "category", category_id, before=old, after=new)


_REPATH = text("""
    update categories set path = :new || substr(path, length(:old) + 1)
     where tenant_id = :tenant and (path = :old or starts_with(path, :below))""")


def _depth_of_branch(path: str) -> int:
    paths = session().scalars(select(CategoryRow.path).where(CategoryRow.path.startswith(f"{path}/", autoescape=True)))
    return max((below.count("/") for below in paths), default=path.count("/"))


def _make_room(row: CategoryRow, parent_id: UUID | None, position: int) -> None:
    query = select(CategoryRow).where(CategoryRow.parent_id.is_not_distinct_from(parent_id), CategoryRow.id != row.id)
    siblings = list(session().scalars(query.order_by(CategoryRow.position, CategoryRow.id)))
    siblings.insert(max(0, min(position, len(siblings))), row)
    for place, sibling in enumerate(siblings):
        sibling.position = place


def activate(category_id: UUID) -> None:
    """Show a category again and take listings into it."""
    _find(category_id).is_active = True
    audit.record("category.activated", "category", category_id)


def deactivate(category_id: UUID) -> None:
    """Take a category out of the menus; nothing new goes in, listings in it stay reachable by search."""
    _find(category_id).is_active = False
    audit.record("category.deactivated", "category", category_id)


def delete(category_id: UUID) -> None:
    """Remove an empty category. Raise Conflict while a listing or a category is in it."""
    row = _find(category_id)
    if session().scalar(select(CategoryRow.id).where(CategoryRow.parent_id == row.id).limit(1)):
        raise Conflict("catalogue.has_children", _("Move or delete the categories below first"))
    if session().scalar(select(ListingRow.id).where(ListingRow.category_id == row.id).limit(1)):
        raise Conflict("catalogue.has_listings", _("Listings are in this category; move them first, or hide it"))
    session().delete(row)
    audit.record("category.deleted", "category", category_id, path=row.path)


def _refresh_branch(path: str) -> None:
    session().flush()
    inside = CategoryRow.path.startswith(f"{path}/", autoescape=True) | (CategoryRow.path == path)
    of_category = (CategoryRow.tenant_id == ListingRow.tenant_id) & (CategoryRow.id == ListingRow.category_id)
    refresh(session().scalars(select(ListingRow.id).join(CategoryRow, of_category).where(inside)).all())


def ancestors(category_id: UUID) -> tuple[Category, ...]:
    """Return a category's line from the root down to itself. Raise Missing if there is none."""
    row = _find(category_id)
    parts = row.path.split("/")
    paths = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    rows = session().scalars(select(CategoryRow).where(CategoryRow.path.in_(paths)))
    return tuple(_value(above) for above in sorted(rows, key=lambda r: len(r.path)))
