"""The plugin market of a marketplace: what can be switched on, and what exactly a switch would do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.hooks.declare import declare_blueprints, declare_jobs, declare_permissions
from core.hooks.lifecycle import Obligation
from core.hooks.manifest import Manifest, Problem, misfits
from core.hooks.runtime import plugins as registry
from core.kernel.db import session
from core.kernel.errors import Missing, _
from core.kernel.tenancy import current
from tenants import plugins
from tenants.models import PluginRow


@dataclass(frozen=True, slots=True)
class Card:
    """A plugin as the market shows it. `state` is "off" where it was never on. Title and summary are English."""

    name: str
    version: str
    title: str
    summary: str
    state: str
    requires: tuple[str, ...]
    conflicts: tuple[str, ...]
    has_settings: bool

    @property
    def is_on(self) -> bool:
        """Whether it takes part in the marketplace, draining included."""
        return self.state in ("enabled", "draining")


@dataclass(frozen=True, slots=True)
class Effects:
    """What a switch would do, said before it is done.

    Switching on: `permissions` are (name, label) that roles can hold afterwards, `pages` its addresses, `jobs` what
    runs by itself, `problems` what forbids it. Switching off: `obligations` keep it draining, `needed_by` forbids it.
    """

    card: Card
    permissions: tuple[tuple[str, str], ...] = ()
    pages: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    needed_by: tuple[str, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether nothing forbids it."""
        return not self.problems and not self.needed_by

    @property
    def target(self) -> str:
        """The state that switching it off would reach now."""
        return "draining" if self.obligations else "disabled"


def cards() -> list[Card]:
    """Return every installed plugin, those that are on first, then by title."""
    states = dict(session().execute(select(PluginRow.plugin, PluginRow.state)).all())
    found = [_card(manifest, states.get(name, "off")) for name, manifest in registry().manifests.items()]
    return sorted(found, key=lambda card: (not card.is_on, card.title))


def card(plugin: str) -> Card:
    """Return one plugin. Raise Missing if it is not installed."""
    for found in cards():
        if found.name == plugin:
            return found
    raise Missing("plugins.unknown", _("There is no plugin of this name"))


def _card(manifest: Manifest, state: str) -> Card:
    return Card(
        manifest.name, manifest.version, manifest.title, manifest.summary, state, manifest.requires,
        manifest.conflicts, plugins.settings_spec(manifest.name) is not None,
    )  # fmt: skip


def effects_of_enabling(plugin: str) -> Effects:
    """Say what switching a plugin on would do. Raise Missing."""
    found, asked = card(plugin), registry()
    permissions = asked.ask(plugin, declare_permissions) or ()
    mounts = asked.ask(plugin, declare_blueprints) or ()
    jobs = asked.ask(plugin, declare_jobs) or ()
    return Effects(
        found,
        permissions=tuple((p.name, p.label) for p in permissions),
        pages=tuple(sorted({_address(m.surface.value, plugin) for m in mounts})),
        jobs=tuple(job.name for job in jobs if job.cron),
        problems=tuple(p for p in misfits(current().enabled | {plugin}, asked.manifests)),
    )


def _address(surface: str, plugin: str) -> str:
    heads = {"store": "", "api": "/api/v1"}
    return f"{heads.get(surface, f'/{surface}')}/{plugin}"


def effects_of_disabling(plugin: str) -> Effects:
    """Say what switching a plugin off would do, its open business included. Raise Missing."""
    on, manifests = current().enabled, registry().manifests
    needed_by = tuple(manifests[name].title for name in on if name in manifests and plugin in manifests[name].requires)
    return Effects(card(plugin), obligations=tuple(plugins.obligations(plugin)), needed_by=needed_by)
