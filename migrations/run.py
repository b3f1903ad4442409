"""Brings a database to a version: `python -m migrations.run upgrade|downgrade|revision AREA MESSAGE|check`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import create_engine, text

import core
import plugins
import tenants
from core.hooks.discovery import homes, wheel_packages
from core.kernel.config import Config, from_environment
from core.kernel.db import OWNER
from core.kernel.mapping import import_models
from migrations import roles

_ROOT = Path(__file__).parent


def areas() -> tuple[str, ...]:
    """Return what has a schema, in the order of migrating: core, then the plugins that have migrations."""
    return ("core", *(name for name, home in homes([plugins]).items() if (home / "migrations").is_dir()))


def _folder(area: str) -> Path:
    return _ROOT / "versions" if area == "core" else homes([plugins])[area] / "migrations"


@contextmanager
def alembic(config: Config, area: str) -> Iterator[AlembicConfig]:
    """Open the owner's connection for one area's migrations."""
    engine = create_engine(config.role_url(OWNER))
    with engine.connect() as connection:
        connection.execute(text("set lock_timeout = '3s'"))
        connection.commit()
        settings = AlembicConfig()
        settings.set_main_option("script_location", str(_ROOT))
        settings.set_main_option("path_separator", "os")
        settings.set_main_option("version_locations", str(_folder(area)))
        settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        settings.attributes.update(connection=connection, area=area, plugins=areas()[1:])
        yield settings
        connection.commit()
    engine.dispose()


def upgrade(config: Config) -> None:
    """Bring every area to its newest version."""
    roles.prepare(config)
    for area in areas():
        with alembic(config, area) as settings:
            command.upgrade(settings, "head")


def downgrade(config: Config, area: str, version: str) -> None:
    """Take one area back to a version, "base" for nothing."""
    with alembic(config, area) as settings:
        command.downgrade(settings, version)


def revision(config: Config, area: str, number: str, message: str) -> None:
    """Write a new migration of an area from the difference between models and database."""
    import_models((core, tenants, plugins, *wheel_packages()))
    _folder(area).mkdir(parents=True, exist_ok=True)
    with alembic(config, area) as settings:
        command.revision(settings, message, autogenerate=True, rev_id=number)


def main(arguments: list[str]) -> None:
    """Run one command against the database of the environment."""
    config = from_environment(os.environ)
    match arguments:
        case ["upgrade"]:
            upgrade(config)
        case ["downgrade", area, version]:
            downgrade(config, area, version)
        case ["revision", area, number, message]:
            revision(config, area, number, message)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
