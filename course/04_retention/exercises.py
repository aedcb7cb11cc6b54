# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Replace the three dots `...`, then **Shift+Enter**. “Not yet” is an answer like another: nobody counts the tries. Stuck? Write `learn.hint("04.2")` in a cell, with the number of your question. Once you have tried: `learn.solution("04.2")`.

# %% key="start"
# Load: the tools and the community
import pandas as pd
from cmlib import data, kpi, learn

learn.start("04", language="en")
brand = data.load("brand").view(without="team")
members, events = brand.members, brand.events

# %% key="seen"
# Load: each action beside the day its author joined
people = members[members["role"] == "member"]
seen = events.merge(people, on="member_id")
seen["age"] = seen["timestamp"] - seen["joined_at"]
print(seen["age"].max())

# %% [markdown] key="e1"
# ## Exercise 04.1: read a cell aloud
#
# In the triangle, the line of November 2024 crosses window 2 at 28 %. Which sentence reads this cell?
#
# Run the cell, choose, press **Check**.

# %% key="e1-form" tags=["nbval-ignore-output"]
learn.form("04.1")

# %% [markdown] key="e1-code"
# The same in code: your letter between quotation marks, in place of the three dots.

# %% key="e1-answer"
# Show: your answer
### BEGIN SOLUTION
answer = "b"
### END SOLUTION
learn.check("04.1", answer)

# %% [markdown] key="e2"
# ## Exercise 04.2: from 90 to 30 days
#
# Ines does not want to wait four months. Change the lines below so that they give, by origin, the share seen on **days 30 to 59**. Three places are to be thought over: two ends of the window, and the age a member must have reached to be judged.
#
# Then put the name of the result, `by_source`, in place of the three dots.

# %% key="e2-window" starter="low, high = pd.Timedelta(days=90), pd.Timedelta(days=120)\nlate = seen[(seen[\"age\"] >= low) & (seen[\"age\"] < high)]\nlimit = brand.end - pd.Timedelta(days=120)"
# Filter: the window, and the last day to have joined
### BEGIN SOLUTION
low, high = pd.Timedelta(days=30), pd.Timedelta(days=60)
late = seen[(seen["age"] >= low) & (seen["age"] < high)]
limit = brand.end - pd.Timedelta(days=60)
### END SOLUTION

# %% key="e2-answer" starter="old = people[people[\"joined_at\"] <= limit]\nold[\"stayed\"] = old[\"member_id\"].isin(late[\"member_id\"])\nby_source = old.groupby(\"source\")[\"stayed\"].mean()\nanswer = ..."
# Group: the share seen again, by origin
### BEGIN SOLUTION
old = people[people["joined_at"] <= limit]
old["stayed"] = old["member_id"].isin(late["member_id"])
by_source = old.groupby("source")["stayed"].mean()
answer = by_source
### END SOLUTION
learn.check("04.2", answer)

# %% [markdown] key="e2-more" tags=["answer"]
# **Whose share fell most, and why?** At 30 days `search` is close to the contest; at 90 it was far ahead. Waiting less lets younger members in, and with them the accounts created in five days of April 2025. Before you compare 30 days with 90, make sure that they are the same people.

# %% [markdown] key="e3"
# ## Exercise 04.3: repair
#
# One figure for the report: of all those who arrived, which share came in **window 3** (days 90 to 119)? The lines below run without an error and give too little. Find out who is counted as lost, repair them, then put `share` in place of the three dots.

# %% key="e3-cohorts"
# Group: each month's arrivals, window after window
cohorts = kpi.classic_retention(brand, windows=6)
window = cohorts[cohorts["window"] == 3]

# %% key="e3-answer" starter="share = window[\"retained\"].sum() / window[\"n\"].sum()\nprint(round(share, 3))\nanswer = ..."
# Compare: those seen again with those who arrived
### BEGIN SOLUTION
window = window[window["complete"]]
share = window["retained"].sum() / window["n"].sum()
print(round(share, 3))
answer = share
### END SOLUTION
learn.check("04.3", answer)

# %% [markdown] key="e4"
# ## Exercise 04.4: write
#
# “Our English speakers do not stay”, says Ines. Write the lines: by `language`, the share of members seen on **days 90 to 119**, members who joined less than 120 days before the end left out, team left out.
#
# You need `seen`, `people`, two lengths of time, `isin` and `groupby`.

# %% key="e4-answer" starter="by_language = ..."
# Group: the share seen again, by language
### BEGIN SOLUTION
low, high = pd.Timedelta(days=90), pd.Timedelta(days=120)
late = seen[(seen["age"] >= low) & (seen["age"] < high)]
old = people[people["joined_at"] <= brand.end - high]
old["stayed"] = old["member_id"].isin(late["member_id"])
by_language = old.groupby("language")["stayed"].mean()
### END SOLUTION
learn.check("04.4", by_language)

# %% [markdown] key="e4-more" tags=["answer"]
# **What to answer Ines?** The two shares are less than five points apart, and the smaller group holds a few hundred people: a gap that chance makes easily. “I see no difference to act upon” is a result.

# %% [markdown] key="e5"
# ## Exercise 04.5: interpret
#
# Members whose first topic was answered within a day stay more often. Once those who came through the contest are set aside, the gap is smaller, but it is there. What may you write to Ines?

# %% key="e5-form" tags=["nbval-ignore-output"]
learn.form("04.5")

# %% [markdown] key="e5-code"
# The same in code:

# %% key="e5-answer"
# Show: your answer
### BEGIN SOLUTION
answer = "c"
### END SOLUTION
learn.check("04.5", answer)

# %% [markdown] key="e6"
# ## Exercise 04.6: decide
#
# Two hours a week: welcoming or recruiting? The card of the lesson, in code; `learn.form("04.6")` opens it with boxes. One sentence a line, between quotation marks.

# %% key="e6-answer" translate=["welcoming, two hours a week", "half of the referred members seen on days 90 to 119", "classic retention, base: all who arrived"] starter="card = {}\ncard[\"decision\"] = ...\ncard[\"figure\"] = ...\ncard[\"definition\"] = ..."
# Compare: the two ways to spend two hours
### BEGIN SOLUTION
card = {}
card["decision"] = "welcoming, two hours a week"
figure = "half of the referred members seen on days 90 to 119"
card["figure"] = figure
card["definition"] = "classic retention, base: all who arrived"
### END SOLUTION

# %% key="e6-limits" translate=["that the early answer causes the gap", "a draw by lot that shows no difference"] starter="card[\"not_proved\"] = ...\ncard[\"review\"] = ..."
# Show: what the figure does not prove, and what would change it
### BEGIN SOLUTION
card["not_proved"] = "that the early answer causes the gap"
card["review"] = "a draw by lot that shows no difference"
### END SOLUTION
learn.check("04.6", card)
