"""What ends the making or the checking of a pack.

EnforcementError
├── PackRefused    a pack cannot be made of this case as it stands
└── PackBroken     a pack is not, byte for byte, what the force signed
"""

from __future__ import annotations

from enforcement.errors import EnforcementError


class PackRefused(EnforcementError):
    """No pack can be made of this case; the text says why and what to do."""


class PackBroken(EnforcementError):
    """The first thing about a pack that is wrong, in one line."""
