"""Fills a database with marketplaces and listings by bulk SQL, as the administrator, without checking references."""

from __future__ import annotations

from string import Template
from uuid import UUID

from sqlalchemy import Connection

ADJECTIVES = tuple(
    "amber ancient birch blue bold brass bright calm canvas cedar clay coral cotton crimson deep denim dusty fine "
    "folded forest frosted glazed golden green grey heavy indigo ivory jade large light linen little lunar matte "
    "mossy narrow natural navy oak olive pale plain quiet rustic silver slate small smoky soft solid striped tall "
    "teal warm woven".split()
)
NOUNS = tuple(
    "apron armchair backpack basket bench blanket board bookend bottle bowl box brush bucket cabinet candle carafe "
    "chair clock coaster cup cushion desk drawer easel frame glove hammock jar jug kettle knife ladle lamp lantern "
    "mirror mug notebook pan pencil pillow pitcher plate pot rack rug saucer scarf shelf spoon stool table teapot "
    "throw tray trivet vase wallet".split()
)
CATEGORIES = (8, 5)  # roots, and leaves below each
SHOPS = 200

_TABLES = """
insert into categories (tenant_id, id, parent_id, slug, path, names, position, is_active)
select $tenant, uuidv7(), null, 'c'||r, 'c'||r, json_build_object('en', 'Department '||r), r, true
  from generate_series(1, $roots) r;
insert into categories (tenant_id, id, parent_id, slug, path, names, position, is_active)
select $tenant, uuidv7(), p.id, p.slug||'-'||k, p.path||'/'||p.slug||'-'||k,
       json_build_object('en', 'Shelf '||p.position||'.'||k), k, true
  from categories p, generate_series(1, $leaves) k where p.tenant_id = $tenant and p.parent_id is null;
insert into attributes (tenant_id, id, category_id, code, names, kind, unit, options, is_required, is_facet, position)
select $tenant, uuidv7(), c.id, f.code, json_build_object('en', f.name), 'choice', '', '[]', false, true, f.place
  from categories c, (values ('colour', 'Colour', 1), ('size', 'Size', 2)) f(code, name, place)
 where c.tenant_id = $tenant and c.parent_id is null;
insert into merchants (tenant_id, id, name, kind, country, email, phone, registration_number, tax_number, address,
                       state, is_house, note, created_at, facts)
select $tenant, uuidv7(), 'Merchant '||n, 'company', 'IE', '', '', '', '', '{}', 'approved', false, '', now(), '{}'
  from generate_series(1, $shops) n;
insert into shops (tenant_id, id, merchant_id, slug, name, story, city, state, holiday_note, policies, return_address,
                   hours, return_days, created_at, facts)
select $tenant, uuidv7(), m.id, 'shop-'||row_number() over (), 'Shop '||row_number() over (), 'Made by hand.', 'Cork',
       'open', '', '{}', '{}', '{}', 14, now(), '{}'
  from merchants m where m.tenant_id = $tenant and not m.is_house;
insert into shop_deliveries (tenant_id, id, shop_id, code, label, price_minor, currency, free_from_minor, min_days,
                             max_days, position, is_active)
select $tenant, uuidv7(), s.id, 'post', 'Post', 490, 'EUR', 5000, 2, 4, 0, true
  from shops s where s.tenant_id = $tenant;
insert into stock_locations (tenant_id, id, merchant_id, name, position)
select $tenant, uuidv7(), m.id, 'Main', 0 from merchants m where m.tenant_id = $tenant;
insert into listings (tenant_id, id, merchant_id, shop_id, category_id, slug, title, title_key, description, brand,
                      attributes, option_names, tax_bps, currency, price_from_minor, price_to_minor, was_minor,
                      is_available, sold_count, state, blocked_reason, created_at, published_at, version, search)
select $tenant, uuidv7(), s.merchant_id, s.id, c.id, 'listing-'||n, t.title, t.title,
       repeat('A thing made with care, for every day. ', 10), '', '{"material": "oak"}', '["Colour", "Size"]', 2300,
       'EUR', p.price, p.price + 500, case when n % 7 = 0 then p.price + 900 end, n % 20 <> 0,
       (random() * random() * 500)::int, 'live', '', now() - n * interval '1 minute', now() - n * interval '1 minute',
       1, setweight(to_tsvector('simple', t.title), 'A')
  from generate_series(1, $listings) n
  join lateral (select (array[$adjectives])[1 + (n * 7919) % $na] || ' ' ||
                       (array[$nouns])[1 + (n * 104729::bigint) % $nn] || ' ' || (array[$adjectives])[1 + (n * 15485863::bigint) % $na] || ' ' || n as title) t on true
  join lateral (select 500 + (n * 7907::bigint) % 20000 as price) p on true
  join (select id, merchant_id, row_number() over (order by id) - 1 as k from shops where tenant_id = $tenant) s
    on s.k = n % $shops
  join (select id, row_number() over (order by id) - 1 as k from categories
         where tenant_id = $tenant and parent_id is not null) c on c.k = (n * 31) % ($roots * $leaves);
insert into variants (tenant_id, id, listing_id, merchant_id, sku, options, option_key, price_minor, currency,
                      was_minor, barcode, weight_g, position, is_active)
select $tenant, uuidv7(), l.id, l.merchant_id, l.slug||'-'||v.place, json_build_array(v.colour, v.size),
       v.colour||'/'||v.size, l.price_from_minor + v.place * 100, 'EUR', l.was_minor, '', 300, v.place, true
  from listings l, (values (1, 'red', 's'), (2, 'blue', 'm'), (3, 'green', 'l')) v(place, colour, size)
 where l.tenant_id = $tenant;
insert into stock (tenant_id, id, variant_id, location_id, available, reserved, low_at)
select $tenant, uuidv7(), v.id, k.id, 25, 0, 0
  from variants v join stock_locations k on k.tenant_id = v.tenant_id and k.merchant_id = v.merchant_id
 where v.tenant_id = $tenant;
insert into listing_facets (tenant_id, id, listing_id, variant_id, category_id, code, value)
select $tenant, uuidv7(), v.listing_id, v.id, l.category_id, f.code, v.options ->> f.place
  from variants v join listings l on l.tenant_id = v.tenant_id and l.id = v.listing_id,
       (values ('colour', 0), ('size', 1)) f(code, place)
 where v.tenant_id = $tenant;
insert into listing_pictures (tenant_id, id, listing_id, media_id, position, alt)
select $tenant, uuidv7(), l.id, uuidv7(), k, '' from listings l, generate_series(0, 2) k where l.tenant_id = $tenant
"""


def fill(connection: Connection, tenant_id: UUID, listings: int, *, shops: int = SHOPS) -> None:
    """Write a marketplace's categories, shops, listings, variants, stock, facets and pictures. Commits nothing."""
    roots, leaves = CATEGORIES
    connection.exec_driver_sql("set local session_replication_role = replica")
    values = {
        "tenant": f"'{tenant_id}'::uuid", "adjectives": _quoted(ADJECTIVES), "na": len(ADJECTIVES),
        "nouns": _quoted(NOUNS), "nn": len(NOUNS), "listings": listings, "shops": shops, "roots": roots,
        "leaves": leaves,
    }  # fmt: skip
    for statement in Template(_TABLES).substitute(values).split(";\n"):
        connection.exec_driver_sql(statement.replace("%", "%%"))


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_WITH_TENANT = """
select c.table_name, string_agg(quote_ident(c.column_name), ', ' order by c.ordinal_position)
  from information_schema.columns c
  join information_schema.tables t using (table_schema, table_name)
 where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name <> 'tenant_id'
   and c.is_generated = 'NEVER'
   and exists (select 1 from information_schema.columns k
                where k.table_schema = 'public' and k.table_name = c.table_name and k.column_name = 'tenant_id')
 group by c.table_name order by c.table_name"""
_NOT_COPIED = frozenset(("tenant_domains", "outbox"))


def copy(connection: Connection, tenant_id: UUID, times: int) -> None:
    """Found further marketplaces with the rows of one: every key is composite, so that rows keep their own."""
    connection.exec_driver_sql("set local session_replication_role = replica")
    columns = connection.exec_driver_sql(
        "select string_agg(quote_ident(column_name), ', ') from information_schema.columns where table_schema = 'public'"
        " and table_name = 'tenants' and column_name not in ('id', 'slug') and is_generated = 'NEVER'"
    ).scalar_one()
    connection.exec_driver_sql(f"create temporary table copies on commit drop as "
                               f"select uuidv7() as id, n from generate_series(1, {times}) n")  # fmt: skip
    connection.exec_driver_sql(f"insert into tenants (id, slug, {columns}) select k.id, slug || '-' || k.n, {columns} "
                               f"from tenants, copies k where tenants.id = '{tenant_id}'")  # fmt: skip
    for table, names in connection.exec_driver_sql(_WITH_TENANT).all():
        if table not in _NOT_COPIED:
            named = ", ".join(f"t.{name}" for name in names.split(", "))
            connection.exec_driver_sql(f"insert into {table} (tenant_id, {names}) select k.id, {named} "
                                       f"from {table} t, copies k where t.tenant_id = '{tenant_id}'")  # fmt: skip


def settle(connection: Connection) -> None:
    """Bring statistics and the visibility map up to date, as autovacuum does in a life."""
    for name in ("listings", "variants", "stock", "listing_facets", "listing_pictures", "shops", "merchants",
                 "categories", "attributes", "shop_deliveries"):  # fmt: skip
        connection.exec_driver_sql(f"vacuum (analyze) {name}")
