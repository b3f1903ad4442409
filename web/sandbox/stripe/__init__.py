"""A local stand-in for Stripe: the real `stripe` library talks to it over HTTP, in a process of its own.

`python -m web.sandbox.stripe --port 12111` starts it. It speaks API version 2026-08-26.dahlia for what a
first marketplace needs: customers, payment methods, payment intents, charges, refunds, balance, events and webhook
endpoints. Money never moves, cards are Stripe's published test cards, and state lives in one SQLite file.

To add a resource, write a module in `resources` with a `ROUTES` tuple and name it in `router.py`.
"""
