"""`python -m web.sandbox.stripe`: serve the stand-in until interrupted."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from web.sandbox.stripe.server import Sandbox, Settings


def settings_from(arguments: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Read the options; each may also come from the environment, where the option wins."""
    parser = argparse.ArgumentParser(prog="python -m web.sandbox.stripe", description="A local stand-in for Stripe.")
    port = int(environ.get("STRIPE_SANDBOX_PORT", "12111"))
    parser.add_argument("--port", type=int, default=port, help="[STRIPE_SANDBOX_PORT]")
    data = Path(environ.get("STRIPE_SANDBOX_DATA", ".local/stripe.sqlite"))
    parser.add_argument("--data", type=Path, default=data, help="the file of its state [STRIPE_SANDBOX_DATA]")
    key = environ.get("STRIPE_SANDBOX_KEY", "sk_test_galleria")
    parser.add_argument("--key", default=key, help="the secret key to accept [STRIPE_SANDBOX_KEY]")
    webhook = environ.get("STRIPE_SANDBOX_WEBHOOK")
    parser.add_argument("--webhook", default=webhook, help="where events go [STRIPE_SANDBOX_WEBHOOK]")
    secret = environ.get("STRIPE_SANDBOX_WEBHOOK_SECRET")
    parser.add_argument("--webhook-secret", default=secret, help="whsec_... [STRIPE_SANDBOX_WEBHOOK_SECRET]")
    public = environ.get("STRIPE_SANDBOX_PUBLIC_URL")
    parser.add_argument("--public-url", default=public, help="how browsers reach it [STRIPE_SANDBOX_PUBLIC_URL]")
    options = parser.parse_args(arguments)
    if bool(options.webhook) != bool(options.webhook_secret):
        parser.error("--webhook and --webhook-secret go together")
    openapi = environ.get("STRIPE_OPENAPI")
    return Settings(
        data=options.data,
        key=options.key,
        port=options.port,
        webhook=options.webhook,
        webhook_secret=options.webhook_secret,
        public_url=options.public_url,
        openapi=Path(openapi) if openapi else None,
    )


def main() -> None:
    """Serve until interrupted."""
    sandbox = Sandbox(settings_from(sys.argv[1:], os.environ))
    sys.stdout.write(f"Stripe stand-in: {sandbox.url}\n")
    sys.stdout.flush()
    try:
        sandbox.run()
    except KeyboardInterrupt:
        sys.stdout.write("Stopped.\n")


if __name__ == "__main__":
    main()
