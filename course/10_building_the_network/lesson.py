# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Three minutes, without looking back:
#
# 1. Four reported items in a hundred must be removed. How often is a robot right that removes nothing, and why is it useless? (module 09)
# 2. The interval of a difference goes from −3 to +11 points. What do you tell your manager? (module 07)
# 3. A cohort joined three weeks ago. What is its retention at 90 days? (module 04)

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. 96 times in a hundred, and it catches nobody: the share of right answers hides the rare case. 2. We cannot tell which is better: the interval holds zero. 3. Unknown, not 0: the 90 days have not passed.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > The agency sent me a drawing of our community. It is splendid: **more than nine people out of ten hang together in one piece.** Nobody is alone here. The few dots at the edge of the picture are people who do not want to take part.
# >
# > You wanted an hour a week to welcome people and introduce them to others. Why? And whom would you write to **this week**?

# %% key="start"
# Load: the tools and the community
import networkx as nx
from cmlib import data, explore, kpi, learn, network, plot

learn.start("10", language="en")
brand = data.load("brand")

# %% key="team" translate=["Members:", "The team and its robot:"]
# Filter: the members on one side, the team on the other
members = brand.members
people = members[members["role"] == "member"]
team = members[members["role"] != "member"]
print("Members:", len(people))
print("The team and its robot:", len(team))

# %% [markdown] key="predict"
# ## Predict
#
# On paper first. Five people, seven messages:
#
# | | Written by | Answers |
# |---|---|---|
# | 1 | Aminata | nobody: opens a topic |
# | 2 | Bilal | Aminata |
# | 3 | Aminata | Bilal |
# | 4 | Chiara | Aminata |
# | 5 | Chiara | Aminata, again |
# | 6 | Dmitri | his own message |
# | 7 | Emiko | nobody: opens a topic |
#
# Draw one dot a person, one arrow from whoever answers to whoever is answered; two answers in the same direction make **one** arrow. How many people? How many arrows between two people? How many of them are returned? Who has none?

# %% [markdown] key="run"
# ## Run
#
# The same in code: a list of pairs (who answers, who is answered). `DiGraph` makes a **directed graph** of it: people, and arrows.

# %% key="paper" translate=["People:", "Links:", "Without a link:"]
# Load: the five answers as pairs
answers = [
    ("Bilal", "Aminata"), ("Aminata", "Bilal"), ("Chiara", "Aminata"),
    ("Chiara", "Aminata"), ("Dmitri", "Dmitri")]
paper = nx.DiGraph(answers)
print("People:", len(paper))
print("Links:", paper.number_of_edges())
print("Without a link:", list(nx.isolates(paper)))

# %% [markdown] key="stop-paper"
# **Stop.** Your drawing and the computer do not agree.
#
# 1. Who is missing, and why? Look for the rows of this person in the list.
# 2. Which of the four links is not between two people?
# 3. `isolates` lists the people without a link. It is empty. Is nobody alone on your drawing?
#
# **A table of pairs does not hold those who have no pair**, and a self-reply hides a lonely person. Any tool that draws from pairs does this.

# %% key="everybody" translate=["People who wrote:", "Links:", "Linked with nobody:"]
# Load: who answers whom, everyone who wrote included
everybody = network.reply_graph(brand)
alone = list(nx.isolates(everybody))
print("People who wrote:", len(everybody))
print("Links:", everybody.number_of_edges())
print("Linked with nobody:", len(alone))

# %% key="drawing" alt="Network drawing of the members of one interest group and the team. A dense tangle of linked people around the diamonds of the team, and rows of open squares below: people linked with nobody."
# Show: the smallest interest group, with the team
ax = explore.plot_network_at_least(
    brand, group="international", team=True
)
plot.show(ax)

# %% [markdown] key="stop-drawing"
# `reply_graph` starts from everyone who wrote, leaves self-replies out and counts the messages of each arrow. Here we draw one interest group only: nine hundred dots would be a ball of wool.
#
# **Stop.** In the next cell, change `seed=1` into `seed=2`, then 3. What moves, and which of the figures printed below move? Who was “at the edge”? Answer Ines in one sentence.

# %% key="drawing-again" alt="The same network drawing with every person at another place."
# Show: the same network, other places
ax = explore.plot_network_at_least(
    brand, group="international", team=True, seed=1
)
plot.show(ax)

# %% [markdown] key="explore"
# ## Explore
#
# Four figures say what the drawing cannot:
#
# | Figure | Question it answers | On paper |
# |---|---|---|
# | People | How many wrote? | 5 |
# | Reciprocity | Which share of the arrows is returned? | 2 of 3 |
# | Alone | Who is linked with nobody? | 2 people |
# | Connected share | Which share is in the largest piece? | 3 of 5 |
#
# The agency had put the team among the people: three colleagues who answer all over the place. **Predict:** without these three accounts, how many more of some nine hundred people stand alone? None, about ten, more than fifty?

# %% key="with-team"
# Group: the network with the team, in one row
network.network_at_least(brand, team=True)

# %% key="without-team"
# Filter: the same, the team left out
network.network_at_least(brand, team=False)

# %% key="compare-team" translate=["More people alone:", "Largest piece, with the team:", "and without:"]
# Compare: with and without the team
full = network.network_at_least(brand, team=True)
bare = network.network_at_least(brand, team=False)
print("More people alone:", bare["alone"].sum() - full["alone"].sum())
print("Largest piece, with the team:",
      round(full["connected_share"].sum(), 3))
print("and without:", round(bare["connected_share"].sum(), 3))

# %% [markdown] key="stop-team"
# **Stop.** Read the three numbers again. These people are tied to the community by the team alone, and the team goes on holiday. Is the agency's figure false? No: it answers another question. Write the two questions side by side.
#
# In a drawing with the team, the arrows meet on a few accounts: a **star**. It tells that the team works, not that members know one another.

# %% [markdown] key="threshold"
# Next choice: **from how many exchanges on are two people “linked”?** One answer in eighteen months, is that a relation? An exchange is one reply, in either direction.
#
# **Predict:** we ask for two exchanges instead of one. Does the largest piece lose a tenth of the people, a third, more than half?

# %% key="threshold-run"
# Compare: one, two, three exchanges (alone, share connected)
for k in [1, 2, 3]:
    row = network.network_at_least(brand, at_least=k)
    alone = row["alone"].sum()
    share = row["connected_share"].sum()
    print(k, alone, round(share, 2))

# %% key="threshold-drawing" alt="The same interest group, three exchanges asked for, team left out. About half of the people, shown as open squares, are no longer linked with anybody."
# Show: the people linked by three exchanges
ax = explore.plot_network_at_least(
    brand, group="international", at_least=3
)
plot.show(ax)

# %% [markdown] key="stop-threshold"
# **Stop.** At two exchanges most people still have a link; yet the largest piece fell to a quarter. So the network came apart into **several large pieces**: a few thin links had held them together. Whose links? That is module 11.
#
# | A link is… | Says | Serves to |
# |---|---|---|
# | one exchange | they met | find who was never answered |
# | three exchanges or more | they know each other | find who could introduce somebody |
#
# Move the controls (Tab, then the arrows). From how many exchanges on is more than half of this group alone?

# %% key="widget" tags=["nbval-ignore-output"]
# Show: your own rule for a link
explore.network_explorer(brand, group="international")

# %% [markdown] key="modify"
# ## Modify
#
# A colleague objects: “People who react are not alone!” We let reactions make links too.
#
# **Predict:** more people or fewer in the graph? More alone or fewer? Run, then take `"reply"` out of the list: what does “alone” mean now?

# %% key="reactions" translate=["People:", "Links:", "Linked with nobody:"]
# Filter: replies and reactions, the team left out
only = brand.view(without="team")
wider = network.reply_graph(only, kinds=["reply", "reaction"])
print("People:", len(wider))
print("Links:", wider.number_of_edges())
print("Linked with nobody:", len(list(nx.isolates(wider))))

# %% [markdown] key="repair"
# ## Repair
#
# The agency's recipe: each reply goes to whoever **opened the thread**. We put each reply beside its topic (`merge`, module 04), then keep the two people.

# %% key="merge"
# Group: each reply beside the topic of its thread
events = brand.events
topics = events[events["kind"] == "topic"]
replies = events[events["kind"] == "reply"]
pairs = replies.merge(topics, on="thread_id")
print(len(replies), len(pairs))

# %% key="bug" tags=["raises-exception"]
# Filter: the pairs whose two people are members
known = pairs["member_id"].isin(people["member_id"])

# %% [markdown] key="bug-read"
# Last line first: **KeyError**. Both tables had a column `member_id`, so `merge` renamed them: `member_id_x` wrote the reply, `member_id_y` the topic. The next cell says which one it wants.

# %% key="repaired" translate=["Linked with nobody:", "Pairs:", "Pairs of a person with themselves:"]
# Filter: replies of a member in the thread of a member
known = pairs["member_id_x"].isin(people["member_id"])
pairs = pairs[known & pairs["member_id_y"].isin(people["member_id"])]
one, other = pairs["member_id_x"], pairs["member_id_y"]
agency = nx.DiGraph(list(zip(one, other)))
print("Linked with nobody:", len(list(nx.isolates(agency))))
print("Pairs:", len(pairs))
print("Pairs of a person with themselves:", sum(one == other))

# %% [markdown] key="repair-read"
# No error any more, and **nobody alone**. The second bug is silent. Whoever thanks people in their own thread is “linked” with themselves; whoever was never answered is in no pair. You met both on paper: Dmitri and Emiko.
#
# **Stop.** Out of the pairs above, about one in how many is a person with themselves? You remove them in exercise 10.4.

# %% [markdown] key="create"
# ## Create
#
# Now the list for this week: members whose **first message** nobody answered within seven days. Messages of the last seven days are not in it: for them it is too early to tell, and “too early” is not “no”.

# %% key="lonely" translate=["Newcomers nobody answered:"]
# Load: first messages without an answer
lonely = network.unanswered_newcomers(brand)
print("Newcomers nobody answered:", len(lonely))

# %% key="lonely-months"
# Group: when did these people join?
inside = members["member_id"].isin(lonely["member_id"])
outside = members[inside == False]
joined = kpi.joined_members(brand.view(without=outside))
joined.sort_values("n", ascending=False).head(3)

# %% [markdown] key="stop-lonely"
# **Stop.** “Hundreds of newcomers without an answer: we need three more people!” One month makes nearly half of the list. Before you ask for a budget, read what they wrote.

# %% key="april-text"
# Show: what the newcomers of April 2025 wrote
april = lonely[(lonely["timestamp"] >= "2025-04-08")
               & (lonely["timestamp"] < "2025-04-14")]
texts = events[events["event_id"].isin(april["event_id"])]
print(len(april))
texts[["channel", "text"]].head(4)

# %% [markdown] key="april-read"
# Nobody answered them, and rightly so. Lonely for a graph, spam for a reader: **a list of people is read before it is used.** (September 2024 is another matter: remember the contest.)
#
# For this week, we keep the first messages from June on. Two definitions compete:
#
# | Nobody answered means… | The week's work |
# |---|---|
# | nobody at all, team included | welcome them ourselves |
# | no **member**, the team aside | introduce them to somebody |
#
# In a view without the team, its answers still answer. For the second definition we give the messages of the members alone, `only.counted()`: there, nobody of the team can answer.

# %% key="june" translate=["Nobody at all:", "No member:"]
# Compare: the two definitions, since June
since = lonely[lonely["timestamp"] >= "2025-06-01"]
own = only.counted()
by_members = network.unanswered_newcomers(own)
ours = by_members[by_members["timestamp"] >= "2025-06-01"]
print("Nobody at all:", len(since))
print("No member:", len(ours))

# %% key="five"
# Show: five people to introduce, by interest and language
five = ours.merge(members, on="member_id").head(5)
five[["group", "language", "source"]]

# %% key="hosts"
# Group: members who replied in June, by interest and language
june = replies[replies["timestamp"] >= "2025-06-01"]
hosts = people[people["member_id"].isin(june["member_id"])]
hosts[["group", "language"]].value_counts().head(8)

# %% [markdown] key="create-task"
# Five lines and no number, no name: interest, language, where they came from. That is enough to choose a host, and the second table says where hosts are many.
#
# **Yours:** change `head(5)` or `"2025-06-01"`. Whom do you leave out when five is all you can do, and by which rule? “The latest first” is a rule; “those I know” is not.

# %% [markdown] key="decide"
# ## Decide
#
# Answer Ines: what her 93 % says and does not say, and **five introductions for this week**.
#
# - Write to the newcomer first, in private: “May I introduce you to somebody who…?”
# - Ask the host the same. **No name is given before both said yes.**
# - A person who does not answer has answered: you leave it there.
#
# Write the card in [exercise 10.6 of this module](../../exercises/en/10_building_the_network.ipynb).

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}

# %% [markdown] key="more-undirected" tags=["more"]
# **To go further.** NetworkX forgets arrows with `graph.to_undirected()`, and keeps the weight of **one** direction only: where Aminata answered Bilal 8 times and Bilal answered her 3 times, the link weighs 3 or 8, not 11. Here more than half of the replies vanish that way (a test of the course counts them). Use `network.symmetrise(graph)`, which adds both.

# %% [markdown] key="gdpr"
# **The GDPR minute.** “Nobody answers this person” is personal data, and unkind if it leaks. The list serves to write to people: not in a report, not on a wall, deleted once the messages are sent. Ines needs counts: how many were written to, how many were answered.

# %% [markdown] key="exit"
# **Exit ticket**, two minutes, on paper:
#
# 1. “In the picture she is at the centre.” What do you answer?
# 2. Three arrows, two of them returned: what is the reciprocity?
# 3. What is still unclear?
