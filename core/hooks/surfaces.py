"""Where a plugin shows itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from core.hooks.markers import OnFailure, Phase, Scope, hook
from core.hooks.types import Actor, Period, Surface, Viewer
from core.kernel.money import Money
from core.kernel.tenancy import Tenant

Cell: TypeAlias = bool | int | str | date | Money | None
"""What a report's row holds; core writes money and dates in the reader's language, and plainly in CSV."""
ReportRows: TypeAlias = Callable[[Tenant, Actor, Period, Mapping[str, str]], Sequence[Mapping[str, Cell]]]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A menu entry. `endpoint` is Flask's; `position` sorts within the section, low first."""

    label: str
    endpoint: str
    section: str
    permission: str | None
    position: int = 50


@dataclass(frozen=True, slots=True)
class Card:
    """A tile on a dashboard: a template and what it needs, made by at most one query over the period."""

    title: str
    template: str
    context: Mapping[str, object]
    permission: str | None
    position: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """`slot` is one of core.http.slots.SLOTS; `subject` is what the page is about.

    `viewer` is who looks at a store page, `actor` who works on a staff page; the other one is None.
    """

    slot: str
    subject: Mapping[str, object]
    viewer: Viewer | None = None
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a page: a template and what it needs; `position` sorts within the slot, low first."""

    template: str
    context: Mapping[str, object]
    position: int = 50


@dataclass(frozen=True, slots=True)
class Report:
    """`rows(tenant, actor, period, filters)` gives rows by column; core renders the table, the chart and
    the CSV.

    Rows are confined to the actor's merchant in the query itself. `filters` names what can be narrowed
    ("category"); only those keys are passed, and absent ones do not narrow.
    """

    code: str
    title: str
    columns: tuple[str, ...]
    rows: ReportRows
    permission: str
    filters: tuple[str, ...] = ()


@hook(Phase.READ, Scope.ENABLED, on_failure=OnFailure.OMIT)
def nav_items(tenant: Tenant, surface: Surface) -> Sequence[NavItem]:
    """Return menu entries.

    Runs for each page; core drops those whose permission the actor lacks. No query.
    """
    raise NotImplementedError


@hook(Phase.READ, Scope.ENABLED, on_failure=OnFailure.OMIT)
def dashboard_cards(tenant: Tenant, actor: Actor, surface: Surface, period: Period) -> Sequence[Card]:
    """Return cards for a dashboard.

    Runs when the dashboard is shown. Each is rendered by itself; a failing card is shown as unavailable.
    """
    raise NotImplementedError


@hook(Phase.READ, Scope.ENABLED, on_failure=OnFailure.OMIT)
def page_slots(tenant: Tenant, page: Page) -> Sequence[Fragment]:
    """Return template fragments for a named slot of a core page.

    Runs for each slot of a page that is shown.
    """
    raise NotImplementedError


@hook(Phase.READ, Scope.ENABLED, on_failure=OnFailure.OMIT)
def reports(tenant: Tenant, surface: Surface) -> Sequence[Report]:
    """Return reports on offer.

    Runs when reports are listed or one is opened; rows are read only then. No query.
    """
    raise NotImplementedError
