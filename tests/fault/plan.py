"""What is done to a chain and when, from a seed: the same seed gives the same plan."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from edge.outbox.outbox import Step as OutboxStep
from ingest.storing.commit import Step as CommitStep
from tests.fault.brokers import BrokerKind
from tests.fault.databases import DatabaseKind

Action = Literal[
    "kill agent",
    "kill broker",
    "kill ingester",
    "crash database",
    "cut",
    "stop",
    "slow",
    "fill agent",
    "fill ingester",
    "jump agent",
    "jump ingester",
    "corrupt",
    "replay",
    "forge",
]
_EACH_ROUND: dict[Action, int] = {
    "cut": 4,
    "stop": 1,
    "slow": 2,
    "fill agent": 2,
    "fill ingester": 1,
    "jump agent": 2,
    "jump ingester": 1,
    "corrupt": 4,
    "replay": 3,
    "forge": 3,
}
_BROKERS: tuple[BrokerKind, ...] = ("mosquitto", "embedded")
_DATABASES: tuple[DatabaseKind, ...] = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Size:
    """How much one round does: vehicles of all units together, kills of each sort of process, seconds."""

    passages: int
    kills_each: int
    window_s: float


@dataclass(frozen=True)
class Deed:
    """One fault and when it is done, in seconds from the round's beginning."""

    at_s: float
    action: Action


@dataclass(frozen=True)
class Plan:
    """A round: what runs, and what is done to it."""

    seed: int
    database: DatabaseKind
    broker: BrokerKind
    broker_queue: int
    size: Size
    deeds: tuple[Deed, ...]


def plan_of(seed: int, size: Size) -> Plan:
    """Databases in turn from seed to seed, brokers in turn from pair to pair."""
    dice = random.Random(f"plan {seed}")
    database, broker = _DATABASES[seed % 2], _BROKERS[seed // 2 % 2]
    actions: list[Action] = [
        kill for kill in ("kill agent", "kill broker", "kill ingester") for _ in range(size.kills_each)
    ]
    actions += [action for action, times in _EACH_ROUND.items() for _ in range(times)]
    if database == "postgresql":
        actions.append("crash database")
    dice.shuffle(actions)
    spacing_s = size.window_s / (len(actions) + 1)
    deeds = tuple(
        Deed((number + 1 + dice.uniform(-0.5, 0.5)) * spacing_s, action)
        for number, action in enumerate(actions)
    )
    # mosquitto's default of 1000 drops what does not fit; a smaller one does it to us more often.
    return Plan(seed, database, broker, dice.choice((0, 100)), size, deeds)


def death_of(kind: Literal["agent", "ingester"], turn: int, dice: random.Random) -> str:
    """The step at which the `turn`-th process of a kind dies after its next start, each step in turn."""
    if kind == "agent":
        steps = list(OutboxStep)
        return f"{steps[turn % len(steps)].value}:{dice.randint(1, 30)}"
    commit_steps = list(CommitStep)
    return f"{commit_steps[turn % len(commit_steps)].value}:{dice.randint(1, 6)}"
