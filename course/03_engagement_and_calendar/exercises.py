# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Write in place of the dots, run with **Shift+Enter**, as often as you like. `learn.hint("03.2")` gives three hints, from vague to precise; after a try, `learn.solution("03.2")` shows one solution.

# %% key="start"
# Load: the posts of the brand
from cmlib import data, kpi, learn

learn.start("03", language="en")
brand = data.load("brand")

# %% key="posts"
# Filter: the posts that came out, then the same without the contest
posts = brand.posts[brand.posts["reach"] > 0]
public = ["reactions", "comments", "shares"]
posts["interactions"] = posts[public].sum(axis=1)
usual = posts[posts["format"] != "contest"]
usual[["format", "platform", "reach", "interactions"]].head(3)

# %% [markdown] key="e1"
# ## Exercise 03.1: predict
#
# The contest is set aside. Which format leads by likes in all, and which by interactions for each account reached?
#
# - a. photos lead both
# - b. photos by likes, questions by accounts reached
# - c. questions by likes, photos by accounts reached
# - d. questions lead both
#
# If you answered in the lesson, say first, aloud, **why** the two rankings differ.

# %% key="e1-answer"
# Compare: two rankings of the same formats
### BEGIN SOLUTION
answer = "b"
### END SOLUTION
learn.check("03.1", answer)

# %% [markdown] key="e2"
# ## Exercise 03.2: put in order
#
# These five lines rank the formats by likes divided by reach, total by total, the contest left out. They are mixed.
#
# 1. `groups["rate"] = groups["got"] / groups["reach"]`
# 2. `usual = posts[posts["format"] != "contest"]`
# 3. `groups.sort_values("rate", ascending=False)`
# 4. `posts = data.load("brand").posts`
# 5. `groups = usual.groupby("format").agg(got=("reactions", "sum"), reach=("reach", "sum"))`
#
# Write the numbers in the right order, or run `learn.form("03.2")`.

# %% key="e2-answer" starter="order = [..., ..., ..., ..., ...]"
# Show: your order
### BEGIN SOLUTION
order = [4, 2, 5, 1, 3]
### END SOLUTION
learn.check("03.2", order)

# %% [markdown] key="e3"
# ## Exercise 03.3: repair
#
# A colleague wants the engagement rate of **Facebook**, contest left out: of all the accounts reached, how many gestures came back? The cell runs, without an error, and answers another question.
#
# Repair it in the cell of the answer: a share between 0 and 1, from `interactions` and `reach`.

# %% key="e3-bug"
# Compare: the cell to repair
facebook = usual[usual["platform"] == "facebook"]
rate = (facebook["interactions"] / facebook["reach"]).mean()
print(rate)

# %% key="e3-answer" starter="rate = ..."
# Compare: the repaired rate
### BEGIN SOLUTION
rate = facebook["interactions"].sum() / facebook["reach"].sum()
### END SOLUTION
learn.check("03.3", rate)

# %% [markdown] key="e4"
# ## Exercise 03.4: write
#
# Ines wants visits to the shop. Give the **click rate of each platform**: total clicks divided by total impressions, from `posts` (contest kept: it had clicks too). Hand in one column: a value for each platform, a share between 0 and 1.
#
# Then say aloud which platform comes first, and what the cell does *not* tell about it.

# %% key="e4-answer" starter="clicks = ..."
# Group: clicks and impressions, then their ratio
### BEGIN SOLUTION
groups = posts.groupby("platform").agg(
    clicks=("clicks", "sum"), shown=("impressions", "sum")
)
clicks = groups["clicks"] / groups["shown"]
print(clicks)
### END SOLUTION
learn.check("03.4", clicks)

# %% [markdown] key="e5"
# ## Exercise 03.5: interpret
#
# “Our reach has gone down since November. Do people like us less?” The next cells look at the posts whose display was not paid for. `since` is True from 1 November 2024 on.

# %% key="e5-filter" translate=["Unpaid posts:"]
# Filter: the unpaid posts; True for those since 1 November 2024
unpaid = usual[usual["paid"] == False]
unpaid["since"] = unpaid["published_at"] >= "2024-11-01"
print("Unpaid posts:", len(unpaid))

# %% key="e5-table"
# Compare: one unpaid post, before November 2024 and since
cut = unpaid.groupby("since").agg(
    posts=("post_id", "count"), mean_reach=("reach", "mean"),
    got=("interactions", "sum"), reach=("reach", "sum"),
)
cut["rate"] = cut["got"] / cut["reach"]
cut[["posts", "mean_reach", "rate"]].round(3)

# %% [markdown] key="e5-options"
# What do you write to Ines?
#
# - a. People like us less: fewer of those who see a post react to it.
# - b. Each post reaches fewer accounts because we publish fewer posts.
# - c. Each post is shown to fewer accounts; those who see it react about as before.
# - d. We pay for fewer posts, so the reach goes down.

# %% key="e5-answer"
# Show: your answer
### BEGIN SOLUTION
answer = "c"
### END SOLUTION
learn.check("03.5", answer)

# %% [markdown] key="e6"
# ## Exercise 03.6: decide
#
# The calendar of August, four lines, one a week: **what, where, when**, and the figure each line rests on.
#
# Write the sentences between quotes, or run `learn.form("03.6")`. Then compare with a neighbour: two different calendars can both be sound. Say aloud which rate you will compare at the end of August, with its denominator.

# %% key="e6-answer" translate=["Question, LinkedIn, Friday 19:00: they lead by reach.", "Member photo, Instagram, Sunday 19:00: more comments.", "Question, Facebook, Friday 16:00: a slot we keep.", "Link, Facebook, Wednesday 8:30: links bring clicks."] starter="card = {\n    \"week_1\": ...,\n    \"week_2\": ...,\n    \"week_3\": ...,\n    \"week_4\": ...,\n}"
### BEGIN SOLUTION
card = {
    "week_1": "Question, LinkedIn, Friday 19:00: they lead by reach.",
    "week_2": "Member photo, Instagram, Sunday 19:00: more comments.",
    "week_3": "Question, Facebook, Friday 16:00: a slot we keep.",
    "week_4": "Link, Facebook, Wednesday 8:30: links bring clicks.",
}
### END SOLUTION
# Show: the calendar of August
learn.check("03.6", card)

# %% [markdown] key="keep"
# To see where you stand, run `learn.progress()` in a cell. Then save: *File, Save Notebook*; with Binder, *File, Download* as well.
