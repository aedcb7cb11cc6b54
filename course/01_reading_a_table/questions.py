"""Questions of module 01: rows, counts, bases, and files that are read wrongly without a word."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from cmlib.data import load_table, read_table
from cmlib.learn.question import Card, Mistake, Order, Question, community, opened_file
from cmlib.messages import N_

__all__ = ["QUESTIONS"]

_TARGET = 0.035


def _profession() -> pd.DataFrame:
    return load_table("profession")


def _percent() -> pd.DataFrame:
    table = _profession()
    return table[table["unit"] == "percent"]


def _members() -> pd.DataFrame:
    return community("brand").members


def _in_country(code: str) -> int:
    return int((_members()["country"] == code).sum())


@cache
def _export(path: Path) -> pd.DataFrame:
    return read_table(path).table


def _rates() -> pd.Series:
    return _export(opened_file("brand/exports/export_fr.csv"))["Taux d'engagement"]


def _above(target: float) -> int:
    return int((_rates() > target).sum())


QUESTIONS = (
    Question(
        id="01.1",
        reference=lambda: len(_percent()),
        mistakes=(
            Mistake(
                lambda: len(_profession()),
                N_(
                    "These are all the rows of the table. A filter keeps only those that answer "
                    "yes to its question."
                ),
            ),
            Mistake(
                lambda: len(_profession()) - len(_percent()),
                N_("These are the rows that the filter leaves out. Count those that it keeps."),
            ),
            Mistake(
                lambda: _percent()["figure"].nunique(),
                N_(
                    "You counted the different figures. A filter keeps rows: one figure may take "
                    "several of them."
                ),
            ),
            Mistake(
                lambda: int((_profession()["figure"] == "gender").sum()),
                N_("You kept the rows on gender. Read the column unit: other rows are in percent."),
            ),
        ),
        right=(
            lambda: (_profession()["unit"] == "percent").sum(),
            lambda: _profession()["unit"].value_counts()["percent"],
            lambda: float(_percent().shape[0]),
        ),
        hints=(
            N_("What does the filter ask each row, and which rows answer yes?"),
            N_("Put your finger on the column unit and go down the table, row by row."),
            N_('rows = len(profession[profession["unit"] == "..."])'),
        ),
    ),
    Question(
        id="01.2",
        reference=lambda: _in_country("CH"),
        mistakes=(
            Mistake(
                lambda: _in_country("FR"),
                N_(
                    "This is the number of accounts in France. Change the code of the country, "
                    "then run the cell again."
                ),
            ),
            Mistake(
                lambda: _in_country("Switzerland"),
                N_(
                    "The filter kept nothing, and said nothing: no row holds the country in full. "
                    "The table writes it in two letters."
                ),
            ),
            Mistake(
                lambda: len(_members()) - _in_country("CH"),
                N_("These are the accounts everywhere else: != means “is not”."),
            ),
            Mistake(
                lambda: len(_members()),
                N_("These are all the accounts: the filter is missing."),
            ),
        ),
        right=(
            lambda: _members()["country"].value_counts()["CH"],
            lambda: _members()[_members()["country"] == "CH"].shape[0],
            lambda: (_members()["country"] == "CH").sum(),
        ),
        hints=(
            N_("Which two letters stand for Switzerland in the table?"),
            N_("Look between the quotes after the sign ==."),
            N_('here = len(members[members["country"] == "..."])'),
        ),
    ),
    Question(
        id="01.3",
        reference=lambda: [3, 4, 2, 1],
        form=Order(
            lines=(
                "print(len(swiss))",
                'swiss = members[members["country"] == "CH"]',
                'community = data.load("brand")',
                "members = community.members",
            )
        ),
        mistakes=(
            Mistake(
                lambda: [3, 2, 4, 1],
                N_("The filter reads a table called members. Where does that name begin to exist?"),
            ),
            Mistake(
                lambda: [4, 3, 2, 1],
                N_("The table is taken out of a community that is not loaded yet."),
            ),
            Mistake(
                lambda: [3, 4, 1, 2],
                N_("The number is shown before the rows are kept: swiss does not exist yet."),
            ),
            Mistake(
                lambda: [1, 2, 4, 3],
                N_(
                    "This is the order from the result back to the file. Python reads from top to "
                    "bottom: begin with what must exist first."
                ),
            ),
        ),
        hints=(
            N_("Which line needs no name made by another line?"),
            N_("On each line, read what stands on the right of the sign =: who makes it?"),
            N_("Load the community, take its table, then ..., then ..."),
        ),
    ),
    Question(
        id="01.4",
        reference=lambda: _above(_TARGET),
        mistakes=(
            Mistake(
                lambda: _above(100 * _TARGET),
                N_(
                    "You compared with 3.5. Look at three rows: the column holds shares, where 4 % "
                    "is written 0.04."
                ),
            ),
            Mistake(
                lambda: _above(0.03),
                N_(
                    "This is the number above 3 %: the half point was lost on the way. In code, a "
                    "decimal has a point."
                ),
            ),
            Mistake(
                lambda: len(_rates()) - _above(_TARGET),
                N_("These are the posts that do not pass the target: turn the sign around."),
            ),
            Mistake(
                lambda: len(_rates()),
                N_("These are all the posts of the file: the filter is missing."),
            ),
        ),
        right=(
            lambda: (_rates() > 3.5 / 100).sum(),
            lambda: len(_rates()[_rates() > 0.035]),
            lambda: float((_rates() * 100 > 100 * _TARGET).sum()),
        ),
        hints=(
            N_(
                "What does Python store when you write 3,5? And how many columns did read_csv find?"
            ),
            N_("Look at the cells of the block Repair that use read_table, then show three rows."),
            N_('how_many = len(posts[posts["Taux d\'engagement"] > ... / 100])'),
        ),
    ),
    Question(
        id="01.5",
        reference=lambda: _members()["country"].value_counts(),
        mistakes=(
            Mistake(
                lambda: _members()["language"].value_counts(),
                N_("You counted languages. A language is spoken in several countries."),
            ),
            Mistake(
                lambda: _members()["source"].value_counts(),
                N_("You counted the sources, as in the lesson. Which column is asked for here?"),
            ),
            Mistake(
                lambda: _members()["country"].value_counts(normalize=True),
                N_("These are shares. The exercise asks how many accounts: whole numbers."),
            ),
            Mistake(
                lambda: _members()["country"].nunique(),
                N_("This is how many countries there are. One number for each country is asked."),
            ),
        ),
        right=(
            lambda: _members().groupby("country").size(),
            lambda: _members()["country"].value_counts().to_dict(),
            lambda: _members()["country"].value_counts(ascending=True),
        ),
        hints=(
            N_("Which column says where an account is?"),
            N_("Look at the cell of the lesson that counts the accounts by source."),
            N_('counts = members["..."].value_counts()'),
        ),
    ),
    Question(
        id="01.6",
        form=Card(
            fields={
                "first": N_("A first figure to quote, with source, date and base"),
                "second": N_("A second figure to quote, with source, date and base"),
                "refused": N_("A figure I refuse, and why"),
            },
            model=N_(
                "To quote: the share of our accounts that are in France, out of all accounts of "
                "our own table at the date of the last arrival. To quote: the number of posts of "
                "our export above 3.5 % of engagement, out of all the posts of the file, with its "
                "dates. Refused: the average salary. The guides print a range and a ceiling, "
                "without year or base; we would need what each person earns, or a published "
                "median with the number of people asked."
            ),
            words=4,
        ),
        hints=(
            N_("For each figure: who counted, when, and out of how many?"),
            N_("Look at the stops of the lesson: gender, salary, the two bases, the reach."),
            N_("... (source: ..., date: ..., base: ...); I refuse ... because ..."),
        ),
    ),
)
