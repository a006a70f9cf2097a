"""The tables of enforcement. Every row carries its authority; every instant is UTC.

What ingest knows (transits, passages, orders) is named by id only: no foreign key leaves this room.
The migrations in `enforcement/migrations` make these tables; a test holds both to the same shape.
"""

from enforcement.tables.audit import AuditHeadRow, AuditRow
from enforcement.tables.base import Base, Facts
from enforcement.tables.cases import CaseDecisionRow, CaseRow, StepGroundRow, TransitOutcomeRow
from enforcement.tables.letters import BatchRow, DispatchRow, LetterRow, PlannedLetterRow
from enforcement.tables.orders import OrderApprovalRow, OrderDraftRow
from enforcement.tables.people import LoginAttemptRow, UserRow, WebSessionRow
from enforcement.tables.register import KeeperImportRow, KeeperRow, RegisterAnswerRow, RegisterQueueRow
from enforcement.tables.retention import ErasedCaseRow, HoldRow
from enforcement.tables.speed import CalibrationRow, ReadingRow
from enforcement.tables.summaries import SummaryRow

__all__ = [
    "AuditHeadRow",
    "AuditRow",
    "Base",
    "BatchRow",
    "CalibrationRow",
    "CaseDecisionRow",
    "CaseRow",
    "DispatchRow",
    "ErasedCaseRow",
    "Facts",
    "HoldRow",
    "KeeperImportRow",
    "KeeperRow",
    "LetterRow",
    "LoginAttemptRow",
    "OrderApprovalRow",
    "OrderDraftRow",
    "PlannedLetterRow",
    "ReadingRow",
    "RegisterAnswerRow",
    "RegisterQueueRow",
    "StepGroundRow",
    "SummaryRow",
    "TransitOutcomeRow",
    "UserRow",
    "WebSessionRow",
]
