"""In which total of a statement a posting stands: told by its account, the account at its other end, and its kind.

Whatever no rule knows stands under "other", so that every posting of a merchant is in exactly one total.
"""

from __future__ import annotations

POTS = ("payable", "reserve", "held")
"""A merchant's accounts: owed to it, kept back, and buyers' money that is not released. Their addresses begin so."""

SECTIONS = {
    "payable": (
        "orders", "order_fees", "fee_tax", "refunds", "fees_back", "fee_tax_back", "items", "disputes",
        "reserve_out", "reserve_in", "settled", "payouts", "other",
    ),
    "reserve": ("kept", "freed", "other"),
    "held": ("sales", "discounts", "refunds", "disputes", "released", "other"),
}  # fmt: skip
"""The totals of each account, in the order of the statement."""

CASES = """case pot
      when 'held' then case
        when kind = 'payment.captured' then case when other = 'promo_expense' then 'discounts' else 'sales' end
        when kind like 'refund.%' then 'refunds'
        when kind like 'dispute.%' then 'disputes'
        when kind like 'order.released%' then 'released'
        else 'other' end
      when 'reserve' then case when amount > 0 then 'kept' else 'freed' end
      else case
        when other like 'reserve:%' then case when amount > 0 then 'reserve_in' else 'reserve_out' end
        when other like 'in_transit:%' or kind like 'payout.%' then 'payouts'
        when other = 'fee_tax' then case when kind like 'refund.%' then 'fee_tax_back' else 'fee_tax' end
        when kind like 'billing.item%' then 'items'
        when other = 'fee' then case when kind like 'refund.%' then 'fees_back' else 'order_fees' end
        when kind like 'dispute.%' then 'disputes'
        when kind like 'refund.%' then 'refunds'
        when kind like 'order.released%' then 'orders'
        when kind like 'balance.%' then 'settled'
        else 'other' end
    end"""
"""SQL that names the section of a side with columns pot, kind, other and amount (credit positive)."""

SIDES = """
      select p.id, p.entry_id, p.tenant_id, split_part(p.source, ':', 1) as pot, split_part(p.source, ':', 2) as owner,
             p.source as account, p.destination as other, p.amount_minor as amount, p.currency, p.memo, e.kind,
             e.order_id, e.effective_on, e.posted_at
        from ledger_entries e join ledger_postings p on p.tenant_id = e.tenant_id and p.entry_id = e.id
       where e.tenant_id = :tenant and coalesce(e.stated_on, e.effective_on) >= :start
         and coalesce(e.stated_on, e.effective_on) < :end
      union all
      select p.id, p.entry_id, p.tenant_id, split_part(p.destination, ':', 1), split_part(p.destination, ':', 2),
             p.destination, p.source, -p.amount_minor, p.currency, p.memo, e.kind, e.order_id, e.effective_on,
             e.posted_at
        from ledger_entries e join ledger_postings p on p.tenant_id = e.tenant_id and p.entry_id = e.id
       where e.tenant_id = :tenant and coalesce(e.stated_on, e.effective_on) >= :start
         and coalesce(e.stated_on, e.effective_on) < :end"""
"""SQL for both sides of every posting that is stated in a period: what each account gained, credit positive."""
