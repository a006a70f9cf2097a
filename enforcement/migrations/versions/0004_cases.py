"""Every event of a case with who and why; what a step was counted on; devices and their readings.

Revision ID: enforcement_0004
"""

import sqlalchemy as sa
from alembic import op

revision = "enforcement_0004"
down_revision = "enforcement_0003"
branch_labels = None
depends_on = None

NAME = sa.String(64)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _allow()
    _widen_decisions()
    _tell_the_past()
    _refuse("case_decisions")
    _step_grounds()
    _speed()
    _refuse("step_grounds")


def _widen_decisions() -> None:
    """A decision becomes an event of any kind. On SQLite the table is copied: nothing refers to it."""
    with op.batch_alter_table("case_decisions") as batch:
        batch.alter_column(
            "verdict", new_column_name="event", existing_type=sa.String(16), type_=sa.String(32)
        )
        batch.alter_column("user_id", existing_type=sa.Integer, nullable=True)
        batch.alter_column("image_matches_plate", existing_type=sa.Boolean, nullable=True)
        batch.alter_column("vehicle_matches_register", existing_type=sa.Boolean, nullable=True)
        batch.add_column(sa.Column("who", NAME, nullable=False, server_default=""))
        batch.add_column(sa.Column("before", sa.String(16), nullable=False, server_default=""))
        batch.add_column(sa.Column("after", sa.String(16), nullable=False, server_default=""))
        batch.add_column(sa.Column("facts", sa.JSON, nullable=False, server_default="{}"))


def _tell_the_past() -> None:
    """What was decided and sent so far, in the words of the ledger."""
    op.execute(
        "UPDATE case_decisions SET who = 'user:' || CAST(user_id AS VARCHAR(20)), "
        "after = CASE event WHEN 'confirm' THEN 'confirmed' ELSE 'rejected' END, "
        "before = COALESCE((SELECT o.outcome FROM transit_outcomes o JOIN cases c "
        "ON c.authority = o.authority AND c.transit_id = o.transit_id "
        "WHERE c.authority = case_decisions.authority AND c.case_id = case_decisions.case_id), 'proposed')"
    )
    op.execute(
        "INSERT INTO case_decisions (authority, case_id, decided_at, user_id, who, event, before, after, "
        "reason, facts, image_matches_plate, vehicle_matches_register) "
        "SELECT authority, case_id, created_at, NULL, 'process:batch', 'send_first_letter', 'confirmed', "
        "'letter_sent', 'batch:' || CAST(batch_id AS VARCHAR(20)), '{}', NULL, NULL "
        "FROM letters WHERE kind = 'first' ORDER BY letter_id"
    )
    with op.batch_alter_table("case_decisions") as batch:
        for column, kind in (("who", NAME), ("before", sa.String(16)), ("after", sa.String(16))):
            batch.alter_column(column, existing_type=kind, server_default=None)
        batch.alter_column("facts", existing_type=sa.JSON(), server_default=None)


def _step_grounds() -> None:
    op.create_table(
        "step_grounds",
        sa.Column("decision_id", sa.Integer, sa.ForeignKey("case_decisions.id"), primary_key=True),
        sa.Column("rests_on", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("counted_by", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
    )
    op.create_index("ix_step_grounds_rests_on", "step_grounds", ["authority", "rests_on"])


def _speed() -> None:
    op.create_table(
        "device_calibrations",
        sa.Column("calibration_id", sa.Integer, primary_key=True),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("serial", NAME, nullable=False),
        sa.Column("device_type", sa.String(120), nullable=False),
        sa.Column("type_approval", sa.String(120), nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("calibrated_on", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=False),
        sa.Column("certificate_path", sa.String(255), nullable=False),
        sa.Column("certificate_sha256", NAME, nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.UniqueConstraint("authority", "serial", "calibrated_on"),
    )
    op.create_table(
        "speed_readings",
        sa.Column("authority", NAME, primary_key=True),
        sa.Column("reading_id", NAME, primary_key=True),
        sa.Column("serial", NAME, nullable=False),
        sa.Column("vrm", sa.String(12), nullable=False),
        sa.Column("measured_at", INSTANT, nullable=False),
        sa.Column("speed_mph", sa.Integer, nullable=False),
        sa.Column("posted_mph", sa.Integer, nullable=False),
        sa.Column("road", sa.String(32), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("latitude", sa.Float, nullable=False),
        sa.Column("longitude", sa.Float, nullable=False),
        sa.Column("measured_by", sa.String(120), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.Column("passage_id", NAME, nullable=False),
        sa.Column(
            "calibration_id",
            sa.Integer,
            sa.ForeignKey("device_calibrations.calibration_id"),
            nullable=False,
        ),
    )


def _on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _allow() -> None:
    """Lift the refusal to change decisions, for the length of this step."""
    for action in ("update", "delete"):
        name = f"case_decisions_no_{action}"
        op.execute(f"DROP TRIGGER {name}" + ("" if _on_sqlite() else " ON case_decisions"))
        if not _on_sqlite():
            op.execute(f"DROP FUNCTION {name}()")


def _refuse(table: str) -> None:
    """Make the database itself refuse to change what was appended."""
    for action in ("UPDATE", "DELETE"):
        name = f"{table}_no_{action.lower()}"
        if _on_sqlite():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
