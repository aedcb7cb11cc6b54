# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Replace the three dots `...`, then **Shift+Enter**. “Not yet” is an answer like another: nobody counts the tries. Stuck? Write `learn.hint("02.2")` in a cell, with the number of your question. Once you have tried: `learn.solution("02.2")`.

# %% key="start"
# Load: the tools and the community
import pandas as pd
from cmlib import data, kpi, learn

learn.start("02", language="en")
brand = data.load("brand").view(without="team")
events = brand.counted()

# %% [markdown] key="e1"
# ## Exercise 02.1: predict
#
# Each month 20 people join a community and 100 members stop coming. What does its curve of **accounts so far** do?
#
# Run the cell, choose, press **Check**.

# %% key="e1-form" tags=["nbval-ignore-output"]
learn.form("02.1")

# %% [markdown] key="e1-code"
# The same in code: your letter between quotation marks, in place of the three dots.

# %% key="e1-answer"
# Compare: your prediction with what the curve holds
### BEGIN SOLUTION
answer = "b"
### END SOLUTION
learn.check("02.1", answer)

# %% [markdown] key="e2"
# ## Exercise 02.2: from months to weeks
#
# The lesson counted active members by month. Count them **by week**, all actions included, the team left out, weeks cut in Paris. How many members were active in the busiest complete week?

# %% key="e2-answer" starter="weeks = ...\nbusiest = ..."
# Group: members active in each week
### BEGIN SOLUTION
weeks = kpi.active_by_period(brand, period="week")
busiest = weeks[weeks["complete"]]["n"].max()
### END SOLUTION
learn.check("02.2", busiest)

# %% [markdown] key="e2-more" tags=["answer"]
# **Which week is it?** `weeks.sort_values("n", ascending=False).head(1)` gives its Monday. It is not in the month of the contest: in April 2025 hundreds of accounts were created in a few days and did next to nothing. A peak of activity is not always good news.

# %% [markdown] key="e3"
# ## Exercise 02.3: repair
#
# How many publications of the export came out on **1 June 2025 or later**? The lines below keep too many rows, without an error. Find why, repair them, then write the number in place of the three dots: `len(since)`.

# %% key="e3-answer" starter="dates = export[\"Date de publication\"]\nsince = dates[dates >= \"01/06/2025\"]\nnumber = ..."
# Filter: the publications since 1 June 2025
path = "../../datasets/brand/exports/export_fr.csv"
export = pd.read_csv(path, sep=";")
### BEGIN SOLUTION
dates = pd.to_datetime(export["Date de publication"], format="%d/%m/%Y")
since = dates[dates >= "2025-06-01"]
number = len(since)
### END SOLUTION
learn.check("02.3", number)

# %% [markdown] key="e4"
# ## Exercise 02.4: one channel
#
# The whole community has fewer active members in June 2025 than in August 2024, the month before the contest. Is it so on **Instagram** (`channel` is `"instagram"`)?
#
# Compute the growth of its active members between these two months, as a share, without rounding. `brand.view(events=instagram)` is the community of which these rows alone count.

# %% key="e4-answer" starter="instagram = ...\nmonths = ..."
# Group: active members of one channel, by month
### BEGIN SOLUTION
instagram = events[events["channel"] == "instagram"]
months = kpi.active_by_period(brand.view(events=instagram))
### END SOLUTION

# %% key="e4-growth" starter="august = ...\njune = ...\ngrowth = ..."
# Compare: June 2025 with August 2024
### BEGIN SOLUTION
august = months[months["period"] == "2024-08-01"]["n"].sum()
june = months[months["period"] == "2025-06-01"]["n"].sum()
growth = (june - august) / august
### END SOLUTION
learn.check("02.4", growth)

# %% [markdown] key="e4-more" tags=["answer"]
# **Go on:** the same for `"facebook"` and `"website"`. The total falls while one channel grows: people moved. And the three channels added up give more than the community, for some members use two.

# %% [markdown] key="e5"
# ## Exercise 02.5: read the peak of September
#
# Which sentence do the data allow?

# %% key="e5-form" tags=["nbval-ignore-output"]
learn.form("02.5")

# %% key="e5-answer"
# Compare: the peak with the months that follow
### BEGIN SOLUTION
answer = "b"
### END SOLUTION
learn.check("02.5", answer)

# %% [markdown] key="e6"
# ## Exercise 02.6: your answer to Ines
#
# Buy sign-ups, or look after those you have? Three KPIs, each with a target and a date; one figure dropped. There is no single right answer: the card is complete, or not yet.
#
# With the form, or in code in the two cells after it.

# %% key="e6-form" tags=["nbval-ignore-output"]
learn.form("02.6")

# %% key="e6-answer" translate=["look after the members we have", "members with four actions in thirty days", "accounts so far: it cannot fall", "contest members who come back as often as the others"] starter="card = {}\ncard[\"decision\"] = ...\ncard[\"active\"] = ...\ncard[\"dropped\"] = ...\ncard[\"doubt\"] = ..."
# Compare: the two ways to spend the money
### BEGIN SOLUTION
card = {}
card["decision"] = "look after the members we have"
card["active"] = "members with four actions in thirty days"
card["dropped"] = "accounts so far: it cannot fall"
card["doubt"] = "contest members who come back as often as the others"
### END SOLUTION

# %% key="e6-kpis" translate=["active members, 10 % more by December", "newcomers seen after 30 days, 5 points more by December", "members who wrote, no less than in June"] starter="card[\"kpi_1\"] = ...\ncard[\"kpi_2\"] = ...\ncard[\"kpi_3\"] = ..."
# Show: three KPIs, each with its target and its date
### BEGIN SOLUTION
one = "active members, 10 % more by December"
two = "newcomers seen after 30 days, 5 points more by December"
three = "members who wrote, no less than in June"
card["kpi_1"], card["kpi_2"], card["kpi_3"] = one, two, three
### END SOLUTION
learn.check("02.6", card)
