"""Teams, roles, invitations, keys and approvals: each rule, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from core.identity import (
    accounts,
    api_keys,
    approvals,
    departments,
    invitations,
    limits,
    passwords,
    roles,
    team,
    tokens,
)
from core.identity.models import ApiKeyRow, MembershipRow, RoleRow, TokenRow, UserRow
from core.identity.principals import Principal, Realm, by_key
from core.kernel import clock
from core.kernel.db import session
from core.kernel.errors import AppError, Conflict, Denied, Invalid, Missing
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.outbox import OutboxRow
from core.kernel.tenancy import Tenant, bind
from core.kernel.tx import transaction

PASSWORD = "a fine long sentence"


def staff(email: str, permissions: list[str] | None = None, role: str = "Staff") -> Principal:
    user_id = accounts.create_staff(Realm.OPERATOR, email, email.partition("@")[0], PASSWORD, permissions, role=role)
    held = frozenset(permissions) if permissions is not None else frozenset({"*"})
    return Principal(Realm.OPERATOR, user_id, name="Ann", permissions=held)


def count(kind: type) -> int:
    session().flush()
    return session().scalar(select(func.count()).select_from(kind)) or 0


def member(by: Principal, email: str) -> team.Member:
    return next(m for m in team.members(by) if m.email == email)


def invited_token(by: Principal, email: str, role: str) -> str:
    invitations.invite(by, email, role)
    session().flush()
    payload = session().scalars(select(OutboxRow.payload).order_by(OutboxRow.id.desc())).first()
    return payload["values"]["action_path"].partition("token=")[2]


def test_the_last_owner_can_neither_leave_nor_step_down(tenant: Tenant) -> None:
    with transaction():
        ann = staff("ann@example.com")
        staff("bo@example.com", ["team.manage"])
        for act in (lambda i: team.remove(ann, i), lambda i: team.change(ann, i, "Support")):
            with pytest.raises(AppError) as refused:
                act(member(ann, "ann@example.com").id)
            assert refused.value.code in ("team.last_owner", "team.own_role")
        assert member(ann, "ann@example.com").role is None


def test_of_two_owners_one_may_go(tenant: Tenant) -> None:
    with transaction():
        ann = staff("ann@example.com")
        staff("bo@example.com")
        team.remove(ann, member(ann, "bo@example.com").id)
        assert [m.email for m in team.members(ann)] == ["ann@example.com"]


def test_who_manages_a_team_gives_no_more_than_they_hold(tenant: Tenant) -> None:
    with transaction():
        ann = staff("ann@example.com")
        bo = staff("bo@example.com", ["team.manage", "orders.view"])
        strong = roles.save(ann, "Treasurer", ["ledger.view"])
        before = count(RoleRow), count(TokenRow)
        for role in ("owner", str(strong), "Manager"):
            with pytest.raises((Denied, Invalid)):
                invitations.invite(bo, "eve@example.com", role)
        with pytest.raises(Invalid):
            roles.save(bo, "Mine", ["ledger.view"])
        with pytest.raises(Denied):
            team.remove(bo, member(ann, "ann@example.com").id)
        assert (count(RoleRow), count(TokenRow)) == before
        assert len(team.members(ann)) == 2


def test_an_invitation_brings_a_new_person_in_once(tenant: Tenant) -> None:
    with transaction():
        ann = staff("ann@example.com")
        token = invited_token(ann, "Eve@example.com", "Support")
        assert invitations.look(Realm.OPERATOR, token).role == "Support"
        invitations.accept(Realm.OPERATOR, token, "Eve", PASSWORD)
        assert member(ann, "Eve@example.com").role == "Support"
        with pytest.raises(Invalid):
            invitations.accept(Realm.OPERATOR, token, "Eve", PASSWORD)
        assert len(team.members(ann)) == 2


def test_a_withdrawn_or_replaced_invitation_opens_nothing(tenant: Tenant) -> None:
    with transaction():
        ann = staff("ann@example.com")
        first = invited_token(ann, "eve@example.com", "Support")
        second = invited_token(ann, "eve@example.com", "Finance")
        invitations.withdraw(ann, invitations.invitations(ann)[0].id)
        for token in (first, second):
            with pytest.raises(Invalid):
                invitations.accept(Realm.OPERATOR, token, "Eve", PASSWORD)
        assert len(team.members(ann)) == 1


def test_a_link_is_kept_as_a_digest_and_ends_in_its_time_and_realm(tenant: Tenant) -> None:
    with transaction():
        user_id = staff("ann@example.com").user_id
        secret = tokens.issue(tokens.RESET, Realm.OPERATOR, user_id, {})
        stored = session().scalars(select(TokenRow.token_digest)).all()
        assert secret not in stored
        with pytest.raises(Invalid):
            tokens.take(tokens.RESET, Realm.MERCHANT, secret)
        with pytest.raises(Invalid):
            tokens.take(tokens.INVITATION, Realm.OPERATOR, secret)
        with time_machine.travel(clock.now() + timedelta(minutes=61)), pytest.raises(Invalid):
            tokens.take(tokens.RESET, Realm.OPERATOR, secret)
        assert tokens.take(tokens.RESET, Realm.OPERATOR, secret).user_id == user_id
        with pytest.raises(Invalid):
            tokens.take(tokens.RESET, Realm.OPERATOR, secret)


def test_a_role_that_somebody_holds_stays(tenant: Tenant) -> None:
    with transaction():
        ann = staff("ann@example.com")
        staff("bo@example.com", ["orders.view"])
        held = next(r for r in roles.roles(ann) if r.name == "Staff")
        with pytest.raises(Conflict):
            roles.remove(ann, held.id)
        assert count(RoleRow) == 1


def test_a_merchants_team_sees_and_touches_no_other_team(tenant: Tenant) -> None:
    with transaction():
        ann = staff("ann@example.com")
        shop = Principal(Realm.MERCHANT, new_id(), merchant_id=new_id(), permissions=frozenset({"*"}))
        department = departments.save(ann, "Service", ["Answer buyers"])
        role = roles.save(ann, "Helper", ["orders.view"])
        key = api_keys.create(ann, "Books", ["ledger.view"])
        assert team.members(shop) == []
        for act in (
            lambda: team.remove(shop, member(ann, "ann@example.com").id),
            lambda: departments.save(shop, "Mine", [], department),
            lambda: roles.save(shop, "Mine", [], role),
            lambda: api_keys.revoke(shop, key.id),
            lambda: invitations.invite(shop, "eve@example.com", str(role)),
        ):
            with pytest.raises(Missing):
                act()
        assert (count(MembershipRow), count(RoleRow)) == (1, 1)
        assert api_keys.keys(ann)[0].revoked_at is None


def test_a_department_keeps_its_duties_and_its_people_outlive_it(tenant: Tenant) -> None:
    with transaction():
        ann = staff("ann@example.com")
        staff("bo@example.com", ["orders.view"])
        key = departments.save(ann, "Service", ["Answer buyers", "", "Answer buyers", "Handle complaints"])
        bo = member(ann, "bo@example.com")
        team.change(ann, bo.id, bo.role_key, key)
        [found] = departments.departments(ann)
        assert (found.duties, found.people) == (("Answer buyers", "Handle complaints"), 1)
        departments.remove(ann, key)
    with transaction():
        assert member(ann, "bo@example.com").department_id is None


def test_a_key_is_shown_once_holds_what_was_given_and_ends_when_revoked(tenant: Tenant) -> None:
    with transaction():
        ann = staff("ann@example.com")
        fresh = api_keys.create(ann, "Books", ["ledger.view", "orders.view"])
        session().flush()
        assert by_key(fresh.secret).permissions == {"ledger.view", "orders.view"}
        assert fresh.secret not in session().scalars(select(ApiKeyRow.key_digest)).all()
        api_keys.revoke(ann, fresh.id)
        session().flush()
        assert by_key(fresh.secret) is None


def test_a_key_gets_nothing_that_its_maker_lacks(tenant: Tenant) -> None:
    with transaction():
        bo = staff("bo@example.com", ["keys.manage", "orders.view"])
        for wanted in (["ledger.view"], ["no.such"], []):
            with pytest.raises(Invalid):
                api_keys.create(bo, "Books", wanted)
        assert count(ApiKeyRow) == 0


def test_nobody_approves_what_they_asked_for(tenant: Tenant) -> None:
    ann, bo, subject = new_id(), new_id(), new_id()
    with transaction():
        mark = approvals.fingerprint("payout", 100)
        asked = approvals.request("payout", subject, mark, Money(100, "EUR"), by=ann)
        with pytest.raises(Denied):
            approvals.approve(asked.id, mark, by=ann)
        assert not approvals.is_approved("payout", subject, mark)
        approvals.approve(asked.id, mark, by=bo)
        assert approvals.is_approved("payout", subject, mark)
        with pytest.raises(Conflict):
            approvals.approve(asked.id, mark, by=bo)


def test_a_change_voids_an_approval(tenant: Tenant) -> None:
    ann, bo, subject = new_id(), new_id(), new_id()
    with transaction():
        mark, other = approvals.fingerprint("payout", 100), approvals.fingerprint("payout", 101)
        asked = approvals.request("payout", subject, mark, Money(100, "EUR"), by=ann)
        with pytest.raises(Conflict):
            approvals.approve(asked.id, other, by=bo)
        approvals.approve(asked.id, mark, by=bo)
        with pytest.raises(Conflict):
            approvals.require("payout", subject, other)
        approvals.request("payout", subject, other, Money(101, "EUR"), by=ann)
        assert not approvals.is_approved("payout", subject, mark)
        assert not approvals.is_approved("payout", subject, other)
        assert [a.amount for a in approvals.waiting()] == [Money(101, "EUR")]


@pytest.mark.parametrize(
    "password", ["short", "123456789", "ann@example.com", "Password123", "aaaaaaaaaaaa", "qwertyuiop", "x" * 257]
)
def test_weak_passwords_are_refused_and_make_no_account(tenant: Tenant, password: str) -> None:
    with transaction():
        with pytest.raises(Invalid):
            accounts.register(Realm.BUYER, "ann@example.com", "Ann", password)
        assert count(UserRow) == 0


def test_an_unknown_account_costs_the_same_work() -> None:
    assert passwords.prove(None, PASSWORD) == passwords.Proof(is_right=False)
    assert passwords.prove("not a hash", PASSWORD).is_right is False
    assert passwords.prove(passwords.hashed(PASSWORD), PASSWORD) == passwords.Proof(is_right=True)


@pytest.mark.parametrize("spelling", ["ANN@example.com", "ann@EXAMPLE.COM", " ann@example.com ", "ａｎｎ@example.com"])
def test_an_address_is_one_account_however_it_is_written(tenant: Tenant, spelling: str) -> None:
    with transaction():
        accounts.create_verified(Realm.BUYER, "ann@example.com", "Ann", PASSWORD)
        assert accounts.find(Realm.BUYER, spelling) is not None


def test_international_domains_have_one_key(tenant: Tenant) -> None:
    with transaction():
        accounts.create_verified(Realm.BUYER, "ann@bücher.example.com", "Ann", PASSWORD)
        assert accounts.find(Realm.BUYER, "ann@xn--bcher-kva.example.com") is not None


def test_staff_and_the_platform_cannot_register(tenant: Tenant) -> None:
    with transaction():
        with pytest.raises(Denied):
            accounts.register(Realm.OPERATOR, "eve@example.com", "Eve", PASSWORD)
        with pytest.raises(Missing):
            accounts.register(Realm.PLATFORM, "eve@example.com", "Eve", PASSWORD)
        assert count(UserRow) == 0


def test_a_window_slides_so_that_its_edge_lets_no_burst_through(tenant: Tenant) -> None:
    start = clock.now().replace(second=50, microsecond=0)
    with transaction():
        with time_machine.travel(start, tick=False):
            assert [limits.attempt("x") for _ in range(12)] == [0] * 10 + [10, 10]
        with time_machine.travel(start + timedelta(seconds=11), tick=False):
            assert [limits.attempt("x") == 0 for _ in range(2)] == [False, False]
        with time_machine.travel(start + timedelta(seconds=75), tick=False):
            assert limits.attempt("x") == 0


def test_the_plans_staff_limit_holds(make_tenant: Callable[..., Tenant]) -> None:
    small = replace(make_tenant(), limits={"staff": 1})
    with bind(small), transaction():
        ann = staff("ann@example.com")
        with pytest.raises(Conflict):
            invitations.invite(ann, "eve@example.com", "Support")
        assert count(TokenRow) == 0
