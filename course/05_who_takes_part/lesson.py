# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Three minutes, without looking back:
#
# 1. A member joined three weeks ago. Why is her retention at 90 days missing, and not zero? (module 04)
# 2. “Active members”: which four things must the sentence around it say? (module 02)
# 3. A guide prints “67 %”. Which three things do you ask for? (module 01)

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. Her 90 days are not over: nobody knows yet. 2. Who, does what, how often, in how many days. 3. Its source, its date and its base.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > Everybody in the trade knows the 90-9-1 rule: 90 % read, 9 % join in, 1 % create. It explains our community. So, two ideas: we make ambassadors of our **five best topic starters**, and we delete the accounts that never wrote, they bring us nothing. **Do I sign?**
#
# Two signatures, two questions: on whom does the conversation rest, and who are the others?

# %% key="start"
# Load: the tools and the community
import matplotlib.pyplot as plt
import seaborn as sns
from cmlib import data, explore, kpi, learn, plot

learn.start("05", language="en")
brand = data.load("brand").view(without="team")

# %% key="messages" translate=["Members:", "Messages:"]
# Filter: topics and replies, without those of the team
events = brand.counted()
messages = events[events["kind"].isin(["topic", "reply"])]
print("Messages:", len(messages))
members = brand.members
people = members[members["role"] == "member"]
print("Members:", len(people))

# %% [markdown] key="predict"
# ## Predict
#
# Three people queue, from the least to the most active:
#
# | | Messages | So far | Share so far |
# |---|---|---|---|
# | Aminata | 1 | 1 | 10 % |
# | Bilal | 1 | 2 | 20 % |
# | Chiara | 8 | 10 | 100 % |
#
# 1. Two thirds of the people wrote … % of the messages.
# 2. All three had written as much: what would the last column hold?
# 3. On your handout: draw the line for the community of Ines, among those who wrote. What did the **10 % most active** write? Put a number down.

# %% [markdown] key="run"
# ## Run
#
# The same table for the whole community. First the number of messages of each member who wrote. Messages of deleted accounts have no author any more: `groupby` leaves them out.

# %% key="writers" translate=["Members who wrote:", "Messages each, on average:"]
# Group: the messages of each member who wrote
writers = messages.groupby("member_id", as_index=False).agg(
    n=("event_id", "count"))
print("Members who wrote:", len(writers))
print("Messages each, on average:", round(writers["n"].mean(), 1))

# %% [markdown] key="queue-read"
# Now the queue. `cumsum` adds along the column, row after row: 1, 1, 8 becomes 1, 2, 10. It is the column “So far” of the table above.

# %% key="queue"
# Group: the queue, from the least to the most active
queue = writers.sort_values(["n", "member_id"])
queue["so_far"] = queue["n"].cumsum()
queue["share"] = queue["so_far"] / queue["n"].sum()
queue["place"] = range(1, len(queue) + 1)
queue["people"] = queue["place"] / len(queue)
queue[["n", "so_far", "people", "share"]].head(3)

# %% key="lorenz" alt="Curve of the share of messages against the share of writers, from the least to the most active. It stays near zero for most of the width, far below the dashed diagonal, and climbs steeply at the very end." translate=["Who writes how much", "Share of those who wrote", "Share of their messages", "Written by the least active 90 %:"]
# Show: the share of messages, along the queue
ax = sns.lineplot(data=queue, x="people", y="share")
sns.lineplot(x=[0, 1], y=[0, 1], ax=ax, linestyle="--")
ax.set(title="Who writes how much", ylabel="Share of their messages")
ax.set(xlabel="Share of those who wrote")
plt.show()
most = queue[queue["people"] <= 0.9]["share"].max()
print("Written by the least active 90 %:", round(most, 3))

# %% [markdown] key="stop-lorenz"
# **Stop.** On the dashed line all would write as much. Compare with your drawing, then finish the sentence: “the 10 % most active wrote …”.
#
# You have drawn a **Lorenz curve**: the share of the content made by the least active *x* % of people.

# %% [markdown] key="explore"
# ## Explore
#
# `kpi.top_share` reads the other end of the curve. `top=[0.01, 0.1]` asks for the 1 % and the 10 % most active; `n` is the number of people they are taken of, `members` how many that makes.

# %% key="top"
# Group: what the most active wrote
top = kpi.top_share(brand, top=[0.01, 0.1])
top[["top", "n", "members", "posts", "share"]]

# %% key="quantile" translate=["Half of them wrote at most:", "Nine in ten wrote at most:", "The average:"]
# Compare: half of the writers, nine in ten, the average
n = writers["n"]
print("Half of them wrote at most:", n.quantile(0.5))
print("Nine in ten wrote at most:", n.quantile(0.9))
print("The average:", round(n.mean(), 1))

# %% [markdown] key="stop-top"
# **Stop.** `quantile(0.9)` walks along the queue and stops at 90 % of it: how many messages has the person met there?
#
# - Add `share` of the 10 % to the number printed under the chart: what do you get, and why?
# - “Our members write about fifteen messages each.” Whom does this average describe?

# %% [markdown] key="gini-words"
# One number for the whole curve: how much of the triangle under the diagonal lies **between the diagonal and the curve**? Nothing when all write as much; nearly all of it when one person writes everything. This is the **Gini coefficient**.
#
# By hand, for Aminata, Bilal and Chiara: the mean of 0.10, 0.20 and 1.00 is 0.433; then 1 + 1/3 − 2 × 0.433 = 0.467. The lower the curve, the smaller the mean, the larger the Gini.

# %% key="gini" translate=["Gini by hand:", "Gini by cmlib:"]
# Compare: the Gini by hand, and the one of cmlib
n = len(queue)
by_hand = 1 + 1 / n - 2 * queue["share"].mean()
print("Gini by hand:", round(by_hand, 3))
print("Gini by cmlib:", round(kpi.gini(brand), 3))

# %% [markdown] key="zero"
# A colleague announces another Gini for the same community. She counted **all** the members. For those who never wrote, `merge(how="left")` leaves a hole; `fillna(0)` fills it. **Predict:** larger or smaller?

# %% key="everyone" translate=["Gini, all members:", "Share who never wrote:"]
# Group: the same queue, with those who never wrote
everyone = people.merge(writers, on="member_id", how="left")
everyone["n"] = everyone["n"].fillna(0)
everyone = everyone.sort_values("n")
share = everyone["n"].cumsum() / everyone["n"].sum()
gini_all = 1 + 1 / len(everyone) - 2 * share.mean()
print("Gini, all members:", round(gini_all, 3))
print("Share who never wrote:", round((everyone["n"] == 0).mean(), 3))

# %% [markdown] key="stop-zero"
# **Stop.** Between the two cells nobody wrote or left. What changed?
#
# - In module 04 an empty cell stayed empty. Why is zero right here? (What do we *know* of somebody without a message?)
# - “Is the conversation in few hands?” and “Do members dare to write?” are two questions. Which Gini serves which?
#
# A Gini without “among whom” cannot be compared with any other.

# %% [markdown] key="rule"
# Now the rule of Ines. The trade reads it in two ways:
#
# | | By rank | By behaviour |
# |---|---|---|
# | Given | the sizes: 1 %, 9 %, 90 % | the behaviour: a lot, a little, never |
# | Found | what each class wrote | how many people in each class |
# | Decides | whom we cannot do without | how many we could invite to write |
#
# Van Mierlo (2014, doi 10.2196/jmir.2966), four health communities, by rank: **74.7 %**, 24.0 % and 1.3 % of the content.

# %% key="by-rank"
# Group: by rank, among all the members
ranked = kpi.top_share(brand, top=[0.01, 0.1, 1], base="members")
ranked[["top", "members", "posts", "share"]]

# %% key="by-behaviour" translate=["10 messages or more:", "1 to 9 messages:", "No message:"]
# Group: by behaviour, among all the members
n = everyone["n"]
print("10 messages or more:", round((n >= 10).mean(), 3))
print("1 to 9 messages:", round(((n >= 1) & (n < 10)).mean(), 3))
print("No message:", round((n == 0).mean(), 3))

# %% [markdown] key="stop-rule"
# **Stop.**
#
# 1. By rank: subtract line from line to get what the 1 %, the next 9 % and the other 90 % wrote. Nearer to or further from 100 % at the top than van Mierlo?
# 2. By behaviour: is it 1, 9 and 90?
# 3. His 90 % are called “lurkers”, and wrote 1.3 % of the content. Can a person who never writes do that? And less than 25 % of his accounts had ever posted.
#
# Can a law hold under one reading and fail under the other?

# %% [markdown] key="absent"
# One more word to take apart: those who “only read”. To read, one has to come. Three months, from 15 April 2025 to the end of the data: who wrote, who came without writing, who did not come?

# %% key="three" translate=["Wrote:", "Came, did not write:", "Did not come:"]
# Filter: the last three months, member by member
recent = events[events["timestamp"] >= "2025-04-15"]
came = people["member_id"].isin(recent["member_id"])
recent = recent[recent["kind"].isin(["topic", "reply"])]
wrote = people["member_id"].isin(recent["member_id"])
print("Wrote:", wrote.sum())
print("Came, did not write:", (came & (wrote == False)).sum())
print("Did not come:", (came == False).sum())

# %% key="only-read" translate=["Did not write, of all members:", "Did not write, of those who came:"]
# Compare: two answers to “how many only read?”
share_all = 1 - wrote.sum() / len(people)
share_came = 1 - wrote.sum() / came.sum()
print("Did not write, of all members:", round(share_all, 2))
print("Did not write, of those who came:", round(share_came, 2))

# %% [markdown] key="stop-absent"
# **Stop.** A **lurker** comes, reads and does not write. An **absent member** reads nothing. Which of the two does “90 %” count? Welcoming serves one, getting back in touch serves the other: which is which?
#
# Ines adds: “They bring us nothing.” Two tables can answer: the reactions, and the orders.

# %% key="likes" translate=["Reactions from those who never wrote:"]
# Compare: reactions by those who never wrote
silent = everyone[everyone["n"] == 0]
likes = events[events["kind"] == "reaction"]
theirs = likes["member_id"].isin(silent["member_id"])
print("Reactions from those who never wrote:", round(theirs.mean(), 2))

# %% key="orders" translate=["Of what members spend:"]
# Compare: purchases by those who never wrote
orders = brand.orders.merge(
    people[["member_id", "customer_id"]], on="customer_id")
quiet = orders[orders["member_id"].isin(silent["member_id"])]
spent = quiet["amount_eur"].sum() / orders["amount_eur"].sum()
print("Of what members spend:", round(spent, 2))

# %% key="buyers" translate=["Of the members who buy:"]
# Compare: how many of the buyers never wrote
buyers = orders["member_id"].value_counts()
quiet_buyers = quiet["member_id"].value_counts()
share = len(quiet_buyers) / len(buyers)
print("Of the members who buy:", round(share, 2))

# %% [markdown] key="stop-silent"
# **Stop.** Of what members spend, which share comes from those who never wrote? Does one of them spend much less than a member who writes? What would the second signature of Ines have deleted?
#
# Stay prudent: nothing here says that reading *makes* people buy. Many of them may have bought as much before they joined; module 14 looks into it. But “they bring us nothing” is a sentence one can check, and you have checked it.

# %% [markdown] key="away"
# Back to the core. What rests on it? Take away the ten members who wrote most. The answers of the team stay.

# %% key="away-chart" alt="Two falling curves against the number of most active members taken away: messages left, and topics that still have an answer. Both fall steeply over the first ten, then more slowly. A dotted line marks ten."
# Show: what is left without the ten most active
ax = explore.plot_without_most_active(brand, n=10)
plot.show(ax)

# %% [markdown] key="try"
# Move the slider (Tab key, then the arrows), read the sentence under the chart.
#
# 1. How many members gone until half of the messages are left?
# 2. Choose “topics opened”. Which curve falls less, and why?
# 3. Untick the box: the team is ranked like the others. Which curve suffers?
#
# It says what rested on them, not what would happen: others may step in.

# %% key="widget" tags=["nbval-ignore-output"]
# Show: choose how many, ranked by what, the team in or out
explore.most_active_explorer(brand)

# %% [markdown] key="modify"
# ## Modify
#
# A message is a topic or a reply. **Predict:** which of the two is in fewer hands? Run for topics, then replace `"topic"` by `"reply"`.

# %% key="topics" translate=["Share of the 10 % most active:"]
# Group: the 10 % who open most topics
part = kpi.top_share(brand, top=0.1, kinds=["topic"])
print("Share of the 10 % most active:", round(part["share"].max(), 3))

# %% [markdown] key="stop-modify"
# **Stop.** Nobody to ask, or nobody to answer: which of the two is the greater risk for this community? Would you choose ambassadors for the topics they open, or for something else?

# %% [markdown] key="repair"
# ## Repair
#
# Hugo, the trainee, has prepared the list that Ines asked for: the five best topic starters. Five invitations are ready to leave.

# %% key="five" translate=["Topics opened by each:"]
# Group: the five who opened most topics
log = brand.events
topics = log[log["kind"] == "topic"]
starters = topics.groupby("member_id", as_index=False).agg(
    n=("event_id", "count"))
five = starters.sort_values("n", ascending=False).head(5)
print("Topics opened by each:", list(five["n"]))

# %% [markdown] key="five-read"
# No error, a list of five. Before sending, you want to know who they are: member, or…? The next cell stops. Read the last line of the error: which word does Python not find, and in which table would it be?

# %% key="bug" tags=["raises-exception"]
# Compare: the role of each of the five
print(five["role"])

# %% key="roles"
# Compare: the five, with their role
five = five.merge(members[["member_id", "role"]], on="member_id")
five[["n", "role"]]

# %% [markdown] key="stop-roles"
# **Stop.** Whom would the community manager have invited? Nothing in the code failed: `brand.events` holds the actions of everybody. Which word of the second code cell of this notebook leaves the team out? Repair.

# %% key="repaired" translate=["Topics opened by each:"]
# Filter: the five, the team left out
topics = events[events["kind"] == "topic"]
starters = topics.groupby("member_id", as_index=False).agg(
    n=("event_id", "count"))
five = starters.sort_values("n", ascending=False).head(5)
print("Topics opened by each:", list(five["n"]))

# %% key="picture" translate=["Gini with the team:", "Gini without:"]
# Compare: does the team change the whole picture?
everybody = brand.view(without=None)
print("Gini with the team:", round(kpi.gini(everybody), 3))
print("Gini without:", round(kpi.gini(brand), 3))

# %% [markdown] key="stop-picture"
# **Stop.** Four accounts among thousands: which result do they change a lot, the Gini or the list? A summary can stand an error that a list of people cannot.

# %% [markdown] key="create"
# ## Create
#
# The list is now made of members. It counts eighteen months. Are these five *still* there? Beside `n`, their topics of the last three months.

# %% key="late"
# Compare: eighteen months, and the last three
late = topics[topics["timestamp"] >= "2025-04-15"]
late = late.groupby("member_id", as_index=False).agg(
    late=("event_id", "count"))
five = five.merge(late, on="member_id", how="left")
five["late"] = five["late"].fillna(0)
five[["n", "late"]]

# %% [markdown] key="create-task"
# Look at the first row. Then make **your** list of five, in the cell below:
#
# 1. Over which period? Ranked by topics, by replies, by both?
# 2. The team left out.
# 3. Only members who agreed to be studied by name: `members["consent_analytics"]` is `True` for them.
#
# How many of the five repaired above are in yours? A list is a choice: write its definition in one sentence.

# %% key="create-cell"
# Filter: my list of five
mine = ...

# %% [markdown] key="decide"
# ## Decide
#
# Your answer to Ines, on two lines: an ambassador programme **or not**, and what becomes of the accounts that never wrote. For each, the figure that decides.
#
# Protect the core: who replaces them when they stop? Widen it: whom do you invite to write a second message? A programme that only rewards the five best does the first badly and the second not at all.
#
# Write your card in [exercise 05.6 of this module](../../exercises/en/05_who_takes_part.ipynb).

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}

# %% [markdown] key="gdpr"
# **The GDPR minute.** A Gini exposes nobody; a ranking points at people. An ambassador list is personal data: a stated purpose, few readers, a date at which it is destroyed, and only people who agreed to be studied by name. Ask them before you announce anything. Reading in silence is a right: no report says who reads.

# %% [markdown] key="exit"
# **Exit ticket**, two minutes, on paper:
#
# 1. “Our Gini is 0.95, theirs 0.83: we are worse.” Which question do you ask?
# 2. Four people wrote 0, 1, 1 and 8 messages. What did the most active quarter write?
# 3. What is still unclear?
