"""The pages on which buyers pay, and answer what their bank or wallet asks. They work without JavaScript."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel.numbers import format_currency, get_currency_precision
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.sandbox.stripe import payments
from web.sandbox.stripe.errors import StripeError
from web.sandbox.stripe.hosted import forms, qr
from web.sandbox.stripe.hosted.texts import Translate, language, translator
from web.sandbox.stripe.payments import Outcome
from web.sandbox.stripe.resources import payment_intents
from web.sandbox.stripe.session import Call, Session
from web.sandbox.stripe.wire import Document, Request, Response

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
_PAYABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_ENDED = {
    "succeeded": "This payment is done.",
    "requires_capture": "The payment was authorised; the shop takes the money later.",
    "canceled": "This payment was cancelled.",
    "processing": "This payment is being processed.",
}
_REQUESTS = {
    "card": "Your bank asks you to confirm this card payment.",
    "alipay": "Alipay asks you to confirm this payment.",
    "wechat_pay": "WeChat Pay shows a code to scan here. Answer in its place.",
}
_FAILED = "The payment was not authorised. Choose a payment method and try again."


@dataclass(frozen=True, slots=True)
class Visit:
    """One buyer's look at one payment."""

    request: Request
    query: Mapping[str, str]
    lang: str
    session: Session
    intent: Document

    @property
    def say(self) -> Translate:
        """Give the function that translates into the buyer's language."""
        return translator(self.lang)

    @property
    def return_url(self) -> str | None:
        """Say where the buyer goes when done: only to a web page."""
        wanted = self.query.get("return_url") or self.intent["_return_url"]
        return wanted if wanted and urlsplit(wanted).scheme in {"http", "https"} else None

    def back(self, status: str) -> str | None:
        """Give the return address with what Stripe adds to it."""
        if self.return_url is None:
            return None
        parts = urlsplit(self.return_url)
        added = {
            "payment_intent": self.intent["id"],
            "payment_intent_client_secret": self.intent["client_secret"],
            "redirect_status": status,
        }
        return urlunsplit(
            parts._replace(query=urlencode([*parse_qsl(parts.query, keep_blank_values=True), *added.items()]))
        )

    def here(self, **changes: str) -> str:
        """Give this page's address with some of its query changed."""
        return f"{self.request.path}?{urlencode({**self.query, **changes})}"

    def page(self, template: str, status: int = 200, **facts: object) -> Response:
        """Render a page about this payment."""
        about = {"amount": _amount(self.intent, self.lang), "about": self.intent["description"]}
        other = self.here(lang="en" if self.lang == "zh" else "zh")
        return render(template, status, self.lang, other_language=other, here=self.here(), **about, **facts)


class Hosted:
    """Answers requests under /_hosted/."""

    def __init__(self, session: Session, wake: Callable[[], None]) -> None:
        self._session = session
        self._wake = wake

    def answer(self, request: Request) -> Response:
        """Answer a request for a page or a picture."""
        _, _, kind, name = [*request.path.split("/", 3), "", ""][:4]
        if kind == "qr" and name.endswith((".png", ".svg")):
            return _picture(name)
        query = dict(parse_qsl(request.query))
        lang = language(query.get("lang"), request.headers.get("accept-language", ""))
        steps = {
            ("pay", "GET"): _form,
            ("pay", "POST"): _pay,
            ("action", "GET"): _question,
            ("action", "POST"): _reply,
        }
        step = steps.get((kind, request.method))
        account = self._session.store.account_of(name)
        intent = None if account is None else self._session.store.find(account, "payment_intent", name)
        if step is None or intent is None or query.get("client_secret") != intent["client_secret"]:
            return _lost(request, query, lang)
        session = replace(self._session, account=account or "")
        with session.store.transaction():
            # Read again inside the transaction: another tab may have paid meanwhile.
            fresh = session.get("payment_intent", name)
            response = step(Visit(request, query, lang, session, fresh))
        self._wake()
        return response


def _form(visit: Visit) -> Response:
    if visit.intent["status"] not in _PAYABLE:
        return _ended(visit)
    given = forms.test_card(visit.query["fill"]) if "fill" in visit.query else {}
    error = visit.say(_FAILED) if visit.query.get("failed") else ""
    return _show_form(visit, given, error=error)


def _show_form(
    visit: Visit, given: Mapping[str, str], *, error: str = "", wrong: Mapping[str, str] | None = None
) -> Response:
    methods = visit.intent["payment_method_types"]
    say = visit.say
    wallets = [(value, say(label), say(text)) for value, label, text in forms.WALLETS if value in methods]
    tests = [(say(label), visit.here(fill=number)) for label, number in forms.TEST_CARDS]
    return visit.page(
        "pay.html",
        status=422 if error or wrong else 200,
        back=visit.back("failed"),
        chosen=given.get("method", methods[0]),
        error=error,
        given=given,
        methods=methods,
        tests=tests,
        wallets=wallets,
        wrong=wrong or {},
    )


def _pay(visit: Visit) -> Response:
    if visit.intent["status"] not in _PAYABLE:
        return _ended(visit)
    given = dict(parse_qsl(visit.request.body))
    wrong = forms.faults(given, visit.intent["payment_method_types"])
    if wrong:
        said = {name: visit.say(text) for name, text in wrong.items()}
        return _show_form(visit, given, error=said.get("method", ""), wrong=said)
    try:
        with visit.session.store.savepoint():
            intent = _confirm(visit, given)
    except StripeError as refusal:
        return _refused(visit, given, refusal)
    if isinstance(intent, StripeError):
        return _refused(visit, given, intent)
    paid = replace(visit, intent=intent)
    return _onwards(paid)


def _confirm(visit: Visit, given: Mapping[str, str]) -> Document | StripeError:
    """Confirm as the buyer chose. Give back, not raise, a refusal whose traces are to be kept."""
    params = forms.confirmation(visit.session, given, visit.return_url or visit.request.path)
    try:
        return payment_intents.confirm(Call(visit.session, params, visit.intent["id"]))
    except StripeError as refusal:
        if refusal.keeps_effects:
            return refusal
        raise


def _refused(visit: Visit, given: Mapping[str, str], refusal: StripeError) -> Response:
    message = visit.say(str(refusal))
    field = forms.FIELDS.get(str(refusal.error.get("param")), "")
    return _show_form(visit, given, error="" if field else message, wrong={field: message} if field else None)


def _question(visit: Visit) -> Response:
    if visit.intent["status"] != "requires_action":
        return _ended(visit)
    type_ = visit.session.get("payment_method", visit.intent["payment_method"])["type"]
    code = qr.data_url(visit.intent["id"]) if type_ == "wechat_pay" else ""
    return visit.page("action.html", request_text=visit.say(_REQUESTS[type_]), code=code)


def _reply(visit: Visit) -> Response:
    outcome = dict(parse_qsl(visit.request.body)).get("outcome")
    if visit.intent["status"] != "requires_action":
        return _ended(visit)
    if outcome not in list(Outcome):
        return _question(visit)
    intent = payments.settle(visit.session, visit.intent, Outcome(str(outcome)))
    return _onwards(replace(visit, intent=intent))


def _onwards(visit: Visit) -> Response:
    status = visit.intent["status"]
    secret = {"client_secret": visit.intent["client_secret"], "lang": visit.lang}
    if status == "requires_action":
        return redirect(f"/_hosted/action/{visit.intent['id']}?{urlencode(secret)}")
    word = {"requires_payment_method": "failed", "processing": "pending"}.get(status, "succeeded")
    if url := visit.back(word):
        return redirect(url)
    if status == "requires_payment_method":
        return redirect(f"/_hosted/pay/{visit.intent['id']}?{urlencode({**secret, 'failed': '1'})}")
    return redirect(f"/_hosted/pay/{visit.intent['id']}?{urlencode(secret)}")


def _ended(visit: Visit) -> Response:
    status = visit.intent["status"]
    message = visit.say(_ENDED.get(status, "This payment has not been made."))
    word = "succeeded" if status in {"succeeded", "requires_capture"} else "failed"
    return visit.page("result.html", message=message, hint="", back=visit.back(word))


def _lost(request: Request, query: Mapping[str, str], lang: str) -> Response:
    say = translator(lang)
    hint = say("The link is incomplete or out of date. Go back to the shop and start again.")
    other = f"{request.path}?{urlencode({**query, 'lang': 'en' if lang == 'zh' else 'zh'})}"
    facts = {"amount": "", "back": None, "hint": hint, "message": say("There is no such payment.")}
    return render("result.html", 404, lang, other_language=other, **facts)


def _picture(name: str) -> Response:
    seed, _, kind = name.rpartition(".")
    if kind == "svg":
        return Response(200, qr.svg(seed), {"Content-Type": "image/svg+xml"})
    return Response(200, qr.png(seed), {"Content-Type": "image/png"})


def redirect(url: str) -> Response:
    """Send the browser on."""
    return Response(303, b"", {"Location": url, "Cache-Control": "no-store"})


def render(template: str, status: int, lang: str, **facts: object) -> Response:
    """Give a page in a language, with the headers that keep it to itself."""
    nonce = secrets.token_urlsafe(16)
    html = _TEMPLATES.get_template(template).render(_=translator(lang), lang=lang, nonce=nonce, **facts)
    sources = f"default-src 'none'; img-src data:; style-src 'nonce-{nonce}'"
    policy = f"{sources}; base-uri 'none'; frame-ancestors 'none'"
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Language": "zh-Hans" if lang == "zh" else "en",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept-Language",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(status, html.encode(), headers)


def _amount(intent: Document, lang: str) -> str:
    code = intent["currency"].upper()
    value = Decimal(intent["amount"]).scaleb(-get_currency_precision(code))
    return format_currency(value, code, locale="zh_Hans_CN" if lang == "zh" else "en")
