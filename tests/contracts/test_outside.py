"""The example of docs/plugins.md, built as a wheel and installed, keeps the contract like a plugin of this tree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from web import translations

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "example"
BUILD = "import sys; from flit_core.buildapi import build_wheel; build_wheel(sys.argv[1])"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of packages with the example's wheel in it, as an installer unpacks it."""
    built, unpacked = tmp_path / "wheels", tmp_path / "site"
    built.mkdir()
    subprocess.run([sys.executable, "-c", BUILD, str(built)], cwd=EXAMPLE, check=True, capture_output=True)
    with ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(unpacked)
    for catalogue in unpacked.rglob("*.po"):
        translations.compile_one(catalogue)
    return unpacked


def test_a_wheel_from_outside_passes_the_kit_and_its_own_tests(site: Path, worker_id: str) -> None:
    given = {**os.environ, "PYTHONPATH": str(site), "TEST_DATABASES": f"outside_{worker_id}"}
    given = {name: value for name, value in given.items() if not name.startswith("PYTEST_")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--plugin",
        "thanks",
        "-n",
        "0",
        "-v",
        "--no-header",
        "-p",
        "no:cacheprovider",
    ]
    ran = subprocess.run(
        [*command, str(EXAMPLE / "tests")], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    asked = {file for file in ("kit/test_contract.py", "kit/test_life.py", "test_schema.py", "test_thanks.py")
             if f"{file} ." in ran.stdout}  # fmt: skip
    assert len(asked) == 4, ran.stdout
