"""The house stands without any of its plugins; what each of them must keep is asked by the kit (tests/kit)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

import plugins
from core.hooks.declare import Permission
from core.hooks.discovery import installed
from core.hooks.manifest import Manifest
from core.hooks.markers import hookimpl
from core.hooks.registry import Registry
from core.hooks.types import Surface
from tests.contracts.conformance import assert_conforms

ROOT = Path(__file__).parents[2]
MODULES = installed([plugins])
EACH = pytest.mark.parametrize("name", MODULES)


def test_control_a_foreign_name_is_found() -> None:
    module = ModuleType("borrowing")
    module.MANIFEST = Manifest("borrowing", "1", "Borrowing", "Takes another's name.")

    @hookimpl
    def declare_permissions() -> Sequence[Permission]:
        return [Permission("orders.refund", "Refund", Surface.OPERATOR)]

    module.declare_permissions = declare_permissions
    with pytest.raises(AssertionError, match="declare_permissions"):
        assert_conforms(module)


def test_own_goods_are_asked_before_commission() -> None:
    order = Registry(MODULES).order
    assert order.index("self_operated") < order.index("commission")


@EACH
def test_the_house_starts_without_the_folder_of(name: str, tmp_path: Path) -> None:
    left_out = shutil.ignore_patterns("__pycache__", "vendor", "dist")
    for folder in ("core", "tenants", "web", "plugins", "migrations"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=left_out)
    shutil.rmtree(tmp_path / "plugins" / name)
    program = (
        "import core, plugins, tenants, web.app\n"
        "from core.hooks.discovery import installed\n"
        "from core.hooks.registry import Registry\n"
        "from core.kernel.mapping import import_models\n"
        "from migrations.run import areas\n"
        "import_models([core, tenants, plugins])\n"
        "found = Registry(installed([plugins])).order\n"
        f"assert {name!r} not in (*found, *areas()), found\n"
        "print(*found)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert set(ran.stdout.split()) == set(MODULES) - {name}
