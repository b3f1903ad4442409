"""What a plugin says about itself, by its text alone: manifest, signatures, imports, translations, personal data."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from core.kernel.db import db
from tests.contracts.conformance import assert_conforms
from web import translations

PERSONAL = {"customer_id", "user_id", "email", "phone", "buyer_id", "person_id"}
HOUSE = ("core", "tenants")


def imported(home: Path) -> Iterator[tuple[str, str]]:
    """Yield (file, module) for each import of a plugin's program; tests and migrations are no part of it."""
    for file in sorted(home.rglob("*.py")):
        if {"tests", "migrations"} & set(file.relative_to(home).parts):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                yield file.name, node.module
            elif isinstance(node, ast.Import):
                yield from ((file.name, alias.name) for alias in node.names)


def test_it_keeps_the_contract_of_the_hooks(module: ModuleType, name: str) -> None:
    assert_conforms(module)


def test_it_knows_core_and_itself_and_no_other_plugin(home: Path, module: ModuleType, name: str) -> None:
    own = module.__name__.rpartition(".")[0]
    foreign = [(file, path) for file, path in imported(home)
               if path.split(".")[0] in ("web", "migrations", "tests") or
               (path.split(".")[0] == "plugins" and f"{path}.".startswith("plugins.") and not f"{path}.".startswith(f"{own}."))]  # fmt: skip
    assert [one for one in foreign if one[1] != "plugins"] == []


def test_every_text_is_translated(home: Path, name: str) -> None:
    assert translations.problems_of(home) == []


def test_columns_that_name_a_person_are_declared(app: object, module: ModuleType, name: str) -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if table.name.startswith(f"{name}_") and column.name in PERSONAL
    }
    assert found <= set(module.MANIFEST.personal), found - set(module.MANIFEST.personal)
    known = {f"{table.name}.{column.name}" for table in db.metadata.tables.values() for column in table.columns}
    assert set(module.MANIFEST.personal) <= known, "a declared column does not exist"
    if module.MANIFEST.personal:
        assert hasattr(module, "export_subject")
        assert hasattr(module, "erase_subject")
