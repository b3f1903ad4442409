"""The extension surface keeps its own rules, and the registry contains what plugins do wrong."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from types import ModuleType
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import OperationalError

from core.hooks import types
from core.hooks.answers import Expected, WrongAnswer, expected_of
from core.hooks.catalogue import catalogue_filters, check_listing, listing_badges
from core.hooks.checkout import TenderResult, check_purchase, payment_methods, settle_tender
from core.hooks.compliance import compliance_findings
from core.hooks.data import export_subject, seed_demo
from core.hooks.declare import Job, Permission, declare_permissions
from core.hooks.events import on_order_event
from core.hooks.guard import PAUSE, TRIES, Overrun
from core.hooks.lifecycle import on_disable, purge_tenant
from core.hooks.manifest import Manifest, PluginClash, Problem, misfits
from core.hooks.markers import OnFailure, Phase, Scope, hookimpl, rules_of
from core.hooks.orders import SplitKey, split_keys
from core.hooks.registry import AREAS, Registry, unknown
from core.hooks.surfaces import NavItem, nav_items
from core.hooks.types import Surface, Violation
from core.kernel.errors import Conflict, Unavailable
from core.kernel.tenancy import Tenant
from tests.contracts.conformance import SPECS, assert_conforms

ALL = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


def make_tenant(enabled: str = "", draining: str = "", retained: str = "") -> Tenant:
    return Tenant(
        id=uuid4(), slug="t", name="T", country="DE", currency="EUR", timezone="Europe/Berlin", languages=("en",),
        enabled=frozenset(enabled.split()), draining=frozenset(draining.split()), retained=frozenset(retained.split()),
    )  # fmt: skip


def make_plugin(name: str, /, manifest: dict[str, Any] | None = None, **hooks: Any) -> ModuleType:
    """Return a plugin whose hooks run the given functions, taking all of the specification's parameters."""
    module = ModuleType(f"plugins.{name}.plugin")
    module.MANIFEST = Manifest(name, "1", name, name, **(manifest or {}))  # type: ignore[attr-defined]
    for hook, answer in hooks.items():
        setattr(module, hook, hookimpl(faked(hook, answer)))
    return module


def faked(hook: str, answer: Any) -> Any:
    """Return a function with the specification's signature and types that gives the answer, or calls it."""
    spec = SPECS[hook]
    names = ", ".join(inspect.signature(spec).parameters)
    scope: dict[str, Any] = {"answer": answer if callable(answer) else lambda: answer}
    exec(f"def {hook}({names}): return answer()", scope)
    scope[hook].__annotations__ = get_type_hints(spec)
    return scope[hook]


def registry_of(*modules: ModuleType, **options: Any) -> Registry:
    return Registry({module.MANIFEST.name: module for module in modules}, **options)


def values_for(spec: Any, tenant: Tenant) -> dict[str, Any]:
    return {name: tenant if name == "tenant" else None for name in rules_of(spec).parameters}


def answer_for(spec: Any) -> Any:
    expected = expected_of(spec)
    if expected.kind is None:
        return None
    value = object.__new__(expected.kind) if expected.kind is not bool else True
    return [value] if expected.many else value


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Recorder:
    """A guard that remembers what it was told, and what was undone."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str, type[BaseException]]] = []
        self.undone = self.opened = 0

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self.opened += 1
        try:
            yield
        except BaseException:
            self.undone += 1
            raise

    def record_failure(self, plugin: str, hook: str, error: BaseException, seconds: float) -> None:
        self.failures.append((plugin, hook, type(error)))


def failing(error: BaseException) -> Any:
    def fail() -> None:
        raise error

    return fail


# The surface


@ALL
def test_a_hook_is_documented_typed_and_tenant_first(spec: Any) -> None:
    rules, parameters = rules_of(spec), list(inspect.signature(spec).parameters)
    assert len(inspect.getdoc(spec) or "") > 40
    assert set(get_type_hints(spec)) == {*parameters, "return"}
    assert (parameters[:1] == ["tenant"]) is (rules.phase is not Phase.BOOT)
    assert (rules.scope is Scope.INSTALLED) is (rules.phase is Phase.BOOT)


@ALL
def test_a_hook_says_when_it_runs(spec: Any) -> None:
    assert "Runs " in (inspect.getdoc(spec) or "") or "runs " in (inspect.getdoc(spec) or "")


@ALL
def test_only_decoration_may_be_left_out(spec: Any) -> None:
    decoration = {"listing_badges", "payment_methods", "fulfilment_options", "nav_items", "dashboard_cards",
                  "page_slots", "reports"}  # fmt: skip
    assert (rules_of(spec).on_failure is OnFailure.OMIT) is (spec.__name__ in decoration)


@ALL
def test_a_hook_reaches_its_plugin(spec: Any) -> None:
    expected = answer_for(spec)
    registry = registry_of(make_plugin("one", **{spec.__name__: expected}))
    rules, values = rules_of(spec), values_for(spec, make_tenant("one"))
    if rules.first:
        assert registry.first(spec, **values) is expected
    elif rules.scope is Scope.NAMED or expected is None:
        assert registry.ask("one", spec, **values) is expected
    else:
        assert [id(item) for item in registry.collect(spec, **values)] == [id(expected[0])]
        assert [(name, id(item)) for name, item in registry.attributed(spec, **values)] == [("one", id(expected[0]))]


@ALL
def test_a_hook_without_implementation_answers_nothing(spec: Any) -> None:
    registry, tenant = registry_of(make_plugin("one")), make_tenant("one")
    assert registry.ask("one", spec, **values_for(spec, tenant)) is None
    if rules_of(spec).scope not in (Scope.NAMED, Scope.INSTALLED):
        assert registry.implementers(spec, tenant) == ()


def test_value_types_are_frozen_and_slotted() -> None:
    for area in (*AREAS, types):
        for kind in vars(area).values():
            if inspect.isclass(kind) and dataclasses.is_dataclass(kind):
                assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]
                assert "__slots__" in vars(kind), kind
                assert not (kind.__doc__ or "").startswith(f"{kind.__name__}("), kind  # dataclass's own text


def test_the_surface_stays_small() -> None:
    assert len(SPECS) <= 40
    assert len(AREAS) == 12


def test_a_plugin_of_all_hooks_conforms() -> None:
    answers = {name: answer_for(spec) for name, spec in SPECS.items()}
    answers["declare_jobs"] = [Job("one.tidy", print, timedelta(seconds=9), 1)]
    answers["declare_permissions"] = [Permission("one.view", "See", Surface.OPERATOR)]
    assert_conforms(make_plugin("one", **answers))


def test_a_job_under_a_foreign_name_does_not_conform() -> None:
    module = make_plugin("one", declare_jobs=[Job("two.tidy", print, timedelta(seconds=9), 1)])
    with pytest.raises(AssertionError, match="declare_jobs"):
        assert_conforms(module)


def test_another_signature_does_not_conform() -> None:
    module = make_plugin("one", nav_items=[])
    module.nav_items.__annotations__["surface"] = str
    with pytest.raises(AssertionError, match="nav_items differs"):
        assert_conforms(module)


def test_leaving_a_parameter_out_conforms_and_is_called() -> None:
    def impl(tenant: Tenant) -> Sequence[NavItem]:
        return [NavItem(tenant.slug, "e", "s", None)]

    module = make_plugin("one")
    impl.__name__ = "nav_items"
    module.nav_items = hookimpl(impl)  # type: ignore[attr-defined]
    assert_conforms(module)
    found = registry_of(module).collect(nav_items, tenant=make_tenant("one"), surface=Surface.STORE)
    assert found == [NavItem("t", "e", "s", None)]


def test_a_hook_that_does_not_exist_is_found_at_boot() -> None:
    module = make_plugin("one")
    module.on_merchant_event = hookimpl(lambda tenant: None)  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="on_merchant_event"):
        registry_of(module)


def test_nobody_wraps_or_jumps_the_queue() -> None:
    module = make_plugin("one")
    module.nav_items = hookimpl(tryfirst=True)(faked("nav_items", []))  # type: ignore[attr-defined]
    with pytest.raises(PluginClash, match="order comes from the manifest"):
        registry_of(module).collect(nav_items, tenant=make_tenant("one"), surface=Surface.STORE)


# Audiences and order


@pytest.mark.parametrize(
    ("spec", "heard"),
    [
        (nav_items, ("a",)),
        (on_order_event, ("a", "b")),
        (export_subject, ("a", "b", "c")),
    ],
    ids=["enabled", "serving", "holding"],
)
def test_the_audience_follows_the_plugins_state(spec: Any, heard: tuple[str, ...]) -> None:
    registry = registry_of(*(make_plugin(f"p_{name}", **{spec.__name__: []}) for name in "abcd"))
    tenant = make_tenant("p_a", "p_b", "p_c")
    assert registry.implementers(spec, tenant) == tuple(f"p_{name}" for name in heard)


def test_two_tenants_of_one_registry_hear_their_own_plugins() -> None:
    items = {name: NavItem(name, "e", "s", None) for name in ("one", "two")}
    registry = registry_of(*(make_plugin(name, nav_items=[item]) for name, item in items.items()))
    for name, item in items.items():
        assert registry.collect(nav_items, tenant=make_tenant(name), surface=Surface.STORE) == [item]


def test_installed_hooks_reach_all_plugins_without_a_tenant() -> None:
    registry = registry_of(make_plugin("one", declare_permissions=[]), make_plugin("two", declare_permissions=[]))
    assert registry.collect(declare_permissions) == []


def test_named_hooks_are_asked_of_one_plugin_only() -> None:
    called: list[str] = []
    registry = registry_of(*(make_plugin(n, on_disable=lambda n=n: called.append(n)) for n in ("one", "two")))
    registry.ask("two", on_disable, tenant=make_tenant("one two"))
    assert called == ["two"]
    with pytest.raises(TypeError, match=r"on one plugin by ask"):
        registry.collect(purge_tenant, tenant=make_tenant("one"))


def test_arguments_are_given_by_keyword_and_complete() -> None:
    registry = registry_of(make_plugin("one", nav_items=[]))
    with pytest.raises(TypeError, match="by keyword"):
        registry.collect(nav_items, make_tenant("one"), Surface.STORE)
    with pytest.raises(TypeError, match="surface"):
        registry.collect(nav_items, tenant=make_tenant("one"))  # type: ignore[call-arg]


def test_order_is_by_need_then_name_whatever_the_registration() -> None:
    needs = {"alpha": {"after": ("delta",)}, "beta": {}, "gamma": {}, "delta": {"requires": ("gamma",)}}
    modules = {name: make_plugin(name, need) for name, need in needs.items()}
    orders = {Registry(dict(some)).order for some in (modules.items(), reversed(modules.items()))}
    assert orders == {("beta", "gamma", "delta", "alpha")}


def test_answers_come_in_plugin_order_and_say_whose_they_are() -> None:
    line = UUID(int=1)
    registry = registry_of(
        make_plugin("alpha", {"after": ("beta",)}, split_keys=[SplitKey(line, "alpha:x")]),
        make_plugin("beta", split_keys=(SplitKey(line, "beta:y"),)),
    )
    found = registry.attributed(split_keys, tenant=make_tenant("alpha beta"), basket=None)  # type: ignore[arg-type]
    assert [(plugin, key.label) for plugin, key in found] == [("beta", ("beta", "y")), ("alpha", ("alpha", "x"))]


def test_first_stops_at_the_first_answer() -> None:
    result = TenderResult("r", settled=True)
    registry = registry_of(
        make_plugin("alpha", settle_tender=None),
        make_plugin("beta", settle_tender=result),
        make_plugin("gamma", settle_tender=failing(RuntimeError())),
    )
    tenant = make_tenant("alpha gamma", "beta")
    assert registry.first(settle_tender, tenant=tenant, operation=None) is result  # type: ignore[arg-type]


def test_a_split_key_names_its_plugin() -> None:
    with pytest.raises(ValueError, match="<plugin>:<value>"):
        _ = SplitKey(UUID(int=1), "pickup").label


def test_a_plugin_whose_folder_is_gone_is_known_to_be_unknown() -> None:
    registry = registry_of(make_plugin("one", nav_items=[]))
    assert unknown(["one", "gone"], registry) == {"gone"}
    assert registry.collect(nav_items, tenant=make_tenant("one gone"), surface=Surface.STORE) == []


# Manifests


def test_unknown_requirements_are_reported_and_stop_nothing() -> None:
    registry = registry_of(make_plugin("one", {"requires": ("gone",), "listens": ("gone.fact",)}))
    assert registry.problems == (
        Problem("one", "plugins.unknown", "gone"),
        Problem("one", "plugins.unheard", "gone.fact"),
    )


def test_plugins_that_wait_for_each_other_do_not_start() -> None:
    with pytest.raises(PluginClash, match="wait for each other"):
        registry_of(make_plugin("one", {"after": ("two",)}), make_plugin("two", {"after": ("one",)}))


@pytest.mark.parametrize(
    "manifest",
    [
        {"purposes": ("other.email",)},
        {"announces": ("fact",)},
        {"machines": ("order",)},
        {"personal": ("crm_notes.text",)},
        {"requires": ("two",), "conflicts": ("two",)},
        {"after": ("one",)},
    ],
)
def test_a_manifest_speaks_for_itself_only(manifest: dict[str, Any]) -> None:
    with pytest.raises(PluginClash):
        registry_of(make_plugin("one", manifest))


def test_a_plugin_has_the_name_of_its_folder_and_a_manifest() -> None:
    with pytest.raises(PluginClash, match="other_name"):
        Registry({"two": make_plugin("one")})
    with pytest.raises(PluginClash, match="no MANIFEST"):
        Registry({"two": ModuleType("two")})


def test_a_role_has_one_owner_per_tenant() -> None:
    manifests = registry_of(
        make_plugin("one", {"provides": ("stock",)}),
        make_plugin("two", {"provides": ("stock",)}),
        make_plugin("three", {"conflicts": ("one",), "requires": ("two",)}),
    ).manifests
    assert misfits(["one"], manifests) == ()
    assert misfits(["one", "two"], manifests) == (Problem("two", "plugins.provided", "stock: one"),)
    assert misfits(["three", "one"], manifests) == (
        Problem("three", "plugins.required", "two"),
        Problem("three", "plugins.conflict", "one"),
    )
    assert misfits(["gone"], manifests) == (Problem("gone", "plugins.unknown", "gone"),)


# Faults


def badges(registry: Registry, tenant: Tenant) -> Any:
    return registry.collect(listing_badges, tenant=tenant, viewer=None, listing_ids=[])  # type: ignore[arg-type]


def check(registry: Registry, tenant: Tenant) -> Any:
    return registry.collect(check_listing, tenant=tenant, listing=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [RuntimeError("x"), SystemExit(1), GeneratorExit(), MemoryError()])
def test_a_failing_decoration_is_left_out_and_staff_see_it(error: BaseException) -> None:
    guard = Recorder()
    registry = registry_of(
        make_plugin("bad", nav_items=failing(error)),
        make_plugin("good", nav_items=[NavItem("n", "e", "s", None)]),
        guard=guard,
    )
    found = registry.collect(nav_items, tenant=make_tenant("bad good"), surface=Surface.STORE)
    assert [item.label for item in found] == ["n"]
    assert guard.failures == [("bad", "nav_items", type(error))]


def test_a_failing_check_stops_and_names_the_plugin() -> None:
    registry = registry_of(make_plugin("bad", check_listing=failing(SystemExit(1))))
    with pytest.raises(Unavailable) as caught:
        check(registry, make_tenant("bad"))
    assert (caught.value.code, caught.value.facts) == ("plugins.failed", {"plugin": "bad", "hook": "check_listing"})
    assert isinstance(caught.value.__cause__, SystemExit)


def test_an_interrupt_from_the_keyboard_passes() -> None:
    with pytest.raises(KeyboardInterrupt):
        badges(registry_of(make_plugin("bad", listing_badges=failing(KeyboardInterrupt()))), make_tenant("bad"))


@pytest.mark.parametrize("answer", [None, [None], "text", (item for item in ()), [Violation("c", "m"), "x"]])
def test_a_wrong_answer_is_a_failure(answer: Any) -> None:
    guard = Recorder()
    registry = registry_of(make_plugin("bad", check_listing=answer), guard=guard)
    with pytest.raises(Unavailable):
        check(registry, make_tenant("bad"))
    assert (guard.failures, guard.undone) == ([("bad", "check_listing", WrongAnswer)], 1)


def test_one_value_of_another_type_is_a_failure() -> None:
    registry = registry_of(make_plugin("bad", settle_tender=True))
    with pytest.raises(Unavailable):
        registry.first(settle_tender, tenant=make_tenant("bad"), operation=None)  # type: ignore[arg-type]


def test_sql_conditions_are_checked_as_conditions() -> None:
    assert expected_of(catalogue_filters) == Expected(many=True, kind=expected_of(catalogue_filters).kind)
    assert expected_of(catalogue_filters).kind.__name__ == "ColumnElement"  # type: ignore[union-attr]


def test_a_refusal_passes_and_opens_no_breaker() -> None:
    guard = Recorder()
    registry = registry_of(make_plugin("one", settle_tender=failing(Conflict("one.empty", "empty"))), guard=guard)
    for _ in range(TRIES + 1):
        with pytest.raises(Conflict):
            registry.first(settle_tender, tenant=make_tenant("one"), operation=None)  # type: ignore[arg-type]
    assert (guard.failures, guard.undone) == ([], TRIES + 1)


def test_only_writing_hooks_run_in_a_savepoint() -> None:
    guard = Recorder()
    registry = registry_of(make_plugin("one", listing_badges=[], check_listing=[]), guard=guard)
    badges(registry, make_tenant("one"))
    assert guard.opened == 0
    check(registry, make_tenant("one"))
    assert guard.opened == 1


def test_a_database_error_while_reading_stops_once_then_runs_in_a_savepoint() -> None:
    guard = Recorder()
    error = OperationalError("select", {}, Exception("gone"))
    registry, tenant = registry_of(make_plugin("one", listing_badges=failing(error)), guard=guard), make_tenant("one")
    with pytest.raises(Unavailable):  # the caller's transaction is lost: an empty answer would hide it
        badges(registry, tenant)
    assert badges(registry, tenant) == []
    assert guard.undone == 1


# The breaker


def broken(clock: Clock, hook: str = "listing_badges") -> tuple[Registry, list[BaseException], list[float]]:
    """Return a registry whose plugin fails while the list holds errors, and the times at which it was called."""
    errors: list[BaseException] = [RuntimeError()]
    calls: list[float] = []

    def answer() -> list[Any]:
        calls.append(clock.now)
        if errors:
            raise errors[0]
        return []

    return registry_of(make_plugin("one", **{hook: answer}), timer=clock), errors, calls


def test_failures_in_a_row_open_the_breaker_until_one_trial_succeeds() -> None:
    clock = Clock()
    registry, errors, calls = broken(clock)
    tenant = make_tenant("one")
    for _ in range(TRIES + 3):
        badges(registry, tenant)
    assert len(calls) == TRIES
    clock.now = PAUSE
    badges(registry, tenant)
    badges(registry, tenant)
    assert calls[TRIES:] == [PAUSE]  # one trial, failed: open again
    errors.clear()
    clock.now = 2 * PAUSE
    badges(registry, tenant)
    badges(registry, tenant)
    assert calls[TRIES + 1 :] == [2 * PAUSE, 2 * PAUSE]  # closed


def test_a_success_between_failures_keeps_the_breaker_closed() -> None:
    registry, errors, calls = broken(Clock())
    tenant = make_tenant("one")
    for _ in range(3):
        errors[:] = [RuntimeError()]
        for _ in range(TRIES - 1):
            badges(registry, tenant)
        errors.clear()
        badges(registry, tenant)
    assert len(calls) == 3 * TRIES


def test_an_open_breaker_of_a_check_stops_at_once() -> None:
    registry, _errors, calls = broken(Clock(), "check_listing")
    tenant = make_tenant("one")
    for _ in range(TRIES + 2):
        with pytest.raises(Unavailable):
            check(registry, tenant)
    assert len(calls) == TRIES


def test_one_tenants_trouble_leaves_the_others_alone() -> None:
    registry, _errors, calls = broken(Clock())
    for _ in range(TRIES + 1):
        badges(registry, make_tenant("one"))
    assert len(calls) == TRIES + 1  # six tenants, one failure each


def test_a_late_answer_counts_and_trips_the_breaker() -> None:
    clock, guard, tenant = Clock(), Recorder(), make_tenant("one")

    def slow() -> list[Any]:
        clock.now += 0.051
        return []

    registry = registry_of(make_plugin("one", payment_methods=slow), guard=guard, timer=clock)
    for _ in range(TRIES + 1):
        registry.collect(payment_methods, tenant=tenant, basket=None)  # type: ignore[arg-type]
    assert guard.failures == [("one", "payment_methods", Overrun)] * TRIES


def test_a_late_answer_that_must_not_be_left_out_is_told_but_stops_nothing() -> None:
    clock, guard, tenant = Clock(), Recorder(), make_tenant("one")

    def slow() -> list[Any]:
        clock.now += 0.3
        return []

    registry = registry_of(make_plugin("one", check_purchase=slow), guard=guard, timer=clock)
    for _ in range(TRIES * 3):
        assert registry.collect(check_purchase, tenant=tenant, draft=None) == []  # type: ignore[arg-type]
    assert guard.failures == [("one", "check_purchase", Overrun)] * (TRIES * 3)


def test_work_after_commit_has_no_breaker_and_is_tried_again() -> None:
    registry, _errors, calls = broken(Clock(), "compliance_findings")
    tenant = make_tenant("one")
    for _ in range(TRIES + 2):
        with pytest.raises(Unavailable):
            registry.ask("one", compliance_findings, tenant=tenant, subject=None)  # type: ignore[arg-type]
    assert len(calls) == TRIES + 2


def test_hooks_without_an_answer_may_answer_anything() -> None:
    registry = registry_of(make_plugin("one", seed_demo=3))
    assert registry.ask("one", seed_demo, tenant=make_tenant("one"), seed=None) is None  # type: ignore[arg-type]
