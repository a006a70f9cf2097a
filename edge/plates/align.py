"""Puts the characters of one read under those of another, so that reads of different length can vote."""

from __future__ import annotations

GAP, SWAP = 1.0, 0.9


def aligned(text: str, pivot: str) -> list[int | None]:
    """For each character of `pivot` the index in `text` of the one that stands there, or None for none.

    Characters between two of the pivot's fall away. The cheapest edit path decides (Needleman, Wunsch 1970).
    """
    costs = _costs(text, pivot)
    placed: list[int | None] = [None] * len(pivot)
    i, j = len(text), len(pivot)
    while i and j:
        if costs[i][j] == costs[i - 1][j - 1] + (0.0 if text[i - 1] == pivot[j - 1] else SWAP):
            placed[j - 1] = i - 1
            i, j = i - 1, j - 1
        elif costs[i][j] == costs[i - 1][j] + GAP:
            i -= 1
        else:
            j -= 1
    return placed


def _costs(text: str, pivot: str) -> list[list[float]]:
    rows = [[GAP * j for j in range(len(pivot) + 1)]]
    for i, character in enumerate(text, start=1):
        above, row = rows[-1], [GAP * i]
        for j, wanted in enumerate(pivot, start=1):
            swap = above[j - 1] + (0.0 if character == wanted else SWAP)
            row.append(min(swap, above[j] + GAP, row[j - 1] + GAP))
        rows.append(row)
    return rows
