# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Each exercise has three dots, `...`: this is where you write. Run the cell with **Shift+Enter**, as often as you like.
#
# Stuck? Write `learn.hint("00.2")` in a cell, with the number of the exercise: there are three hints, from vague to precise. After a first try, `learn.solution("00.2")` shows one solution.

# %% key="start"
# Load: one week of a small community
from cmlib import data, learn

learn.start("00", language="en")
week = data.load_table("welcome")

# %% key="table"
# Show: the whole table
week

# %% [markdown] key="e1"
# ## Exercise 00.1: what changed?
#
# In the lesson you replaced `visits` by `messages` in the cell of the chart, then ran it. What changed?
#
# - a. the chart only
# - b. the number under the chart only
# - c. both
# - d. neither
#
# Write the letter between quotes in place of the dots. You may also run `learn.form("00.1")`.

# %% key="e1-answer"
# Show: your answer
### BEGIN SOLUTION
answer = "c"
### END SOLUTION
learn.check("00.1", answer)

# %% [markdown] key="e2"
# ## Exercise 00.2: predict
#
# One cell keeps the visits of the busiest day under the name `sunday`. Another one says `sunday = sunday + 10`. The second one is run **three times**, the first one only once.
#
# What is `sunday` worth then? Read the table above and write the number.

# %% key="e2-answer" starter="prediction = ..."
# Load: the visits of the busiest day, then ten more, three times
### BEGIN SOLUTION
prediction = week["visits"].max() + 10 + 10 + 10
### END SOLUTION
learn.check("00.2", prediction)

# %% [markdown] key="e3"
# ## Exercise 00.3: change the day
#
# The cell below keeps Monday and reads its visits. We want the visits of **Saturday**.
#
# Change the day, run the cell, then write `visits` in place of the dots and run it again.

# %% key="e3-answer" translate=["Monday", "Saturday"] starter="day = week[week[\"day\"] == \"Monday\"]\nvisits = day[\"visits\"].sum()\nprint(visits)\nanswer = ..."
# Filter: one day
### BEGIN SOLUTION
day = week[week["day"] == "Saturday"]
visits = day["visits"].sum()
print(visits)
answer = visits
### END SOLUTION
learn.check("00.3", answer)

# %% [markdown] key="e4"
# ## Exercise 00.4: repair
#
# Someone typed Sunday's visits as a text. `typed + typed` does not double it: look. And `typed + 1` fails.
#
# Give the visits of Sunday **plus one**, as a number. The word `int(...)` turns a text into a whole number.

# %% key="e4-typed"
# Show: a number that is a text
typed = str(week["visits"].max())
print(typed + typed)

# %% key="e4-answer" starter="repaired = ..."
# Show: the same visits, and one more
### BEGIN SOLUTION
repaired = int(typed) + 1
### END SOLUTION
learn.check("00.4", repaired)

# %% [markdown] key="e5"
# ## Exercise 00.5: read an error
#
# The next cell fails on purpose. Read its last line and the sentence under it, then say what happened.
#
# - a. The table `week` is empty.
# - b. The cell that makes `average_day` has not run.
# - c. The notebook is broken: it must be downloaded again.
# - d. `average_day` should stand between quotes.

# %% key="e5-error" tags=["raises-exception"]
# Show: the visits of an average day
print(average_day)

# %% key="e5-answer"
# Show: your answer
### BEGIN SOLUTION
answer = "b"
### END SOLUTION
learn.check("00.5", answer)

# %% [markdown] key="e6"
# ## Exercise 00.6: decide
#
# Which day do you post? Write three sentences between quotes, in place of the dots. `learn.form("00.6")` opens the same card with boxes to fill in.

# %% key="e6-answer" translate=["On Sunday, and on Wednesday if we post twice.", "Sunday has about twice the visits of another day.", "Four weeks in which Sunday is no longer ahead."] starter="card = {\n    \"day\": ...,\n    \"figure\": ...,\n    \"doubt\": ...,\n}"
### BEGIN SOLUTION
card = {
    "day": "On Sunday, and on Wednesday if we post twice.",
    "figure": "Sunday has about twice the visits of another day.",
    "doubt": "Four weeks in which Sunday is no longer ahead.",
}
### END SOLUTION
# Show: the decision card
learn.check("00.6", card)

# %% [markdown] key="keep"
# To see where you stand, run `learn.progress()` in a cell. Then save: *File, Save Notebook*; with Binder, *File, Download* as well.
