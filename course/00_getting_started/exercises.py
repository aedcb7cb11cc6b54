# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Each exercise has a line that ends with `...`: this is where you write. Run the cell with **Shift+Enter**.

# %% key="start"
# Load: one week of a small community
from cmlib import data, learn

learn.start("00", language="en")
week = data.load_table("welcome")

# %% [markdown] key="e1"
# ## Exercise 00.1: the visits of the week
#
# Add up the column `visits`. In the lesson you met `week["visits"].max()`; here the verb is `sum`.

# %% key="e1-answer"
# Group: all the days together
### BEGIN SOLUTION
total = week["visits"].sum()
### END SOLUTION
print(total)

# %% [markdown] key="e2"
# ## Exercise 00.2: which day to post?
#
# Write your answer in one sentence, with the figure it rests on.

# %% [markdown] key="e2-model" tags=["answer"]
# **A possible answer:** on Sunday, because Sunday has the most visits of the week. One week is little: we look again after four weeks.
