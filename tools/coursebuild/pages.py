"""What goes on paper: the handout of a module, and the notes of its trainer."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from html import escape
from typing import Any

from coursebuild.catalogue import Catalogue
from coursebuild.module import Module
from coursebuild.source import Cell
from coursebuild.translate import VERBS, translate_code, translate_markdown

__all__ = ["handout", "trainer_notes"]

_STYLE = """
@page { size: A4; margin: 11mm 12mm; }
* { box-sizing: border-box; }
body { font: 10pt/1.3 "DejaVu Sans", Arial, sans-serif; color: #000; background: #fff;
  max-width: 186mm; margin: 0 auto; }
h1 { font-size: 16pt; margin: 0 0 2mm; border-bottom: 1.5pt solid #000; }
h2 { font-size: 12pt; margin: 3.5mm 0 1.5mm; }
p { margin: 1.5mm 0; }
pre { font: 8pt/1.22 "DejaVu Sans Mono", monospace; border: 0.75pt solid #000;
  margin: 0; padding: 1mm 2mm; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 0.75pt solid #000; padding: 1.2mm 2mm; text-align: left; vertical-align: top; }
section { break-inside: avoid; }
section.verso { break-before: page; }
.verb { display: grid; grid-template-columns: 26mm 1fr; gap: 2mm; margin-bottom: 1mm; }
.verb strong { border-left: 3pt solid #000; padding-left: 2mm; }
.line { border-bottom: 0.75pt dotted #000; height: 8mm; }
.box { border: 0.75pt solid #000; height: 18mm; }
.words { font-size: 9pt; line-height: 1.25; }
.words td, .words th { padding: 0.8mm 1.5mm; }
svg { width: 100%; height: auto; }
footer { font-size: 8pt; margin-top: 3mm; }
@media screen { body { padding: 8mm; } }
""".strip()


def trainer_notes(module: Module, catalogue: Catalogue) -> str:
    """Return ``trainer.md`` in the language of the catalogue; empty when there is none."""
    path = module.folder / "trainer.md"
    if not path.is_file():
        return ""
    where = f"course/{module.slug}/trainer.md"
    text = path.read_text(encoding="utf-8")
    return translate_markdown(text, lambda block, context: catalogue.get(block, context, where))


def handout(module: Module, cells: list[Cell], catalogue: Catalogue) -> str:
    """Return the handout of a module: two A4 pages of HTML, readable in black and white."""
    where = f"course/{module.slug}/module.toml"

    def own(text: str) -> str:
        return escape(catalogue.get(text, "", where))

    def shared(text: str) -> str:
        return escape(catalogue.get(text, "handout", where))

    title = escape(module.title[catalogue.language])
    numbered = escape(catalogue.get("Module {number}: {title}", "handout", where)).format(
        number=module.number, title=title
    )
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{catalogue.language}">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{numbered}</title>",
        f"<style>\n{_STYLE}\n</style></head>",
        "<body>",
        "<main>",
        f"<h1>{numbered}</h1>",
        *_verbs(module, cells, catalogue, shared),
        *_chart(module, own, shared),
        *_decision(module, own, shared),
        *_glossary(module, catalogue.language, own, shared),
        "</main>",
        "<footer>cmlib · CC BY 4.0</footer>",
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _verbs(
    module: Module, cells: list[Cell], catalogue: Catalogue, shared: Callable[[str], str]
) -> list[str]:
    lines = ["<section>", f"<h2>{shared('Five verbs, with the code of this module')}</h2>"]
    for verb in VERBS:
        cell = next((c for c in cells if c.kind == "code" and _labelled(c.source, verb)), None)
        if cell is None:
            continue
        where = cell.where
        code = translate_code(
            cell.source,
            lambda text, context, where=where: catalogue.get(text, context, where),  # type: ignore[misc]
            cell.translate,
            catalogue.language,
        )
        name = escape(catalogue.get(verb, "verb", cell.where))
        lines.append(
            f'<div class="verb"><strong>{name}</strong><pre><code>{escape(code)}</code></pre></div>'
        )
    return [*lines, "</section>"]


def _chart(module: Module, own: Callable[[str], str], shared: Callable[[str], str]) -> list[str]:
    chart: dict[str, Any] = module.handout.get("chart", {})
    if not chart:
        return []
    ticks = [own(str(tick)) for tick in chart.get("ticks", [])]
    return [
        "<section>",
        f"<h2>{shared('Predict on paper, before you run')}</h2>",
        f"<p>{own(chart['question'])}</p>",
        _axes(own(chart["x"]), own(chart["y"]), ticks, shared("An empty chart to draw on")),
        f"<p>{shared('What the screen showed, and what surprised me:')}</p>",
        '<div class="line"></div>',
        "</section>",
    ]


def _axes(x: str, y: str, ticks: list[str], label: str) -> str:
    lines = [
        f'<svg viewBox="0 0 640 212" role="img" aria-label="{label} ({x}, {y})" '
        'font-family="sans-serif" font-size="12" stroke-width="1">'
    ]
    for row in range(1, 6):
        height = 167 - row * 27
        lines.append(f'<path d="M40 {height}H630" stroke="#999" stroke-dasharray="2 4"/>')
    lines.append('<path d="M40 22V167H630" stroke="#000" fill="none" stroke-width="1.5"/>')
    for position, tick in enumerate(ticks):
        left = round(40 + 590 * (position + 0.5) / len(ticks), 1)
        lines.append(f'<path d="M{left} 167v5" stroke="#000"/>')
        lines.append(f'<text x="{left}" y="184" text-anchor="middle">{tick}</text>')
    lines.append(f'<text x="335" y="206" text-anchor="middle">{x}</text>')
    lines.append(f'<text x="40" y="14">{y}</text>')
    return "\n".join([*lines, "</svg>"])


def _decision(module: Module, own: Callable[[str], str], shared: Callable[[str], str]) -> list[str]:
    questions = (
        "The figure I rely on, with its unit and its date",
        "Where it comes from, and how many people it counts",
        "What it does not tell",
        "What I decide, and when I check it again",
    )
    lines = [
        '<section class="verso">',
        f"<h2>{shared('Decision card')}</h2>",
        f"<p><strong>{own(module.decision)}</strong></p>",
        "<table>",
    ]
    for question in questions:
        lines.append(
            f'<tr><th scope="row" style="width: 38%">{shared(question)}</th>'
            '<td class="box"></td></tr>'
        )
    return [*lines, "</table>", "</section>"]


def _glossary(
    module: Module, language: str, own: Callable[[str], str], shared: Callable[[str], str]
) -> list[str]:
    terms = [
        (term["en"], term["fr"], own(term["meaning"]))
        for term in module.handout.get("glossary", [])
    ]
    own_terms = {english for english, _french, _meaning in terms}
    terms += [term for term in _shared_terms(module, language) if term[0] not in own_terms]
    if not terms:
        return []
    lines = [
        "<section>",
        f"<h2>{shared('Words of this module')}</h2>",
        '<table class="words">',
        f'<tr><th scope="col" style="width: 22%">English</th>'
        f'<th scope="col" style="width: 24%">Français</th>'
        f'<th scope="col">{shared("Meaning")}</th></tr>',
    ]
    for english, french, meaning in terms:
        lines.append(
            f'<tr><td lang="en">{escape(english)}</td><td lang="fr">{escape(french)}</td>'
            f"<td>{meaning}</td></tr>"
        )
    return [*lines, "</table>", "</section>"]


def _shared_terms(module: Module, language: str) -> list[tuple[str, str, str]]:
    """Return the terms that the glossary of the course gives to this module."""
    path = module.folder.parent.parent / "datasets" / "common" / "glossary.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row["term_en"], row["term_fr"], escape(row[f"definition_{language}"]))
            for row in csv.DictReader(file)
            if row["module"] == module.number
        ]


def _labelled(code: str, verb: str) -> bool:
    return re.match(rf"# {verb}(:|$)", code) is not None
