# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Write in place of the three dots, `...`, then run the cell. Try as often as you like. `learn.hint("01.2")` gives three hints, one after the other; `learn.solution("01.2")` opens after a first try.

# %% key="start"
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from cmlib import data, learn

learn.start("01", language="en")

# %% key="load"
# Load: the figures of the trade, then the members of the community
profession = data.load_table("profession")
community = data.load("brand")
members = community.members
profession[["figure", "category", "unit"]]

# %% [markdown] key="e1"
# ## Exercise 01.1: predict
#
# Without running any filter: how many rows does `profession[profession["unit"] == "percent"]` keep? Count them in the table above.

# %% key="e1-answer" starter="rows = ..."
# Filter: the rows whose unit is percent
### BEGIN SOLUTION
rows = len(profession[profession["unit"] == "percent"])
### END SOLUTION
learn.check("01.1", rows)

# %% [markdown] key="e2"
# ## Exercise 01.2: another country
#
# The cell counts the accounts in France. Change it to count those in **Switzerland** (`CH`), then write `here` in place of the dots.

# %% key="e2-answer" starter="here = len(members[members[\"country\"] == \"FR\"])\nprint(here)\nanswer = ..."
# Filter: the accounts of one country
### BEGIN SOLUTION
here = len(members[members["country"] == "CH"])
print(here)
answer = here
### END SOLUTION
learn.check("01.2", answer)

# %% [markdown] key="e3"
# ## Exercise 01.3: put the lines in order
#
# Four lines load the community, keep the accounts in Switzerland and show how many there are. They are mixed:
#
# 1. `print(len(swiss))`
# 2. `swiss = members[members["country"] == "CH"]`
# 3. `community = data.load("brand")`
# 4. `members = community.members`
#
# Give their numbers in the right order. `learn.form("01.3")` opens a form for it.

# %% key="e3-answer" starter="order = [..., ..., ..., ...]"
# Show: the order of the lines
### BEGIN SOLUTION
order = [3, 4, 2, 1]
### END SOLUTION
learn.check("01.3", order)

# %% [markdown] key="e4"
# ## Exercise 01.4: repair
#
# Yuki wants to know **how many posts had an engagement rate above 3.5 %**. She wrote:
#
# ```python
# target = 3,5
# posts = pd.read_csv(file)
# good = posts[posts["Taux d'engagement"] > target]
# ```
#
# Two lines are wrong. Repair them with what the lesson showed. Look at a few rows before you compare: how is 3.5 % written in the column you loaded?

# %% key="e4-file"
# Load: where the export is
file = "../../datasets/brand/exports/export_fr.csv"

# %% key="e4-answer" starter="target = ...\nposts = ...\nhow_many = ..."
# Filter: the posts above the target
### BEGIN SOLUTION
target = 3.5 / 100
posts, report = data.read_table(file)
how_many = len(posts[posts["Taux d'engagement"] > target])
### END SOLUTION
learn.check("01.4", how_many)

# %% [markdown] key="e5"
# ## Exercise 01.5: write
#
# How many accounts are there **in each country**? Count all of them with one line: no filter is needed.
#
# Then draw one bar a country in the cell after it: a title, the two labels, `plt.show()`, and the largest number printed under the chart.

# %% key="e5-answer" starter="counts = ..."
# Group: the accounts of each country
### BEGIN SOLUTION
counts = members["country"].value_counts()
### END SOLUTION
learn.check("01.5", counts)

# %% key="e5-chart" alt="Bar chart of the accounts by country; France, on the left, is far ahead." translate=["Accounts by country", "Country", "Accounts", "Largest group:"] starter="..."
# Show: one bar a country
### BEGIN SOLUTION
ax = sns.barplot(counts)
ax.set_title("Accounts by country")
ax.set_xlabel("Country")
ax.set_ylabel("Accounts")
plt.show()
print("Largest group:", counts.max())
### END SOLUTION

# %% [markdown] key="e6"
# ## Exercise 01.6: decide
#
# Answer Samir: two figures to quote, one to refuse. Each sentence says the source, the date and the base, or that they are missing. `learn.form("01.6")` opens the same card with boxes.

# %% key="e6-answer" translate=["Accounts in France: own table, July 2025, all accounts.", "Posts above 3.5 %: our export, last 300 posts.", "The average salary: a range, no base, no year."] starter="card = {\n    \"first\": ...,\n    \"second\": ...,\n    \"refused\": ...,\n}"
### BEGIN SOLUTION
card = {
    "first": "Accounts in France: own table, July 2025, all accounts.",
    "second": "Posts above 3.5 %: our export, last 300 posts.",
    "refused": "The average salary: a range, no base, no year.",
}
### END SOLUTION
# Show: the decision card
learn.check("01.6", card)
