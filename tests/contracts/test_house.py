"""The house rules that a machine can check: sizes, documentation, and what must never be written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("core", "tenants", "plugins", "web")
# Pages of texts and of drawings are data, not program.
DATA = ("web/demo/",)
# A person's whole request or job ends here: whatever was raised is noted and answered.
BOUNDARIES = {"core/kernel/runner.py", "core/http/errors.py", "core/hooks/guard.py"}


# Slow jobs have no transaction of their own while the outside answers: they open short ones.
OPENING = {
    f"core/{name}.py"
    for name in (
        "payments/payments", "payments/movements", "payments/bank_transfer", "payments/provider_accounts",
        "payments/payout_news",
        "billing/dispute_sending", "billing/payouts/sending", "billing/payouts/clawbacks", "catalogue/importing",
        "accounting/reconciliation/runs", "compliance/work", "media/fetching", "media/renditions",
    )
}  # fmt: skip


def _files() -> Iterator[tuple[str, ast.Module, str]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/tests/" not in name and "/migrations/" not in name and not name.startswith(DATA):
                text = path.read_text("utf8")
                yield name, ast.parse(text), text


FILES = list(_files())


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _body_lines(function: ast.FunctionDef) -> int:
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function):
        lines -= (function.body[0].end_lineno or 0) - function.body[0].lineno + 1
    return lines


def test_no_file_is_longer_than_400_lines() -> None:
    assert [f"{name}: {text.count(chr(10))}" for name, _tree, text in FILES if text.count("\n") > 400] == []


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{name}:{function.name} {_body_lines(function)}"
        for name, tree, _text in FILES
        for function in _functions(tree)
        if _body_lines(function) > 50
    ]
    assert long == []


def test_every_module_says_what_it_is_responsible_for() -> None:
    assert [name for name, tree, _text in FILES if not ast.get_docstring(tree)] == []


@pytest.mark.parametrize("folder", ["core", "tenants"])
def test_every_public_function_is_documented_and_typed(folder: str) -> None:
    bare = [
        f"{name}:{function.name}"
        for name, tree, _text in FILES
        if name.startswith(folder)
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and (not ast.get_docstring(function) or function.returns is None)
    ]
    assert bare == []


def test_broad_handlers_stand_at_the_boundaries_alone() -> None:
    broad = {
        name
        for name, tree, _text in FILES
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    }
    # These undo whatever was under way, and raise it again.
    undoing = {"core/kernel/tx.py", "core/kernel/wire.py", "core/http/idempotency.py", "web/sandbox/stripe/store.py"}
    assert broad <= BOUNDARIES | undoing


def test_only_edges_commit_or_open_transactions() -> None:
    services = [
        f"{name}: {call}"
        for name, _tree, text in FILES
        if name.startswith("core/") and not name.startswith(("core/kernel/", "core/http/"))
        for call in ("session().commit()", "session().rollback()", "transaction():")
        if call in text and name not in OPENING
    ]
    assert services == []


def test_states_are_written_by_machines_alone() -> None:
    """Rows with a machine are moved by move(); a plain assignment to .state is for rows that have none."""
    without_machine = {"payment", "row", "document", "charge", "charged", "run", "media", "mail"}
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree, _text in FILES
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute)
        and target.attr == "state"
        and isinstance(target.value, ast.Name)
        and target.value.id not in without_machine
    ]
    assert wrong == []


def test_core_names_no_plugin() -> None:
    names = [path.name for path in (ROOT / "plugins").iterdir() if (path / "plugin.py").exists()]
    told = [
        f"{name}: {plugin}"
        for name, tree, _text in FILES
        if name.startswith("core/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for plugin in names
        if node.value == plugin or node.value.startswith(f"{plugin}:")
    ]
    assert told == []
