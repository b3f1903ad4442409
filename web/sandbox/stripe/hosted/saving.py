"""The page on which a customer saves a card. It works without JavaScript."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from web.sandbox.stripe.errors import StripeError
from web.sandbox.stripe.hosted import forms
from web.sandbox.stripe.hosted.pages import redirect, render
from web.sandbox.stripe.hosted.texts import Translate, language, translator
from web.sandbox.stripe.resources import setup_intents
from web.sandbox.stripe.session import Session
from web.sandbox.stripe.wire import Document, Request, Response


@dataclass(frozen=True, slots=True)
class Saving:
    """Answers requests under /_hosted/setup/."""

    session: Session
    wake: Callable[[], None]

    def answer(self, request: Request) -> Response:
        """Answer a request for the page of one setup intent."""
        query = dict(parse_qsl(request.query))
        lang = language(query.get("lang"), request.headers.get("accept-language", ""))
        say, id_ = translator(lang), request.path.rpartition("/")[2]
        with self.session.store.transaction():
            session = replace(self.session, account=self.session.store.account_of(id_) or "")
            intent = session.find("setup_intent", id_)
            if intent is None or query.get("client_secret") != intent["client_secret"]:
                return _shown(request, query, "result.html", 404, back=None, hint="",
                              message=say("There is no such link."))  # fmt: skip
            response = self._step(session, request, query, intent, say)
        self.wake()
        return response

    def _step(
        self, session: Session, request: Request, query: Mapping[str, str], intent: Document, say: Translate
    ) -> Response:
        if intent["status"] == "succeeded":
            return _shown(request, query, "result.html", back=_back(query, intent), hint="",
                          message=say("The card is saved."))  # fmt: skip
        if request.method != "POST":
            return _form(request, query, forms.test_card(query.get("fill", "")), {}, "")
        given = {**dict(parse_qsl(request.body)), "method": "card"}
        wrong = {field: say(text) for field, text in forms.faults(given, ["card"]).items()}
        if wrong:
            return _form(request, query, given, wrong, "")
        refusal = _saved(session, intent, given)
        if refusal is not None:
            field = forms.FIELDS.get(str(refusal.error.get("param")), "")
            message = say(str(refusal))
            return _form(request, query, given, {field: message} if field else {}, "" if field else message)
        return redirect(_back(query, {**intent, "status": "succeeded"}) or request.path)


def _saved(session: Session, intent: Document, given: Mapping[str, str]) -> StripeError | None:
    try:
        made = forms.confirmation(session, given, "")
        setup_intents.save(session, intent, session.get("payment_method", made["payment_method"]))
    except StripeError as refusal:
        return refusal
    return None


def _back(query: Mapping[str, str], intent: Document) -> str | None:
    parts = urlsplit(query.get("return_url", ""))
    if parts.scheme not in {"http", "https"}:
        return None
    added = {"setup_intent": intent["id"], "redirect_status": intent["status"]}
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *added.items()])))


def _form(
    request: Request, query: Mapping[str, str], given: Mapping[str, str], wrong: Mapping[str, str], error: str
) -> Response:
    say = translator(language(query.get("lang"), request.headers.get("accept-language", "")))
    tests = [(say(label), f"{request.path}?{urlencode({**query, 'fill': n})}") for label, n in forms.TEST_CARDS]
    back = query.get("return_url") if urlsplit(query.get("return_url", "")).scheme in {"http", "https"} else None
    return _shown(
        request, query, "setup.html", 422 if wrong or error else 200, given=given, wrong=wrong, tests=tests,
        error=error, methods=["card"], chosen="card", wallets=[], back=back,
        here=f"{request.path}?{urlencode(query)}",
    )  # fmt: skip


def _shown(request: Request, query: Mapping[str, str], template: str, status: int = 200, **facts: object) -> Response:
    lang = language(query.get("lang"), request.headers.get("accept-language", ""))
    other = f"{request.path}?{urlencode({**query, 'lang': 'en' if lang == 'zh' else 'zh'})}"
    return render(template, status, lang, other_language=other, amount="", about=None, **facts)
