# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Three minutes, without looking back:
#
# 1. You change a cell and do not run it. What does the chart below it show? (module 00)
# 2. A guide says “67 %”. Which three things do you ask for before you quote it? (module 01)
# 3. `rate = 3,5` runs without an error. What did Python understand? (module 01)

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. The old chart: a result changes when its cell runs. 2. Its source, its date and its base: 67 % of whom? 3. Two numbers, 3 and 5. A decimal is typed with a point.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > Our curve of members has never gone down, and the contest of September 2024 made it jump. I have money for the next quarter. **I would buy sign-ups: another contest. Do you agree?** I need your answer, and three figures to follow.
#
# You have two tables: one row an account (`members`), one row an action (`events`).

# %% key="start"
# Load: the tools and the community
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from cmlib import data, explore, kpi, learn, plot

learn.start("02", language="en")
brand = data.load("brand").view(without="team")

# %% key="team" translate=["Accounts:", "Members:", "Team and robot, left out:"]
# Filter: the members, without the team and its robot
members = brand.members
people = members[members["role"] == "member"]
print("Accounts:", len(members))
print("Members:", len(people))
print("Team and robot, left out:", len(members) - len(people))

# %% [markdown] key="view"
# A **view** says once who counts: `view(without="team")` leaves the team out of every count that follows. The tables stay whole, as you have just seen. The community also knows its first and its last day, and its clock: days and months are those of Paris.
#
# `brand.counted()` gives the actions that count in this view, with their `local_time`, on the clock of Paris.

# %% [markdown] key="predict"
# ## Predict
#
# Before a formula, three people:
#
# | | January | February | March |
# |---|---|---|---|
# | Aminata | joins, comes | comes | |
# | Bilal | | joins, comes | comes |
# | Chiara | | joins, comes | |
# | **Accounts so far** | 1 | 3 | 3 |
# | **Active** | 1 | 3 | ? |
#
# 1. Write the number in place of the question mark.
# 2. In April nobody comes and nobody joins. What do the two lines show?
# 3. Draw the two curves of Ines's community on your handout: accounts so far, active members.

# %% [markdown] key="run"
# ## Run
#
# Here is the curve Ines looks at. We queue the members in the order they joined and number them, like tickets: 1, 2, 3… The number of the ticket is the number of accounts so far.

# %% key="queue" alt="Line chart of the accounts created so far, from January 2024 to July 2025. It only rises, with a steep step in September 2024 and a second one in April 2025." translate=["Accounts so far", "Date", "Accounts", "Accounts at the end:"]
# Show: the curve of the manager
queue = people.sort_values("joined_at")
queue["account"] = range(1, len(queue) + 1)
fig, ax = plt.subplots(figsize=(9, 4))
sns.lineplot(data=queue, x="joined_at", y="account", ax=ax)
ax.set(title="Accounts so far", xlabel="Date", ylabel="Accounts")
plt.show()
print("Accounts at the end:", queue["account"].max())

# %% [markdown] key="stop-queue"
# **Stop.** Imagine that from October on every member left, and one person a month joined. Draw how this curve would go on. Then read it again: what does it tell of those who are here?

# %% key="active" translate=["Months observed:"]
# Group: members active at least once, month by month
active = kpi.active_by_period(brand)
print("Months observed:", len(active))
active.sort_values("period", ascending=False).head(3)

# %% [markdown] key="columns"
# One row a month: `period` is its first day, `n` the **different** members who did at least one thing, a visit included. `complete` says whether the month was observed to its end.
#
# Look at the first row, the latest month, before you go on. How many days of that month do we have?

# %% key="whole" translate=["Whole months:"]
# Filter: the whole months, and the one not observed in full
whole = active[active["complete"]]
rest = active[active["complete"] == False]
print("Whole months:", len(whole))

# %% key="active-chart" alt="Line chart of active members by month. It rises to a peak in September 2024, falls, has a second and lower peak in April 2025, and ends below the month before the contest. July 2025, incomplete, stands apart as a cross." translate=["Active members, by month", "Month", "Active members", "Largest month:"]
# Show: whole months as a line, the other as a cross
fig, ax = plt.subplots(figsize=(9, 4))
sns.lineplot(data=whole, x="period", y="n", marker="o")
sns.lineplot(data=rest, x="period", y="n", marker="X", linestyle="")
ax.set(title="Active members, by month", xlabel="Month")
ax.set(ylabel="Active members", ylim=(0, None))
plt.show()
print("Largest month:", whole["n"].max())

# %% [markdown] key="stop-crosses"
# **Stop.** One cross, one month not observed in full: July 2025 lacks more than half of its days. Which sentence about our community would it make Ines write?

# %% [markdown] key="explore"
# ## Explore
#
# Two curves, two stories. We put figures on them, beginning with three rows: 8 members, then 10, then 9.
#
# From 8 to 10: 2 were added, out of 8. The **growth rate** is 2 / 8 = 0.25, that is +25 %. From 10 to 9: −1 / 10 = −10 %. In words: what was added, divided by where it began.

# %% key="growth" translate=["Growth in September:", "Growth from August to June:"]
# Compare: the contest month and the last whole month with August
august = active[active["period"] == "2024-08-01"]["n"].sum()
september = active[active["period"] == "2024-09-01"]["n"].sum()
june = active[active["period"] == "2025-06-01"]["n"].sum()
contest, since = (september - august) / august, (june - august) / august
print("Growth in September:", round(contest, 2))
print("Growth from August to June:", round(since, 2))

# %% [markdown] key="read-growth"
# Line by line: `active["period"] == "2024-08-01"` keeps one row; `["n"].sum()` takes its number out; `(september - august) / august` is the growth, a share: multiply by 100 for a percentage.
#
# **Stop.** Write to your neighbour in one sentence what became of the contest's crowd. Which month would *you* have compared June with?

# %% key="joined" translate=["Sign-ups in June:"]
# Group: the accounts created, month by month
joined = kpi.joined_members(brand)
june = joined[joined["period"] == "2025-06-01"]["n"].sum()
print("Sign-ups in June:", june)

# %% key="first-seen" translate=["Members who ever wrote:", "First message in June:"]
# Group: the first message of each member
events = brand.counted()
written = events[events["n_chars"] > 0]
first = written.groupby("member_id")["local_time"].min()
in_june = first[(first >= "2025-06-01") & (first < "2025-07-01")]
print("Members who ever wrote:", len(first))
print("First message in June:", len(in_june))

# %% [markdown] key="stop-first"
# **Stop.** Many tools export messages only. They call “new” whoever writes for the first time. Compare the two numbers for June above. Whom does the export never see? And in which month is “new” a member who joined in March and dared to write in June?
#
# **First seen is not joined**: a figure of “new members” needs the name of its table.

# %% [markdown] key="define"
# Now the word everybody uses: *active*. In June, Aminata did 6 things, Bilal 2, Chiara 1.
#
# | Active means at least… | Active members |
# |---|---|
# | 1 action in 30 days | 3 |
# | 2 actions in 30 days | 2 |
# | 5 actions in 30 days | 1 |
#
# Same community, same month. The next chart takes, each day, the 30 days that end with it.

# %% key="definition" alt="Line chart of active members each day. The curve for at least four actions in thirty days lies far under the dashed curve for one action, keeps the September peak and has almost nothing of the April one."
# Show: a stricter definition under the usual one
ax = explore.plot_activity(brand, at_least=4, days=30)
plot.show(ax)

# %% [markdown] key="try"
# Move the sliders (Tab key, then the arrows) and read the sentence under the chart.
#
# 1. From how many actions on does the step of April 2025 disappear? What kind of account does two or three things and never comes back?
# 2. Put the first slider back to 1 and untick the box: visits no longer count. Is the step of April still there? What, then, did a part of these accounts do besides signing up?

# %% key="widget" tags=["nbval-ignore-output"]
# Show: the curve under your own definition
explore.activity_explorer(brand)

# %% [markdown] key="modify"
# ## Modify
#
# On a colleague's slide: “Active members in June”, with a number about three times ours. She counted each day and added the thirty days.
#
# **Predict:** is the sum of the days larger, equal, smaller? Then run, and change the two dates for the month of May.

# %% key="days" translate=["Days observed:"]
# Group: members active each day
days = kpi.active_by_period(brand, period="day")
print("Days observed:", len(days))

# %% key="days-sum" translate=["The days added up:", "The month:"]
# Compare: the days added up with the month
first, after = "2025-06-01", "2025-07-01"
kept = days[(days["period"] >= first) & (days["period"] < after)]
month = active[active["period"] == first]
print("The days added up:", kept["n"].sum())
print("The month:", month["n"].sum())

# %% [markdown] key="stop-days"
# **Stop.** Aminata came on six days: how many times is she in the first number, how many in the second? Different people do not add up, neither over days nor over channels. What *could* be added up: visits, messages, sign-ups.

# %% [markdown] key="repair"
# ## Repair
#
# Ines forwards the export of the publications: “What is the last one in there, please?” You load it and ask for the largest date.

# %% key="text" translate=["Largest date:"]
# Load: the export, and its largest date
export = pd.read_csv(
    "../../datasets/brand/exports/export_fr.csv", sep=";"
)
dates = export["Date de publication"]
print("Largest date:", dates.max())
print(sorted(["2/01", "10/01", "21/01"]))

# %% [markdown] key="text-read"
# No error, a date that looks plausible… and the export goes on for months after it. Look at the second line: 10/01 stands before 2/01. **How did Python sort?**
#
# These dates are texts, sorted letter by letter like words: “1” before “2”. The next cell asks for a number of days, and Python stops at last. Read the last line of the error.

# %% key="bug" tags=["raises-exception"]
# Compare: the first and the last publication
print(dates.max() - dates.min())

# %% key="repaired" translate=["From", "to"]
# Load: texts turned into dates, day first
texts = export["Date de publication"]
dates = pd.to_datetime(texts, format="%d/%m/%Y")
print("From", dates.min(), "to", dates.max())
print(dates.max() - dates.min())

# %% [markdown] key="format"
# `format` says how the text is written: `%d` day, `%m` month, `%Y` year in four digits. Without it, 01/02/2025 may become 2 January. **Change it to `"%m/%d/%Y"` and run:** which row stops Python, and why not all of them?

# %% [markdown] key="create"
# ## Create
#
# The trade has two rival definitions of an active member:
#
# | | Present | Contributing |
# |---|---|---|
# | Counts | any action, a visit included | messages and reactions only |
# | How often | once in 30 days | 4 times in 30 days |
# | Serves to | plan servers, sell reach | look after those who carry the place |
#
# Compare the end of December with the end of June, under each.

# %% key="rival" translate=["Contributing, December:", "Contributing, June:"]
# Compare: December and June, members who contribute
kinds = ["topic", "reply", "reaction", "accept"]
curve = kpi.active_members(brand, at_least=4, kinds=kinds)
december = curve[curve["day"] == "2024-12-31"]["n"].sum()
june = curve[curve["day"] == "2025-06-30"]["n"].sum()
print("Contributing, December:", december)
print("Contributing, June:", june)

# %% [markdown] key="create-task"
# Now yours, in the cell below:
#
# 1. Copy the cell above, take `kinds=kinds` out and set `at_least=1`: this is “present”.
# 2. Compute both growth rates from December to June.
# 3. Do they have the same sign? What would Ines decide on the first one, and on the second one? The numbers of contributors are small: what would you say of your certainty?

# %% key="create-cell"
# Compare: present members, December and June
present = ...

# %% [markdown] key="decide"
# ## Decide
#
# Your answer to Ines: one decision, a definition of “active” in one sentence, **three KPIs (key performance indicators) with a target and a date**, one figure you stop showing.
#
# A KPI that helps to decide can fall, is named with its definition, and somebody would act if it fell. “Accounts so far: 3,000” fails the first test.
#
# Write your card in [exercise 02.6 of this module](../../exercises/en/02_growth_and_activity.ipynb).

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}

# %% [markdown] key="gdpr"
# **The GDPR minute.** Counting needs `member_id`, not names, and what you hand in is counts. “Members who no longer come”, as a list, is personal data: keep it to those who welcome people, for that purpose, and not in a report. Under five people, write “fewer than 5”.

# %% [markdown] key="exit"
# **Exit ticket**, two minutes, on paper:
#
# 1. “We have 3,000 members.” Which question do you ask?
# 2. Write the growth rate from 40 to 30.
# 3. What is still unclear?
