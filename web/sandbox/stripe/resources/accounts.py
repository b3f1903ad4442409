"""Connected accounts by the v2 API: what they may do, what is still required of them, and the links to supply it."""

import secrets
from collections.abc import Sequence
from typing import Any

from web.sandbox.stripe.errors import StripeError, invalid
from web.sandbox.stripe.params import Reader, group, text, unset_or
from web.sandbox.stripe.session import PLATFORM, Call, Route, Session, moment, new_id
from web.sandbox.stripe.wire import Document

NAME = "identity.business_details.registered_name"
BANK = "configuration.recipient.default_outbound_destination"
TERMS = "identity.attestations.terms_of_service.account"
PROOF = "identity.individual.documents.primary_verification"
_FIRST = (NAME, BANK, TERMS)
_LINK_SECONDS = 10 * 60
_INCLUDED = ("configuration.customer", "configuration.merchant", "configuration.recipient", "defaults",
             "future_requirements", "identity", "requirements")  # fmt: skip
_KIND = "v2.core.account"


def _words(*allowed: str) -> Reader:
    def read_words(path: str, raw: Any) -> list[str]:
        values = list(raw.values()) if isinstance(raw, dict) else raw
        if not isinstance(values, list) or not set(values) <= set(allowed):
            raise invalid(f"Invalid {path}: must be some of {', '.join(allowed)}", param=path)
        return values

    return read_words


def _flag(path: str, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise invalid(f"Invalid boolean: {path}", param=path)
    return raw


def _texts(path: str, raw: Any) -> Document:
    if not isinstance(raw, dict) or not all(value is None or isinstance(value, str) for value in raw.values()):
        raise invalid(f"Invalid object: {path}", param=path)
    return raw


_REQUESTED = group({"requested": _flag}, required=("requested",))
_CONFIGURATION = group(
    {
        "merchant": group({"capabilities": group({"card_payments": _REQUESTED})}),
        "recipient": group({"capabilities": group({"stripe_balance": group({"stripe_transfers": _REQUESTED})})}),
    }
)
_RESPONSIBILITIES = group({"fees_collector": text, "losses_collector": text}, ("fees_collector", "losses_collector"))
_FIELDS: dict[str, Reader] = {
    "configuration": _CONFIGURATION,
    "contact_email": text,
    "dashboard": text,
    "defaults": group({"currency": text, "locales": _words("en", "zh"), "responsibilities": _RESPONSIBILITIES}),
    "display_name": text,
    "identity": group(
        {"country": text, "entity_type": text, "business_details": group({"registered_name": unset_or(text)})}
    ),
    "include": _words(*_INCLUDED),
    "metadata": _texts,
}
_RETRIEVE: dict[str, Reader] = {"include": _words(*_INCLUDED)}
_USE = group(
    {
        "collection_options": group({"fields": text, "future_requirements": text}),
        "configurations": _words("merchant", "recipient"),
        "refresh_url": text,
        "return_url": text,
    },
    required=("configurations", "refresh_url"),
)
_LINK: dict[str, Reader] = {
    "account": text,
    "use_case": group({"type": text, "account_onboarding": _USE, "account_update": _USE}, required=("type",)),
}


def create(call: Call) -> Document:
    """Open an account: until a person has supplied what is required, it may do nothing."""
    session, params = call.session, call.params
    configuration = params.get("configuration", {})
    if configuration and "contact_email" not in params:
        raise invalid("contact_email is required with this configuration.", code="parameter_missing")
    account = session.insert(
        {
            "id": new_id("acct", 16),
            "object": _KIND,
            "created": moment(session.now()),
            "closed": False,
            "contact_email": params.get("contact_email"),
            "contact_phone": None,
            "dashboard": params.get("dashboard", "none"),
            "display_name": params.get("display_name"),
            "livemode": False,
            "metadata": params.get("metadata", {}),
            "_configurations": sorted(configuration),
            "_defaults": params.get("defaults", {}),
            "_identity": params.get("identity", {}),
            "_missing": list(_FIRST),
            "_checking": False,
            "_rejected": False,
            "_bank": None,
        }
    )
    session.notify("v2.core.account.created", account)
    return _shown(account, params.get("include", []))


def retrieve(call: Call) -> Document:
    """Read an account, with the parts that are asked for."""
    return _shown(call.session.get(_KIND, call.id), call.params.get("include", []))


def update(call: Call) -> Document:
    """Change an account's names, contact or metadata."""
    session, params = call.session, call.params
    account = session.get(_KIND, call.id)
    account |= {name: params[name] for name in ("contact_email", "display_name", "dashboard") if name in params}
    merged = {**account["metadata"], **params.get("metadata", {})}
    account["metadata"] = {key: value for key, value in merged.items() if value is not None}
    account["_configurations"] = sorted({*account["_configurations"], *params.get("configuration", {})})
    account["_identity"] |= params.get("identity", {})
    session.notify("v2.core.account.updated", session.update(account))
    return _shown(account, params.get("include", []))


def link(call: Call) -> Document:
    """Make a link by which a person can supply what is required, once and within minutes."""
    session, params = call.session, call.params
    account = session.get(_KIND, params["account"], "account")
    use_case = params["use_case"]
    if use_case["type"] not in use_case:
        raise invalid(f"Missing required param: use_case.{use_case['type']}.", code="parameter_missing")
    secret = secrets.token_urlsafe(24)
    expires = session.now() + _LINK_SECONDS
    document = {
        "id": new_id("alink"),
        "object": "v2.core.account_link",
        "account": account["id"],
        "created": moment(session.now()),
        "expires_at": moment(expires),
        "livemode": False,
        "url": "",
        "use_case": {
            "account_onboarding": None,
            "account_update": None,
            "type": use_case["type"],
            use_case["type"]: {"collection_options": None, "return_url": None, **use_case[use_case["type"]]},
        },
        "_secret": secret,
        "_expires": expires,
        "_used": False,
    }
    document["url"] = f"{session.base_url}/_hosted/onboarding/{document['id']}?secret={secret}"
    session.insert(document)
    return {name: value for name, value in document.items() if name != "id"}


def supply(session: Session, account: Document, given: Document, bank: Document, *, proof: bool) -> Document:
    """Take in what a person has supplied; where a proof is still wanted, the account stays restricted."""
    account["_identity"] = {
        **account["_identity"], "entity_type": given["entity_type"],
        "business_details": {"registered_name": given["name"]},
    }  # fmt: skip
    account |= {"_bank": {"id": new_id("ba"), **bank}, "_missing": [PROOF] if proof else []}
    return change(session, account)


def change(session: Session, account: Document) -> Document:
    """Keep an account's new standing and tell about it."""
    session.update(account)
    session.notify("v2.core.account[requirements].updated", account)
    session.notify("v2.core.account[configuration.recipient].capability_status_updated", account)
    return account


def owner_session(session: Session, account_id: str) -> tuple[Session, Document] | None:
    """Find an account whichever platform it belongs to, with that platform's view of the store."""
    owner = session.store.account_of(account_id)
    account = None if owner is None else session.store.find(owner, _KIND, account_id)
    return None if account is None or owner is None else (_as(session, owner), account)


def require_transfers(session: Session, account_id: str) -> None:
    """Refuse money for an account that may not get any."""
    account = session.find(_KIND, account_id)
    if account is None:
        raise invalid(f"No such destination: '{account_id}'", code="resource_missing", param="destination")
    if status(account) != "active":
        message = (
            "Your destination account needs to have at least one of the following capabilities enabled: "
            "transfers, legacy_payments"
        )
        raise invalid(message, code="insufficient_capabilities_for_transfer")


def bank_of(session: Session) -> Document:
    """Give the bank account that payouts of this account go to. Refuse where there is none."""
    if session.account == PLATFORM:
        return {"id": "ba_platform", "fate": "pay"}
    found = owner_session(session, session.account)
    bank: Document | None = found[1]["_bank"] if found else None
    if bank is None or found is None or status(found[1]) != "active":
        raise StripeError(400, "invalid_request_error", "Cannot create payouts: payouts are disabled for this account.",
                          code="payouts_not_allowed")  # fmt: skip
    return bank


def status(account: Document) -> str:
    """Say whether an account may get money: active, pending (being checked) or restricted."""
    if account["_missing"] or account["_rejected"] or account["closed"]:
        return "restricted"
    return "pending" if account["_checking"] else "active"


def _as(session: Session, owner: str) -> Session:
    return Session(session.store, owner, session.base_url, session.webhooks)


def _shown(account: Document, include: Sequence[str]) -> Document:
    parts: Document = {
        "configuration": None, "defaults": None, "future_requirements": None, "identity": None, "requirements": None,
    }  # fmt: skip
    wanted = [name.partition(".")[2] for name in include if name.startswith("configuration.")]
    if wanted:
        found = {name: _configured(account, name) for name in wanted if name in account["_configurations"]}
        parts["configuration"] = {"customer": None, "merchant": None, "recipient": None, **found}
    if "requirements" in include:
        parts["requirements"] = _requirements(account)
    if "defaults" in include:
        parts["defaults"] = _defaults(account)
    if "identity" in include:
        parts["identity"] = _identity(account)
    if "future_requirements" in include:
        parts["future_requirements"] = {"entries": [], "summary": None, "minimum_transition_date": None}
    return {**account, "applied_configurations": account["_configurations"], **parts}


def _configured(account: Document, name: str) -> Document:
    capability = {"status": status(account), "status_details": _details(account)}
    if name == "recipient":
        balance = {"payouts": capability, "stripe_transfers": capability}
        return {"applied": True, "capabilities": {"stripe_balance": balance}}
    return {"applied": True, "capabilities": {"card_payments": capability}}


def _details(account: Document) -> list[Document]:
    if account["_rejected"]:
        return [{"code": "restricted_other", "resolution": "no_resolution"}]
    if account["_missing"]:
        return [{"code": "requirements_past_due", "resolution": "provide_info"}]
    if account["_checking"]:
        return [{"code": "requirements_pending_verification", "resolution": "no_resolution"}]
    return []


def _requirements(account: Document) -> Document:
    due = {"status": "currently_due"}
    entries = [
        {
            "awaiting_action_from": "user",
            "description": name,
            "errors": [],
            "impact": {
                "restricts_capabilities": [
                    {"capability": "stripe_balance.stripe_transfers", "configuration": "recipient", "deadline": due}
                ]
            },
            "minimum_deadline": due,
            "reference": None,
            "requested_reasons": [{"code": "routine_onboarding"}],
        }
        for name in account["_missing"]
    ]
    return {"entries": entries, "summary": {"minimum_deadline": {**due, "time": None}} if entries else None}


def _defaults(account: Document) -> Document:
    given = account["_defaults"]
    parties = {"fees_collector": None, "losses_collector": None, "requirements_collector": "stripe"}
    return {
        "currency": given.get("currency"), "locales": given.get("locales"), "profile": None,
        "responsibilities": {**parties, **given.get("responsibilities", {})},
    }  # fmt: skip


def _identity(account: Document) -> Document:
    given = account["_identity"]
    details = given.get("business_details")
    names = ("additional_addresses", "address", "annual_revenue", "documents", "estimated_worker_count", "id_numbers",
             "monthly_estimated_revenue", "phone", "registration_date", "script_addresses", "script_names", "structure",
             "registered_name")  # fmt: skip
    return {
        "attestations": None, "business_details": {**dict.fromkeys(names), **details} if details else None,
        "country": given.get("country"), "entity_type": given.get("entity_type"), "individual": None,
    }  # fmt: skip


ROUTES = (
    Route("POST", "/v2/core/accounts", _FIELDS, create),
    Route("GET", "/v2/core/accounts/{account}", _RETRIEVE, retrieve),
    Route("POST", "/v2/core/accounts/{account}", _FIELDS, update),
    Route("POST", "/v2/core/account_links", _LINK, link, required=("account", "use_case")),
)
