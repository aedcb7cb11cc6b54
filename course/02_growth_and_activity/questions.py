"""Module 02: growth and activity."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cmlib import kpi
from cmlib.learn.question import Card, Choice, Mistake, Question, community, opened_file
from cmlib.messages import N_

__all__ = ["QUESTIONS"]

CONTRIBUTIONS = ("topic", "reply", "reaction", "accept")


def _active(
    period: str, *, channel: str | None = None, without: Any = "team", **options: Any
) -> pd.DataFrame:
    brand = community().view(without=without)
    if channel is not None:
        events = brand.events
        brand = brand.view(events=events[events["channel"] == channel])
    table: pd.DataFrame = kpi.active_by_period(brand, period=period, **options)
    return table


def _busiest(period: str, **options: Any) -> int:
    table = _active(period, **options)
    return int(table[table["complete"]]["n"].max())


def _busiest_week_by_hand() -> int:
    kept = community().view(without="team").counted().dropna(subset=["member_id"])
    local = kept["local_time"]
    monday = local.dt.normalize() - pd.to_timedelta(local.dt.day_of_week, unit="D")
    weeks = kept.groupby(monday)["member_id"].nunique()
    last = local.max() - pd.Timedelta(days=7)  # a week that ends later is not complete
    return int(weeks[weeks.index <= last].max())


def _publications() -> pd.Series:
    export = pd.read_csv(opened_file("brand/exports/export_fr.csv"), sep=";")
    dates: pd.Series = export["Date de publication"]
    return dates


def _published() -> pd.Series:
    return pd.to_datetime(_publications(), format="%d/%m/%Y")


def _since_june() -> int:
    return int((_published() >= "2025-06-01").sum())


def _since_june_by_parts() -> int:
    parts = _publications().str.split("/", expand=True).astype(int)
    return int(((parts[2] == 2025) & (parts[1] >= 6)).sum())


def _june_only() -> int:
    dates = _published()
    return int(((dates >= "2025-06-01") & (dates < "2025-07-01")).sum())


def _of_month(month: str, *, channel: str | None = "instagram", **options: Any) -> float:
    table = _active("month", channel=channel, **options)
    return float(table[table["period"] == month]["n"].sum())


def _growth(last: str = "2025-06-01", **options: Any) -> float:
    before, after = _of_month("2024-08-01", **options), _of_month(last, **options)
    return (after - before) / before


def _events_growth() -> float:
    events = community().view(without=None).counted()
    events = events[events["channel"] == "instagram"]
    day = events["local_time"].dt.strftime("%Y-%m")
    before, after = (day == "2024-08").sum(), (day == "2025-06").sum()
    return float((after - before) / before)


QUESTIONS = (
    Question(
        id="02.1",
        reference=lambda: "b",
        form=Choice(
            options={
                "a": N_("It falls, for more people leave than arrive."),
                "b": N_("It rises: it adds the sign-ups and knows nothing of those who leave."),
                "c": N_("It stays level, for the two numbers make up for each other."),
                "d": N_("It rises the first month, then follows the number of active members."),
            },
            reasons={
                "a": N_(
                    "Nothing is taken away from this curve: an account created in January is "
                    "still an account created when its owner no longer comes."
                ),
                "b": N_(
                    "Yes. A running sum of sign-ups can slow down, never fall. It answers “how "
                    "many came once”, not “how many are here”."
                ),
                "c": N_(
                    "To make up for each other both numbers would have to be in the curve. Which "
                    "of the two does it hold?"
                ),
                "d": N_(
                    "Two curves are mixed here. Look at the three-person table of the lesson: "
                    "does the line “accounts so far” ever use the line “active”?"
                ),
            },
        ),
        hints=(
            N_("Which events add to this curve, and which ones take away from it?"),
            N_("Look at the three-person table of the lesson, line “accounts so far”, in March."),
            N_("Each month the curve goes from N to N + 20: it therefore …"),
        ),
    ),
    Question(
        id="02.2",
        reference=lambda: _busiest("week"),
        right=(
            _busiest_week_by_hand,
            lambda: float(_busiest("week")),
        ),
        mistakes=(
            Mistake(
                lambda: _busiest("month"),
                N_("This is the busiest month. Which argument cuts time into weeks?"),
            ),
            Mistake(
                lambda: _busiest("day"),
                N_("This is the busiest day. The question asks for weeks."),
            ),
            Mistake(
                lambda: _busiest("week", without="bots"),
                N_("The team is in your count. Which argument leaves it out?"),
            ),
            Mistake(
                lambda: _busiest("week", without=None),
                N_("The team is in your count. Which argument leaves it out?"),
            ),
            Mistake(
                lambda: _busiest("week", kinds=CONTRIBUTIONS),
                N_(
                    "You counted only those who wrote or reacted. Here every action counts, "
                    "visits included."
                ),
            ),
            Mistake(
                lambda: int(_active("week")["n"].sum()),
                N_(
                    "You added the weeks. A member who comes every week is counted every week: "
                    "look for the largest week instead."
                ),
            ),
        ),
        hints=(
            N_("What changes between a month and a week: the events, or the way time is cut?"),
            N_("Compare two cells of the lesson: the one that builds active, then days."),
            N_('weeks = kpi.active_by_period(brand, period="…"), then max of …'),
        ),
    ),
    Question(
        id="02.3",
        reference=_since_june,
        right=(_since_june_by_parts, lambda: float(_since_june())),
        mistakes=(
            Mistake(
                lambda: int((_publications() >= "01/06/2025").sum()),
                N_(
                    "You compared texts: they are sorted letter by letter, the day before the "
                    "year. Turn them into dates first."
                ),
            ),
            Mistake(
                lambda: int((_published() >= "01/06/2025").sum()),
                N_(
                    "The column holds dates now, but the text you compare it with was read month "
                    "first. Write that date in the order year, month, day: 2025-12-31."
                ),
            ),
            Mistake(
                lambda: len(_publications()),
                N_("These are all the rows of the export. Keep those from the date asked for on."),
            ),
            Mistake(
                lambda: int((_published() >= "2025-01-01").sum()),
                N_("You counted the whole year 2025. In which month does the question begin?"),
            ),
            Mistake(
                _june_only,
                N_("You stopped at the end of June. The export goes on in July: keep those too."),
            ),
        ),
        hints=(
            N_("Is a date between quotation marks a date, or a word?"),
            N_("Look at the block Repair of the lesson: which line made dates out of texts?"),
            N_(
                'dates = pd.to_datetime(export["Date de publication"], format="…"), then dates >= …'
            ),
        ),
    ),
    Question(
        id="02.4",
        reference=_growth,
        share=True,
        right=(
            lambda: _of_month("2025-06-01") / _of_month("2024-08-01") - 1,
            lambda: pd.Series([_growth()]),
        ),
        mistakes=(
            Mistake(
                lambda: (
                    (_of_month("2025-06-01") - _of_month("2024-08-01")) / _of_month("2025-06-01")
                ),
                N_("You divided by the later month. Growth is counted from where it began."),
            ),
            Mistake(
                lambda: _of_month("2025-06-01") / _of_month("2024-08-01"),
                N_(
                    "This is the ratio of the two months. Growth is what was added, divided by "
                    "the first month."
                ),
            ),
            Mistake(
                lambda: _of_month("2025-06-01") - _of_month("2024-08-01"),
                N_("This is a number of members. A growth rate divides it: by what?"),
            ),
            Mistake(
                lambda: -_growth(),
                N_("The sign is the wrong way round. Which month is subtracted from which?"),
            ),
            Mistake(
                lambda: _growth("2025-07-01"),
                N_("July 2025 is not over. Take the last complete month."),
            ),
            Mistake(
                lambda: _growth(channel=None),
                N_("This is the growth of all channels together. Keep the events of one first."),
            ),
            Mistake(
                lambda: _growth(without="bots"),
                N_("The team is in your count. Which argument leaves it out?"),
            ),
            Mistake(
                lambda: _growth(without=None),
                N_("The team is in your count. Which argument leaves it out?"),
            ),
            Mistake(
                _events_growth,
                N_("You counted actions. The question asks for members, each counted once."),
            ),
        ),
        hints=(
            N_("From 8 to 10 members: how many were added, and out of how many?"),
            N_("Look at the block Explore of the lesson, the cell that begins with august = …"),
            N_("growth = (june - august) / …"),
        ),
    ),
    Question(
        id="02.5",
        reference=lambda: "b",
        form=Choice(
            options={
                "a": N_("The contest has more than doubled the community for good."),
                "b": N_(
                    "Many came in September and few of them were seen again: the contest brought "
                    "accounts, the following months say who stayed."
                ),
                "c": N_("The peak is a fault of measurement: such a month must be removed."),
                "d": N_("September is a good month every year: the contest changed nothing."),
            },
            reasons={
                "a": N_(
                    "Look at October and November. What would the curve look like if it were "
                    "for good?"
                ),
                "b": N_(
                    "Yes. It stays prudent: sign-ups were already rising before the contest, so "
                    "not all of September is owed to it."
                ),
                "c": N_(
                    "These people did come: the count is right. A month that disturbs is to be "
                    "explained and marked, not removed."
                ),
                "d": N_(
                    "How many Septembers do these data hold? One alone says nothing of every year."
                ),
            },
        ),
        hints=(
            N_("A peak is two slopes: what does the second one say?"),
            N_("Look at the months after September in the table active."),
            N_("Compare September, October, November and … with August."),
        ),
    ),
    Question(
        id="02.6",
        form=Card(
            fields={
                "decision": N_("My decision: buy sign-ups, or look after those we have"),
                "active": N_("“Active” means: who, does what, how often, in how many days"),
                "kpi_1": N_("KPI 1, its target and its date"),
                "kpi_2": N_("KPI 2, its target and its date"),
                "kpi_3": N_("KPI 3, its target and its date"),
                "dropped": N_("The KPI we stop showing, and why"),
                "doubt": N_("What would make me change my mind"),
            },
            model=N_(
                "Decision: no new contest this quarter, the hours go to the first month of new "
                "members. Active: at least four actions in thirty days, visits included, team "
                "left out. KPI 1: active members, 10 % more by the end of December. KPI 2: share "
                "of new members seen again after thirty days, 5 points more by the end of "
                "December. KPI 3: members who wrote at least once in the month, no less than in "
                "June. Dropped: accounts since the beginning, for it cannot fall. Doubt: if "
                "contest members came back as often as the others, I would run it again."
            ),
            words=4,
        ),
        hints=(
            N_("If this figure fell next month, what would you do differently?"),
            N_("Look at the table of two definitions in the block Create of the lesson."),
            N_("KPI 1: active members (at least … actions in … days), from … to … by …"),
        ),
    ),
)
