"""Brand content: a calendar, its publication, its reach and what people did with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmsim.content_stories import content_stories
from cmsim.draw import exact_labels, exact_mask, normal_scores, to_times
from cmsim.stories import Story
from cmsim.text import pack_topics
from cmsim.world import World

__all__ = ["make_posts"]

_ZONE = "Europe/Paris"
_FORMATS = {"photo": 0.43, "video": 0.17, "link": 0.20, "text": 0.14, "question": 0.06}
_AUTHORS = {"brand": 0.78, "member": 0.15, "partner": 0.07}
_PHOTO_RATE, _QUESTION_RATE, _OVERALL_RATE, _WITH_CONTEST_RATE = 0.034, 0.099, 0.029, 0.038
_SLOTS = ((8, 30), (12, 30), (16, 0), (19, 0))
_TUESDAY, _EVENING = 1, 18


def make_posts(world: World) -> tuple[pd.DataFrame, list[Story]]:
    """Make ``posts`` and the stories planted in it."""
    settings = world.preset["posts"]
    rng = world.rng("posts")
    posts = _calendar(world, rng, settings)
    rows = len(posts)
    posts["platform"] = exact_labels(rng, rows, settings["platforms"])
    posts["format"] = exact_labels(rng, rows, _FORMATS)
    posts["author_type"] = exact_labels(rng, rows, _AUTHORS)
    posts["topic"] = rng.choice(np.array(pack_topics(world.preset.name), object), size=rows)
    changed = _algorithm_change(world)
    after = (posts["planned_at"] >= changed).to_numpy()
    paid = np.zeros(rows, dtype=bool)
    for side in (after, ~after):
        at = np.flatnonzero(side)
        paid[at] = exact_mask(rng, len(at), round(settings["paid_share"] * len(at)))
    posts["paid"] = paid
    quarter = posts["planned_at"].dt.year * 4 + posts["planned_at"].dt.quarter
    campaign = (quarter - quarter.min() + 3).astype("Int64")
    posts["campaign_id"] = campaign.where(posts["paid"])
    viral = contest = None
    if settings["calibrated"] or "viral" in world.latent["windows"]:
        viral = _special_row(world, posts, "viral", 0.35)
        _mark(posts, viral, "video")
    if settings["calibrated"]:
        contest = _special_row(world, posts, "contest", 0.45, taken=viral)
        _mark(posts, contest, "contest")
    _reach(rng, posts, settings, after, viral, contest)
    _interactions(rng, posts, settings, viral, contest)
    published = posts["published_at"].notna()
    for column in [
        "followers",
        "impressions",
        "reach",
        "clicks",
        "reactions",
        "comments",
        "shares",
        "saves",
    ]:
        posts[column] = posts[column].round().astype("Int64").where(published)
    posts["dwell_s"] = posts["dwell_s"].round(1).where(published)
    posts["post_id"] = np.arange(1, rows + 1)
    ids = [None if row is None else int(posts.loc[row, "post_id"]) for row in (viral, contest)]
    return posts.drop(columns=["tuesday"]), content_stories(world, posts, changed, *ids)


def _calendar(world: World, rng: np.random.Generator, settings: dict[str, Any]) -> pd.DataFrame:
    """Plan posts by local time; those of Tuesday 18:00 go out late."""
    days = pd.date_range(world.start.normalize(), world.end.normalize(), inclusive="left")
    weekday = days.day_of_week.to_numpy()
    rows = max(60, round(settings["rows"] * len(days) / 561))
    tuesdays = np.flatnonzero(weekday == _TUESDAY)
    n_weekend = round(settings["weekend_share"] * rows)
    n_tuesday = min(len(tuesdays), round(0.16 * rows))
    picked = [
        rng.choice(tuesdays, size=n_tuesday, replace=False),
        rng.choice(np.flatnonzero(weekday >= 5), size=n_weekend),
        rng.choice(np.flatnonzero(weekday < 5), size=rows - n_weekend - n_tuesday),
    ]
    slot = np.array(_SLOTS)[rng.integers(0, len(_SLOTS), rows)]
    day = np.concatenate(picked)
    tuesday = np.arange(rows) < n_tuesday
    minutes = np.where(tuesday, _EVENING * 60, slot[:, 0] * 60 + slot[:, 1])
    local = days.to_numpy()[day] + minutes.astype("timedelta64[m]")
    planned = pd.DatetimeIndex(local).tz_localize(_ZONE).tz_convert("UTC").tz_localize(None)
    late = np.where(tuesday, exact_mask(rng, rows, 0), False)
    late[tuesday] = exact_mask(rng, n_tuesday, round(0.85 * n_tuesday))
    late[~tuesday] = exact_mask(rng, rows - n_tuesday, round(0.08 * (rows - n_tuesday)))
    delay = np.where(late, rng.triangular(30, 90, 200, rows), rng.triangular(0, 1, 9, rows))
    published = to_times(planned.to_numpy().astype("datetime64[s]").astype("int64") + delay * 60)
    never = np.zeros(rows, dtype=bool)
    never[~tuesday] = exact_mask(rng, rows - n_tuesday, round(0.03 * rows))
    never |= published >= np.datetime64(world.seen_until, "s")
    calendar = pd.DataFrame(
        {
            "post_id": 0,
            "planned_at": planned.to_numpy().astype("datetime64[s]"),
            "published_at": pd.Series(published).where(~never),
            "tuesday": tuesday,
        }
    )
    return calendar.sort_values(["planned_at", "tuesday"], kind="stable", ignore_index=True)


def _algorithm_change(world: World) -> pd.Timestamp:
    """Return November 2024 in the default period, the same place in another one."""
    usual = pd.Timestamp("2024-11-01")
    if world.start < usual < world.end - pd.Timedelta(days=60):
        return usual
    return (world.start + (world.end - world.start) * 0.545).to_period("M").to_timestamp()


def _special_row(
    world: World, posts: pd.DataFrame, name: str, place: float, taken: int | None = None
) -> int:
    """Return the row that becomes the viral post or the contest post."""
    out = posts["published_at"].notna() & ~posts["tuesday"]
    window = world.latent["windows"].get(name)
    wanted = window[0] if window is not None else world.start + (world.end - world.start) * place
    free = posts.index[out & (posts.index != taken)]
    row = int((posts.loc[free, "published_at"] - wanted).abs().idxmin())
    if window is not None:  # the post comes out just before the people arrive
        posts.loc[row, ["planned_at", "published_at"]] = pd.Timestamp(wanted).floor("h")
    return row


def _mark(posts: pd.DataFrame, row: int, kind: str) -> None:
    posts.loc[row, ["format", "author_type", "paid"]] = [kind, "brand", False]
    posts.loc[row, "campaign_id"] = pd.NA
    posts.loc[row, "platform"] = "facebook"


def _reach(
    rng: np.random.Generator,
    posts: pd.DataFrame,
    settings: dict[str, Any],
    after: np.ndarray,
    viral: int | None,
    contest: int | None,
) -> None:
    paid = posts["paid"].to_numpy()
    question = (posts["format"] == "question").to_numpy()
    special = posts.index.isin([viral, contest])
    usual = posts["published_at"].notna().to_numpy() & ~special
    shift = np.where(paid, np.log(settings["paid_effect"]), 0.0)
    shift = shift + np.where(after, np.log(settings["break_factor"]), 0.0)
    log_reach = np.where(question, np.log(0.35), 0.0)
    spread = np.sqrt(max(settings["reach_sigma"] ** 2 - (shift + log_reach).var(), 0.01))
    for side in (after & paid, after & ~paid, ~after & paid, ~after & ~paid):
        at = np.flatnonzero(side)
        log_reach[at] += spread * normal_scores(rng, len(at))
        if (side & usual).any():
            log_reach[at] += shift[at] - np.median(log_reach[side & usual])
    reach = np.exp(log_reach - np.median(log_reach[usual])) * settings["reach_median"]
    sizes = {name: 0.75 + 0.5 * i / 4 for i, name in enumerate(sorted(settings["platforms"]))}
    growth = np.linspace(0.85, 1.15, len(posts))
    followers = posts["platform"].map(sizes).to_numpy(dtype=float) * growth
    if settings["calibrated"]:
        followers *= np.median((reach / followers)[usual]) / settings["reach_share"]
        reach[viral] = settings["viral_factor"] * settings["reach_median"]
        reach[contest] = settings["contest_factor"] * settings["reach_median"]
    else:
        followers *= settings["followers"]
        reach = np.minimum(reach, 0.92 * followers)
        if viral is not None:
            reach[viral] = settings["viral_factor"] * np.median(np.round(reach[usual]))
    posts["followers"] = followers
    posts["reach"] = np.round(reach)
    shown = np.exp(np.log(1.76) + 0.18 * normal_scores(rng, len(posts)))
    posts["impressions"] = posts["reach"] * np.maximum(shown, 1.02)


def _interactions(
    rng: np.random.Generator,
    posts: pd.DataFrame,
    settings: dict[str, Any],
    viral: int | None,
    contest: int | None,
) -> None:
    rows, reach = len(posts), posts["reach"].to_numpy()
    factor = settings["rate_factor"]
    out = posts["published_at"].notna().to_numpy()
    kinds = posts["format"].to_numpy()
    spread = np.where(kinds == "question", 0.5, 1.0) * settings["rate_sigma"]
    total = np.exp(spread * normal_scores(rng, rows)) * reach
    special = np.isin(np.arange(rows), [row for row in (viral, contest) if row is not None])
    photo, question = (kinds == "photo") & ~special, (kinds == "question") & ~special
    rest = ~photo & ~question & ~special
    photo_sum = factor * _PHOTO_RATE * reach[photo & out].sum()
    question_sum = factor * _QUESTION_RATE * reach[question & out].sum()
    others = out & (np.arange(rows) != contest) if contest is not None else out
    overall = factor * _OVERALL_RATE * reach[others].sum()
    if viral is not None:
        total[viral] = 0.009 * reach[viral]
        overall -= total[viral]
    sums = ((photo, photo_sum), (question, question_sum))
    for group, wanted in (*sums, (rest, overall - photo_sum - question_sum)):
        total[group] *= wanted / total[group & out].sum()
    if contest is not None:
        both = reach[out].sum()
        total[contest] = _WITH_CONTEST_RATE * both - _OVERALL_RATE * reach[others].sum()
    total = np.minimum(np.round(total), np.round(0.6 * reach))
    member = (posts["author_type"] == "member").to_numpy()
    brand = (posts["author_type"] == "brand").to_numpy()
    # Of all interactions 13 % are shares and 4 % comments; members' posts get more comments.
    uneven = rng.gamma(2.3, 1 / 2.3, rows)  # many posts get no comment at all
    talk = np.where(question, 4.0, 1.0) * uneven
    pass_on = np.exp(rng.normal(-0.045, 0.3, rows))
    usual = ~special & out
    talk[member] *= _more_talk(talk * total, reach, usual & member, usual & brand)
    talk *= 0.04 * total[usual].sum() / (talk * total)[usual].sum()
    pass_on *= 0.13 * total[usual].sum() / (pass_on * total)[usual].sum()
    comments = rng.poisson(total * np.minimum(talk, 0.5))
    shares = rng.poisson(total * np.minimum(pass_on, 0.4))
    if contest is not None:
        comments[contest], shares[contest] = (
            round(0.6 * total[contest]),
            round(0.05 * total[contest]),
        )
    comments = np.minimum(comments, total)
    shares = np.minimum(shares, total - comments)
    posts["comments"], posts["shares"] = comments, shares
    posts["reactions"] = total - comments - shares
    link = kinds == "link"
    platform = posts["platform"].to_numpy()
    click_rate = np.where(link, 0.019, 0.004) * np.where(platform == "instagram", 0.5, 1.0)
    posts["clicks"] = rng.poisson(posts["impressions"] * click_rate)
    posts["saves"] = rng.poisson(reach * np.where(platform == "instagram", 0.004, 0.0005))
    posts["dwell_s"] = pd.Series(np.exp(rng.normal(3.8, 0.5, rows))).where(link)


def _more_talk(
    comments: np.ndarray, reach: np.ndarray, member: np.ndarray, brand: np.ndarray
) -> float:
    """Return the factor that gives members' posts twice the comments of the brand's by reach."""
    of_member = comments[member].sum() / reach[member].sum()
    return float(2 * comments[brand].sum() / reach[brand].sum() / of_member)
