"""What the bundle's pages are made of, as data for the template: parts, and the blocks that stand in them."""

from __future__ import annotations

from msgspec import Struct

from enforcement.policy import Letterhead


class Words(Struct, frozen=True, tag="words", tag_field="block"):
    """A paragraph."""

    text: str


class Title(Struct, frozen=True, tag="title", tag_field="block"):
    """A heading inside a part; it becomes a bookmark."""

    text: str


class Facts(Struct, frozen=True, tag="facts", tag_field="block"):
    """Names and values, one to a line."""

    rows: tuple[tuple[str, str], ...]


class Table(Struct, frozen=True, tag="table", tag_field="block"):
    """A table with a header; columns are as wide as `widths` say (typst's fractions; 0 is as needed)."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    small: bool = False


class Hashes(Struct, frozen=True, tag="hashes", tag_field="block"):
    """Files with their SHA-256 in full, which is never broken over two lines."""

    rows: tuple[tuple[str, str, str], ...]


class Picture(Struct, frozen=True, tag="picture", tag_field="block"):
    """A picture of the pack. `height_mm` bounds it; `alt` says what a reader who cannot see it must know."""

    file: str
    alt: str
    caption: str
    height_mm: int


class Sheets(Struct, frozen=True, tag="sheets", tag_field="block"):
    """A PDF as it was sent, each of its pages on a page of the bundle."""

    file: str
    pages: int
    caption: str


Block = Words | Title | Facts | Table | Hashes | Picture | Sheets


class Part(Struct, frozen=True, kw_only=True):
    """One part of the bundle. `number` is its exhibit's, empty for what is no exhibit."""

    number: str
    title: str
    blocks: tuple[Block, ...]


class Statement(Struct, frozen=True, kw_only=True):
    """The witness's statement; signature and date are left for the pen."""

    name: str
    rank: str
    force_number: str
    paragraphs: tuple[str, ...]


class Bundle(Struct, frozen=True, kw_only=True):
    """All that the template prints."""

    letterhead: Letterhead
    reference: str
    vrm: str
    made_on: str
    front: Facts
    statement: Statement
    parts: tuple[Part, ...]
    by_hand: tuple[str, ...]
