"""The run of a seed: each step in a transaction of its own, once; pictures are drawn beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from sqlalchemy import create_engine, func, select

from core.billing.payouts.models import PayoutRow, TermsRow
from core.catalogue.models import CategoryRow, ListingRow, PictureRow
from core.compliance.models import PackRow
from core.identity.principals import Realm
from core.kernel.config import Config
from core.kernel.db import Model, session
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction, read_only, transaction
from core.ledger import balances, seals
from core.merchants.models import MerchantRow, ShopRow
from core.orders.aftersale_models import AftersaleRow
from core.orders.models import PurchaseRow
from plugins.commission.models import ListRow
from plugins.coupons.models import CouponRow
from tenants import provisioning, values
from tenants.models import TenantRow
from web.demo.content import Marketplace
from web.demo.markets import MARKETPLACES
from web.demo.seeding import aftersales, duties, grounds, past, people, plugged, present, settled, shelves, trail
from web.demo.seeding.people import Login
from web.demo.seeding.pictures import Studio, all_of

Say = Callable[[str], None]
Step = tuple[str, Callable[[], bool], Callable[[], None]]


def is_foreign() -> bool:
    """Tell whether the installation holds marketplaces that are not the demo's."""
    slugs = [market.slug for market in MARKETPLACES]
    with bind(values.PLATFORM), platform_transaction():
        query = select(TenantRow.id).where(TenantRow.id != values.PLATFORM.id, TenantRow.slug.not_in(slugs))
        return session().scalar(query.limit(1)) is not None


def seed(config: Config, say: Say) -> None:
    """Make the demo marketplaces with everything in them; what an earlier run did is passed over."""
    started = time.monotonic()
    with Studio(config.media_root / "demo", [wanted for market in MARKETPLACES for wanted in all_of(market)]) as studio:
        _add_platform()
        for market in MARKETPLACES:
            _seed_market(market, config, say)
        say("Drawing the last pictures")
        studio.wait()
        for market in MARKETPLACES:
            _finish_market(market, studio)
    say(f"Done in {time.monotonic() - started:.0f} seconds")


def _add_platform() -> None:
    with bind(values.PLATFORM):
        with platform_transaction():
            provisioning.ensure_platform()
        with transaction():
            people.add_platform_staff()


def _has(kind: type[Model], least: int = 1) -> bool:
    return int(session().scalar(select(func.count()).select_from(kind)) or 0) >= least


def _seed_market(market: Marketplace, config: Config, say: Say) -> None:
    tenant = grounds.open_market(market)
    listings, bought = f"{len(market.listings)} listings", f"{past.PURCHASES} past purchases"
    steps: tuple[Step, ...] = (
        ("categories", partial(_has, CategoryRow), partial(grounds.add_categories, market)),
        ("shops", partial(_has, ShopRow, 2), partial(shelves.add_shops, market)),
        ("people", partial(people.has_users, Realm.OPERATOR), partial(people.add_operators, market)),
        ("owners of shops", partial(people.has_users, Realm.MERCHANT), partial(people.add_merchants, market)),
        ("buyers", partial(people.has_users, Realm.BUYER), partial(people.add_buyers, market)),
        ("rates", partial(_has, ListRow), partial(grounds.add_rates, market)),
        ("coupons", partial(_has, CouponRow), partial(grounds.add_coupons, market)),
        (listings, partial(_has, ListingRow), partial(shelves.add_listings, market)),
        (bought, partial(_has, PurchaseRow), partial(past.add_past, market)),
        ("payout terms", partial(_has, TermsRow), partial(settled.agree, market)),
        ("purchases of these days", partial(_has, PurchaseRow, past.PURCHASES + 1),
         partial(present.add_present, market)),
        ("after-sales", partial(_has, AftersaleRow), partial(aftersales.add_aftersales, market)),
        ("payouts", partial(_has, PayoutRow), partial(settled.add_payouts, market)),
        ("applicants", partial(_has, MerchantRow, len(market.shops) + 1), partial(shelves.add_applicants, market)),
        ("compliance", partial(_has, PackRow), partial(duties.take_up, market)),
    )  # fmt: skip
    with bind(tenant):
        for name, is_done, carry_out in steps:
            with transaction():
                if not is_done():
                    say(f"{market.name}: {name}")
                    carry_out()
            if name in (listings, bought):
                _analyze(config)
        say(f"{market.name}: plugins")
        plugged.switch_on()
        plugged.seed()
        trail.issue(partial(say, f"{market.name}: statements"))


def _analyze(config: Config) -> None:
    """Tell the planner about what was just loaded; by itself it would learn only after a minute."""
    engine = create_engine(config.database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("analyze")
    engine.dispose()


def _finish_market(market: Marketplace, studio: Studio) -> None:
    """Hang the pictures, and put the ledger's snapshots and seals in place."""
    with bind(grounds.open_market(market)):
        with transaction():
            if not _has(PictureRow):
                shelves.hang_signs(market, studio)
                shelves.hang_pictures(market, studio)
        with transaction():
            balances.roll()
        for chain in seals.CHAINS:
            with transaction():
                seals.seal(chain)


def logins() -> list[tuple[str | None, Login]]:
    """Return the demo's accounts with the marketplace that each is of, None for the platform; none without a demo."""
    found: list[tuple[str | None, Login]] = []
    for market in MARKETPLACES:
        shop = next(shop for shop in market.shops if not shop.own)
        found += [
            (market.slug, Login(f"{market.slug.title()} shop", "/", market.buyers[0].email)),
            (
                market.slug,
                Login(f"{market.slug.title()} merchant", "/merchant/", people.merchant_email(market, shop.slug)),
            ),
            (market.slug, Login(f"{market.slug.title()} operator", "/operator/", people.operator_email(market))),
        ]
    return [*found, (None, Login("Platform", "/platform/", people.PLATFORM_EMAIL))] if _is_there() else []


def _is_there() -> bool:
    with bind(values.PLATFORM), read_only():
        return people.is_there(Realm.PLATFORM, people.PLATFORM_EMAIL)
