"""Opens many marketplaces from a table, in batches; started again it goes on where it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.errors import Invalid, _
from core.kernel.tx import platform_transaction
from tenants import provisioning
from tenants.countries import first_choices
from tenants.models import TenantRow
from tenants.provisioning import Onboarding

BATCH = 100
COLUMNS = ("slug", "name", "country")


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of so many rows: opened now, or open (or being set up) before."""

    opened: int
    known: int


def read(text: str) -> list[Onboarding]:
    """Read a CSV table with slug, name, country, and where wanted currency, timezone, languages ("en zh"), preset, plan.

    Raise Invalid for a table without the three, or the first row at fault, with its line.
    """
    reader = csv.DictReader(io.StringIO(text))
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        raise Invalid("tenants.columns", _("The table needs the columns {columns}"), columns=", ".join(COLUMNS))
    return [_request(reader.line_num, {name: (value or "").strip() for name, value in row.items()}) for row in reader]


def _request(line: int, row: dict[str, str]) -> Onboarding:
    try:
        first = first_choices(row["country"])
        request = Onboarding(
            row["slug"], row["name"], row["country"], row.get("currency") or first.currency,
            row.get("timezone") or first.timezone, tuple(row.get("languages", "").split()) or first.languages,
            row.get("preset") or "commission", row.get("plan") or provisioning.DEFAULT_PLAN, with_categories=True,
        )  # fmt: skip
        provisioning.check(request)
    except Invalid as wrong:
        reason = " ".join(field.message for field in wrong.fields) or wrong.message
        raise Invalid("tenants.row", _("Line {line}: {reason}"), line=line, reason=reason) from None
    return request


def open_all(requests: Sequence[Onboarding], *, platform_host: str = "") -> Iterator[Batch]:
    """Open marketplaces batch by batch, and tell of each batch; those that exist are finished if they were not."""
    for start in range(0, len(requests), BATCH):
        part = requests[start : start + BATCH]
        with platform_transaction():
            query = select(TenantRow.slug, TenantRow.id).where(TenantRow.slug.in_([one.slug for one in part]))
            known = {row.slug: row.id for row in session().execute(query)}
            fresh = [one for one in part if one.slug not in known]
            made = provisioning.create_many(fresh, platform_host=platform_host) if fresh else []
        provisioning.complete_many([*made, *known.values()])
        yield Batch(len(made), len(known))
