"""The first page: blocks in an order, each shown from and until a moment if one wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from core.kernel.errors import _
from core.kernel.tenancy import Tenant
from tenants.design.shapes import LANGUAGES, Texts, href, texts

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "hero": (_("Opening"), ("title", "text", "label", "href", "picture")),
    "departments": (_("Categories"), ("title",)),
    "row": (_("Row of goods"), ("title", "source", "category", "listings", "count")),
    "shops": (_("Shops"), ("title", "shops", "count")),
    "text": (_("Text"), ("title", "text")),
    "banner": (_("Banner"), ("title", "text", "label", "href", "tone")),
    "picture": (_("Picture and text"), ("title", "text", "label", "href", "picture", "alt", "side")),
}
"""By kind: its name, and what of a block it uses."""
SOURCES: Mapping[str, str] = {
    "popular": _("Popular goods"), "new": _("New goods"), "deals": _("Reduced goods"),
    "category": _("Goods of a category"), "chosen": _("Goods that you choose"),
}  # fmt: skip
TONES: Mapping[str, str] = {"brand": _("In the brand's colour"), "soft": _("Pale"), "plain": _("White")}
MOST_BLOCKS = 20
MOST_CHOSEN = 12


@dataclass(frozen=True, slots=True)
class Block:
    """A block. Of its fields it uses those that its kind names; `shows` says whether a moment is within its time."""

    id: str
    kind: str
    is_on: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    title: Texts | None = None
    text: Texts | None = None
    label: Texts | None = None
    alt: Texts | None = None
    href: str = ""
    source: str = "popular"
    category_id: UUID | None = None
    listings: Sequence[str] = ()
    shops: Sequence[str] = ()
    count: int = 8
    media_id: UUID | None = None
    tone: str = "soft"
    side: str = "start"

    def shows(self, now: datetime) -> bool:
        """Tell whether the block is on and its time has come and is not over."""
        return (
            self.is_on
            and (self.starts_at is None or self.starts_at <= now)
            and (self.ends_at is None or now < self.ends_at)
        )


def _slugs() -> fields.List[Any]:
    slug = fields.String(validate=validate.Length(min=1, max=200))
    return fields.List(slug, load_default=list, validate=validate.Length(max=MOST_CHOSEN))


class BlockContent(Schema):
    """A block as it is stored and sent; goods and shops are named as in their addresses."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    id = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9]{4,20}\Z"))
    kind = fields.String(required=True, validate=validate.OneOf(tuple(KINDS)))
    is_on = fields.Boolean(load_default=True)
    starts_at = fields.AwareDateTime(load_default=None, allow_none=True)
    ends_at = fields.AwareDateTime(load_default=None, allow_none=True)
    title = texts(120)
    text = texts(5_000)
    label = texts(40)
    alt = texts(200)
    href = href()
    source = fields.String(load_default="popular", validate=validate.OneOf(tuple(SOURCES)))
    category_id = fields.UUID(load_default=None, allow_none=True)
    listings = _slugs()
    shops = _slugs()
    count = fields.Integer(load_default=8, validate=validate.OneOf((4, 8, 12)))
    media_id = fields.UUID(load_default=None, allow_none=True)
    tone = fields.String(load_default="soft", validate=validate.OneOf(tuple(TONES)))
    side = fields.String(load_default="start", validate=validate.OneOf(("start", "end")))

    @validates_schema
    def _holds_together(self, data: Mapping[str, Any], **_more: object) -> None:
        starts, ends = data["starts_at"], data["ends_at"]
        if starts and ends and ends <= starts:
            raise ValidationError(_("The end is not after the start"), "ends_at")
        if data["kind"] == "row" and data["source"] == "category" and data["category_id"] is None:
            raise ValidationError(_("Choose a category"), "category_id")
        if data["kind"] == "row" and data["source"] == "chosen" and not data["listings"]:
            raise ValidationError(_("Name at least one product"), "listings")
        if any(data["label"].values()) and not data["href"]:
            raise ValidationError(_("Say where the button leads"), "href")


class FrontContent(Schema):
    """The first page as it is stored and sent."""

    class Meta:
        """Refuse what is not declared."""

        unknown = RAISE

    blocks = fields.List(fields.Nested(BlockContent), load_default=list, validate=validate.Length(max=MOST_BLOCKS))

    @validates_schema
    def _are_apart(self, data: Mapping[str, Any], **_more: object) -> None:
        keys = [block["id"] for block in data["blocks"]]
        if len(set(keys)) != len(keys):
            raise ValidationError(_("Two blocks have the same id"), "blocks")


STANDARD: Mapping[str, Any] = {
    "blocks": [
        {"id": "hero", "kind": "hero"},
        {"id": "departments", "kind": "departments"},
        {"id": "popular", "kind": "row", "source": "popular"},
        {"id": "newest", "kind": "row", "source": "new"},
        {"id": "reduced", "kind": "row", "source": "deals", "count": 4},
        {"id": "shops", "kind": "shops"},
    ]
}
"""The first page of a marketplace that has not made one."""


def of(tenant: Tenant) -> tuple[Block, ...]:
    """Return the blocks of a marketplace's first page, in their order."""
    content = tenant.design.get("front")
    return read(content if content and content.get("blocks") else STANDARD)


def read(content: Mapping[str, Any]) -> tuple[Block, ...]:
    """Return stored blocks as values."""
    return tuple(Block(**known) for known in FrontContent(unknown="exclude").load(dict(content))["blocks"])


def starting(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the standard page as a first draft, with what the settings say at its head."""
    content: dict[str, Any] = FrontContent().dump(FrontContent().load(dict(STANDARD)))
    hero = content["blocks"][0]
    for code in LANGUAGES:
        hero["title"][code] = str(settings.get(f"hero_title_{code}") or settings.get(f"tagline_{code}") or "")
        hero["text"][code] = str(settings.get(f"hero_text_{code}") or "")
    return content
