-- Roles and the signed binding of a tenant; run by the administrator of the database, again and again harmlessly.
-- :owner owns tables and migrates, :app serves requests and is bound to one tenant a transaction, :platform sees all.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create extension if not exists unaccent;
revoke all on schema public from public;
grant usage, create on schema public to galleria_owner;
grant usage on schema public to galleria_app, galleria_platform;
create schema if not exists app authorization galleria_owner;
grant usage on schema app to galleria_app, galleria_platform;
create table if not exists app.bind_key(kid int primary key, key bytea not null);
alter table app.bind_key owner to galleria_owner;

-- Binding wants a signature that only the application can make: an injected set_config cannot rebind.
create or replace function app.bind(tenant uuid, kid int, sig bytea) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare k bytea;
begin
  select b.key into k from app.bind_key b where b.kid = bind.kid;
  if k is null or sha256(k || sha256(k || uuid_send(tenant))) <> sig then
    raise exception 'tenant binding refused' using errcode = '28000';
  end if;
  perform set_config('app.tenant_id', tenant::text, true);
end $$;
alter function app.bind(uuid, int, bytea) owner to galleria_owner;
revoke all on function app.bind(uuid, int, bytea) from public;
grant execute on function app.bind(uuid, int, bytea) to galleria_app;

-- One call for each tenant-owned table, from the migration that creates it.
create or replace procedure app.protect(t regclass, key text default 'tenant_id') language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('drop policy if exists tenant_isolation on %s', t);
  execute format($p$create policy tenant_isolation on %s for all to galleria_app
     using (%I = current_setting('app.tenant_id')::uuid)
     with check (%I = current_setting('app.tenant_id')::uuid)$p$, t, key, key);
  execute format('drop policy if exists owner_maintenance on %s', t);
  execute format('create policy owner_maintenance on %s for all to galleria_owner
     using (current_setting(''app.maintenance'', true) = ''on'')', t);
  execute format('grant select, insert, update, delete on %s to galleria_app, galleria_platform', t);
end $$;
alter procedure app.protect(regclass, text) owner to galleria_owner;

-- What is written stays as it was written: rights first, a trigger for everyone else second.
create or replace function app.refuse_change() returns trigger language plpgsql as $$
begin
  if current_setting('app.erasing', true) = 'on' then
    return old;
  end if;
  raise exception '% on % is not allowed: it is append-only', tg_op, tg_table_name using errcode = '42501';
end $$;
alter function app.refuse_change() owner to galleria_owner;
create or replace procedure app.append_only(t regclass) language plpgsql as $$
begin
  execute format('revoke update, delete on %s from galleria_app, galleria_platform', t);
  execute format('create or replace trigger append_only before update or delete on %s
     for each row execute function app.refuse_change()', t);
  execute format('create or replace trigger append_only_truncate before truncate on %s
     for each statement execute function app.refuse_change()', t);
end $$;
alter procedure app.append_only(regclass) owner to galleria_owner;

-- A query injected into a request must not rebind the tenant.
do $$ begin
  revoke execute on function pg_catalog.set_config(text, text, boolean) from public;
  grant execute on function pg_catalog.set_config(text, text, boolean) to galleria_owner, galleria_platform;
exception when insufficient_privilege then
  raise notice 'set_config stays callable: this server allows its revocation only to a superuser';
end $$;
-- Under row-level security an index serves only leakproof operators; text search needs these three.
do $$ begin
  alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof;
  alter function pg_catalog.texticlike(text, text) leakproof;
  alter function word_similarity_op(text, text) leakproof;
exception when insufficient_privilege then
  raise notice 'search runs without its index: this server allows leakproof only to a superuser';
end $$;
