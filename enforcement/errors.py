"""The enforcement room's errors.

EnforcementError
├── SchemaRefused        the database's schema is not the one this software knows
├── CaseNotFound         no such case under this authority
├── DecisionRefused      an officer's decision cannot be taken, in plain words
├── RegisterUnavailable  the register gave no answer: this implies nothing about the vehicle
│   ├── LookUpQueued     this look-up waits in the queue; others may be answered
│   └── ServiceFault     one enquiry at the service failed (register/faults.py)
├── MarkNotAsked         a trailer's or foreign mark, which is never looked up
├── ChainBroken          the audit log was changed after it was written
├── DocumentFailed       a letter or a summary could not be set
├── CommandRefused       a command cannot do what was asked
├── UserRefused          a user cannot be added as asked (people.py)
├── ConsoleError         what ends a request with a page in plain words (console/errors.py)
└── SignInRefused        nobody was signed in
    ├── WrongPassword    login or password is wrong, or the user is no longer active
    └── TooManyTries     too many wrong passwords; wait
"""

from __future__ import annotations


class EnforcementError(Exception):
    """Anything the enforcement room refuses; the text says what was wrong and what to do."""


class SchemaRefused(EnforcementError):
    """The database's schema is missing or is not the one this software knows."""


class CaseNotFound(EnforcementError):
    """No such case under this authority."""


class DecisionRefused(EnforcementError):
    """A decision that cannot be taken; the text is shown to the officer."""


class RegisterUnavailable(EnforcementError):
    """The register gave no answer. Nothing follows from it, neither compliance nor a breach; ask again."""


class LookUpQueued(RegisterUnavailable):
    """This look-up waits in the queue and will be asked again; others may be answered meanwhile."""


class MarkNotAsked(EnforcementError):
    """A mark that is no UK vehicle's, a trailer's or a foreign one, and is therefore never looked up."""


class ChainBroken(EnforcementError):
    """An entry of the audit log does not follow from the one before it."""


class DocumentFailed(EnforcementError):
    """A letter or a summary could not be set as a PDF."""


class CommandRefused(EnforcementError):
    """A command cannot do what was asked of it."""


class SignInRefused(EnforcementError):
    """Nobody was signed in."""


class WrongPassword(SignInRefused):
    """Login or password is wrong, or the user is no longer active; which of them is not said."""


class TooManyTries(SignInRefused):
    """Too many wrong passwords for this login or from this address."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        super().__init__(f"too many tries; wait {max(1, round(wait_s))} seconds and try again")
