"""The stories planted in the brand content, measured on the table itself."""

from __future__ import annotations

import pandas as pd

from cmlib.messages import N_
from cmsim.draw import EXACT, plain
from cmsim.stories import Story
from cmsim.viral import viral_measures
from cmsim.world import World

__all__ = ["content_stories"]

_ON_TIME_MIN = 15


def content_stories(
    world: World,
    posts: pd.DataFrame,
    changed: pd.Timestamp,
    viral: int | None,
    contest: int | None,
) -> list[Story]:
    """Measure the stories planted in ``posts``.

    Parameters
    ----------
    world : World
    posts : pandas.DataFrame
        The table, with the column ``tuesday`` (planned for Tuesday 18:00).
    changed : pandas.Timestamp
        When the algorithm changed.
    viral, contest : int or None
        Their ``post_id``, in the packs that have them.
    """
    pack = world.preset.name
    done = posts[posts["published_at"].notna()]
    done = done.assign(acts=done[["reactions", "comments", "shares"]].sum(axis=1))
    by_format = done.groupby("format")[["acts", "reach", "reactions"]].sum()
    rate = by_format["acts"] / by_format["reach"]
    likes = done.groupby("format")["reactions"].sum().drop("contest", errors="ignore")
    talk = done[done["format"] != "contest"].groupby("author_type")[["comments", "reach"]].sum()
    talk = talk["comments"] / talk["reach"] * 1000
    organic = done[~done["paid"]]
    new = organic["published_at"] >= changed
    delay = (done["published_at"] - done["planned_at"]).dt.total_seconds() / 60
    tuesday = done["tuesday"]
    stories = [
        Story(
            id="photos_or_questions",
            pack=pack,
            title=N_("Photos get the most likes, questions engage more"),
            see=N_(
                "Total reactions by format, then interactions (reactions, comments, shares) "
                "divided by reach, total by total."
            ),
            value=plain(
                {
                    "most_reactions": str(likes.astype(float).idxmax()),
                    "photo_rate": round(float(rate["photo"]), 4),
                    "question_rate": round(float(rate["question"]), 4),
                }
            ),
            placed=EXACT,
        ),
        Story(
            id="members_start_talk",
            pack=pack,
            title=N_("Members' posts start more conversation than the brand's"),
            see=N_("Comments for 1,000 accounts reached, by author_type, contest left out."),
            value=plain(
                {
                    "member_comments_per_1000": round(float(talk["member"]), 2),
                    "brand_comments_per_1000": round(float(talk["brand"]), 2),
                }
            ),
            placed=EXACT,
        ),
        Story(
            id="algorithm_change",
            pack=pack,
            title=N_("Reach breaks when the algorithm changes"),
            see=N_("Median reach of unpaid posts before and after the date."),
            value=plain(
                {
                    "date": str(changed.date()),
                    "median_before": float(organic.loc[~new, "reach"].median()),
                    "median_after": float(organic.loc[new, "reach"].median()),
                }
            ),
            placed=EXACT,
        ),
        Story(
            id="late_tuesdays",
            pack=pack,
            title=N_("What is planned for Tuesday at 18:00 goes out late"),
            see=N_(
                "Share published within 15 minutes of planned_at: Tuesday 18:00 (local time in "
                "France) against the other slots."
            ),
            value=plain(
                {
                    "on_time_tuesday_18h": round(float((delay[tuesday] <= _ON_TIME_MIN).mean()), 4),
                    "on_time_others": round(float((delay[~tuesday] <= _ON_TIME_MIN).mean()), 4),
                    "median_delay_tuesday_min": round(float(delay[tuesday].median()), 1),
                }
            ),
            placed=EXACT,
        ),
    ]
    if viral is not None:
        usual = done.loc[~done["post_id"].isin([viral, contest])]
        stories.append(_viral_story(world, done.set_index("post_id").loc[viral], usual))
    if contest is not None:
        stories.append(_contest_story(pack, done, contest))
    return stories


def _viral_story(world: World, post: pd.Series, usual: pd.DataFrame) -> Story:
    reached = {
        "post_id": int(post.name),
        "published_at": str(post["published_at"]),
        "reach": int(post["reach"]),
        "times_median": round(float(post["reach"] / usual["reach"].median()), 2),
        "rate": round(float(post["acts"] / post["reach"]), 4),
    }
    if "viral" not in world.latent["windows"]:
        return Story(
            id="viral_post",
            pack=world.preset.name,
            title=N_("One post goes viral before the wrong audience"),
            see=N_(
                "Its reach against the median post, and its interactions divided by reach "
                "against those of the page: many saw it, few cared."
            ),
            value=reached,
            placed=EXACT,
        )
    rate = round(float(usual["acts"].sum() / usual["reach"].sum()), 4)
    return Story(
        id="viral_post",
        pack=world.preset.name,
        title=N_("A viral post brings the wrong audience, which does not stay"),
        see=N_(
            "Its reach against the median post, and its interactions divided by reach against "
            "those of the other posts. Then the members who joined from social in the three days "
            "after it: their language and country, and the share seen again 30 to 59 days after "
            "joining, against those who came from social at any other time (joined 60 days "
            "before the end or earlier). New accounts jump; the community does not grow."
        ),
        value={
            **reached,
            "rate_other_posts": rate,
            **viral_measures(world, post["published_at"]),
        },
        placed=N_(
            "An exact number of visitors is added in the three days after the post, in exact "
            "shares of languages and countries; they write nothing, and an exact number of them "
            "is seen again after a month."
        ),
    )


def _contest_story(pack: str, done: pd.DataFrame, contest: int) -> Story:
    without = done[done["post_id"] != contest]
    return Story(
        id="contest_post",
        pack=pack,
        title=N_("One contest post lifts the rate of the whole page"),
        see=N_("Interactions divided by reach, all posts, with and without this one."),
        value=plain(
            {
                "post_id": contest,
                "rate_without": round(float(without["acts"].sum() / without["reach"].sum()), 4),
                "rate_with": round(float(done["acts"].sum() / done["reach"].sum()), 4),
            }
        ),
        placed=EXACT,
    )
