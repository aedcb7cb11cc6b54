"""Questions of module 00: the notebook, its memory and its errors."""

from __future__ import annotations

import pandas as pd

from cmlib.data import load_table
from cmlib.learn.question import Card, Choice, Mistake, Question
from cmlib.messages import N_

__all__ = ["QUESTIONS"]

_SATURDAY = 5  # its place in a week that begins on Monday


def _week() -> pd.DataFrame:
    return load_table("welcome")


def _busiest() -> int:
    return int(_week()["visits"].max())


def _of_saturday(column: str) -> int:
    return int(_week()[column].iloc[_SATURDAY])


QUESTIONS = (
    Question(
        id="00.1",
        reference=lambda: "c",
        form=Choice(
            options={
                "a": N_("the chart only"),
                "b": N_("the number under the chart only"),
                "c": N_("both"),
                "d": N_("neither"),
            },
            reasons={
                "a": N_(
                    "The chart did change. Read the number under it again: the last line of the "
                    "cell uses the same word."
                ),
                "b": N_(
                    "The number did change. Compare the height of the bars and the figures on "
                    "the left of the chart, before and after."
                ),
                "c": N_(
                    "Yes: the cell ran from its first line to its last. You have already used "
                    "3 of the 5 verbs of the course: Load, Show and Compare."
                ),
                "d": N_(
                    "Then the cell has not run yet. Click on it, press Shift+Enter, and look again."
                ),
            },
        ),
        hints=(
            N_("Which lines of the cell hold the word you changed, or the name that keeps it?"),
            N_("Look at the last line of the cell of the chart: it prints a number."),
            N_("The name column is used to draw and to print, so ..."),
        ),
    ),
    Question(
        id="00.2",
        reference=lambda: _busiest() + 30,
        mistakes=(
            Mistake(
                lambda: _busiest() + 10,
                N_(
                    "This is the number after one run. The cell is written once, but it ran three "
                    "times, and each run starts from what the run before left."
                ),
            ),
            Mistake(
                lambda: _busiest(),
                N_(
                    "This is the number of the first cell, before any addition. The second cell "
                    "replaces what the name sunday holds."
                ),
            ),
            Mistake(
                lambda: _busiest() + 20,
                N_("This is the number after two runs. Count the runs of the second cell again."),
            ),
        ),
        right=(
            lambda: _busiest() + 3 * 10,
            lambda: float(_week()["visits"].max()) + 30.0,
            lambda: _week()["visits"].max() + 10 + 10 + 10,
        ),
        hints=(
            N_("What does the name sunday hold when the second cell runs for the second time?"),
            N_(
                "Start from the largest number in the column visits and follow the runs one by one."
            ),
            N_('prediction = week["visits"].max() + 10 + 10 + ...'),
        ),
    ),
    Question(
        id="00.3",
        reference=lambda: _of_saturday("visits"),
        mistakes=(
            Mistake(
                lambda: int(_week()["visits"].iloc[0]),
                N_(
                    "These are the visits of Monday. Change the day between quotes, then run the "
                    "cell again: a result changes when its cell runs."
                ),
            ),
            Mistake(
                lambda: int(_week()["visits"].sum()),
                N_("These are the visits of the whole week: the filter did not keep one day only."),
            ),
            Mistake(
                lambda: 0,
                N_(
                    "The filter kept no row. Copy the day letter for letter from the table: "
                    "a capital letter counts, and so does the language."
                ),
            ),
            Mistake(
                lambda: _of_saturday("messages"),
                N_("The day is right, the column is not: visits are asked for, not messages."),
            ),
            Mistake(
                lambda: _busiest(),
                N_("These are the visits of Sunday. The day asked for is the one before."),
            ),
        ),
        right=(
            lambda: _week()["visits"].iloc[_SATURDAY],
            lambda: _week().iloc[[_SATURDAY]]["visits"],
            lambda: float(_of_saturday("visits")),
        ),
        hints=(
            N_("Which word of the cell says which day is kept?"),
            N_("Look between the quotes after the sign ==, and copy a day as the table writes it."),
            N_('day = week[week["day"] == "..."]'),
        ),
    ),
    Question(
        id="00.4",
        reference=lambda: _busiest() + 1,
        mistakes=(
            Mistake(
                lambda: str(_busiest()) + "1",
                N_(
                    "Two texts side by side are glued, not added. Turn the text into a number "
                    "first, then add 1."
                ),
            ),
            Mistake(
                lambda: str(_busiest() + 1),
                N_("This is still a text, between quotes. A number is asked for."),
            ),
            Mistake(
                lambda: _busiest(),
                N_("The text has become a number: well done. One more visit is missing."),
            ),
            Mistake(
                lambda: int(str(_busiest()) + "1"),
                N_("The 1 was glued to the text before int read it. Close the bracket earlier."),
            ),
        ),
        right=(
            lambda: int(str(_busiest())) + 1,
            lambda: float(str(_busiest())) + 1,
            lambda: _week()["visits"].max() + 1,
        ),
        hints=(
            N_("Is typed a number or a text? What do quotes mean?"),
            N_("Look at the word int in the text of the exercise: what do its brackets go around?"),
            N_("repaired = int(...) + 1"),
        ),
    ),
    Question(
        id="00.5",
        reference=lambda: "b",
        form=Choice(
            options={
                "a": N_("The table week is empty."),
                "b": N_("The cell that makes average_day has not run."),
                "c": N_("The notebook is broken: it must be downloaded again."),
                "d": N_("average_day should stand between quotes."),
            },
            reasons={
                "a": N_(
                    "The message does not name the table. Read its last line again: which name "
                    "does it give?"
                ),
                "b": N_(
                    "Yes: the name does not exist yet in the memory of the notebook. Run the cell "
                    "that makes it, or write that cell."
                ),
                "c": N_(
                    "Nothing is broken: run another cell and see. An error stops one cell, not "
                    "the notebook."
                ),
                "d": N_(
                    "Between quotes it would be a text: the cell would run and print the word, "
                    "not a number of visits."
                ),
            },
        ),
        hints=(
            N_("Which word stands first on the last line of the message?"),
            N_("Look for a cell above that begins with average_day = ..."),
            N_("NameError: name ... is not defined, so the cell that makes it ..."),
        ),
    ),
    Question(
        id="00.6",
        form=Card(
            fields={
                "day": N_("The day I choose"),
                "figure": N_("The figure it rests on"),
                "doubt": N_("What would make me change my mind"),
            },
            model=N_(
                "We post on Sunday: in this week Sunday had about twice the visits of an average "
                "other day, and Wednesday, far from the quietest, came second. One week is "
                "little: I look again after four weeks, and change if Sunday is no longer ahead."
            ),
        ),
        hints=(
            N_("Which day is ahead, and by how much?"),
            N_("Look at the cell that compares Sunday with the six other days."),
            N_("We post on ..., because ...; I change my mind if ..."),
        ),
    ),
)
