"""The page of misses. It shows other people's plates: it is written under var/, which is never committed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

import cv2

from edge.frames import Picture, as_picture
from tests.accuracy.bars import Verdict
from tests.accuracy.section import Miss, Section

LARGEST_PX, SMALLEST_PX = 420, 96
STYLE = """body{font:15px sans-serif;margin:2em;max-width:80em}
figure{margin:0 0 2em;border-top:1px solid #bbb}
img{margin:4px;vertical-align:top} pre{background:#eee;padding:6px;overflow:auto}
td,th{padding:2px 12px 2px 0;text-align:left} .missed{color:#b00020;font-weight:bold}"""


def write_page(folder: Path, sections: Sequence[Section], verdicts: Sequence[Verdict]) -> Path:
    """Write index.html, its pictures and figures.json into `folder`; the path of the page."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.jpg"):
        old.unlink()
    figures = {section.name: section.figures for section in sections}
    (folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    body = [_bars(verdicts), *(_section(section, pictures) for section in sections)]
    page = folder / "index.html"
    page.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Accuracy</title><style>{STYLE}</style>'
        f"<h1>What the picture pipeline misses</h1>{''.join(body)}</html>\n",
        encoding="utf-8",
    )
    return page


def _bars(verdicts: Sequence[Verdict]) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.bar.says)}</td><td>{one.found:g}</td>"
        f"<td class={'met' if one.met else 'missed'}>{'met' if one.met else 'missed'}</td></tr>"
        for one in verdicts
    )
    return f"<h2>Bars</h2><table><tr><th>bar<th>found<th></tr>{rows}</table>"


def _section(section: Section, pictures: Path) -> str:
    misses = "".join(
        _figure(miss, f"{section.name}_{number}", pictures) for number, miss in enumerate(section.misses)
    )
    figures = escape(json.dumps(section.figures, indent=1))
    return f"<h2>{escape(section.name)}</h2><pre>{figures}</pre>{misses}"


def _figure(miss: Miss, name: str, pictures: Path) -> str:
    shown = []
    for number, picture in enumerate(miss.pictures):
        file = f"{name}_{number}.jpg"
        cv2.imwrite(str(pictures / file), _fitting(picture))
        shown.append(f'<img src="pictures/{file}" alt="">')
    title = f"{miss.kind}: {miss.where}, wanted {miss.wanted or 'nothing'}, given {miss.given or 'nothing'}"
    said = escape("\n".join(miss.said))
    return f"<figure><h3>{escape(title)}</h3>{''.join(shown)}<pre>{said}</pre></figure>"


def _fitting(picture: Picture) -> Picture:
    """The picture no larger than LARGEST_PX, and small ones enlarged so that a person can read them."""
    height, width = picture.shape[:2]
    scale = min(LARGEST_PX / max(height, width), max(1.0, SMALLEST_PX / height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    return as_picture(cv2.resize(picture, size, interpolation=way))
