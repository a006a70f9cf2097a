"""The machines of a case as diagrams and tables. `python -m enforcement.cases.drawing` writes the page."""

from __future__ import annotations

from pathlib import Path

from enforcement.cases.states import ENDED, MACHINES, OPENED, By, Kind, Need, Transition

PAGE = Path(__file__).parent / "STATES.md"

_BY = {
    By.OFFICER: "an officer",
    By.SECOND_OFFICER: "a second officer, not the one who confirmed or proposed",
    By.PROCESS: "a batch or a job",
}
_NEEDS = {
    Need.LOOKED: "image is the plate, vehicle is the register's",
    Need.WEIGHT_PROOF: "where the register does not say over, a document that proves the weight",
    Need.GROUNDS: "what the case rests on still holds",
    Need.IN_TIME: "the six months are not over",
    Need.LADDER_STEP: "the ladder gives this step, and what it counted still counts",
    Need.STEP_STANDS: "the step is not in question",
    Need.ANSWER_OVERDUE: "the keeper's days are over",
    Need.NOTICE_IN_TIME: "it is served within 14 days",
}


def page() -> str:
    """The whole page in Markdown with Mermaid, drawn from the tables in `states`."""
    head = (
        "# States of a case\n\n"
        "Drawn by `python -m enforcement.cases.drawing` from `states.py`; a test holds both together. Every\n"
        "event is kept for good with who, when and why. An officer always gives a reason.\n"
    )
    return head + "".join(_machine(kind, transitions) for kind, transitions in MACHINES.items())


def _machine(kind: Kind, transitions: tuple[Transition, ...]) -> str:
    arrows = [f"    [*] --> {state}" for state in OPENED]
    arrows += [f"    {t.before} --> {t.after} : {t.event}" for t in transitions]
    arrows += [f"    {state} --> [*]" for state in sorted(ENDED)]
    rows = [f"| {t.before} | {t.event} | {t.after} | {_BY[t.by]} | {_needs(t)} |" for t in transitions]
    return "\n".join(
        [
            f"\n## {kind.value.capitalize()}\n",
            "```mermaid\nstateDiagram-v2",
            *arrows,
            "```\n",
            "| state | event | next state | by | needs |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _needs(each: Transition) -> str:
    return "; ".join(_NEEDS[need] for need in each.needs) or "a reason"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
