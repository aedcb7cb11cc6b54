# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Replace the three dots `...`, then **Shift+Enter**. “Not yet” is an answer like another: nobody counts the tries. Stuck? Write `learn.hint("06.2")` in a cell, with the number of your question. Once you have tried: `learn.solution("06.2")`.

# %% key="start"
# Load: the tools and the tickets
from cmlib import data, kpi, learn

learn.start("06", language="en")
brand = data.load("brand")

# %% key="delays"
# Group: one row a ticket, with its delay and its day in Paris
kept = ["category", "topic", "team", "escalated"]
delays = kpi.ticket_delay(brand, keep=kept)
delays = data.split_week(delays, tz="Europe/Paris")
weekend = delays[delays["weekend"] == True]

# %% [markdown] key="e1"
# ## Exercise 06.1: predict
#
# Ten members wrote. Nine had an answer after 1 hour, the tenth after 41 hours. Which sentence is true?
#
# Run the cell, choose, press **Check**.

# %% key="e1-form" tags=["nbval-ignore-output"]
learn.form("06.1")

# %% [markdown] key="e1-code"
# The same in code: your letter between quotation marks, in place of the three dots.

# %% key="e1-answer"
# Compare: the mean and the median of the ten
### BEGIN SOLUTION
answer = "a"
### END SOLUTION
learn.check("06.1", answer)

# %% [markdown] key="e2"
# ## Exercise 06.2: from 4 to 8 hours
#
# The cell below prepares the share kept of a promise of **4 hours**, all days together. Change it to Ines's **8 hours**: the share of **all** the tickets old enough, answered or not, as a number between 0 and 1, not rounded.

# %% key="e2-answer" starter="hours = 4\nmature = delays[delays[\"observed_h\"] >= hours]\nin_time = (mature[\"delay_h\"] <= hours).sum()\nshare = ..."
# Filter: the tickets old enough, and those answered in time
### BEGIN SOLUTION
hours = 8
mature = delays[delays["observed_h"] >= hours]
in_time = (mature["delay_h"] <= hours).sum()
share = in_time / len(mature)
### END SOLUTION
learn.check("06.2", share)

# %% [markdown] key="e2-more" tags=["answer"]
# **Read it again:** this share mixes two weeks. Keep `delays[delays["weekend"] == False]`, then `weekend`, instead of `delays`: weekdays keep the promise about nine times in ten, weekends about one time in four.

# %% [markdown] key="e3"
# ## Exercise 06.3: repair
#
# The team “first line” wants to know how often a promise of **48 hours** is kept **at weekends**. The lines below run without an error and flatter it. Find why, repair them, then give the share of all its weekend tickets old enough.

# %% key="e3-answer" starter="line = weekend[weekend[\"team\"] == \"first line\"]\nline = line[line[\"observed_h\"] >= 48]\nclean = line.dropna()\nprint((clean[\"delay_h\"] <= 48).sum() / len(clean))\nshare = ..."
# Filter: the weekend tickets of one team, old enough
### BEGIN SOLUTION
line = weekend[weekend["team"] == "first line"]
line = line[line["observed_h"] >= 48]
share = (line["delay_h"] <= 48).sum() / len(line)
### END SOLUTION
learn.check("06.3", share)

# %% [markdown] key="e4"
# ## Exercise 06.4: is it one kind of question?
#
# Perhaps weekends are slow because of one **category**. Make a table with two columns, `category` and `km_median_h`: the Kaplan-Meier median of the **weekend** tickets, one row a category.

# %% key="e4-answer" starter="summary = ...\nmedians = ..."
# Group: the weekend tickets, by category
### BEGIN SOLUTION
summary = kpi.first_response_summary(weekend, by="category")
medians = summary[["category", "km_median_h"]]
### END SOLUTION
learn.check("06.4", medians)

# %% [markdown] key="e4-more" tags=["answer"]
# **Read it:** the slowest category and the quickest one differ by a few hours; every one of them is far above its weekday median. No category explains the weekend.

# %% [markdown] key="e5"
# ## Exercise 06.5: why Saturday?
#
# Weekend questions wait much longer. Which sentence do the data allow? The next cell helps: questions by day, then shares of categories.

# %% key="e5-help"
# Compare: questions by day, and categories at weekends
print(delays["day"].value_counts().sort_values())
print(delays["category"].value_counts() / len(delays))
print(weekend["category"].value_counts() / len(weekend))

# %% key="e5-answered"
# Compare: when weekend questions get their first answer
answers = data.split_week(weekend, time="responded_at")
print(answers["weekend"].value_counts())

# %% key="e5-form" tags=["nbval-ignore-output"]
learn.form("06.5")

# %% key="e5-answer"
# Compare: four explanations of the wait
### BEGIN SOLUTION
answer = "c"
### END SOLUTION
learn.check("06.5", answer)

# %% [markdown] key="e6"
# ## Exercise 06.6: a promise in writing
#
# May Ines print “within 8 hours, 7 days a week”? Write the promise she may print, what it rests on, and what you buy: weekend shift, FAQ or neither. There is no single right answer: the card is complete, or not yet.
#
# With the form, or in code in the cell after it.

# %% key="e6-form" tags=["nbval-ignore-output"]
learn.form("06.6")

# %% key="e6-answer" translate=["within 8 hours from Monday to Friday", "kept about 9 times in 10 on weekdays", "all tickets old enough, answered or not", "a weekend shift, tried for three months", "weekend share within 8 hours unchanged after three months"] starter="card = {\"promise\": ..., \"kept\": ..., \"base\": ...}\ncard[\"action\"] = ...\ncard[\"doubt\"] = ..."
# Compare: the three proposals
### BEGIN SOLUTION
card = {"promise": "within 8 hours from Monday to Friday"}
card["kept"] = "kept about 9 times in 10 on weekdays"
card["base"] = "all tickets old enough, answered or not"
card["action"] = "a weekend shift, tried for three months"
doubt = "weekend share within 8 hours unchanged after three months"
card["doubt"] = doubt
### END SOLUTION
learn.check("06.6", card)
