# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Three minutes, without looking back:
#
# 1. A colleague adds up the active members of thirty days and calls it the month. What is wrong? (module 02)
# 2. Which month of our data must not be compared with the others, and why? (module 02)
# 3. Two people run the same notebook and read two numbers. What do they do first? (module 00)

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. The same person came on several days and is counted each time. 2. July 2025: it was observed for two weeks only. 3. Restart and run everything, from the top.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > I need our calendar for August: **four lines, one post a week**. My idea is quick: **photos**, they get the most likes; on **Facebook**, our page there has the best engagement rate; on **Tuesday at 18:00**, as always.
# >
# > And our reach has gone down since November. Do people like us less?
#
# Three ideas, one worry. You have one table, `posts`: one row a post that was planned.

# %% key="start"
# Load: the tools and the community
import matplotlib.pyplot as plt
import seaborn as sns
from cmlib import data, explore, kpi, learn, plot
from cmlib.i18n import format_percent

learn.start("03", language="en")
brand = data.load("brand")

# %% [markdown] key="predict"
# ## Predict
#
# Before any code, on your handout: five formats (photo, link, video, text, question). Draw a bar for each: the interactions that 100 accounts reached give back.
#
# Then choose: which format leads by likes in all, and which by interactions for each account reached? The one contest post is set aside.
#
# - a. photos lead both
# - b. photos by likes, questions by accounts reached
# - c. questions by likes, photos by accounts reached
# - d. questions lead both
#
# Keep your answer. You may change it after the first charts.

# %% key="predict-check" tags=["nbval-ignore-output"]
learn.form("03.1")

# %% [markdown] key="run"
# ## Run
#
# First the posts, then the chart that Ines looks at.

# %% key="published" translate=["Planned:", "Published:"]
# Filter: the posts that came out, and what others see of them
planned = brand.posts
print("Planned:", len(planned))
posts = planned[planned["reach"] > 0]
print("Published:", len(posts))
public = ["reactions", "comments", "shares"]
posts["interactions"] = posts[public].sum(axis=1)

# %% [markdown] key="columns"
# `reactions` are what Ines calls likes. `public` lists the three gestures that other people see. `sum(axis=1)` adds them up along each row: our **interactions**. Saves stay out: nobody sees them. Some tools count them; the definition goes with the figure.

# %% key="likes" alt="Bar chart of the likes of each format, added up, from the most to the fewest. Photos are far ahead of the five other formats." translate=["Likes of each format, in all", "Format", "Likes (reactions)", "Likes of the photos:"]
# Show: the likes of each format, added up
likes = posts.groupby("format").agg(likes=("reactions", "sum"))
likes = likes.sort_values("likes", ascending=False)
ax = sns.barplot(data=likes, x="format", y="likes")
ax.set(title="Likes of each format, in all", xlabel="Format")
ax.set(ylabel="Likes (reactions)")
plt.show()
print("Likes of the photos:", likes["likes"].max())

# %% [markdown] key="agg"
# `agg` is new: it makes several columns of a group at once. `likes=("reactions", "sum")` reads: a new column `likes`, from `reactions`, added up.
#
# **Stop.** Ines is right: photos lead. Before you believe the chart, what would you ask about the photos?

# %% [markdown] key="explore"
# ## Explore
#
# A total depends on how often we publish. We add the number of posts, then the likes of each.

# %% key="per-post"
# Group: posts and likes of each format, then likes a post
formats = posts.groupby("format").agg(
    posts=("post_id", "count"),
    likes=("reactions", "sum"),
)
formats["likes_a_post"] = formats["likes"] / formats["posts"]
formats.sort_values("likes", ascending=False).round()

# %% [markdown] key="stop-per-post"
# **Stop.** Photos: how many posts? Questions: how many? Which of the two gets more likes *a post*?
#
# A post may also be shown to more people than another. So we divide by the **reach**: the accounts that saw it at least once. In words: out of 100 accounts reached, how many gestures came back?

# %% key="rates"
# Group: interactions divided by reach, for each format
rates = kpi.engagement_rate(posts, interactions=public, by="format")
rates = rates.sort_values("engagement_rate", ascending=False)
rates[["format", "n", "engagement_rate", "low", "high"]].round(3)

# %% [markdown] key="read-rates"
# Line by line: `by="format"` makes one row a format; `engagement_rate` is a share, 0.05 means 5 gestures for 100 accounts. `low` and `high` frame what other posts of the same kind could have given: when two frames overlap, the order may be luck.
#
# **Stop.** Do photos and questions overlap? And which row has no frame at all? Look at its `n`.

# %% key="contest" translate=["Rate, all posts:", "Rate without the contest post:"]
# Filter: the page without its one contest post
usual = posts[posts["format"] != "contest"]
everything = kpi.engagement_rate(posts, interactions=public)
without = kpi.engagement_rate(usual, interactions=public)
share = everything["engagement_rate"].sum()
print("Rate, all posts:", format_percent(share))
share = without["engagement_rate"].sum()
print("Rate without the contest post:", format_percent(share))

# %% [markdown] key="facebook"
# One post among hundreds moved the rate of the whole page. “Comment to win” is paid with a prize; August has none.
#
# Now the second idea of Ines: Facebook has the best rate. Here is her chart, with every post.

# %% key="platforms" alt="Bar chart of the engagement rate of four platforms, all posts kept. Facebook is first; the three others stand close together."
# Show: the platforms, with every post
ax = explore.plot_without_biggest(posts, n=0, by="platform")
plot.show(ax)

# %% [markdown] key="try"
# **Predict:** we set aside the *one* post with the most interactions. Does Facebook stay first? Then move the slider (Tab key, arrows).
#
# 1. Rank by platform: 0 posts set aside, then 1. Where does Facebook go?
# 2. Rank by format, up to 20 posts. Does one format ever lose its place at the top once the contest is gone?
# 3. Biggest by reach, platform, from 0 to 1: the rate of Facebook goes *up*. What kind of post left?

# %% key="widget" tags=["nbval-ignore-output"]
# Show: the same ranking, with controls
explore.without_biggest_explorer(brand)

# %% [markdown] key="three-posts"
# A colleague, Tomasz, objects: “I averaged the rates of our posts. Facebook is as good as LinkedIn, contest or not.” Three posts show what he did:
#
# | Post | Reach | Interactions | Rate |
# |---|---|---|---|
# | A | 100 | 20 | 20 % |
# | B | 1,000 | 50 | 5 % |
# | C | 10,000 | 200 | 2 % |
#
# **Predict** the rate of this page: near 9 %, near 5 %, near 2 %?

# %% key="two-averages" translate=["Mean of the rates:", "Rate of the totals:"]
# Compare: two averages of the same three posts
mean_of_rates = (20 / 100 + 50 / 1000 + 200 / 10000) / 3
rate_of_totals = (20 + 50 + 200) / (100 + 1000 + 10000)
print("Mean of the rates:", format_percent(mean_of_rates))
print("Rate of the totals:", format_percent(rate_of_totals))

# %% [markdown] key="two-questions"
# The **mean of rates** gives post A, seen by 100, the weight of post C, seen by 10,000. It answers: “a post drawn at random, what rate?” The **rate of totals** answers: “of all the accounts we reached, how many gestures came back?” To share out a month's effort, this is the one. `kpi.engagement_rate` computes it.
#
# Back to Tomasz: his average, then ours, contest left out.

# %% key="both-averages"
# Compare: mean of rates and rate of totals, by platform
usual["rate"] = usual["interactions"] / usual["reach"]
both = usual.groupby("platform").agg(
    mean_of_rates=("rate", "mean"),
    got=("interactions", "sum"), reach=("reach", "sum"),
)
both["rate_of_totals"] = both["got"] / both["reach"]
both.sort_values("rate_of_totals").round(4)

# %% [markdown] key="stop-averages"
# **Stop.** Rank the platforms in each of the two columns. With the first, Ines keeps Facebook, level with the best. With the second, what does she do?
#
# Neither is false. But the **average of averages is not the average**: write which one you use. And before moving money, are the gaps solid?

# %% key="platform-frames"
# Compare: the platforms with their frames
table = kpi.engagement_rate(usual, interactions=public, by="platform")
table[["platform", "n", "engagement_rate", "low", "high"]].round(3)

# %% [markdown] key="stop-frames"
# **Stop.** Do the frames of the platforms overlap? What may you write to Ines about Facebook: “the worst”, or “nothing shows that it is the best”?
#
# Last choice, the **denominator**. Reach counts accounts. *Impressions* count displays: one account that sees a post twice makes two. The trade uses both, often under one name.

# %% key="denominators"
# Compare: the same gestures, by reach and by impressions
two = usual.groupby("platform").agg(
    got=("interactions", "sum"),
    reach=("reach", "sum"), shown=("impressions", "sum"),
)
two["engagement_rate"] = two["got"] / two["reach"]
two["interaction_rate"] = two["got"] / two["shown"]
two[["engagement_rate", "interaction_rate"]].round(4)

# %% [markdown] key="stop-denominators"
# **Stop.** One tool gives Facebook by reach, another LinkedIn by impressions. Read one figure in each column, as these two tools would: who wins? Now read both in the *same* column.
#
# | Name here | Divided by | Question |
# |---|---|---|
# | engagement rate | reach | what do people do who saw it? |
# | interaction rate | impressions | what does one display bring? |
#
# Buying displays, you need the second; choosing a format, the first. Never mix them in one chart.

# %% [markdown] key="modify"
# ## Modify
#
# The next cell ranks the formats by likes a post. **Change** `"reactions"` to `"clicks"`: Ines also wants visits to the shop. Which format comes first now? Is “the best content” one thing?

# %% key="clicks"
# Group: the mean of one column, for each format
best = usual.groupby("format").agg(a_post=("reactions", "mean"))
best.sort_values("a_post", ascending=False).round(1)

# %% [markdown] key="authors"
# Members make some of our posts. Do they start more conversation than the brand? We count comments for 1,000 accounts reached.
#
# **Predict**, run, then **change** `usual` to `posts` and run again. What happened to the row `brand`, and which post did it?

# %% key="talk"
# Compare: comments for 1,000 accounts reached, by author
talk = usual.groupby("author_type").agg(
    posts=("post_id", "count"),
    comments=("comments", "sum"), reach=("reach", "sum"),
)
talk["per_1000"] = 1000 * talk["comments"] / talk["reach"]
talk.round(2)

# %% [markdown] key="november" tags=["more"]
# And the worry of Ines: less reach since November. We keep the posts whose display was not paid for, and cut at 1 November 2024.

# %% key="november-filter" tags=["more"] translate=["Unpaid posts:"]
# Filter: the unpaid posts; True for those since 1 November 2024
unpaid = usual[usual["paid"] == False]
unpaid["since"] = unpaid["published_at"] >= "2024-11-01"
print("Unpaid posts:", len(unpaid))

# %% key="november-table" tags=["more"]
# Compare: one unpaid post, before November 2024 and since
cut = unpaid.groupby("since").agg(
    posts=("post_id", "count"), mean_reach=("reach", "mean"),
    got=("interactions", "sum"), reach=("reach", "sum"),
)
cut["rate"] = cut["got"] / cut["reach"]
cut[["posts", "mean_reach", "rate"]].round(3)

# %% [markdown] key="stop-november" tags=["more"]
# **Stop.** `False` is before, `True` since. Compare `mean_reach`, then `rate`. Is it the people who like us less, or the platforms that show us less? You write the answer in exercise 03.5.

# %% [markdown] key="repair"
# ## Repair
#
# The next cell **fails on purpose**: it uses the word of Ines. Read the last line first.

# %% key="key-error" tags=["raises-exception"]
# Group: the likes of the page
posts["likes"].sum()

# %% [markdown] key="key-error-read"
# A `KeyError` on a table: no column has this name. The name proposed is the nearest in *spelling*: is it the same thing? Find the column that holds the likes, mend the cell and run it.
#
# The second failure gives **no message**. Ines wants Tuesday 18:00. Do these posts come out on time, at most 15 minutes after the plan? `split_week` writes beside each post its `day` (1 is Monday) and its `hour`, on the clock that you name.

# %% key="on-time" translate=["Posts:", "Share on time:"]
# Filter: the posts planned for Tuesday (day 2) at 18:00
posts["delay"] = posts["published_at"] - posts["planned_at"]
posts["on_time"] = posts["delay"] <= "15min"
plan = data.split_week(posts, time="planned_at", tz="UTC")
tuesday = plan[(plan["day"] == 2) & (plan["hour"] == 18)]
print("Posts:", len(tuesday))
print("Share on time:", round(tuesday["on_time"].mean(), 2))

# %% [markdown] key="on-time-read"
# All on time! True counts as 1, False as 0, so the mean is a share. But how many Tuesdays were there in eighteen months? We expect far more posts.
#
# The table keeps time in **UTC**. In Paris, 18:00 is 16:00 UTC in summer, 17:00 in winter. We looked at the wrong posts. **Repair**: in the cell above, replace `"UTC"` by `"Europe/Paris"`. The next cell is repaired.

# %% key="on-time-paris" translate=["Posts:", "Share on time:"]
# Filter: Tuesday at 18:00, in Paris this time
plan = data.split_week(posts, time="planned_at", tz="Europe/Paris")
tuesday = plan[(plan["day"] == 2) & (plan["hour"] == 18)]
print("Posts:", len(tuesday))
print("Share on time:", round(tuesday["on_time"].mean(), 2))

# %% [markdown] key="create"
# ## Create
#
# One post is a row; a week is a map. `pivot_table` puts days in rows, hours in columns and the mean of each slot in its cell; an empty slot shows `NaN`, not 0. Then `heatmap` colours the cells and, with `annot=True`, writes the figure in them.

# %% key="on-time-grid"
# Group: the share on time, days in rows, planned hours in columns
week = plan.pivot_table(
    index="day", columns="hour", values="on_time"
)
week.round(2)

# %% key="on-time-map" alt="Heat map of the share of posts published on time, days in rows and planned hours in columns, in Paris time. Nearly all cells are dark; the cell of Tuesday at 18:00 is by far the palest." translate=["Share published on time, by planned slot", "Planned hour, in Paris", "Day (1 = Monday)", "Lowest share:"]
# Show: the same grid in colours
ax = sns.heatmap(week, annot=True, cmap="Blues", vmin=0)
ax.set(title="Share published on time, by planned slot")
ax.set(xlabel="Planned hour, in Paris", ylabel="Day (1 = Monday)")
plt.show()
print("Lowest share:", round(week.min().min(), 2))

# %% [markdown] key="stop-map"
# **Stop.** Is 18:00 on Tuesday a bad slot, or a slot that is badly kept? Who could answer? One more: posts that never came out are in no cell. Would you call them late?
#
# Now **your** map: when does a post get the most interactions? First the list, best slot on top, with every post. `best_slots` reads the clock of the community, Paris; its `weekday` begins at 0, Monday.

# %% key="best-slot"
# Group: interactions a post, by day and hour of publication
slots = kpi.best_slots(brand, interactions=public)
slots = slots.sort_values("interactions_per_post", ascending=False)
slots[["weekday", "hour", "n", "interactions_per_post"]].head(4)

# %% [markdown] key="stop-slot"
# **Stop.** The best slot of the table: would you publish then? Read its day, its hour and its `n` before you answer.
#
# With many slots and few posts in each, the first one is often luck. In the next map the colour is the interactions a post, and the number written in the cell is **how many posts** it rests on. The slot of the contest, which held no other post, is out.

# %% key="slot-grids" translate=["Slots with a post:"]
# Group: two grids, interactions a post and number of posts
slots["got"] = slots["interactions_per_post"]
others = slots[slots["got"] < slots["got"].max()]
got = others.pivot_table(index="weekday", columns="hour", values="got")
n = others.pivot_table(index="weekday", columns="hour", values="n")
print("Slots with a post:", len(others))

# %% key="slot-map" alt="Heat map of interactions a post by day and hour of publication in Paris, contest left out. The number of posts is written in each cell. The darkest cell holds the number 1; the cells that rest on many posts stand in a few columns: morning, noon, 16:00 and the evening." translate=["Colour: interactions a post; number: posts", "Hour published, in Paris", "Day (0 = Monday)", "Most posts in one slot:"]
# Show: interactions a post, with the number of posts written in
ax = sns.heatmap(got, annot=n, fmt=".0f", cmap="Blues")
ax.set(title="Colour: interactions a post; number: posts")
ax.set(xlabel="Hour published, in Paris", ylabel="Day (0 = Monday)")
plt.show()
print("Most posts in one slot:", others["n"].max())

# %% key="solid-slots" translate=["Slots with ten posts or more:"]
# Filter: slots that rest on ten posts or more
solid = others[others["n"] >= 10]
print("Slots with ten posts or more:", len(solid))
solid = solid.sort_values("got", ascending=False)
solid[["weekday", "hour", "n", "got", "low", "high"]].head(3).round()

# %% [markdown] key="stop-solid"
# **Stop.** Do the frames of these three slots overlap? Then no slot has won: take one that is well kept, and **try** another on purpose for a month.

# %% [markdown] key="decide"
# ## Decide
#
# Answer Ines: four lines, one a week, with **what, where, when**, and the figure each rests on. Say aloud which rate you will compare at the end of August, with its denominator.
#
# The next cell opens the card; the handout has a decision card on paper.

# %% key="card" tags=["nbval-ignore-output"]
learn.form("03.6")

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}

# %% [markdown] key="gdpr"
# **A GDPR minute.** Members' posts are personal data: name nobody in a ranking, ask before you publish their content again, and write down the consent. Counting by `author_type` needs no name.
#
# **Exit ticket.** On a slip of paper: your rate, its numerator, its denominator, and one question that is left.

# %% [markdown] key="save"
# Next: the [exercises of this module](../../exercises/en/03_engagement_and_calendar.ipynb). To see how far you are, run `learn.progress()` in a cell.
