"""What a reader makes of one line of characters, before any grammar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LineRead:
    """The characters of a line and, for each, the reader's confidence in 0 to 1."""

    characters: tuple[str, ...]
    confidences: tuple[float, ...]

    def of_marks(self) -> LineRead:
        """Only capitals A-Z and digits, small letters raised: what a registration can hold."""
        kept = [
            (character.upper(), confidence)
            for character, confidence in zip(self.characters, self.confidences, strict=True)
            if character.isascii() and character.isalnum()
        ]
        return LineRead(tuple(c for c, _ in kept), tuple(p for _, p in kept))

    def __add__(self, below: LineRead) -> LineRead:
        """This line and the one below it, as the two lines of one plate."""
        return LineRead(self.characters + below.characters, self.confidences + below.confidences)

    @property
    def text(self) -> str:
        """The characters as one text."""
        return "".join(self.characters)
