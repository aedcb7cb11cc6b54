"""Write docs/calibration.md and docs/calibration.fr.md: ``python -m cmsim.calibration``.

The statistics are those of ``cmsim.bands``, over communities made with five seeds.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cmsim.bands import BANDS, statistics
from cmsim.build import build_world
from cmsim.generate import END, START
from cmsim.observe import observed
from cmsim.presets import load_preset

__all__ = ["SEEDS", "main", "simulated"]

DOCS = Path(__file__).resolve().parent.parent / "docs"
SEEDS = (1, 2, 3, 4, 5)

NAMES = {
    "top_1": ("Share of the top 1 % of posters", "Part du premier 1 % des auteurs"),
    "top_10": ("Share of the top 10 %", "Part des 10 % premiers"),
    "gini": ("Gini, active posters", "Gini, auteurs actifs"),
    "one_time": ("One-time posters", "Auteurs d’un seul message"),
    "burstiness": (
        "Burstiness, median (20 messages or more)",
        "Intermittence, médiane (20 messages et plus)",
    ),
    "dau_mau": ("DAU/MAU, posting", "DAU/MAU, auteurs"),
    "retention_m1": ("Retention M1", "Rétention M1"),
    "retention_m3": ("Retention M3", "Rétention M3"),
    "retention_m6": ("Retention M6", "Rétention M6"),
    "first_reply_median_h": ("First reply, median, h", "Première réponse, médiane, h"),
    "first_reply_p90_h": ("First reply, 90th percentile, h", "Première réponse, 90e centile, h"),
    "unanswered": ("Unanswered topics", "Sujets sans réponse"),
    "reciprocity": ("Reciprocity of replies", "Réciprocité des réponses"),
    "modularity": ("Modularity, weighted Louvain", "Modularité, Louvain pondéré"),
    "clustering": ("Average clustering", "Coefficient de regroupement moyen"),
    "weekend": ("Weekend share", "Part du week-end"),
}
HEAD = (
    ("Statistic", "Accepted", "Mean", "Lowest", "Highest", "Mean within"),
    ("Statistique", "Accepté", "Moyenne", "Plus bas", "Plus haut", "Moyenne dans la bande"),
)
YES_NO = (("yes", "**no**"), ("oui", "**non**"))
TITLES = (
    "# Calibration of the simulated communities\n",
    "# Calage des communautés simulées\n",
)
INTRODUCTION = (
    """Made by `python -m cmsim.calibration`; tested by `tests/cmsim/test_calibration.py`.

Each pack is made with the seeds {seeds}, at its default size. The statistics are computed by
`cmsim/bands.py` with pandas and igraph only, without any code of `cmlib`. The
bands were measured on eight real communities. Messages are topics and replies; bots, deleted
accounts and the accounts of the planted spam wave are set aside. Retention is the share of
posters who post again 30 to 59 days (M1), 90 to 119 (M3), 180 to 209 (M6) after their first
message. Clustering counts 0 for people with fewer than two ties.

The forum and the support packs follow the forum column, the internal pack the internal one.
The brand pack also follows the forum column: in the chat column nearly everyone is answered
within 24 hours, and the effect of a welcome could not be studied. Its weekends are those of a
brand page.

The mean of the five seeds lies in every band, but one that is named below. A single seed may
leave a band by up to a fifth of its edge: the bands of burstiness (0.57 to 0.60) and
modularity (0.30 to 0.33) are narrower than the difference between two communities made with
the same settings.
""",
    """Fait par `python -m cmsim.calibration` ; vérifié par `tests/cmsim/test_calibration.py`.

Chaque jeu est fabriqué avec les graines {seeds}, à sa taille habituelle. Les statistiques
sont calculées par `cmsim/bands.py`, avec pandas et igraph seulement, sans aucun
code de `cmlib`. Les bandes ont été mesurées sur huit communautés réelles. Les messages sont
les sujets et les réponses ; les robots, les comptes supprimés et ceux de la vague de spam
sont mis à part. La rétention est la part des auteurs qui écrivent de nouveau 30 à 59 jours
(M1), 90 à 119 (M3), 180 à 209 (M6) après leur premier message. Le coefficient de regroupement
vaut 0 pour qui a moins de deux liens.

Les jeux forum et support suivent la colonne des forums, le jeu internal celle des communautés
internes. Le jeu brand suit lui aussi la colonne des forums : dans celle des messageries,
presque tout le monde reçoit une réponse en 24 heures, et l’effet de l’accueil ne pourrait pas
être étudié. Ses week-ends sont ceux d’une page de marque.

La moyenne des cinq graines est dans chaque bande, sauf une, nommée plus bas. Une graine seule
peut sortir d’une bande d’un cinquième de sa borne au plus : les bandes de l’intermittence
(0,57 à 0,60) et de la modularité (0,30 à 0,33) sont plus étroites que l’écart entre deux
communautés de mêmes réglages.
""",
)
OUTSIDE_TEXT = (
    "**Outside on purpose:** modularity of the brand pack, {value}, is {distance} above its band.\n"
    "Its groups answer only their own members: that is the story of the silos that three\n"
    "brokers link.\n",
    "**Hors bande, à dessein :** la modularité du jeu brand, {value}, dépasse sa bande de\n"
    "{distance}. Ses groupes ne répondent qu’à leurs propres membres : c’est l’histoire des silos\n"
    "que relient trois intermédiaires.\n",
)


def number(value: float, language: int) -> str:
    """Write a number with the decimal mark of the language."""
    text = f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return text.replace(".", ",") if language else text


def section(pack: str, table: pd.DataFrame, language: int) -> str:
    """Write the table of one pack."""
    lines = [f"## {pack}\n", "| " + " | ".join(HEAD[language]) + " |", "|---|---|---|---|---|---|"]
    for name, (low, high) in BANDS[pack].items():
        values = table.loc[name]
        mean = values.mean()
        cells = [
            NAMES[name][language],
            f"{number(low, language)} – {number(high, language)}",
            *(number(x, language) for x in (mean, values.min(), values.max())),
            YES_NO[language][0 if low <= mean <= high else 1],
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def simulated(pack: str) -> pd.DataFrame:
    """Measure a pack made with each seed: one row a statistic, one column a seed.

    The accounts of a planted spam wave are set aside: the bands were measured on communities
    that remove them.
    """
    preset = load_preset(pack)
    columns = {}
    for seed in SEEDS:
        drawn = build_world(
            preset,
            seed=seed,
            members=preset["members"]["default"],
            language=preset["language"],
            start=START,
            end=END,
        )
        world = observed(drawn)
        labels = world.latent["members"]
        spam = set(labels.loc[labels["spammer"], "member_id"])
        columns[seed] = statistics(
            world.members, world.events, world.seen_from, world.seen_until, spam
        )
    return pd.DataFrame(columns)


def main() -> None:
    """Measure the packs and write both pages."""
    tables = {pack: simulated(pack) for pack in BANDS}
    modularity = tables["brand"].loc["modularity"].mean()
    distance = modularity - BANDS["brand"]["modularity"][1]
    for language, name in enumerate(("calibration.md", "calibration.fr.md")):
        parts = [
            TITLES[language],
            INTRODUCTION[language].format(seeds=", ".join(map(str, SEEDS))),
            *(section(pack, table, language) for pack, table in tables.items()),
            OUTSIDE_TEXT[language].format(
                value=number(modularity, language), distance=number(distance, language)
            ),
        ]
        (DOCS / name).write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
