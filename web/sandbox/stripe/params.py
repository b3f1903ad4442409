"""Readers that turn form text into values and refuse what an endpoint does not take, as Stripe words it."""

from collections.abc import Callable, Mapping
from typing import Any

from web.sandbox.stripe.errors import StripeError, invalid, missing_parameter, unknown_parameter
from web.sandbox.stripe.wire import Document

# Takes the parameter's name, such as "card[number]", and what the form held (text or a nested dictionary).
Reader = Callable[[str, Any], Any]
METADATA_KEYS = 50
METADATA_KEY_LENGTH = 40
METADATA_VALUE_LENGTH = 500


def read(fields: Mapping[str, Reader], raw: Document, *, required: tuple[str, ...] = (), within: str = "") -> Document:
    """Read a form into values. Raise StripeError on an unknown, missing or malformed parameter."""
    for name in raw:
        if name not in fields:
            raise unknown_parameter(_path(within, name))
    for name in required:
        if name not in raw:
            raise missing_parameter(_path(within, name))
    return {name: fields[name](_path(within, name), value) for name, value in raw.items()}


def text(path: str, raw: Any) -> str:
    """Read text that may not be empty."""
    if not isinstance(raw, str):
        raise invalid(f"Invalid string: {path}", param=path)
    if not raw:
        message = f"You passed an empty string for '{path}'. You may remove '{path}' from your request."
        raise invalid(message, code="parameter_invalid_empty", param=path)
    return raw


def integer(path: str, raw: Any) -> int:
    """Read a whole number."""
    if not isinstance(raw, str) or not raw.lstrip("-").isdecimal() or len(raw) > 18:
        raise invalid(f"Invalid integer: {raw}", code="parameter_invalid_integer", param=path)
    return int(raw)


def amount(path: str, raw: Any) -> int:
    """Read an amount in minor units, at least 1."""
    minor = integer(path, raw)
    if minor < 1:
        message = "This value must be greater than or equal to 1."
        raise invalid(message, code="parameter_invalid_integer", param=path)
    if minor > 99_999_999:
        raise invalid("Amount must be no more than 999,999.99", code="amount_too_large", param=path)
    return minor


def currency(path: str, raw: Any) -> str:
    """Read a three-letter currency code, given back in lower case."""
    code = text(path, raw).lower()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise invalid(f"Invalid currency: {raw}", param=path)
    return code


def boolean(path: str, raw: Any) -> bool:
    """Read true or false."""
    if raw not in {"true", "false"}:
        raise invalid(f"Invalid boolean: {raw}", param=path)
    return bool(raw == "true")


def boolean_or_text(path: str, raw: Any) -> bool | str:
    """Read true, false, or one of Stripe's words (off_session)."""
    return boolean(path, raw) if raw in {"true", "false"} else text(path, raw)


def choice(*values: str) -> Reader:
    """Make a reader for one of these words."""

    def read_choice(path: str, raw: Any) -> str:
        if raw not in values:
            raise invalid(f"Invalid {path}: must be one of {', '.join(values)}", param=path)
        return str(raw)

    return read_choice


def unset_or(reader: Reader) -> Reader:
    """Make a reader that gives None for the empty string, which unsets a value."""

    def read_or_unset(path: str, raw: Any) -> Any:
        return None if raw == "" else reader(path, raw)

    return read_or_unset


def array(reader: Reader) -> Reader:
    """Make a reader for a list."""

    def read_array(path: str, raw: Any) -> list[Any]:
        if not isinstance(raw, dict) or not all(key.isdecimal() for key in raw):
            raise invalid("Invalid array", param=path)
        return [reader(f"{path}[{key}]", raw[key]) for key in sorted(raw, key=int)]

    return read_array


def group(fields: Mapping[str, Reader], required: tuple[str, ...] = ()) -> Reader:
    """Make a reader for a nested object; the empty string and `a=` stand for an empty one."""

    def read_group(path: str, raw: Any) -> Document:
        if raw == "":
            return {}
        if not isinstance(raw, dict):
            raise invalid("Invalid object", param=path)
        return read(fields, raw, required=required, within=path)

    return read_group


def metadata(path: str, raw: Any) -> Document | None:
    """Read metadata; None clears it, an empty value removes its key. Stripe's limits hold."""
    if raw == "":
        return None
    if not isinstance(raw, dict) or any(not isinstance(value, str) for value in raw.values()):
        raise invalid("Invalid metadata: values must be strings", param=path)
    if len(raw) > METADATA_KEYS:
        raise _metadata_limit(path, f"Metadata can have at most {METADATA_KEYS} keys")
    for key, value in raw.items():
        if len(key) > METADATA_KEY_LENGTH:
            raise _metadata_limit(f"{path}[{key}]", f"Metadata keys can have up to {METADATA_KEY_LENGTH} characters")
        if len(value) > METADATA_VALUE_LENGTH:
            limit = f"Metadata values can have up to {METADATA_VALUE_LENGTH} characters"
            raise _metadata_limit(f"{path}[{key}]", limit)
    return raw


def merged_metadata(old: Document, change: Document | None) -> Document:
    """Apply a metadata change to what an object has."""
    if change is None:
        return {}
    return {key: value for key, value in {**old, **change}.items() if value != ""}


ADDRESS = group({name: unset_or(text) for name in ("city", "country", "line1", "line2", "postal_code", "state")})
SHIPPING = group(
    {"address": ADDRESS, "name": text, "carrier": text, "phone": text, "tracking_number": text},
    required=("address", "name"),
)
BILLING_DETAILS = group(
    {
        "address": ADDRESS,
        "email": unset_or(text),
        "name": unset_or(text),
        "phone": unset_or(text),
        "tax_id": text,
    }
)
EXPAND: dict[str, Reader] = {"expand": array(text)}
RANGE = ("gt", "gte", "lt", "lte")


def created_range(path: str, raw: Any) -> Document:
    """Read a moment, or a range of moments, in Unix seconds."""
    if isinstance(raw, str):
        moment = integer(path, raw)
        return {"gte": moment, "lte": moment}
    return read(dict.fromkeys(RANGE, integer), raw, within=path)


def list_fields(**filters: Reader) -> dict[str, Reader]:
    """Give the parameters of a list endpoint: paging, `created`, and its own filters."""
    return {**PAGING, "created": created_range, **filters}


def _limit(path: str, raw: Any) -> int:
    limit = integer(path, raw)
    if not 1 <= limit <= 100:
        raise invalid("This value must be between 1 and 100.", code="parameter_invalid_integer", param=path)
    return limit


PAGING: dict[str, Reader] = {**EXPAND, "limit": _limit, "starting_after": text, "ending_before": text}


def _metadata_limit(path: str, message: str) -> StripeError:
    return invalid(message, param=path)


def _path(within: str, name: str) -> str:
    return f"{within}[{name}]" if within else name
