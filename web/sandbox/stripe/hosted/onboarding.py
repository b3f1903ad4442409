"""The page on which a merchant supplies what an account requires. It works without JavaScript."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from web.sandbox.stripe.hosted.pages import redirect, render
from web.sandbox.stripe.hosted.texts import Translate, language, translator
from web.sandbox.stripe.resources import accounts
from web.sandbox.stripe.session import Session
from web.sandbox.stripe.wire import Document, Request, Response

TEST_BANKS = (
    ("Payouts arrive", "DE89370400440532013000"),
    ("Payouts fail", "DE62370400440532013001"),
    ("Proof of identity is wanted", "DE35370400440532013002"),
)
_KINDS = ("company", "individual")


@dataclass(frozen=True, slots=True)
class Onboarding:
    """Answers requests under /_hosted/onboarding/."""

    session: Session
    wake: Callable[[], None]

    def answer(self, request: Request) -> Response:
        """Answer a request for the page of one account link."""
        query = dict(parse_qsl(request.query))
        say = translator(language(query.get("lang"), request.headers.get("accept-language", "")))
        name = request.path.rpartition("/")[2]
        store = self.session.store
        with store.transaction():
            owner = store.account_of(name)
            link = None if owner is None else store.find(owner, "v2.core.account_link", name)
            if link is None or link["_secret"] != query.get("secret"):
                return _page(request, query, "result.html", 404, back=None, hint="",
                             message=say("There is no such link."))  # fmt: skip
            response = self._step(request, query, link, say)
        self.wake()
        return response

    def _step(self, request: Request, query: Mapping[str, str], link: Document, say: Translate) -> Response:
        use = link["use_case"][link["use_case"]["type"]]
        if link["_used"] or link["_expires"] < self.session.now():
            return redirect(use["refresh_url"])
        found = accounts.owner_session(self.session, link["account"])
        if found is None:
            return redirect(use["refresh_url"])
        owned, account = found
        if request.method != "POST":
            return _form(request, query, account, _first(query, account), {})
        given = dict(parse_qsl(request.body))
        wrong = {field: say(text) for field, text in _faults(given).items()}
        if wrong:
            return _form(request, query, account, given, wrong)
        iban = given["iban"].replace(" ", "")
        bank = {"last4": iban[-4:], "fate": "fail" if iban == TEST_BANKS[1][1] else "pay"}
        owned.update({**link, "_used": True})
        wants_proof = iban == TEST_BANKS[2][1] and "proof" not in given
        accounts.supply(owned, account, given, bank, proof=wants_proof)
        return redirect(use["return_url"] or use["refresh_url"])


def _first(query: Mapping[str, str], account: Document) -> dict[str, str]:
    details = account["_identity"].get("business_details") or {}
    given = {
        "entity_type": account["_identity"].get("entity_type") or "company",
        "name": details.get("registered_name") or account["display_name"] or "",
    }
    if query.get("fill") in {iban for _label, iban in TEST_BANKS}:
        given["iban"] = query["fill"]
    return given


def _faults(given: Mapping[str, str]) -> dict[str, str]:
    wrong = {}
    if given.get("entity_type") not in _KINDS:
        wrong["entity_type"] = "Choose who gets the money."
    if not given.get("name", "").strip():
        wrong["name"] = "Enter the name."
    iban = given.get("iban", "").replace(" ", "")
    if not (15 <= len(iban) <= 34 and iban[:2].isalpha() and iban[2:].isalnum()):
        wrong["iban"] = "Enter an IBAN, such as DE89 3704 0044 0532 0130 00."
    if not given.get("terms"):
        wrong["terms"] = "Agree to the terms to go on."
    return wrong


def _form(
    request: Request, query: Mapping[str, str], account: Document, given: Mapping[str, str], wrong: Mapping[str, str]
) -> Response:
    say = translator(language(query.get("lang"), request.headers.get("accept-language", "")))
    tests = [(say(label), f"{request.path}?{urlencode({**query, 'fill': iban})}") for label, iban in TEST_BANKS]
    return _page(
        request, query, "onboarding.html", 422 if wrong else 200, given=given, wrong=wrong, tests=tests,
        wants_proof=accounts.PROOF in account["_missing"], here=f"{request.path}?{urlencode(query)}",
    )  # fmt: skip


def _page(request: Request, query: Mapping[str, str], template: str, status: int, **facts: object) -> Response:
    lang = language(query.get("lang"), request.headers.get("accept-language", ""))
    other = f"{request.path}?{urlencode({**query, 'lang': 'en' if lang == 'zh' else 'zh'})}"
    return render(template, status, lang, other_language=other, amount="", about=None, **facts)
