# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Replace the three dots `...`, then **Shift+Enter**. “Not yet” is an answer like another. Stuck? Write `learn.hint("10.2")` in a cell, with the number of your question. Once you have tried: `learn.solution("10.2")`.

# %% key="start"
# Load: the tools and the community
import networkx as nx
from cmlib import data, kpi, learn, network

learn.start("10", language="en")
brand = data.load("brand").view(without="team")

# %% key="team"
# Filter: the members, without the team and its robot
members, events = brand.members, brand.events
people = members[members["role"] == "member"]
print(len(people))

# %% [markdown] key="e1"
# ## Exercise 10.1: predict, on paper
#
# - Fatou opens a topic.
# - Goran and Hana answer Fatou.
# - Fatou answers Hana, three times.
# - Ivo answers his own message.
# - Jade answers Goran.
#
# Draw the network: an arrow from whoever answers to whoever is answered. **How many arrows between two people?**

# %% key="e1-answer"
# Compare: your drawing with the rule
### BEGIN SOLUTION
arrows = 4
### END SOLUTION
learn.check("10.1", arrows)

# %% [markdown] key="e2"
# ## Exercise 10.2: other links
#
# In the lesson, replies make the links. Let **replies, reactions and accepted answers** (`"reply"`, `"reaction"`, `"accept"`) make them, the team left out. How many links has the network now?

# %% key="e2-answer" starter="wider = ...\nlinks = ..."
# Group: three kinds of events as links
### BEGIN SOLUTION
kinds = ["reply", "reaction", "accept"]
wider = network.reply_graph(brand, kinds=kinds)
links = wider.number_of_edges()
### END SOLUTION
learn.check("10.2", links)

# %% [markdown] key="e3"
# ## Exercise 10.3: put the lines in order
#
# Six lines compute the share of people linked with nobody, the team left out:
#
# 1. `alone = list(nx.isolates(graph))`
# 2. `team = members[members["role"] != "member"]`
# 3. `print(len(alone) / len(graph))`
# 4. `members = brand.members`
# 5. `graph = network.reply_graph(brand.view(without=team))`
# 6. `brand = data.load("brand")`
#
# Write their numbers in the right order, between square brackets. Or run `learn.form("10.3")` in a cell.

# %% key="e3-answer"
# Compare: your order with the right one
### BEGIN SOLUTION
order = [6, 4, 2, 5, 1, 3]
### END SOLUTION
learn.check("10.3", order)

# %% [markdown] key="e4"
# ## Exercise 10.4: repair
#
# The agency's recipe again: a reply goes to whoever opened the thread. `pairs` holds replies of members in threads of members. The network made from it counts links of a person with themselves.

# %% key="e4-pairs"
# Filter: replies of a member in the thread of a member
topics = events[events["kind"] == "topic"]
replies = events[events["kind"] == "reply"]
pairs = replies.merge(topics, on="thread_id")
known = pairs["member_id_x"].isin(people["member_id"])
pairs = pairs[known & pairs["member_id_y"].isin(people["member_id"])]

# %% key="e4-bug" translate=["Links, self-replies included:"]
# Show: the network of the agency
one, other = pairs["member_id_x"], pairs["member_id_y"]
agency = nx.DiGraph(list(zip(one, other)))
print("Links, self-replies included:", agency.number_of_edges())

# %% [markdown] key="e4-task"
# Keep the pairs of **two different** members, draw the network again. How many links does it have?

# %% key="e4-answer" starter="others = ...\nlinks = ..."
# Filter: the pairs of two different members
### BEGIN SOLUTION
others = pairs[pairs["member_id_x"] != pairs["member_id_y"]]
one, other = others["member_id_x"], others["member_id_y"]
links = nx.DiGraph(list(zip(one, other))).number_of_edges()
### END SOLUTION
learn.check("10.4", links)

# %% [markdown] key="e5"
# ## Exercise 10.5: when did those who are alone join?
#
# In the network of **replies, the team left out**, take the members linked with nobody and count them by the month in which they joined (months cut in Paris). **How many joined in the month that has most of them?** And which month is it?

# %% key="e5-answer" starter="graph = ...\nalone = ...\nmost = ..."
# Group: members linked with nobody, by joining month
### BEGIN SOLUTION
graph = network.reply_graph(brand)
alone = members["member_id"].isin(list(nx.isolates(graph)))
months = kpi.joined_members(brand.view(without=members[alone == False]))
print(months.sort_values("n", ascending=False).head(2))
most = months["n"].max()
### END SOLUTION
learn.check("10.5", most)

# %% [markdown] key="e5-read" tags=["answer"]
# The month of the contest. These members wrote at least once and no member ever answered them, nor did they answer anybody. A large month also has more people to be alone: before you conclude, divide by the number of members who joined that month and wrote.

# %% [markdown] key="e6"
# ## Exercise 10.6: decide
#
# Your five introductions for this week, in four sentences and **without a name or a number of a member**. `learn.form("10.6")` opens the same card with boxes to fill in.

# %% key="e6-answer" translate=["The five latest whose first message no member answered", "In private, newcomer then host: may I introduce you?", "Her 93 % counts our own answers; without us, fewer", "In 30 days: how many of the five exchanged replies"] starter="card = {\n    \"who\": ...,\n    \"ask\": ...,\n    \"ines\": ...,\n    \"check\": ...,\n}"
# Show: the decision card
### BEGIN SOLUTION
card = {
    "who": "The five latest whose first message no member answered",
    "ask": "In private, newcomer then host: may I introduce you?",
    "ines": "Her 93 % counts our own answers; without us, fewer",
    "check": "In 30 days: how many of the five exchanged replies",
}
### END SOLUTION
learn.check("10.6", card)

# %% [markdown] key="keep"
# Well done. Save the notebook; with Binder, *File, Download* as well.
