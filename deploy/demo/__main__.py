"""`make demo`: rendered lorries drive through a made-up village, from camera to letter.

Starts broker, ingester, jobs, console and the camera units as separate processes on this machine, plays the
film to the units, and leaves the console open for a person. With --once two scripted officers confirm the
case through the console's own forms, and the demo ends by itself with a table of what it made.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import time
from pathlib import Path

from rich.console import Console

from config.errors import ConfigError
from deploy.demo.officer import Officer, SignIn
from deploy.demo.processes import ROOT, DemoError
from deploy.demo.results import read_results, results_table
from deploy.demo.schedule import HERE, FilmSchedule, film_schedule
from deploy.demo.stage import Stage, open_stage

CONSOLE_PORT = 8765
_CASE_WITHIN_S = 120.0
_LOOK_EVERY_S = 2.0

PEOPLE = (
    ("sgt.marsh", "Alex Marsh", "Sergeant", "1402", "officer"),
    ("insp.wren", "Robin Wren", "Inspector", "0077", "supervisor"),
    ("clerk", "Clerk to Ashcombe Green", "Parish clerk", "-", "parish"),
)


def main() -> int:
    """Run the demo; 0 when everything it promises exists."""
    parser = argparse.ArgumentParser(prog="make demo ARGS=", description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="let scripted officers decide, then end")
    parser.add_argument("--work-dir", type=Path, default=ROOT / "var" / "demo", help="emptied at the start")
    arguments = parser.parse_args()
    out = Console(highlight=False)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    schedule = film_schedule()
    try:
        with open_stage(
            arguments.work_dir.resolve(),
            HERE / "film" / "clips",
            schedule.demo_now,
            console_port=CONSOLE_PORT,
        ) as stage:
            sign_ins = _set_up(stage, schedule, out)
            _show_film(stage, schedule, out)
            if arguments.once:
                return _finish_alone(stage, schedule, sign_ins, out)
            _leave_to_people(stage, schedule, sign_ins, out)
    except KeyboardInterrupt:
        out.print("\nStopped; everything the demo made lies in", str(arguments.work_dir))
    except (DemoError, ConfigError) as error:
        out.print(f"[red]The demo stopped:[/red] {error}", markup=True)
        return 1
    return 0


def _set_up(stage: Stage, schedule: FilmSchedule, out: Console) -> list[SignIn]:
    with out.status("Making the database, importing the pilot's orders, sites and permits ..."):
        stage.load_pilot()
        sign_ins = [_add_person(stage, *person) for person in PEOPLE]
    with out.status("Making the units' keys ..."):
        stage.enrol(schedule.screenings)
    with out.status("Starting broker, ingester, jobs and console ..."):
        stage.start_services()
    out.print(f"Console: [bold]{stage.console_address}[/bold]")
    return sign_ins


def _add_person(stage: Stage, login: str, name: str, rank: str, number: str, role: str) -> SignIn:
    password = secrets.token_urlsafe(9)
    stage.enforce_command(
        *(
            "users",
            "add",
            "--login",
            login,
            "--name",
            name,
            "--rank",
            rank,
            "--number",
            number,
            "--role",
            role,
        ),
        stdin=password + "\n",
    )
    return SignIn(login, password)


def _show_film(stage: Stage, schedule: FilmSchedule, out: Console) -> None:
    for screening in schedule.screenings:
        with out.status("") as status:
            playing = stage.play(screening)
            while playing.process.poll() is None:
                status.update(f"{screening.unit} watches {screening.clip} ... {_counts(stage, schedule)}")
                time.sleep(_LOOK_EVERY_S / 4)
            stage.await_end(playing)
        out.print(f"{screening.unit} has seen {screening.clip}: {_counts(stage, schedule)}")


def _counts(stage: Stage, schedule: FilmSchedule) -> str:
    made = read_results(stage, schedule)
    return f"{len(made.passages)} passages, {len(made.transits)} transits, {len(made.cases)} cases"


def _finish_alone(stage: Stage, schedule: FilmSchedule, sign_ins: list[SignIn], out: Console) -> int:
    first, second = (Officer(stage.console_address, sign_in) for sign_in in sign_ins[:2])
    with out.status("The jobs open cases from transits ..."):
        stage.processes.wait_for(
            "a proposed case", lambda: bool(first.proposed_cases()), within_s=_CASE_WITHIN_S
        )
    for case_id in first.proposed_cases():
        first.confirm(case_id)
        second.agree(case_id)
        logins = " and ".join(sign_in.login for sign_in in sign_ins[:2])
        out.print(f"{logins} confirmed case {case_id} in the console, one after the other")
    for officer in (first, second):
        officer.close()
    stage.enforce_command("batch", "letters")
    stage.enforce_command("summary", "--month", f"{schedule.day:%Y-%m}")
    made = read_results(stage, schedule)
    out.print(results_table(made, ROOT))
    if made.missing:
        out.print(f"[red]Missing:[/red] {', '.join(made.missing)}")
        return 1
    return 0


def _leave_to_people(stage: Stage, schedule: FilmSchedule, sign_ins: list[SignIn], out: Console) -> None:
    stage.enforce_command("summary", "--month", f"{schedule.day:%Y-%m}")
    out.print(f"\nOpen [bold]{stage.console_address}[/bold] and sign in:")
    for sign_in, (_, _, rank, _, role) in zip(sign_ins, PEOPLE, strict=True):
        out.print(f"  {sign_in.login:10} {sign_in.password:14} {rank} ({role})")
    out.print("Confirm the case as the sergeant and then as the inspector: a letter needs two officers.")
    out.print("It is written within seconds. Ctrl-C stops everything.")
    letters: set[Path] = set()
    while True:
        stage.enforce_command("batch", "letters")
        for path in set(read_results(stage, schedule).letters) - letters:
            letters.add(path)
            out.print(f"Letter: {os.path.relpath(path, ROOT)}")
        for running in stage.processes.running:
            if running.name in ("broker", "ingest", "jobs", "console"):
                running.check()
        time.sleep(_LOOK_EVERY_S)


if __name__ == "__main__":
    sys.exit(main())
