"""Checks requests and answers against Stripe's OpenAPI document, where there is one at hand."""

import json
import re
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl

import jsonschema  # type: ignore[import-untyped, unused-ignore]

from web.sandbox.stripe.wire import Document, Request, unflatten

_METHODS = ("get", "post", "delete")
_PARAMETER = re.compile(r"\{[^}]+\}")


class Checker(Protocol):
    """Says what is wrong with requests and answers, one line each."""

    def request_faults(self, request: Request) -> list[str]:
        """Say what is wrong with a request."""
        ...

    def response_faults(self, request: Request, status: int, body: Document) -> list[str]:
        """Say what is wrong with an answer."""
        ...


class Spec:
    """The document, with a validator for each part that was used, made once."""

    def __init__(self, path: Path) -> None:
        self._document = json.loads(path.read_text())
        schemas = self._document["components"]["schemas"]
        self._components = {"schemas": _with_null(schemas)}
        self._schemas: Document = schemas
        self._validators: dict[object, jsonschema.Draft202012Validator] = {}
        # Literal paths first, so that /v1/x/search is not taken for /v1/x/{id}.
        self._routes = sorted(
            (
                (path.count("{"), method.upper(), re.compile(_PARAMETER.sub("[^/]+", path)), operation)
                for path, operations in self._document["paths"].items()
                for method, operation in operations.items()
                if method in _METHODS
            ),
            key=lambda route: route[0],
        )

    def request_faults(self, request: Request) -> list[str]:
        """Say what is wrong with a request, one line each."""
        operation = self.operation(request)
        if operation is None:
            return [f"no such operation: {request.method} {request.path}"]
        faults = self._query_faults(operation, request)
        content = operation.get("requestBody", {}).get("content", {})
        if request.method == "POST" and content:
            schema = next(iter(content.values()))["schema"]
            # The document that is at hand was cut: with its descriptions went the parameter of that name.
            fields = {name: value for name, value in request.fields().items() if name != "description"}
            value = self._coerced(fields, schema)
            faults += self._faults((id(operation), "body"), schema, value)
        return faults

    def response_faults(self, request: Request, status: int, body: Document) -> list[str]:
        """Say what is wrong with an answer, one line each."""
        operation = self.operation(request)
        if operation is None:
            return [f"no such operation: {request.method} {request.path}"]
        responses = operation["responses"]
        answer = responses.get(str(status)) or responses["default"]
        schema = answer["content"]["application/json"]["schema"]
        return self._faults((id(operation), status), schema, body)

    def schema_faults(self, name: str, body: Document) -> list[str]:
        """Say what keeps a document from being of a named schema, such as "event"."""
        return self._faults(("schema", name), {"$ref": f"#/components/schemas/{name}"}, body)

    def operation(self, request: Request) -> Document | None:
        """Find the part of the document that is about a request."""
        for _, method, pattern, operation in self._routes:
            if method == request.method and pattern.fullmatch(request.path):
                found: Document = operation
                return found
        return None

    def _query_faults(self, operation: Document, request: Request) -> list[str]:
        declared = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
        given = unflatten(parse_qsl(request.query, keep_blank_values=True))
        faults = [f"{name}: unknown in the query" for name in given if name not in declared]
        for name, parameter in declared.items():
            if name in given:
                value = self._coerced(given[name], parameter["schema"])
                faults += self._faults((id(operation), "query", name), parameter["schema"], value)
            elif parameter.get("required"):
                faults.append(f"{name}: missing in the query")
        return faults

    def _faults(self, key: object, schema: Document, value: Any) -> list[str]:
        return [
            f"{'.'.join(map(str, error.absolute_path))}: {_reason(error)}"
            for error in self._validator(key, schema).iter_errors(value)
        ]

    def _validator(self, key: object, schema: Document) -> jsonschema.Draft202012Validator:
        found = self._validators.get(key)
        if found is None:
            root = {**_with_null(schema), "components": self._components}
            found = self._validators[key] = jsonschema.Draft202012Validator(root)
        return found

    def _coerced(self, value: Any, schema: Document) -> Any:
        """Give form text the type that the schema wants; what does not fit stays text and is then refused."""
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rsplit("/", 1)[1]]
        for alternative in schema.get("anyOf", []):
            tried = self._coerced(value, alternative)
            if self._validator(("alternative", id(alternative)), alternative).is_valid(tried):
                return tried
        if isinstance(value, str):
            return _typed(value, schema.get("type"))
        if schema.get("type") == "array" and all(key.isdecimal() for key in value):
            return [self._coerced(value[key], schema.get("items", {})) for key in sorted(value, key=int)]
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        rest = others if isinstance(others, dict) else {}
        return {key: self._coerced(below, properties.get(key, rest)) for key, below in value.items()}


def _typed(value: str, type_: str | None) -> str | int | bool:
    if type_ == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if type_ == "boolean" and value in {"true", "false"}:
        return value == "true"
    return value


def _with_null(node: Any) -> Any:
    """Turn OpenAPI 3.0's `nullable` into JSON Schema."""
    if isinstance(node, list):
        return [_with_null(one) for one in node]
    if not isinstance(node, dict):
        return node
    walked = {key: _with_null(below) for key, below in node.items()}
    nullable = walked.pop("nullable", False)
    return {"anyOf": [walked, {"type": "null"}]} if nullable is True else walked


def _reason(error: jsonschema.ValidationError) -> str:
    # Never str(error): it prints the whole schema and takes a second.
    deepest = jsonschema.exceptions.best_match([error]) if error.context else error
    return str((deepest or error).message)[:200]
