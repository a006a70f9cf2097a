"""An amendment is the next version, from a day to come: it changes no conclusion that was drawn before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from config.law.flaws import flaws
from config.law.orders import OrderVersion
from enforcement.orders.errors import ApprovalRefused


def refuse_flawed(order: OrderVersion) -> None:
    """Raise ApprovalRefused with everything that keeps a version from being judged by."""
    found = flaws(order)
    if found:
        raise ApprovalRefused(f"order {order.order_id} version {order.version}: {'; '.join(found)}")


def refuse_rewriting(
    order: OrderVersion,
    stored: Sequence[OrderVersion],
    *,
    before: Sequence[OrderVersion],
    today: date,
    late: bool,
) -> None:
    """Raise ApprovalRefused for a version that would take the place of another for days already judged.

    `stored` are the versions of all orders, `before` those that were there before this import began. An
    amendment whose first day has begun is taken only when `late` says that it became known late: then
    passages from that day on are judged again, by the order that was in force at their time.
    """
    name = f"order {order.order_id} version {order.version}"
    others = [other for other in stored if other.order_id == order.order_id]
    last = max(others, key=lambda other: other.version, default=None)
    if last is None:
        return
    if order.version <= last.version:
        raise ApprovalRefused(
            f"{name}: version {last.version} is stored already; number it {last.version + 1}"
        )
    if order.effective_from <= last.effective_from:
        raise ApprovalRefused(
            f"{name} begins on {order.effective_from}, not after version {last.version} of "
            f"{last.effective_from}; it would take its place for the whole of its time"
        )
    if order.effective_from <= today and not late and last in before:
        raise ApprovalRefused(
            f"{name} begins on {order.effective_from}, which is not after today, {today}: what was concluded "
            "since then would be concluded again; give --late if the amendment became known late"
        )
