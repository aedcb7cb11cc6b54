"""Two versions compared: differences with their interval, and how many people it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import choice, inner_share
from cmlib.data.communities import Community
from cmlib.data.frames import Frame, small
from cmlib.data.values import as_flags, warn_empty
from cmlib.errors import ParameterError, unknown_choice
from cmlib.kpi._grouped_rows import By, Rows, open_rows
from cmlib.kpi._ratios import aggregate
from cmlib.kpi.survival import normal_quantile, proportion_interval
from cmlib.messages import _

__all__ = ["adjusted_difference", "compare_variants", "sample_size"]

OUTCOMES = ("opened", "clicked", "converted")


def compare_variants(
    community: Community | IntoFrame,
    *,
    outcome: str = "converted",
    control: Any = "A",
    by: By = None,
    level: float = 0.95,
) -> IntoFrame:
    """Compare the rate of each version with that of the control, within each segment.

    Parameters
    ----------
    community : Community or table of campaigns
    outcome : {"opened", "clicked", "converted"}
        What is judged.
    control : str
        The version the others are compared with.
    by : str or sequence of str, optional
        Columns of the segments.
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``variant``, ``n``, ``rate`` (of this version), ``n_control``,
        ``rate_control``, ``difference`` (rate - rate_control), ``low``, ``high``.

    Raises
    ------
    ParameterError
        When the control is not one of the versions.

    Notes
    -----
    The interval is Newcombe's, from the two Wilson intervals. One that holds 0 does not say that
    there is no difference: with 300 recipients a version, 20 % against 24 % gives -3 to +11 points.
    When the versions were not sent to the segments in the same proportions, the comparison without
    segments can point the other way (Simpson's paradox): compare within, then see
    `adjusted_difference`. Looking every day and stopping at the first good one finds winners that
    are not: fix the size first with `sample_size`.

    References
    ----------
    R. G. Newcombe (1998), Interval estimation for the difference between independent proportions,
    Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> import pandas as pd
    >>> sent = pd.DataFrame({"variant": ["A"] * 300 + ["B"] * 300,
    ...     "converted": [True] * 60 + [False] * 240 + [True] * 72 + [False] * 228})
    >>> compare_variants(sent)[["variant", "difference", "low", "high"]].round(2)
      variant  difference   low  high
    0       B        0.04 -0.03  0.11
    """
    rows = _recipients(community, outcome, by)
    pairs = _pairs(rows.frame, control, rows.by)
    share = _share(pairs["count"].to_numpy(), pairs["n"].to_numpy())
    share_control = _share(pairs["count_control"].to_numpy(), pairs["n_control"].to_numpy())
    low, high = _newcombe(pairs, level)
    return rows.close_columns(
        {
            **{name: pairs[name].to_numpy() for name in [*rows.by, "variant"]},
            "n": pairs["n"].to_numpy(),
            "rate": share,
            "n_control": pairs["n_control"].to_numpy(),
            "rate_control": share_control,
            "difference": share - share_control,
            "low": low,
            "high": high,
        }
    )


def adjusted_difference(
    community: Community | IntoFrame,
    *,
    by: By = "segment",
    outcome: str = "converted",
    control: Any = "A",
    level: float = 0.95,
) -> IntoFrame:
    """Compare versions as if each had been sent to the same mix of segments.

    Parameters
    ----------
    community : Community or table of campaigns
    by : str or sequence of str, default "segment"
        Columns of the segments.
    outcome, control, level
        As in `compare_variants`.

    Returns
    -------
    table of the kind that was given
        ``variant``, ``n`` recipients of it and of the control, ``segments`` in which both were
        sent, ``crude_difference`` (all recipients together), ``difference`` (adjusted), ``low``,
        ``high``.

    Raises
    ------
    ParameterError
        When the control is not one of the versions.

    Notes
    -----
    Differences within segments, weighted by the recipients of each (direct standardisation), with
    a normal interval. Segments that received only one of the two say nothing and are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> sent = pd.DataFrame({"segment": ["old"] * 4 + ["new"] * 4, "variant": ["A", "B"] * 4,
    ...     "converted": [True, True, False, True, False, False, False, True]})
    >>> adjusted_difference(sent)[["variant", "n", "segments", "difference"]]
      variant  n  segments  difference
    0       B  8         2         0.5
    """
    rows = _recipients(community, outcome, by)
    pairs = _pairs(rows.frame, control, rows.by)
    sent = pairs[(pairs["n"] > 0) & (pairs["n_control"] > 0)]
    groups = list(sent.groupby("variant"))
    adjusted = [_standardise(group, normal_quantile(level)) for _version, group in groups]
    names = ("crude_difference", "difference", "low", "high")
    return rows.close_columns(
        {
            "variant": np.array([version for version, _group in groups]),
            "n": np.array(
                [group[["n", "n_control"]].to_numpy().sum() for _version, group in groups],
                dtype="int64",
            ),
            "segments": np.array([len(group) for _version, group in groups], dtype="int64"),
        }
        | {
            name: np.array([values[place] for values in adjusted], dtype="float64")
            for place, name in enumerate(names)
        }
    )


def sample_size(
    *, baseline: float, expected: float, power: float = 0.8, level: float = 0.95
) -> int:
    """Tell how many recipients each version needs for a difference to show.

    Parameters
    ----------
    baseline : float
        Rate without the change, a share (0.20).
    expected : float
        Smallest rate worth acting on (0.24).
    power : float, default 0.8
        Chance to see that difference if it is there.
    level : float, default 0.95
        Level of the comparison (two-sided).

    Returns
    -------
    int
        Recipients per version.

    Raises
    ------
    ParameterError
        When a share is not between 0 and 1, or the two rates are equal.

    Notes
    -----
    Cohen's effect size of two proportions (arcsine), solved by statsmodels. The textbook formula
    (z1 + z2)^2 (p1 q1 + p2 q2) / d^2 differs by a few recipients: 1,678 for the example below with
    z rounded to 1.96 and 0.84.

    References
    ----------
    J. Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, chapter 6.

    Examples
    --------
    >>> sample_size(baseline=0.20, expected=0.24)
    1681
    """
    baseline = inner_share("baseline", baseline)
    expected = inner_share("expected", expected)
    power, level = inner_share("power", power), inner_share("level", level)
    if baseline == expected:
        raise ParameterError(
            _("baseline and expected are both {value}: no sample shows a difference of 0.").format(
                value=baseline
            )
        )
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    effect = abs(proportion_effectsize(expected, baseline))
    needed = NormalIndPower().solve_power(effect_size=effect, alpha=1 - level, power=power)
    return math.ceil(float(needed))


def _recipients(source: Community | IntoFrame, outcome: str, by: By) -> Rows:
    """Read the recipients; what is judged is one of the outcomes of a campaign."""
    choice("outcome", outcome, OUTCOMES)
    rows = open_rows(source, "campaigns", "variant", time="sent_at", by=by, outcome=outcome)
    frame = as_flags(rows.frame, "outcome", called=outcome)
    warn_empty(frame, "outcome", called=outcome)
    return replace(rows, frame=frame)


def _pairs(frame: Frame, control: Any, by: Sequence[str]) -> pd.DataFrame:
    """Put each version beside the control of its segment; what was not sent there counts 0."""
    variant = "variant"
    known = frame.filter(~nw.col("outcome").is_null() & ~nw.col(variant).is_null())
    counted = pd.DataFrame(
        small(
            aggregate(
                known, [*by, variant], nw.len().alias("n"), nw.col("outcome").sum().alias("count")
            )
        )
    )
    versions = sorted(counted[variant].unique().tolist())
    if versions and control not in versions:
        raise unknown_choice("control", control, versions)
    others = pd.DataFrame({variant: [version for version in versions if version != control]})
    segments = counted[list(by)].drop_duplicates()
    grid = segments.merge(others, how="cross") if by else others
    kept = counted[counted[variant] == control].drop(columns=variant)
    kept = kept.rename(columns={"n": "n_control", "count": "count_control"})
    grid = grid.merge(counted, on=[*by, variant], how="left")
    grid = grid.merge(kept, on=list(by), how="left") if by else grid.merge(kept, how="cross")
    numbers = ["n", "count", "n_control", "count_control"]
    grid[numbers] = grid[numbers].astype("float64").fillna(0).astype("int64")
    return grid


def _share(count: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.asarray(count / np.where(n > 0, n, np.nan))


def _newcombe(pairs: pd.DataFrame, level: float) -> tuple[np.ndarray, np.ndarray]:
    count, n = pairs["count"].to_numpy(), pairs["n"].to_numpy()
    count_control, n_control = pairs["count_control"].to_numpy(), pairs["n_control"].to_numpy()
    p, p_control = _share(count, n), _share(count_control, n_control)
    low, high = proportion_interval(count, n, level=level)
    low_control, high_control = proportion_interval(count_control, n_control, level=level)
    difference = p - p_control
    return (
        difference - np.hypot(p - low, high_control - p_control),
        difference + np.hypot(high - p, p_control - low_control),
    )


def _standardise(segments: pd.DataFrame, z: float) -> tuple[float, float, float, float]:
    """Give the crude difference, then the one weighted by the size of segments, and its ends."""
    n, n_control = segments["n"].to_numpy(float), segments["n_control"].to_numpy(float)
    count, count_control = (
        segments["count"].to_numpy(float),
        segments["count_control"].to_numpy(float),
    )
    weight = (n + n_control) / (n + n_control).sum()
    p, p_control = count / n, count_control / n_control
    variance = weight**2 * (p * (1 - p) / n + p_control * (1 - p_control) / n_control)
    difference = float((weight * (p - p_control)).sum())
    width = z * math.sqrt(variance.sum())
    crude = float(count.sum() / n.sum() - count_control.sum() / n_control.sum())
    return crude, difference, difference - width, difference + width
