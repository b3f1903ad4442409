"""Off means off: no path of a plugin exists where the tenant lacks it, for any method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from core.hooks.runtime import plugins
from core.kernel.tenancy import Tenant

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def plugin_paths(app: Flask) -> list[str]:
    """Return an address for each route below a plugin's mounts."""
    heads = tuple(f"{base}/{name}/" for base in ("", "/merchant", "/operator", "/api/v1") for name in plugins().order)
    values = {"version": 1, "place": 0}
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, {name: _value(rule, name, values) for name in rule.arguments})
        for rule in app.url_map.iter_rules()
        if f"{rule.rule}/".startswith(heads)
    ]


def _value(rule: Rule, name: str, values: Mapping[str, object]) -> object:
    """Return something that stands in an address: the first of the words that are allowed, else a key."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return values.get(name, UUID(int=1))


@pytest.mark.parametrize("method", METHODS)
def test_a_path_of_a_plugin_that_is_off_does_not_exist(
    app: Flask, make_tenant: Callable[..., Tenant], method: str
) -> None:
    bare = make_tenant(preset="bare")
    client, paths = app.test_client(), plugin_paths(app)
    assert len(paths) >= 20
    answers = {path: client.open(path, method=method, base_url=f"http://{bare.slug}.localhost") for path in paths}
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 404} == {}


def test_the_same_paths_exist_where_the_plugins_are_on(app: Flask, make_tenant: Callable[..., Tenant]) -> None:
    retail = make_tenant(preset="retail")
    base = f"http://{retail.slug}.localhost"
    assert app.test_client().get("/api/v1/commission/rates", base_url=base).status_code == 401
