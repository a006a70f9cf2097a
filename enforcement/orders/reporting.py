"""The kind of an order by the point of its making at which it was reported (D-TRO orderReportingPoint)."""

from __future__ import annotations

from enforcement.orders.ledger import Place
from enforcement.orders.reading import Reading

_TYPES = {
    "experimentalAmendment": "experimental",
    "experimentalMakingPermanent": "permanent",
    "experimentalNoticeOfMaking": "experimental",
    "experimentalRevocation": "experimental",
    "permanentAmendment": "permanent",
    "permanentNoticeOfMaking": "permanent",
    "permanentNoticeOfProposal": "permanent",
    "permanentRevocation": "permanent",
    "ttroTtmoByNotice": "temporary",
    "ttroTtmoExtension": "temporary",
    "ttroTtmoNoticeAfterMaking": "temporary",
    "ttroTtmoNoticeOfIntention": "temporary",
    "ttroTtmoRevocation": "temporary",
}
_NOT_YET = {"permanentNoticeOfProposal", "ttroTtmoNoticeOfIntention"}
_ENDS = {"experimentalRevocation", "permanentRevocation", "ttroTtmoRevocation"}
_REVOKING = ("fullRevoke", "partialRevoke")  # no set: what is looked for may be a list


def read_reporting_point(reading: Reading, provision: Place) -> None:
    """Settle the order's type; ask where the point leaves it, its start or its end open."""
    point, action = provision.at("orderReportingPoint"), provision.at("actionType")
    word = point.text()
    if word in _TYPES:
        reading.give("type", _TYPES[word])
    else:
        why = "does not tell if the order is permanent, experimental or temporary"
        reading.cannot_use(point, why, "type")
    if word in _NOT_YET:
        reading.ask("effective_from", f"{point.path}: the order was not made yet when this was reported")
    if word in _ENDS or action.value in _REVOKING:
        reading.ask("effective_to", f"{point.path}: the record revokes; say from which day")
