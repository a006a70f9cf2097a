"""What a reader makes of one line of characters, before any grammar."""

from __future__ import annotations

from dataclasses import dataclass

from edge.seen import Doubt

TWINS = {"O": "0", "I": "1"}
"""Characters that share a glyph (BS AU 145e): only the grammar can tell them apart."""
_AS_GLYPHS = str.maketrans(TWINS)


def as_glyphs(text: str) -> str:
    """The text with the characters that share a glyph spelt alike."""
    return text.translate(_AS_GLYPHS)


@dataclass(frozen=True)
class CharacterRead:
    """One character, the reader's confidence in 0 to 1, and what else it may be."""

    character: str
    confidence: float
    doubt: Doubt = ()


@dataclass(frozen=True)
class LineRead:
    """The characters of a line from left to right."""

    characters: tuple[CharacterRead, ...]

    def of_marks(self) -> LineRead:
        """Only capitals A-Z and digits, small letters raised: what a registration can hold."""
        return LineRead(
            tuple(
                CharacterRead(
                    one.character.upper(),
                    one.confidence,
                    tuple((c, odds) for c, odds in one.doubt if _of_a_mark(c) and c == c.upper()),
                )
                for one in self.characters
                if _of_a_mark(one.character)
            )
        )

    def __add__(self, below: LineRead) -> LineRead:
        """This line and the one below it, as the two lines of one plate."""
        return LineRead(self.characters + below.characters)

    @property
    def text(self) -> str:
        """The characters as one text."""
        return "".join(one.character for one in self.characters)


def _of_a_mark(character: str) -> bool:
    return character.isascii() and character.isalnum()
