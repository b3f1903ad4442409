"""What the platform's palette finds: marketplaces; and what it can begin."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for

from core.identity.principals import Realm
from core.kernel.errors import _
from tenants import directory
from web.badges import badge
from web.consoles.finding import EACH, Hit, command, finds

command(Realm.PLATFORM, _("Open a marketplace"), "platform.new_tenant", "rocket", "tenants.manage")
command(Realm.PLATFORM, _("Your preferences"), "platform.preferences", "sliders-horizontal")


@finds(Realm.PLATFORM, 10, _("Marketplaces"), "store", "tenants.view", "platform.tenants")
def _tenants(words: str) -> Iterable[Hit]:
    found = directory.find_page(search=words, limit=EACH)
    return [Hit(t.name, f"{t.slug} · {badge('tenant', t.state).word}",
                url_for("platform.tenant", tenant_id=t.id)) for t in found.entries]  # fmt: skip
