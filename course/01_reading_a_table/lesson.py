# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% key="start"
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from cmlib import data, learn
from cmlib.i18n import format_number, format_percent

learn.start("01", language="en")

# %% [markdown] key="recall"
# ## Recall
#
# From module 00, without opening it:
#
# 1. Name the five verbs of the course.
# 2. A cell says `x = x + 10`. It ran twice. What must you do before you quote its number?
# 3. `"42" + 1` fails. Why?

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. Load, filter, group, compare, show. 2. Restart and run everything. 3. Between quotes, 42 is a text; a text and a number cannot be added.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Samir Haddad, your manager, writes:
#
# > I present our trade to the board tomorrow. I need three figures on one slide: the share of women among community managers, their average salary, and how far our posts reach. You will find a table on the profession and the export of our posts. Everything is on the computer, so ten minutes will do.
#
# Which of these figures may he quote, and which ones can you offer instead? You will answer at the end: **two to quote, one to refuse**, with reasons.

# %% [markdown] key="predict"
# ## Predict
#
# The first table repeats what career guides print. On gender, one of them gives three shares:
#
# | women | men | non-binary |
# |---|---|---|
# | 64 % | 33 % | 2 % |
#
# Add them on paper **before** you run anything. What do you expect, and what do you find?
#
# The next cells load the table, show it, and ask you one prediction.

# %% key="load-profession" translate=["Rows:"]
# Load: the figures that career guides print about the trade
profession = data.load_table("profession")
print("Rows:", len(profession))

# %% key="show-profession"
# Show: every row, four columns
profession[["figure", "category", "value", "unit"]]

# %% [markdown] key="predict-rows"
# A **filter** keeps the rows where something is true. `profession["unit"] == "percent"` asks each row: “is your unit percent?” Two equal signs ask; one equal sign stores.
#
# How many rows answer yes? Count them with your finger, then write the number in place of the dots.

# %% key="predict-check"
learn.check("01.1", ...)

# %% [markdown] key="run"
# ## Run
#
# Run the two cells. Compare the sum with the one you wrote on paper.

# %% key="gender" translate=["Rows kept:", "Sum of the shares, %:"]
# Filter: the rows about gender
gender = profession[profession["figure"] == "gender"]
print("Rows kept:", len(gender))
print("Sum of the shares, %:", gender["value"].sum())

# %% key="platforms" translate=["Sum of the shares, %:"]
# Group: the shares of the platforms named
used = profession[profession["figure"] == "platform used"]
print("Sum of the shares, %:", used["value"].sum())

# %% [markdown] key="stop-sums"
# **Stop.** The first sum is not 100. Rounding, or an answer left out? The guide does not say.
#
# The second one is further from 100. What do the others use? Nobody wrote it down: **the table shows what was noted, not what exists.**

# %% [markdown] key="explore"
# ## Explore
#
# A share is a share **of** something: its *base*. Ask Ana, Bilal and Chloé: two of the three are women, so 67 %. Ask three thousand people and find two thousand women: 67 % again. Would you quote both in the same way?
#
# The table has a column for the base, `base_n`, and one for the year. `<NA>` means: empty.

# %% key="base" translate=["Rows:", "Rows that give their base:"]
# Compare: all the rows, and those that give their base
print("Rows:", len(profession))
known = profession[profession["base_n"] > 0]
print("Rows that give their base:", len(known))
gender[["category", "value", "base_n", "year"]]

# %% [markdown] key="salary-text"
# Now the “average salary”. `mean` gives an average. Run the cell, read the two averages, then read the table under them: **what did we take the average of?**

# %% key="salary" translate=["Average of the lows:", "Average of the highs:"]
# Group: an average of the monthly salaries... or is it?
salary = profession[profession["unit"] == "EUR a month"]
print("Average of the lows:", salary["value"].mean())
print("Average of the highs:", salary["value_high"].mean())
salary[["category", "value", "value_high", "source"]]

# %% [markdown] key="stop-salary"
# **Stop.** No error, two numbers, and neither is a salary anybody earns on average. The table holds a range, from a low to a high, and a ceiling. To get an average, one must know what **each person** earns.
#
# `mean` left out the empty cell without a word. The computer answered our question; it was not a good question.

# %% [markdown] key="members-text"
# Here is the contrary: a table where each row is one account, so that we can count. It comes from the community of a brand; every person in it is made up.

# %% key="load-members" translate=["Rows:", "Last arrival (UTC):"]
# Load: the community, then its table of members
community = data.load("brand")
members = community.members
print("Rows:", len(members))
print("Last arrival (UTC):", members["joined_at"].max())

# %% key="sort"
# Show: the three newest accounts
newest = members.sort_values("joined_at", ascending=False)
newest[["joined_at", "country", "language", "source"]].head(3)

# %% key="count-source"
# Group: how many accounts came from each source
counts = members["source"].value_counts()
print(counts)

# %% [markdown] key="stop-count"
# **Stop.** With these three cells you have a source (our own accounts), a date (the last arrival) and a base (the number of rows). What is one row: a person, an account, a customer?
#
# The same counts as a chart. `value_counts` has put the largest first.

# %% key="chart-source" alt="Bar chart of the accounts by source, the most frequent source on the left." translate=["Where the accounts come from", "Source", "Accounts", "Largest group:"]
# Show: one bar a source
ax = sns.barplot(counts)
ax.set_title("Where the accounts come from")
ax.set_xlabel("Source")
ax.set_ylabel("Accounts")
plt.show()
print("Largest group:", counts.max())

# %% [markdown] key="two-bases"
# **One share, two bases.** “What part of our members lives in France?” One colleague divides by all the accounts. Another one divides by those who use French. Both count rightly.
#
# Predict: which share is higher? `&` would join two conditions; here we filter twice, one after the other.

# %% key="shares" translate=["Of all accounts:", "Of those in French:"]
# Compare: the accounts in France, out of two bases
france = members[members["country"] == "FR"]
french = members[members["language"] == "fr"]
both = french[french["country"] == "FR"]
print("Of all accounts:", format_percent(len(france) / len(members)))
print("Of those in French:", format_percent(len(both) / len(french)))

# %% [markdown] key="stop-shares"
# **Stop.** Which share would you use to decide:
#
# - whether the next event takes place in France? Everybody may come: all the accounts.
# - whether the French newsletter may speak of French public holidays only? Its readers use French: the second base.
#
# Say the base in the same sentence as the share, always.

# %% [markdown] key="modify"
# ## Modify
#
# The next cell counts the accounts in France. Change the two letters: `"BE"` for Belgium, `"CA"` for Canada, `"CH"` for Switzerland. Then write `"Belgium"`. What does the filter keep, and does Python complain?

# %% key="one-country"
# Filter: the accounts of one country
here = members[members["country"] == "FR"]
print(len(here))

# %% [markdown] key="repair"
# ## Repair
#
# The third figure: the reach of our posts. The platform gave a file, made for a French spreadsheet. `read_csv` loads a file of cells separated by commas. Run: **what is wrong, and who tells you?**

# %% key="naive" translate=["Columns:"]
# Load: the export, as it comes
file = "../../datasets/brand/exports/export_fr.csv"
naive = pd.read_csv(file)
print("Columns:", naive.shape[1])

# %% [markdown] key="naive-read"
# No error, no warning. `shape` gives rows and columns: count the columns **each time** you load a file. In France a comma marks decimals, so French files separate cells with semicolons. We say so with `sep`.

# %% key="semicolon" translate=["Columns:"]
# Load: the same file, cells separated by semicolons
posts = pd.read_csv(file, sep=";")
print("Columns:", posts.shape[1])
posts[["Date de publication", "Portée", "Taux d'engagement"]].head(3)

# %% [markdown] key="sum-text"
# Better. *Portée* is the reach. We add up the reach of these three posts: predict the sum, then run.

# %% key="sum-reach"
# Group: the reach of the first three posts
print(posts["Portée"].head(3).sum())

# %% [markdown] key="dates-text"
# Three texts glued together: the space in numbers such as `55 083` makes them texts for Python.
#
# Now the dates. The next cell asks `read_csv` to turn three of them into dates. **In which month were these posts published?** Look at the table above, then at the result.

# %% key="dates-wrong"
# Load: three dates, as Python guesses them
when = ["Date de publication"]
guess = pd.read_csv(file, sep=";", nrows=3, parse_dates=when)
print(guess["Date de publication"])

# %% [markdown] key="dates-read"
# Day and month have changed places, without a warning: `01/02/2025` would become 2 January. Which side is right? Further down, the file holds days after the 12th: they come first.
#
# `data.read_table` reads everything as text, looks at the whole column, converts, **and tells what it did**.

# %% key="export"
# Load: the same file, with the tool of the course
export, report = data.read_table(file)
print(report)

# %% key="export-reach" translate=["Sum of the reaches:"]
# Group: the reach of all the posts
print(export["Date de publication"].head(3))
reach = export["Portée"].sum()
print("Sum of the reaches:", format_number(reach))

# %% [markdown] key="reach-limit"
# **Stop.** Somebody who saw ten posts counts ten times in this sum. It is a sum of reaches, not a number of people. Write that beside the figure, or take the average per post.
#
# Last trap. A colleague types our target rate, 3.5 %, the French way. No error here either: what has Python stored?

# %% key="tuple"
# Show: twice a rate typed with a comma
rate = 3,5
print(rate * 2)

# %% [markdown] key="tuple-read"
# Two numbers, 3 and 5, repeated. Correct the cell above: `rate = 3.5`. In code always a point; on the screen, `format_number` and `format_percent` write numbers as your readers do.

# %% [markdown] key="create"
# ## Create
#
# On which platform do we publish most? The cell is nearly the one of the first chart. Run it, then change the column to `"Format"` and correct the title and the label too: a chart with the wrong title is a wrong chart.

# %% key="own-chart" alt="Bar chart of the posts of the export by platform, the most used platform on the left." translate=["Posts by platform", "Platform", "Posts", "Largest group:"]
# Show: the posts of each platform
by_platform = export["Plateforme"].value_counts()
ax = sns.barplot(by_platform)
ax.set_title("Posts by platform")
ax.set_xlabel("Platform")
ax.set_ylabel("Posts")
plt.show()
print("Largest group:", by_platform.max())

# %% [markdown] key="decide"
# ## Decide
#
# Answer Samir. Two figures that he may quote, from his list or from our own tables, each with source, date and base; one that you refuse, with the reason and what would be needed.
#
# If the base is not known, say it in the same sentence, or refuse the figure. Ten minutes were not enough, and you can now show why.

# %% key="card" tags=["nbval-ignore-output"]
learn.form("01.6")

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}
#
# **A GDPR minute.** We showed dates and countries of three accounts, not their numbers nor their ages. Ask before each table you show: does my reader need this column? A count of two people in a small country may name them.

# %% [markdown] key="next"
# **Exit ticket.** Write a figure you read this week. Which of the three is missing: source, date, base?
#
# Next: the [exercises of this module](../../exercises/en/01_reading_a_table.ipynb). Save your notebook first.
