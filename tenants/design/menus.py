"""The menus: links above every page, which are the departments unless others are chosen, and columns below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from core.kernel.errors import _
from core.kernel.tenancy import Tenant
from tenants.design.shapes import Texts, href, texts

MOST_LINKS = 9
MOST_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words by language, and where it leads."""

    label: Texts
    href: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column below every page."""

    title: Texts
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Menus:
    """What is chosen; empty where the storefront's own menus stand."""

    top: Sequence[Link] = ()
    columns: Sequence[Column] = ()


class LinkContent(Schema):
    """One link."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    label = texts(40)
    href = href()

    @validates_schema
    def _is_whole(self, data: Mapping[str, Any], **_more: object) -> None:
        if not any(data["label"].values()):
            raise ValidationError(_("Say what the link is called"), "label")
        if not data["href"]:
            raise ValidationError(_("Say where the link leads"), "href")


class ColumnContent(Schema):
    """A column of links."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    title = texts(40)
    links = fields.List(fields.Nested(LinkContent), load_default=list, validate=validate.Length(max=MOST_LINKS))


class MenusContent(Schema):
    """Both menus as they are stored and sent."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    top = fields.List(fields.Nested(LinkContent), load_default=list, validate=validate.Length(max=MOST_LINKS))
    columns = fields.List(fields.Nested(ColumnContent), load_default=list, validate=validate.Length(max=MOST_COLUMNS))


def of(tenant: Tenant) -> Menus:
    """Return the menus that a marketplace shows."""
    return read(tenant.design.get("menus", {}))


def read(content: Mapping[str, Any]) -> Menus:
    """Return stored menus as values."""
    columns = tuple(Column(each.get("title", {}), _links(each)) for each in content.get("columns", ()))
    return Menus(_links({"links": content.get("top", ())}), columns)


def _links(column: Mapping[str, Any]) -> tuple[Link, ...]:
    return tuple(Link(each.get("label", {}), each.get("href", "")) for each in column.get("links", ()))
