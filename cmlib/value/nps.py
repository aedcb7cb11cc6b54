"""Net promoter score, with the margin of error it is usually quoted without."""

from __future__ import annotations

import math

import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import inner_share
from cmlib.data.communities import Community, table_log
from cmlib.data.frames import need_columns, to_pandas
from cmlib.data.values import pandas_numbers
from cmlib.errors import TableError
from cmlib.messages import N_, _
from cmlib.value.estimate import Estimate

__all__ = ["net_promoter_score"]


def net_promoter_score(community: Community | IntoFrame, *, level: float = 0.95) -> Estimate:
    """Compute the net promoter score of a survey and its margin of error.

    Parameters
    ----------
    community : Community or table of surveys
        ``nps`` answers "would you recommend", from 0 to 10. Empty answers are left out, and those
        of people who do not count.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    Estimate
        `value`, `low` and `high` in points, from -100 to 100; `n` answers. All missing
        without any answer.

    Raises
    ------
    ColumnError
        When the column is missing, or holds no numbers.
    TableError
        When an answer is not a whole number from 0 to 10.

    Notes
    -----
    Share of 9-10 (promoters) less share of 0-6 (detractors), in points. The standard error
    is sqrt((p + d - (p - d)^2) / n): with 100 answers and a score of 30, about +-15 points.
    A rise of five points between two such surveys says nothing.

    A score is not a sum of money, and says nothing of those who did not answer.

    References
    ----------
    .. [1] Reichheld, F. (2003). The One Number You Need to Grow. Harvard Business Review.

    Examples
    --------
    >>> answers = pd.DataFrame({"nps": [10] * 50 + [8] * 30 + [3] * 20})
    >>> result = net_promoter_score(answers)
    >>> result.value, round(result.high - result.value, 1)
    (30.0, 15.3)
    """
    level = inner_share("level", level)
    answers = pandas_numbers(_surveys(community), "nps").dropna()
    wrong = answers[~answers.between(0, 10) | (answers != answers.round())]
    if len(wrong):
        raise TableError(
            _(
                "Column {column}: {given} is not accepted. The answers are whole numbers from 0 to "
                "10; a scale of 1 to 5 gives no net promoter score."
            ).format(column="nps", given=f"{wrong.iloc[0]:g}")
        )
    n = len(answers)
    method = N_("normal interval of a difference of two shares")
    unit = N_("points")
    if n == 0:
        missing = float("nan")
        return Estimate(missing, missing, missing, level, 0, unit, method)
    from scipy.special import ndtri

    promoters = float((answers >= 9).mean())
    detractors = float((answers <= 6).mean())
    gap = promoters - detractors
    margin = float(ndtri((1 + level) / 2)) * math.sqrt((promoters + detractors - gap**2) / n)
    return Estimate(
        value=100 * gap,
        low=100 * max(gap - margin, -1.0),
        high=100 * min(gap + margin, 1.0),
        level=level,
        n=n,
        unit=unit,
        method=method,
    )


def _surveys(source: Community | IntoFrame) -> pd.DataFrame:
    """Return the answers that count, as pandas."""
    log = table_log(source, "surveys", "timestamp")
    need_columns(log.events, ["nps"])
    frame = log.events
    if log.has("timestamp"):
        frame = log.from_start(log.rows("nps", untimed=True))
    elif log.has("member_id"):
        frame = frame.filter(*log.people_filters("member_id"))
    table = to_pandas(frame.select("nps"))
    return table
