"""The payment pages of the stand-in: they work without scripts, in two languages, at both widths."""

import urllib.error
import urllib.request
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.sandbox.conftest import RETURN_URL

CARD = {"method": "card", "number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def visit(url, form=None, language="en"):
    """Open a page or send a form: status, text, headers. Redirects are not followed."""
    body = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(url, body, {"Accept-Language": language})
    try:
        with urllib.request.build_opener(_Stay).open(request) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode(), answer.headers


@pytest.fixture
def intent(client):
    return client.payment_intents.create({"amount": 128050, "currency": "cny", "description": "3 Eulen & 1 Krug"})


@pytest.fixture
def address(sandbox, intent):
    """Give the address of the payment page: address(return_url=..., lang=...)."""

    def of(**query):
        values = {"client_secret": intent.client_secret, "return_url": RETURN_URL, **query}
        return f"{sandbox.url}/_hosted/pay/{intent.id}?{urlencode(values)}"

    return of


def test_page_shows_what_is_due(address):
    status, text, headers = visit(address())
    assert (status, headers["Content-Language"]) == (200, "en")
    assert "CN¥1,280.50" in text
    assert "3 Eulen &amp; 1 Krug" in text
    assert "script" not in text
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("asked", "accepted", "said"),
    [
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "应付金额"),
        (None, "fr,en;q=0.5", "Amount due"),
        ("zh", "en", "应付金额"),
        ("en", "zh", "Amount due"),
    ],
)
def test_page_speaks_the_buyers_language(address, asked, accepted, said):
    assert said in visit(address(**({"lang": asked} if asked else {})), language=accepted)[1]


def test_paid_buyer_returns_to_the_shop(client, intent, address):
    status, _, headers = visit(address(), CARD)
    back = urlsplit(headers["Location"])
    assert (status, back.netloc, back.path) == (303, "shop.example", "/return")
    assert dict(parse_qsl(back.query)) == {
        "order": "7",
        "payment_intent": intent.id,
        "payment_intent_client_secret": intent.client_secret,
        "redirect_status": "succeeded",
    }
    assert client.payment_intents.retrieve(intent.id).status == "succeeded"
    status, text, _ = visit(address(), CARD)
    assert (status, "This payment is done." in text) == (200, True)
    assert len(client.charges.list().data) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "4000000000009995"}, "Your card has insufficient funds."),
        ({"number": "4242424242424241"}, "Your card number is incorrect."),
        ({"number": ""}, "Enter the card number."),
        ({"expiry": "soon"}, "Enter the date as month and year"),
        ({"expiry": "13/34"}, "expiration month is invalid"),
        ({"cvc": "1"}, "security code is invalid"),
        ({"method": "cheque"}, "Choose a payment method."),
    ],
)
def test_what_is_wrong_is_said_on_the_page(client, intent, address, change, said):
    status, text, _ = visit(address(), {**CARD, **change})
    assert (status, said in text.replace("&#39;", "'")) == (422, True)
    assert client.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_declined_attempt_is_kept_as_a_failed_charge(client, address):
    visit(address(), {**CARD, "number": "4000000000000002"})
    assert [charge.status for charge in client.charges.list().data] == ["failed"]


@pytest.mark.parametrize(
    ("form", "outcome", "redirected", "status"),
    [
        ({**CARD, "number": "4000002500003155"}, "succeed", "succeeded", "succeeded"),
        ({**CARD, "number": "4000002500003155"}, "decline", "failed", "requires_payment_method"),
        ({"method": "alipay"}, "succeed", "succeeded", "succeeded"),
        ({"method": "wechat_pay"}, "decline", "failed", "requires_payment_method"),
    ],
)
def test_buyer_answers_bank_or_wallet(sandbox, client, intent, address, form, outcome, redirected, status):
    _, _, headers = visit(address(), form)
    action = sandbox.url + headers["Location"]
    assert visit(action)[0] == 200
    _, _, headers = visit(action, {"outcome": outcome})
    assert dict(parse_qsl(urlsplit(headers["Location"]).query))["redirect_status"] == redirected
    assert client.payment_intents.retrieve(intent.id).status == status


@pytest.mark.parametrize("secret", ["", "pi_x_secret_guess"])
def test_page_needs_the_client_secret(client, intent, address, secret):
    assert visit(address(client_secret=secret))[0] == 404
    assert visit(address(client_secret=secret), CARD)[0] == 404
    assert client.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_buyer_is_never_sent_to_a_script(address):
    url = address(return_url="javascript:alert(1)")
    assert "javascript:" not in visit(url)[1].replace(urlencode({"return_url": "javascript:alert(1)"}), "")
    assert visit(url, CARD)[2]["Location"].startswith("/_hosted/pay/")


def test_wechat_picture_is_served(sandbox):
    with urllib.request.urlopen(f"{sandbox.url}/_hosted/qr/pi_1.png") as picture:
        assert picture.read(8) == b"\x89PNG\r\n\x1a\n"
    assert visit(f"{sandbox.url}/_hosted/qr/pi_1.svg")[1].startswith("<svg")


@pytest.mark.parametrize("width", [390, 1440])
def test_buyer_pays_in_a_browser_without_scripts(browser, sandbox, client, intent, address, width):
    context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address(return_url=f"{sandbox.url}/_health"))
    page.get_by_role("link", name="Asks the buyer").click()
    assert page.get_by_label("Card number").input_value() == "4000 0025 0000 3155"
    page.get_by_role("button", name="Pay CN¥1,280.50").click()
    page.get_by_role("button", name="Authorise").click()
    assert page.url.startswith(f"{sandbox.url}/_health?payment_intent={intent.id}")
    context.close()
    assert client.payment_intents.retrieve(intent.id).status == "succeeded"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "lang"), [(390, "zh"), (1440, "en")])
def test_page_is_accessible_and_fits(browser, client, intent, address, sandbox, scheme, width, lang):
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True, locale="en-US"
    )
    page = context.new_page()
    for step in ("form", "wrong", "action"):
        if step == "form":
            page.goto(address(lang=lang))
        elif step == "wrong":
            page.locator("button").click()
        else:
            page.locator("[value=wechat_pay]").check()
            page.locator("button").click()
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
