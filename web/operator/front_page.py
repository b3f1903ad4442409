"""The first page's editor: blocks in an order, each with a form of its own; what is done goes into the draft."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from flask import Response, after_this_request, render_template, request, url_for
from flask_babel import gettext

from core.catalogue.tree import tree
from core.http.answers import Answer, page, see
from core.http.edge import Tx, edge
from core.http.errors import message
from core.identity.principals import Realm
from core.kernel import clock
from core.kernel.errors import AppError, FieldError, Invalid, Missing, _
from core.kernel.tenancy import Tenant, bind, current
from core.kernel.tx import transaction
from tenants.design import front, service
from tenants.design.front import KINDS, SOURCES, TONES
from tenants.design.shapes import said
from web import headers, languages
from web.operator.design import around, picture_sent, showing_frames
from web.operator.surface import blueprint
from web.store import front as store_front
from web.store import surface as store
from web.store.viewers import sight

Blocks = list[dict[str, Any]]
_FIELDS = {"picture": "media_id", "category": "category_id"}


@blueprint.get("/design/front", endpoint="front")
@edge(Realm.OPERATOR, "settings.manage")
def front_editor(error: AppError | None = None) -> Answer:
    """Show the blocks of the first page in their order."""
    shown, now = around("front"), clock.now()
    content = shown["part"].content
    blocks = [(block, _state(block, now)) for block in front.read(content)]
    return page("operator/front.html", **shown, blocks=blocks, kinds=_named(KINDS), names=dict(_named(KINDS)), error=error and message(error),
                summaries={block.id: _summary(block) for block, _word in blocks})  # fmt: skip


def _front_again(block_id: str, error: AppError | None = None) -> Answer:
    """Show the editor once more, whichever block it was about."""
    shown: Answer = getattr(front_editor, "__wrapped__", front_editor)(error)
    return shown


def _named(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(code, gettext(entry if isinstance(entry, str) else entry[0])) for code, entry in table.items()]


def _state(block: front.Block, now: datetime) -> tuple[str, str]:
    """Return a word and its tone for whether a block shows now."""
    if not block.is_on:
        return gettext("Off"), "grey"
    if block.starts_at is not None and now < block.starts_at:
        return gettext("Planned"), "info"
    if block.ends_at is not None and block.ends_at <= now:
        return gettext("Over"), "grey"
    return gettext("Shown"), "ok"


def _summary(block: front.Block) -> str:
    """Return what a block is about, in a few words."""
    title = said(block.title or {}, languages.language())
    node = tree().nodes.get(block.category_id) if block.category_id else None
    what = gettext(SOURCES[block.source]) if block.kind == "row" else ""
    return " · ".join(part for part in (title, what, node.name(languages.language()) if node else "") if part)


def _draft() -> tuple[Blocks, int]:
    found = service.part("front")
    return [dict(block) for block in found.content["blocks"]], found.version


def _keep(blocks: Blocks, version: int | None) -> None:
    service.save("front", {"blocks": blocks}, version=version)


def _place(blocks: Blocks, block_id: str) -> int:
    for place, block in enumerate(blocks):
        if block["id"] == block_id:
            return place
    raise Missing("design.no_block", _("This block is not there any more"))


@blueprint.post("/design/front", endpoint="add_block")
@edge(Realm.OPERATOR, "settings.manage", again=front_editor)
def add_block() -> Answer:
    """Add a block of a kind at the end, switched off until it is filled in."""
    kind, (blocks, _version) = request.form.get("kind", ""), _draft()
    if kind not in KINDS:
        raise Invalid("design.kind", _("Choose what to add"))
    fresh: dict[str, Any] = {"id": secrets.token_hex(4), "kind": kind, "is_on": kind in ("departments", "row", "shops")}
    _keep([*blocks, fresh], request.form.get("version", type=int))
    return see(url_for("operator.block", block_id=fresh["id"]), gettext("Added to the draft"))


@blueprint.post("/design/front/<block_id>/act", endpoint="act_on_block")
@edge(Realm.OPERATOR, "settings.manage", again=_front_again)
def act_on_block(block_id: str) -> Answer:
    """Move a block up or down, switch it on or off, or take it out."""
    blocks, version = _draft()
    place, act = _place(blocks, block_id), request.form.get("act", "")
    acts: Mapping[str, Callable[[], object]] = {
        "up": lambda: blocks.insert(max(place - 1, 0), blocks.pop(place)),
        "down": lambda: blocks.insert(place + 1, blocks.pop(place)),
        "switch": lambda: blocks[place].update(is_on=not blocks[place].get("is_on", True)),
        "remove": lambda: blocks.pop(place),
    }
    if act in acts:
        acts[act]()
    _keep(blocks, version)
    said = gettext("Taken out of the draft") if act == "remove" else gettext("Kept as a draft")
    return see(url_for("operator.front", _anchor=f"b-{block_id}"), said)


@blueprint.post("/design/front/order", endpoint="order_blocks")
@edge(Realm.OPERATOR, "settings.manage", again=front_editor)
def order_blocks() -> Answer:
    """Bring the blocks into the order in which they were dragged: their former places, in the new order."""
    blocks, version = _draft()
    places = request.form.get("order", "").split(",")
    if sorted(places) != sorted(str(n) for n in range(len(blocks))):
        raise Invalid("design.order", _("The blocks have changed meanwhile; look again"))
    _keep([blocks[int(place)] for place in places], version)
    return see(url_for("operator.front"), gettext("Kept as a draft"))


@blueprint.get("/design/front/<block_id>", endpoint="block")
@edge(Realm.OPERATOR, "settings.manage")
def block_page(block_id: str, error: AppError | None = None) -> Answer:
    """Show a block's form."""
    blocks, version = _draft()
    stored = blocks[_place(blocks, block_id)]
    wrong = (
        {f.path.rpartition("blocks.")[2].partition(".")[2] or f.path: gettext(f.message) for f in error.fields}
        if isinstance(error, Invalid)
        else {}
    )
    shown = {**stored, **_typed(stored)} if error else stored
    zone = ZoneInfo(current().timezone)
    return page(
        "operator/block.html", block=shown, name=gettext(KINDS[stored["kind"]][0]), used=KINDS[stored["kind"]][1],
        version=version, sources=_named(SOURCES), tones=_named(TONES), categories=_categories(), wrong=wrong,
        languages_of_tenant=current().languages, error=error and message(error),
        starts=_local(shown.get("starts_at"), zone), ends=_local(shown.get("ends_at"), zone),
    )  # fmt: skip


def _categories() -> list[tuple[str, str]]:
    known = tree()
    ways = [(node, known.way(node)) for node in known.nodes.values()]
    named = [(str(node.id), " / ".join(each.name(current().locale) for each in way)) for node, way in ways]
    return [("", gettext("Choose a category")), *sorted(named, key=lambda pair: pair[1])]


def _local(moment: str | None, zone: ZoneInfo) -> str:
    """Return a stored moment as a control of the tenant's zone shows it."""
    return datetime.fromisoformat(moment).astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _moment(name: str) -> str | None:
    text = request.form.get(name, "").strip()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(current().timezone)).isoformat() if text else None
    except ValueError:
        said = _("Give a day and a time")
        raise Invalid("design.moment", said, fields=(FieldError(name, said),)) from None


def _typed(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a block's form holds, for the fields that its kind uses."""
    form, used = request.form, KINDS[stored["kind"]][1]
    found: dict[str, Any] = {}
    for name in used:
        if name in ("title", "text", "label", "alt"):
            found[name] = {code: form.get(f"{name}-{code}", "").strip() for code in current().languages}
        elif name in ("listings", "shops"):
            found[name] = _slugs(form.get(name, ""))
        elif name == "count":
            found[name] = form.get(name, 8, type=int)
        elif name != "picture":
            found[_FIELDS.get(name, name)] = form.get(_FIELDS.get(name, name), "").strip() or None
    for name in ("href", "source", "tone", "side"):
        if found.get(name, "") is None:
            found.pop(name)
            found |= {"href": ""} if name == "href" else {}
    return found


def _slugs(text: str) -> list[str]:
    """Return what lines name: the last part of an address, or a name as it is."""
    lines = (urlsplit(line.strip()).path.rstrip("/").rpartition("/")[2] for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


@blueprint.post("/design/front/<block_id>", endpoint="save_block")
@edge(Realm.OPERATOR, "settings.manage", tx=Tx.OWN, again=block_page)
def save_block(block_id: str) -> Answer:
    """Keep a block's form in the draft."""
    media_id = picture_sent("picture")
    with transaction():
        blocks, _version = _draft()
        stored = blocks[_place(blocks, block_id)]
        stored |= _typed(stored) | {"is_on": "is_on" in request.form}
        stored |= {"starts_at": _moment("starts_at"), "ends_at": _moment("ends_at")}
        if media_id is not None or "picture_gone" in request.form:
            stored["media_id"] = str(media_id) if media_id else None
        _keep(blocks, request.form.get("version", type=int))
    return see(url_for("operator.front", _anchor=f"b-{block_id}"), gettext("Kept as a draft"))


@blueprint.get("/design/preview", endpoint="design_preview")
@edge(Realm.OPERATOR, "settings.manage")
def preview_page() -> Answer:
    """Show the drafts as visitors would see them: wide, on a phone, light or dark, at a moment to come."""
    after_this_request(showing_frames)
    asked = {name: request.args[name] for name in ("look", "at", "words") if request.args.get(name)}
    return page("operator/design_preview.html", src=f"{url_for('operator.design_frame')}?{urlencode(asked)}", asked=asked,
                is_phone=request.args.get("width") == "phone", words=current().languages)  # fmt: skip


@blueprint.get("/design/frame", endpoint="design_frame")
@edge(Realm.OPERATOR, "settings.manage")
def preview_frame() -> Answer:
    """Draw the storefront's first page from the drafts, for the preview's frame."""
    drafted = service.drafted()
    drawn = replace(_dressed(current(), drafted), version=-secrets.randbelow(2**40) - 2)
    try:
        at = datetime.fromisoformat(request.args.get("at", "")).replace(tzinfo=ZoneInfo(current().timezone))
    except ValueError:
        at = clock.now()
    if request.args.get("words") in drawn.languages:
        languages.speak(request.args["words"])
    with bind(drawn):
        values = {**store.frame(), "actor": None, "cart_count": 0, **store_front.values(drawn, sight(), at)}
        looks = {"theme": request.args["look"]} if request.args.get("look") in ("light", "dark") else {}
        html = render_template("store/home.html", **{**values, **looks, "tab": "home", "theme_href": _sheet(drafted)})
    return Response(html, headers={"Content-Security-Policy": headers.IN_FRAMES, "Cache-Control": "no-store"})


def _dressed(tenant: Tenant, drafted: Mapping[str, Any]) -> Tenant:
    """Return the marketplace as the drafts would make it."""
    return replace(tenant, design={**tenant.design, **drafted})


def _sheet(drafted: Mapping[str, Any]) -> str:
    names = ("brand_hex", "radius_percent", "neutral_hue", "font")
    looks = drafted.get("theme") or service.part("theme").content
    return f"{url_for('operator.theme_sheet')}?{urlencode({name: looks[name] for name in names})}"
