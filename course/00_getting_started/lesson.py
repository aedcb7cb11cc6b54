# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# A notebook is made of **cells**. The grey cells hold code.
#
# 1. Click on the first grey cell below.
# 2. Press **Shift+Enter**: the cell runs, its result appears under it, the next cell is selected.
# 3. Press **Shift+Enter** again: a chart appears. And again: two numbers.
#
# These are the only keys you need. You cannot break anything here.

# %% key="start"
# Load: the tools, and one week of a small community
import matplotlib.pyplot as plt
import seaborn as sns
from cmlib import data, learn

learn.start("00", language="en")
week = data.load_table("welcome")

# %% key="chart" alt="Bar chart with one bar a day, from Monday to Sunday. The bar of Sunday is by far the highest." translate=["Largest value:", "One week on the page", "Day", "Number a day"]
# Show: one bar a day
column = "visits"
ax = sns.barplot(data=week, x="day", y=column)
ax.set(title="One week on the page",
       xlabel="Day", ylabel="Number a day")
plt.show()
print("Largest value:", week[column].max())

# %% key="first-compare" translate=["Busiest day:", "Average day:"]
# Compare: the busiest day with the average day
print("Busiest day:", week["visits"].max())
print("Average day:", week["visits"].mean())

# %% [markdown] key="change"
# ## Your first change
#
# 1. Go back to the cell of the chart. Replace the word `visits` by `messages`. Keep the quotation marks.
# 2. Look at the chart **before** you run the cell.
# 3. Run the cell with **Shift+Enter** and look again.
#
# What changed in step 3?
#
# - a. the chart only
# - b. the number under the chart only
# - c. both
# - d. neither
#
# Run the next cell, choose your answer, press **Check**. No mouse? Write `learn.check("00.1", "a")` in a cell, with your letter.

# %% key="first-check" tags=["nbval-ignore-output"]
learn.form("00.1")

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Without scrolling up:
#
# 1. Which keys run a cell?
# 2. You change a word and do not run the cell. What does the chart show?
# 3. What does the table `week` hold?

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. Shift+Enter. 2. The old chart: a result changes when its cell runs. 3. One row a day, for seven days.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > Which day should we post? I look at the page on Wednesdays, it is our quietest day.
# >
# > One more thing. Tomasz and Aminata opened **the same notebook** yesterday. They read two different numbers for Sunday. Can I trust what I see on this screen?
#
# Two questions, then. We begin with the second one.

# %% [markdown] key="predict"
# ## Predict
#
# Here is all that Tomasz and Aminata had: a cell that keeps Sunday's visits under the name `sunday`, and a cell that adds 10.
#
# Aminata runs the second cell **three times**, without touching the first one again. Which number does she read the third time?
#
# Write it on paper, then in place of the three dots below. The answer may be “not yet”: nobody counts the tries.

# %% key="sunday"
# Load: the visits of the busiest day, under a name of our own
sunday = week["visits"].max()
print(sunday)

# %% key="predict-check"
learn.check("00.2", ...)

# %% [markdown] key="run"
# ## Run
#
# Now run the next cell three times: click on it, **Shift+Enter**, click on it again… Watch the number.

# %% key="add"
# Show: ten visits more, each time this cell runs
sunday = sunday + 10
print(sunday)

# %% [markdown] key="restart"
# The text of the cell did not change; its result did. A notebook shows **what ran, in the order it ran**. The name `sunday` is a memory.
#
# Empty that memory: menu **Kernel, Restart Kernel and Run All Cells**. Every cell runs once, from the top. What does the cell above show now?
#
# Tomasz had run it once, Aminata three times. After a restart they read the same number.

# %% [markdown] key="explore"
# ## Explore
#
# The whole course is written with five verbs. Each grey cell begins with one.
#
# | Verb | The question it answers |
# |---|---|
# | **Load** | Where does it come from? |
# | **Filter** | Which rows do I keep? |
# | **Group** | What do I add up or count together? |
# | **Compare** | Is that much? |
# | **Show** | How do I make it visible? |

# %% key="head"
# Show: the first three rows of the table
week.head(3)

# %% key="filter"
# Filter: the days with more than 43 visits
busy = week[week["visits"] > 43]
busy

# %% key="group" translate=["Visits in the week:"]
# Group: all the days in one number
total = week["visits"].sum()
print("Visits in the week:", total)

# %% [markdown] key="stop-filter"
# **Stop.** Read the three days that the filter kept. Ines said that Wednesday was the quietest day. What do you answer her?
#
# Next, the day for posting: is Sunday only the first of seven, or far ahead of the others? We compare Sunday with the average of the six other days. `!=` means “is not”.

# %% key="compare" translate=["Sunday", "Other days, on average:", "Sunday, times an average day:"]
# Compare: Sunday with the six other days
others = week[week["day"] != "Sunday"]
usual = others["visits"].mean()
print("Other days, on average:", round(usual, 1))
times = week["visits"].max() / usual
print("Sunday, times an average day:", round(times, 1))

# %% [markdown] key="modify"
# ## Modify
#
# The next cell keeps Monday. Change one word so that it keeps **Wednesday**. Run it: are there fewer visits than on Monday?

# %% key="one-day" translate=["Monday"]
# Filter: one day
day = week[week["day"] == "Monday"]
print(day["visits"].sum())

# %% [markdown] key="repair"
# ## Repair
#
# The next cell **fails on purpose**. A long message is no reproach. Read its **last line** first, then the sentence under it.

# %% key="text-plus" tags=["raises-exception"]
# Show: the visits of Monday, and one more
print("42" + 1)

# %% [markdown] key="text-plus-read"
# Between quotes, `"42"` is a text, like a word. Remove the quotes in the cell above and run it.
#
# Here is a second failure. Nothing is misspelt in it: look for the cell that makes `total_messages`.

# %% key="too-early" tags=["raises-exception"]
# Show: the messages of the week
print(total_messages)

# %% key="explain"
learn.explain_error()

# %% key="total-messages"
# Group: the messages of the week
total_messages = week["messages"].sum()
print(total_messages)

# %% [markdown] key="too-early-read"
# Go back to the cell that failed and run it again: now it works. Only the order changed.
#
# One more trap: **how numbers are typed.** In code, always a point and no space: `1234.5`; `print` shows numbers in the same way. In its sentences, the course writes them as your language does.

# %% key="numbers"
# Show: a number typed with a point, written for readers
from cmlib.i18n import format_number

print(format_number(1234.5))

# %% [markdown] key="create"
# ## Create
#
# Ask the table a question of your own. In the cell below, change the column (`"visits"`, `"messages"`, `"new_members"`) and the last word (`sum`, `max`, `min` or `mean`).
#
# Say your question aloud before you run it: “How many new members joined in the week?”

# %% key="own"
# Group: a question of your own
print(week["new_members"].sum())

# %% [markdown] key="decide"
# ## Decide
#
# Answer Ines in writing: the day, the figure it rests on, and what would make you change your mind. One week is little!
#
# The next cell opens the card. The handout has a decision card on paper.

# %% key="card" tags=["nbval-ignore-output"]
learn.form("00.6")

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}
#
# **A GDPR minute.** This table counts visits, not people: nobody can be recognised in it. Counting is often enough to decide.
#
# **Exit ticket.** On a slip of paper: one thing that is clear, one that is not yet.

# %% [markdown] key="save"
# **Keep your work.** *File, Save Notebook* saves it here. Opened with Binder, this page is not a home: it closes after some minutes without activity and keeps nothing. Before you leave: *File, Download*.
#
# The same course exists in French, in the folder `notebooks/fr`.
#
# Next: the [exercises of this module](../../exercises/en/00_getting_started.ipynb). To see how far you are, run `learn.progress()` in a cell.
