"""How plain English a text is, by a library that has not heard yet that one of its imports is going away."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)  # of pkg_resources, which setuptools before 81 still has
    from textstat import textstat


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: the years at school that it takes to read the text with ease."""
    return float(textstat.flesch_kincaid_grade(text))
