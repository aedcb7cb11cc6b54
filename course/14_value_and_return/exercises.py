# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Each exercise has three dots, `...`: this is where you write. Stuck? `learn.hint("14.1")` in a cell gives three hints, from vague to precise. After a first try, `learn.solution("14.1")` shows one solution.
#
# The next two cells rebuild the tables of the lesson: run them first.

# %% key="start"
# Load: the tools and the community
from cmlib import data, kpi, learn

learn.start("14", language="en")
brand = data.load("brand")
customers, orders = brand.customers, brand.orders
year = orders[orders["timestamp"] >= "2024-07-01"]
year = year[year["timestamp"] < "2025-07-01"]

# %% key="costs"
# Filter: the costs of the same twelve months, with and without hours
costs = brand.costs[brand.costs["month"] >= "2024-07"]
costs = costs[costs["month"] <= "2025-06"]
cost = costs["amount_eur"].sum()
hours = costs["hours"].sum()
bills = costs[costs["hours"] == 0]["amount_eur"].sum()
print(round(cost), round(hours), round(bills))

# %% [markdown] key="e1"
# ## Exercise 14.1: another salary
#
# Ines hesitates: she could recruit somebody experienced. A guide says “up to” a salary shown in the next cell. Take it as gross, with 42 % of employer's charges and 1,607 hours a year, as in the lesson.
#
# What would the year have cost, bills included, with **all** the hours at that price? Read the unit.

# %% key="e1-row"
# Filter: one row of the table of salaries
jobs = data.load_table("profession")
row = jobs[jobs["category"] == "experienced (up to)"]
row[["figure", "category", "value_high", "unit"]]

# %% key="e1-answer" starter="salary = row[\"value_high\"].sum()\nanswer = ..."
# Compare: the cost of the year at another salary
### BEGIN SOLUTION
salary = row["value_high"].sum()
hour = salary * 12 * 1.42 / 1607
answer = bills + hours * hour
print(round(answer))
### END SOLUTION
learn.check("14.1", answer)

# %% [markdown] key="e2"
# ## Exercise 14.2: put in order
#
# These six lines compute the difference in differences. They were shuffled:
#
# 1. `both["change"] = both["amount_eur"] - both["spend_before_eur"]`
# 2. `spent = year.groupby("customer_id")["amount_eur"].sum() / 12`
# 3. `effect = change[True] - change[False]`
# 4. `year = orders[orders["timestamp"] >= "2024-07-01"]`
# 5. `change = both.groupby("member")["change"].mean()`
# 6. `both = customers.merge(spent, on="customer_id", how="left")`
#
# Write their numbers in the order in which they must run, or use the form.

# %% key="e2-form" tags=["nbval-ignore-output"]
learn.form("14.2")

# %% key="e2-answer"
# Show: your order
### BEGIN SOLUTION
order = [4, 2, 6, 1, 5, 3]
### END SOLUTION
learn.check("14.2", order)

# %% [markdown] key="e3"
# ## Exercise 14.3: repair a sheet
#
# The next cell computes the change of each customer, and the effect of joining. The one after it holds the sheet of a colleague: it runs, and its return is far too good. Repair the line of `gain`; keep the answer as a share (0.5 for 50 %). What it lacks was computed in the lesson, from `year`, and not here yet: add that line above it.
#
# `contacts` are euros saved by the support team.

# %% key="e3-effect"
# Compare: the change of those who joined, and of the others
spent = year.groupby("customer_id")["amount_eur"].sum() / 12
both = customers.merge(spent, on="customer_id", how="left")
both["member"] = both["joined_community_at"].notna()
both["change"] = both["amount_eur"] - both["spend_before_eur"]
change = both.groupby("member")["change"].mean()
effect = change[True] - change[False]
print(round(effect, 2))

# %% key="e3-answer" starter="members, contacts = both[\"member\"].sum(), 92 * 8 * 12\ngain = effect * members * 12 + contacts\nprint(round((gain - cost) / cost, 2))\nanswer = ..."
# Compare: the return on investment
### BEGIN SOLUTION
members, contacts = both["member"].sum(), 92 * 8 * 12
margin = year["margin_eur"].sum() / year["amount_eur"].sum()
gain = effect * members * margin * 12 + contacts
answer = (gain - cost) / cost
print(round(answer, 2))
### END SOLUTION
learn.check("14.3", answer)

# %% [markdown] key="e4"
# ## Exercise 14.4: the cost of an active member
#
# Duc does not like “returns”. He asks: what does **one active member cost a month**, over the same twelve months? Active members were counted in module 02: `n` in each `period`, the team left out.
#
# Keep the months from July 2024 to June 2025, take the mean of `n`, and divide.

# %% key="e4-active"
# Group: members active at least once, month by month
people = brand.view(without="team")
active = kpi.active_by_period(people)
active.head(3)

# %% key="e4-answer"
# Compare: the cost of a month with the active members of a month
### BEGIN SOLUTION
months = active[active["period"] >= "2024-07-01"]
months = months[months["period"] < "2025-07-01"]
answer = cost / 12 / months["n"].mean()
print(round(answer, 2))
### END SOLUTION
learn.check("14.4", answer)

# %% [markdown] key="e5"
# ## Exercise 14.5: interpret an interval
#
# In the lesson, the interval of the naive estimate does not hold the true effect. Why?
#
# - a. There are too few customers: more of them would bring it to the truth.
# - b. The level is too low: at 99 %, the interval would hold the truth.
# - c. An interval speaks of chance; who joins is not a matter of chance.
# - d. The interval is narrow: this is the estimate to keep.

# %% key="e5-answer"
# Show: your answer
### BEGIN SOLUTION
answer = "c"
### END SOLUTION
learn.check("14.5", answer)

# %% [markdown] key="e6"
# ## Exercise 14.6: one page for the committee
#
# Write the budget note: a range with the comparison it rests on, the assumption that moves it most, what is left out, and the budget you ask for. `learn.form("14.6")` opens the same card with boxes.

# %% key="e6-answer" translate=["Minus a half to plus a tenth, change against change.", "The effect of joining: a second draw, next spring.", "Ideas, recommendations, the phone and the mailbox.", "The same budget; less if the draw shows no effect."] starter="card = {\n    \"range\": ...,\n    \"assumption\": ...,\n    \"left_out\": ...,\n    \"request\": ...,\n}"
# Show: the budget note
### BEGIN SOLUTION
card = {
    "range": "Minus a half to plus a tenth, change against change.",
    "assumption": "The effect of joining: a second draw, next spring.",
    "left_out": "Ideas, recommendations, the phone and the mailbox.",
    "request": "The same budget; less if the draw shows no effect.",
}
### END SOLUTION
learn.check("14.6", card)

# %% [markdown] key="keep"
# To see where you stand, run `learn.progress()` in a cell. Then save: *File, Save Notebook*; with Binder, *File, Download* as well.
