# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Three minutes, without looking back:
#
# 1. Two posts: 10 interactions for 100 accounts reached, 10 for 1,000. What is the rate of the two together? (module 03)
# 2. What must a definition of “active” say? (module 02)
# 3. A slide says “64 % are women”. Which three things do you ask for? (module 01)

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. 20 for 1,100: total by total, about 1.8 %, not the mean of 10 % and 1 %. 2. Who, does what, how often, in how many days. 3. Its source, its date and its base: 64 % of whom?
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > Two hours a week have come free. I would put them into **recruiting**: the contest of last September brought us more people in three weeks than any whole month before it. No need to look after those we have, **our members are loyal**: of those active in June who were here before May, eight in ten had come in May too. Welcoming newcomers is nice, but does it change anything? Tell me by Friday.
#
# By the end you will have an answer, with its doubts.

# %% [markdown] key="predict"
# ## Predict
#
# Three people. We look at them on 15 July.
#
# | | Joined on | Seen again, days after joining |
# |---|---|---|
# | Kofi | 1 January | 12, 95 |
# | Marta | 1 January | 3, 40 |
# | Linh | 5 July | 2 |
#
# “Did they come at least once on days 90 to 119?” Write **yes**, **no** or **something else** for each. Keep the sheet: we come back to it.
#
# Now two bets. Of 100 people who join through the contest, how many come on days 90 to 119? Of 100 who come because a friend told them (`referral`)? Write both on your sheet, or on the handout.

# %% [markdown] key="run"
# ## Run
#
# A **cohort** is a group of people who arrived in the same month. We follow each one in windows of 30 days, counted from the arrival of each person: window 1 holds days 30 to 59, window 3 days 90 to 119.

# %% key="start"
# Load: the tools and the community
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from cmlib import data, explore, kpi, learn, plot

learn.start("04", language="en")
brand = data.load("brand").view(without="team")

# %% key="team" translate=["Members:"]
# Filter: the members, without the team and its robot
members, events = brand.members, brand.events
people = members[members["role"] == "member"]
print("Members:", len(people))

# %% key="cohorts"
# Group: each month's arrivals, window after window
cohorts = kpi.classic_retention(brand, windows=6)
november = cohorts[cohorts["cohort"] == "2024-11-01"]
november[["cohort", "window", "n", "retained", "retention"]]

# %% [markdown] key="read-aloud"
# Seven rows, one cohort. Read one **aloud**, always in this order: *of the* `n` *people who arrived in November 2024,* `retained` *came at least once in window…, that is* `retention`.
#
# **Stop.** Read window 1, then window 3, to your neighbour. Window 3 is larger than window 2: how can it be, if nobody new may enter a cohort?

# %% key="aloud" translate=["Window 2:", "Window 3:"]
# Compare: two cells of the same line
two = november[november["window"] == 2]["retained"].sum()
three = november[november["window"] == 3]["retained"].sum()
print("Window 2:", int(two))
print("Window 3:", int(three))

# %% [markdown] key="read-rise"
# Nobody entered; some **came back**. Each window asks again: “seen in these thirty days, yes or no?” Who is away in window 2 and back in window 3 counts in window 3. Being absent is not having left. And coming back hints that somebody feels at home here; it does not measure a sense of belonging, for which you have to ask.
#
# Check how you read, before the cells become many:

# %% key="read-form" tags=["nbval-ignore-output"]
learn.form("04.1")

# %% [markdown] key="explore"
# ## Explore
#
# Here are all the cohorts: one line each. Above, a number is a cell you can read aloud; below, the framed line as a curve.

# %% key="triangle"
# Show: the triangle, and one of its lines as a curve
ax = explore.plot_cohort(cohorts, cohort="2024-11-01")
plot.show(ax)

# %% [markdown] key="triangle-look"
# Run the next cell, choose months, look at both pictures. Find:
#
# 1. the worst line in window 1, and the worst in window 3: is it the same month?
# 2. what happens to September 2024 when you leave the contest out;
# 3. the white cells, at the bottom. What do they mean?

# %% key="explorer" tags=["nbval-ignore-output"]
# Show: a cohort of your choice, in the triangle and as a curve
explore.cohort_explorer(brand)

# %% key="worst" translate=["Lowest in window 1:", "Lowest in window 3:"]
# Compare: the lowest line of window 1 and of window 3
one = cohorts[cohorts["window"] == 1].sort_values("retention")
three = cohorts[cohorts["window"] == 3].sort_values("retention")
print("Lowest in window 1:", one["cohort"].head(1).max())
print("Lowest in window 3:", three["cohort"].head(1).max())

# %% [markdown] key="read-worst"
# In April 2025 hundreds of accounts were created in five days and hardly any was seen again: module 09 asks who they are. Window 3 of that month is white, for those days have not all passed.
#
# In January 2024, at the top, a quarter of the arrivals are the founders, invited before the start: they all stayed.

# %% [markdown] key="loyal"
# **“Our members are loyal.”** Ines's figure, again. We need one verb more: `isin` says, row by row, whether a number is *in* another list.

# %% key="loyal-check"
# Filter: people here before May, seen in May, seen in June
here = people[people["joined_at"] < "2025-05-01"]
spring = events[events["timestamp"] >= "2025-05-01"]
may = spring[spring["timestamp"] < "2025-06-01"]
june = spring[spring["timestamp"] >= "2025-06-01"]
june = june[june["timestamp"] < "2025-07-01"]
in_june = here[here["member_id"].isin(june["member_id"])]
loyal = in_june["member_id"].isin(may["member_id"])

# %% key="loyal-show" translate=["Active in June, here before May:", "Of them, active in May too:"]
# Compare: the figure of the message, and its base
print("Active in June, here before May:", len(in_june))
print("Of them, active in May too:", round(loyal.mean(), 3))

# %% [markdown] key="loyal-stop"
# The arithmetic is right. **Stop.** Who had a chance to be counted in this figure? Who had none? Write the base you would have chosen, then run the next cell.

# %% key="loyal-all" translate=["Here before May:", "Of them, active in June:"]
# Compare: the same June, seen from all those who arrived
print("Here before May:", len(here))
all_june = here["member_id"].isin(june["member_id"])
print("Of them, active in June:", round(all_june.mean(), 3))

# %% [markdown] key="loyal-read"
# The first figure asks the people still in the room whether they have stayed. Those who left cannot answer. This is **survivorship**: a group chosen by what we want to measure. A cohort repairs it, for it is closed on the day of arrival: whoever leaves stays in the base.

# %% [markdown] key="channels"
# **Who stays, by origin?** The date of joining is in `people`, the visits are in `events`. `merge` puts both on one row, for rows with the same `member_id`. Three lines by hand:
#
# | `member_id` | seen | − joined | = age |
# |---|---|---|---|
# | 1 (Kofi) | 6 April | 1 January | 95 days |
# | 2 (Marta) | 10 February | 1 January | 40 days |
# | 3 (Linh) | 7 July | 5 July | 2 days |

# %% key="ages"
# Load: each action beside the day its author joined
seen = events.merge(people, on="member_id")
seen["age"] = seen["timestamp"] - seen["joined_at"]
seen[["kind", "source", "age"]].head(3)

# %% key="stayed"
# Filter: the actions of days 90 to 119, then their authors
low, high = pd.Timedelta(days=90), pd.Timedelta(days=120)
late = seen[(seen["age"] >= low) & (seen["age"] < high)]
people["stayed"] = people["member_id"].isin(late["member_id"])

# %% key="by-source" alt="Bar chart of the share of members seen on days 90 to 119, one bar an origin. Imported founders all stayed; after them referral is the highest, contest the lowest." translate=["Seen again on days 90 to 119", "Origin", "Share of members, 0 to 1"]
# Show: the share who stayed, by origin
ax = sns.barplot(data=people, x="source", y="stayed", errorbar=None)
ax.set(title="Seen again on days 90 to 119", xlabel="Origin")
ax.set(ylabel="Share of members, 0 to 1")
plt.show()
by_source = people.groupby("source")["stayed"].mean()
print(by_source.round(3))

# %% [markdown] key="by-source-stop"
# Line by line: `age` is a difference of two dates; `pd.Timedelta(days=90)` a length of time; `&` means “and also”; the `mean` of yes (1) and no (0) is a share.
#
# **Stop.** Compare with your two bets. Then: the budget of one origin other than the contest must be cut. **Which one?** Write its name before you go on.

# %% [markdown] key="modify"
# ## Modify
#
# “Retained” has two rival definitions.
#
# | | Seen… | The question it answers |
# |---|---|---|
# | **Classic** | in the window itself | How many will be there in that month? |
# | **Rolling** | in the window **or later** | How many had not left for good? |
#
# Marta came on days 3 and 40, Kofi on days 12 and 95. In window 1 (days 30 to 59), who is retained, by each definition?
#
# Next: everybody who arrived from February to December 2024. They are the same people in both columns, and all old enough.

# %% key="group" translate=["Members in the group:"]
# Filter: those who arrived from February to December 2024
group = people[people["joined_at"] >= "2024-02-01"]
group = group[group["joined_at"] < "2025-01-01"]
inside = members["member_id"].isin(group["member_id"])
arrived = brand.view(without=members[inside == False])
print("Members in the group:", len(group))

# %% key="classic"
# Group: classic retention of the group, all cohorts together
rows = kpi.classic_retention(arrived, windows=5)
rows = rows[rows["complete"]]
classic = rows.groupby("window")[["n", "retained"]].sum()
classic["retention"] = classic["retained"] / classic["n"]

# %% key="rolling" translate=["Classic, window 1:", "Rolling, window 1:"]
# Compare: the rival definition, for the same people
rolling = kpi.rolling_retention(arrived, windows=5)
print("Classic, window 1:", round(classic["retention"][1], 3))
print("Rolling, window 1:", round(rolling["retention"][1], 3))
later = rolling[rolling["window"] >= 1]
curve = classic["retention"][1:]

# %% key="rivals" alt="Line chart with two curves over windows 1 to 5. The rolling curve is above or beside the classic one and never rises; the classic one rises in window 3." translate=["Two definitions of “retained”", "Window (30 days)", "Classic", "Rolling", "Share of members, 0 to 1", "Windows drawn:"]
# Show: both curves, from window 1 on
ax = sns.lineplot(curve, marker="o", label="Classic")
sns.lineplot(later["retention"], marker="s", label="Rolling")
ax.set(title="Two definitions of “retained”", xticks=range(1, 6))
ax.set(ylim=(0, None))
ax.set(xlabel="Window (30 days)", ylabel="Share of members, 0 to 1")
plt.show()
print("Windows drawn:", len(later))

# %% [markdown] key="rivals-read"
# Round markers: classic. Square markers: rolling, which cannot rise. Ines adds a rule: “if one arrival in four is still with us in window 1, we recruit; if not, we welcome.” **Stop.** What does each definition answer?
#
# - **Classic** decides how many places to book for next month's meeting: who will be there?
# - **Rolling** decides whose account to close or whom to call back: who has left for good? It changes afterwards: one visit today rewrites last year.
#
# **Your change.** In the cell that makes `group`, put `"2025-06-01"` for `"2025-01-01"`, then `"2025-01-01"` for `"2024-02-01"`. Run the four cells: which windows are left in the classic curve? Put the dates back.

# %% [markdown] key="repair"
# ## Repair
#
# A colleague draws window 3 for the monthly report, and writes: “**Alarm: since spring nobody stays any more.**” No error anywhere. Look.

# %% key="sums"
# Group: window 3, month of arrival by month of arrival
window = cohorts[cohorts["window"] == 3]
sums = window.groupby("cohort")[["retained", "n"]].sum()
sums["share"] = sums["retained"] / sums["n"]

# %% key="alarm" alt="Line chart of the share of each month's arrivals seen in window 3. It moves between about fifteen and forty-five percent, then falls to exactly zero for the last months." translate=["Seen in window 3, by month of arrival", "Month of arrival", "Share of members, 0 to 1", "Months at zero:"]
# Show: the colleague's curve
ticks = pd.to_datetime(["2024-02-01", "2024-09-01", "2025-03-01"])
ax = sns.lineplot(sums["share"], marker="o")
ax.set(xticks=ticks)
ax.set(title="Seen in window 3, by month of arrival")
ax.set(xlabel="Month of arrival", ylabel="Share of members, 0 to 1")
plt.show()
print("Months at zero:", len(sums[sums["share"] == 0]))

# %% key="alarm-rows"
# Show: the last rows the curve was made from
last = window.sort_values("cohort", ascending=False)
last[["cohort", "n", "retained", "complete"]].head(5)

# %% [markdown] key="alarm-read"
# `NaN` means “not known”: those days have not passed for everyone. Then `sum` added nothing up, and **nothing became 0**. Look at your sheet: what did you write for Linh, who joined ten days ago? Neither yes nor no: *not known yet*.
#
# Repair it yourself: in the colleague's first cell, before `groupby`, keep the rows of `window` whose `complete` is true. How many months at zero are left?

# %% key="repaired" translate=["Months at zero:", "Months known:"]
# Filter: only the months observed to the end of the window
known = window[window["complete"]]
sums = known.groupby("cohort")[["retained", "n"]].sum()
sums["share"] = sums["retained"] / sums["n"]
print("Months known:", len(sums))
print("Months at zero:", len(sums[sums["share"] == 0]))

# %% [markdown] key="ours-too"
# The colleague is not alone. **Our own chart by origin had the same bug**: which line of the cell that makes `stayed` should have asked how old the members are?
#
# To judge day 119, a member must have joined 120 days before the end.

# %% key="old-enough" translate=["Old enough:", "Too young, left out:"]
# Filter: members who have been here for 120 days or more
old = people[people["joined_at"] <= brand.end - high]
print("Old enough:", len(old))
print("Too young, left out:", len(people) - len(old))

# %% key="by-source-right"
# Compare: the share who stayed, now and before the repair
table = old.groupby("source")[["stayed"]].mean()
table["before"] = by_source
table["members"] = old["source"].value_counts()
table.round(3)

# %% [markdown] key="ours-too-read"
# **Stop.** Which origin had you cut? Look at `search` and `social` in `stayed` (repaired) and in `before`: who is ahead? The bug would have closed the wrong tap.
#
# Most of what made `search` look bad are the accounts of April: too young for this window, though they will be judged one day. `import` stands for the founders, invited before the start: keep them out of a comparison.

# %% [markdown] key="create"
# ## Create
#
# “Does welcoming change anything?” Build the answer: was the **first topic** of each member answered by somebody else within 24 hours?

# %% key="first-topics" translate=["Members who opened a topic:"]
# Filter: the first topic of each member
topics = events[events["kind"] == "topic"].sort_values("timestamp")
topics = topics[topics["member_id"].isin(old["member_id"])]
first = topics.groupby("member_id").head(1)
print("Members who opened a topic:", len(first))

# %% key="answers"
# Load: the answers beside the topics, then those of the first day
replies = events[events["kind"] == "reply"]
pairs = first.merge(replies, on="thread_id", suffixes=("", "_2"))
pairs = pairs[pairs["member_id"] != pairs["member_id_2"]]
wait = pairs["timestamp_2"] - pairs["timestamp"]
quick = pairs[wait < pd.Timedelta(hours=24)]
first["welcomed"] = first["event_id"].isin(quick["event_id"])

# %% key="welcome" translate=["Gap, points:"]
# Compare: those answered in a day with the others
both = first[["member_id", "welcomed"]].merge(old, on="member_id")
share = both.groupby("welcomed")["stayed"].mean()
print(share.round(3))
gap = share[True] - share[False]
print("Gap, points:", round(100 * gap, 1))

# %% [markdown] key="welcome-stop"
# **Stop.** Ines wants to write “an early answer keeps so many members more”. Before you sign: what else might differ between the two groups? Look at where they come from.

# %% key="origin"
# Group: who was answered within a day, by origin
table = both.groupby("source")[["welcomed", "stayed"]].mean()
table["members"] = both["source"].value_counts()
table.sort_values("welcomed").round(2)

# %% [markdown] key="origin-read"
# One origin is at the bottom of **both** columns: answered less and staying less. It pulls the two groups apart whatever an answer does. Set it aside and measure again. How many points will be left? Write a number first.

# %% key="aside" translate=["Gap without the contest, points:", "Part of the gap that went, %:"]
# Compare: the same gap, the contest set aside
rest = both[both["source"] != "contest"]
share_2 = rest.groupby("welcomed")["stayed"].mean()
print(share_2.round(3))
gap_2 = share_2[True] - share_2[False]
print("Gap without the contest, points:", round(100 * gap_2, 1))
print("Part of the gap that went, %:", round(100 * (1 - gap_2 / gap)))

# %% [markdown] key="aside-read"
# Part of the gap was the contest; most of it is left. **Stop.** Look at the table by origin once more, line `import`: the founders. They were answered less than most, and they **all** stayed. Do they make the gap look larger than it is, or smaller? Write it down, then run.

# %% key="founders" translate=["Gap without the founders either, points:"]
# Compare: the same gap, the founders set aside too
rest = rest[rest["source"] != "import"]
share_3 = rest.groupby("welcomed")["stayed"].mean()
print(share_3.round(3))
gap_3 = share_3[True] - share_3[False]
print("Gap without the founders either, points:", round(100 * gap_3, 1))

# %% [markdown] key="founders-read"
# The contest swelled the gap, the founders hid a part of it. You can set aside only what you have thought of.
#
# Is what remains the effect of the answer? **Not proved.** Whoever writes a clear question may be answered sooner *and* be keener to stay. Going together is not causing.
#
# To know, draw by lot whom you welcome for a month (module 07). Here the data are made by a program, and your trainer can tell whether an early answer really did something: ask, once you have written your decision.

# %% [markdown] key="own" tags=["more"]
# **A question of your own.** Put another column in place of `"source"`: `"age_band"`, `"language"`, `"country"`. Say the sentence aloud first, with its base. A group of a few dozen people moves by chance alone.

# %% key="own-code" tags=["more"]
# Group: a question of your own
old.groupby("source")["stayed"].mean().sort_values().round(3)

# %% [markdown] key="risk"
# **Members at risk.** One last list: those who used to come and have fallen silent. Our definition: ten actions or more, nothing for 30 days, but something in the last 90.

# %% key="risk-quiet"
# Load: for each member, the last action and the number of actions
last = events.groupby("member_id")["timestamp"].max()
times = events["member_id"].value_counts()
silence = people.merge(last, on="member_id")
silence = silence.merge(times, on="member_id")
silence["quiet"] = brand.end - silence["timestamp"]

# %% key="risk-list"
# Filter: regulars silent for 30 to 90 days
risk = silence[silence["count"] >= 10]
risk = risk[risk["quiet"] >= pd.Timedelta(days=30)]
risk = risk[risk["quiet"] < pd.Timedelta(days=90)]

# %% key="risk-count" translate=["Members at risk:"]
# Group: count them, never fewer than five together
print("Members at risk:", len(risk))
counts = risk["source"].value_counts()
counts[counts >= 5]

# %% [markdown] key="decide"
# ## Decide
#
# Two hours a week: **welcoming or recruiting?** You have the shares by origin, the gap with and without the contest, the number of members at risk. Write to Ines in five lines: your decision, the figure it rests on, with its base and its definition, what it does not prove, and what you will look at in three months.
#
# Was the prediction on your sheet far off? Say so too: a surprise is worth a line.

# %% key="card" tags=["nbval-ignore-output"]
learn.form("04.6")

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}

# %% [markdown] key="gdpr"
# **A GDPR minute.** The list of members at risk is made of people. In a report: a number, and no group under five. To write to them, one person opens the list, for that purpose, and deletes it afterwards. “Silent” is a guess on somebody's life, illness or mourning perhaps: no label on an account, no reproach in the message.
#
# **Exit ticket.** On a slip of paper: one sentence in which *loyal* has a base, and one thing that is not clear yet.
#
# Next: the [exercises of this module](../../exercises/en/04_retention.ipynb).
