# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Replace the three dots `...`, then **Shift+Enter**. Stuck? Write `learn.hint("05.2")` in a cell, with the number of your question. Once you have tried: `learn.solution("05.2")`.

# %% key="start"
# Load: the tools and the community
from cmlib import data, kpi, learn

learn.start("05", language="en")
brand = data.load("brand").view(without="team")

# %% [markdown] key="e1"
# ## Exercise 05.1: predict
#
# August: everybody is on holiday, and each member writes **half** as many messages as in July. What becomes of the Gini coefficient?
#
# Run the cell, choose, press **Check**.

# %% key="e1-form" tags=["nbval-ignore-output"]
learn.form("05.1")

# %% [markdown] key="e1-code"
# The same in code: your letter between quotation marks, in place of the three dots.

# %% key="e1-answer"
# Compare: your prediction with what the Gini measures
### BEGIN SOLUTION
answer = "c"
### END SOLUTION
learn.check("05.1", answer)

# %% [markdown] key="e2"
# ## Exercise 05.2: from messages to topics
#
# The lesson computed the Gini of messages among those who wrote. Compute the Gini of **topics** among those who opened one, the team left out.

# %% key="e2-answer" starter="gini = ..."
# Group: how unequally topics are shared
### BEGIN SOLUTION
gini = kpi.gini(brand, kinds=["topic"])
### END SOLUTION
learn.check("05.2", gini)

# %% [markdown] key="e2-more" tags=["answer"]
# **Compare** with `kinds=["reply"]`: many people ask, few answer. If a core has to be protected, it is first of all the one that answers.

# %% [markdown] key="e3"
# ## Exercise 05.3: repair
#
# How many topics did the five best starters **among the members** open, the five added up? The lines below run, and count people who are not members. Repair them.

# %% key="e3-answer" starter="log = brand.events\ntopics = log[log[\"kind\"] == \"topic\"]\nstarters = topics.groupby(\"member_id\", as_index=False).agg(\n    n=(\"event_id\", \"count\"))\nfive = starters.sort_values(\"n\", ascending=False).head(5)\ntotal = ..."
# Group: topics opened by the five best starters
### BEGIN SOLUTION
log = brand.counted()
topics = log[log["kind"] == "topic"]
starters = topics.groupby("member_id", as_index=False).agg(
    n=("event_id", "count"))
five = starters.sort_values("n", ascending=False).head(5)
total = five["n"].sum()
### END SOLUTION
learn.check("05.3", total)

# %% [markdown] key="e4"
# ## Exercise 05.4: one month
#
# What share of the messages of **May 2025** did the 10 % most active writers of that month write, the team left out? `brand.view(start=…, end=…)` reports one period: `start` included, `end` excluded, days of Paris. Give a share, without rounding.

# %% key="e4-answer" starter="may = ...\ntable = ...\nshare = ..."
# Group: the most active writers of May 2025
### BEGIN SOLUTION
may = brand.view(start="2025-05-01", end="2025-06-01")
table = kpi.top_share(may, top=0.1)
share = table["share"].max()
### END SOLUTION
learn.check("05.4", share)

# %% [markdown] key="e4-more" tags=["answer"]
# **A month is not the whole life.** Over eighteen months the 10 % most active hold much more. The core changes: those of the first months are not all there in May, and over a long period everybody who passed once makes the base wider. Compare periods of the same length only.

# %% [markdown] key="e5"
# ## Exercise 05.5: the consultant
#
# A consultant writes: “Your community obeys the 90-9-1 law, as van Mierlo proved in 2014.” The study, by rank: 74.7 %, 24.0 % and 1.3 % of the content for the 1 %, 9 % and 90 %; less than 25 % of the accounts had posted. Your figures are in the lesson. Which sentence do they allow?

# %% key="e5-form" tags=["nbval-ignore-output"]
learn.form("05.5")

# %% key="e5-answer"
# Compare: the sentence and the two readings of the rule
### BEGIN SOLUTION
answer = "b"
### END SOLUTION
learn.check("05.5", answer)

# %% [markdown] key="e6"
# ## Exercise 05.6: your answer to Ines
#
# Ambassadors or not, and what becomes of the silent accounts? There is no single right answer: the card is complete, or not yet.
#
# With the form, or in code in the cell after it.

# %% key="e6-form" tags=["nbval-ignore-output"]
learn.form("05.6")

# %% key="e6-answer" translate=["a small one, for members who answer", "twenty replies in three months, consent given, team out", "two people for each subject, a break is allowed", "invite those who wrote once to answer a newcomer", "keep readers, write once to absent members", "ambassadors who write less after six months"] starter="card = {\"programme\": ..., \"who\": ...}\ncard[\"protect\"], card[\"widen\"] = ..., ...\ncard[\"silent\"], card[\"doubt\"] = ..., ..."
# Compare: the two signatures that Ines asks for
### BEGIN SOLUTION
card = {"programme": "a small one, for members who answer"}
card["who"] = "twenty replies in three months, consent given, team out"
card["protect"] = "two people for each subject, a break is allowed"
card["widen"] = "invite those who wrote once to answer a newcomer"
card["silent"] = "keep readers, write once to absent members"
card["doubt"] = "ambassadors who write less after six months"
### END SOLUTION
learn.check("05.6", card)
