"""What is said elsewhere: one's share of the mentions, and their tone."""

from __future__ import annotations

import narwhals as nw
from narwhals.typing import IntoFrame

from cmlib.data.communities import Community
from cmlib.data.values import check_words, number, warn_empty
from cmlib.kpi._grouped_rows import By, open_rows
from cmlib.kpi._ratios import aggregate, divide, is_one_of, whole, with_share
from cmlib.kpi.survival import normal_quantile

__all__ = ["net_sentiment", "share_of_voice"]


def share_of_voice(
    community: Community | IntoFrame,
    *,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give each brand's share of all mentions of the brands compared.

    Parameters
    ----------
    community : Community or table of mentions
    by : str or sequence of str, optional
        Columns within which shares add up to 1 (source, language).
    period : {"day", "week", "month"}, optional
        One row a brand and period, in local time.
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``brand``, ``mentions``, ``n`` mentions of all brands, ``share_of_voice``,
        ``low``, ``high``; with a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    A share of voice is a share of the noise: a rival's rises in a scandal. Put `net_sentiment`
    beside it. It needs one query a brand, each as wide as the others: a brand whose name is a
    common word collects mentions that are not about it.

    References
    ----------
    CHAOSS project, family of metrics on project popularity.

    Examples
    --------
    >>> import pandas as pd
    >>> mentions = pd.DataFrame({"brand": ["Ours", "Rival", "Rival", "Rival"]})
    >>> share_of_voice(mentions)[["brand", "mentions", "n", "share_of_voice"]]
       brand  mentions  n  share_of_voice
    0   Ours         1  4            0.25
    1  Rival         3  4            0.75
    """
    rows = open_rows(community, "mentions", "brand", time="timestamp", by=by, period=period)
    warn_empty(rows.frame, "brand")
    known = rows.frame.filter(~nw.col("brand").is_null())
    keys = [*rows.by, "brand"]
    counted = aggregate(known, keys, nw.len().alias("mentions")).with_columns(*whole("mentions"))
    within = rows.by or ["_all"]
    if not rows.by:
        counted = counted.with_columns(_all=nw.lit(1))
    counted = counted.with_columns(n=nw.col("mentions").sum().over(*within)).with_columns(
        *whole("n")
    )
    shared = with_share(counted, "mentions", "n", "share_of_voice", level)
    result = shared.select(*keys, "mentions", "n", "share_of_voice", "low", "high")
    return rows.close(result.sort(*keys, nulls_last=True))


def net_sentiment(
    community: Community | IntoFrame,
    *,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the net tone: share of positive mentions minus share of negative ones.

    Parameters
    ----------
    community : Community or table of mentions
    by, period
        As in `share_of_voice`.
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` mentions with a tone, ``positive``, ``neutral``, ``negative``,
        ``net_sentiment`` (-1 to 1), ``low``, ``high``; with a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.
    ParameterError
        When a ``sentiment`` is none of negative, neutral and positive.

    Notes
    -----
    (positive - negative) / n, with standard error sqrt((p + q - (p - q)^2) / n) for shares p and
    q: the interval is rough under some thirty mentions, and of zero width when all have the same
    tone. Neutral ones count in n: half positive, half negative gives 0, and so does all neutral.
    Who gave the tone matters more than the formula: lexicons miss negation and irony in French.

    Examples
    --------
    >>> import pandas as pd
    >>> mentions = pd.DataFrame({"sentiment": ["positive", "positive", "neutral", "negative"]})
    >>> net_sentiment(mentions)[["n", "positive", "negative", "net_sentiment"]]
       n  positive  negative  net_sentiment
    0  4         2         1           0.25
    """
    rows = open_rows(community, "mentions", "sentiment", time="timestamp", by=by, period=period)
    warn_empty(rows.frame, "sentiment")
    check_words(rows.frame, "sentiment", "mentions")
    toned = rows.frame.filter(~nw.col("sentiment").is_null()).with_columns(
        good=is_one_of("sentiment", ["positive"]), bad=is_one_of("sentiment", ["negative"])
    )
    counted = aggregate(
        toned,
        rows.by,
        nw.len().alias("n"),
        nw.col("good").sum().alias("positive"),
        nw.col("bad").sum().alias("negative"),
    ).with_columns(*whole("n", "positive", "negative"))
    n = number("n")
    good, bad = divide(number("positive"), n), divide(number("negative"), n)
    counted = counted.with_columns(
        neutral=nw.col("n") - nw.col("positive") - nw.col("negative"),
        net_sentiment=good - bad,
        _both=good + bad,
    )
    net = nw.col("net_sentiment")
    width = divide((nw.col("_both") - net * net).clip(0.0, None), n) ** 0.5 * normal_quantile(level)
    counted = counted.with_columns(_width=width)
    return rows.close(
        counted.select(
            *rows.by,
            *("n", "positive", "neutral", "negative", "net_sentiment"),
            low=(net - nw.col("_width")).clip(-1.0, 1.0),
            high=(net + nw.col("_width")).clip(-1.0, 1.0),
        )
    )
