# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Three minutes, without looking back:
#
# 1. Who scores high by betweenness, and may still have few contacts? (module 11)
# 2. You lower the threshold that flags a message as spam. You catch more spam. What else do you flag more? (module 09)
# 3. The mean delay of an answer leaves some questions out. Which ones? (module 06)

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. Somebody who stands on the paths between others, such as the one person known on both sides. 2. Messages within the rules: critics, newcomers with a link. 3. Those nobody answered: they have no delay.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > The association of volunteers next door lost two people and fell silent within a month. I do not want that. **Keep our three best-connected members happy: they hold the place together.** I would put all our care there.
# >
# > The agency adds that we have “exactly eight groups”. Good to know.
# >
# > You have time to build **two links** between members this quarter. Which ones, and why?

# %% key="start"
# Load: the tools and the community
import networkx as nx
from cmlib import data, explore, learn, network, plot
from networkx.algorithms.community import louvain_communities

learn.start("12", language="en")

# %% [markdown] key="predict"
# ## Predict
#
# On paper first. Eight people; a line means that two people exchange:
#
# | Person | Exchanges with |
# |---|---|
# | Aminata | Bilal, Chiara, Dmitri, Hana |
# | Bilal | Aminata, Chiara, Emiko |
# | Chiara | Aminata, Bilal, Dmitri |
# | Dmitri | Aminata, Chiara, Hana |
# | Emiko | Bilal, Farah |
# | Farah | Emiko, Goran |
#
# Draw it. The **connected share** is the largest piece in one part, divided by the eight people of the start. What is it if Aminata leaves? If Emiko leaves instead? Which of the two would Ines have looked after?

# %% [markdown] key="run"
# ## Run
#
# `remove_nodes_from` takes people out of a network, with their links. `connected_components` gives its pieces: each is a set of people who can all be reached from one another.

# %% key="paper" translate=["People:"]
# Load: the ten contacts of the drawing
contacts = [
    ("Aminata", "Bilal"), ("Aminata", "Chiara"), ("Aminata", "Dmitri"),
    ("Aminata", "Hana"), ("Bilal", "Chiara"), ("Chiara", "Dmitri"),
    ("Dmitri", "Hana"), ("Bilal", "Emiko"), ("Emiko", "Farah"),
    ("Farah", "Goran")]
paper = network.contact_network(contacts)
print("People:", len(paper))

# %% key="paper-gone"
# Compare: Aminata leaves, or Emiko leaves
for person in ["Aminata", "Emiko"]:
    paper = network.contact_network(contacts)
    paper.remove_nodes_from([person])
    pieces = nx.connected_components(paper)
    print(person, sorted(len(piece) for piece in pieces))

# %% [markdown] key="stop-paper"
# **Stop.** Turn the largest number of each line into a connected share. Does it match your drawing?
#
# Then move the line `paper = …` above the `for`, without indentation, and run. The second line changes: why? `remove_nodes_from` changes **the network itself**. Aminata was already gone when Emiko left. Put the line back: to compare two departures, start twice from the whole network.

# %% key="real" translate=["People who wrote:", "Alone:", "Largest piece:", "Connected share:"]
# Load: the members who wrote, without the team
brand = data.load("brand")
net = network.contact_network(brand)
largest = max(nx.connected_components(net), key=len)
print("People who wrote:", len(net))
print("Alone:", len(list(nx.isolates(net))))
print("Largest piece:", len(largest))
print("Connected share:", round(len(largest) / len(net), 3))

# %% [markdown] key="predict-hubs"
# Now Ines's three. A member number is shown here for one reason: this member agreed to the analysis (`consent_analytics`), and we need to test a departure. Names stay out.
#
# **Predict:** the three best connected leave. How much of the connected share is left? And when three people leave who are drawn at random?

# %% key="hubs"
# Compare: the three best connected leave, one after the other
hubs = network.removal_curve(net, by="degree", most=3, seed=1)
hubs[["removed", "member_id", "giant_share", "random_mean"]]

# %% key="consent" translate=["Of the three, agreed to the analysis:"]
# Filter: the members who agreed to the analysis
members = brand.members
agreed = members[members["consent_analytics"]]
three = hubs[hubs["member_id"].isin(agreed["member_id"])]
print("Of the three, agreed to the analysis:", len(three))

# %% [markdown] key="stop-hubs"
# One row a departure: `giant_share` is the connected share, `random_mean` the mean of a hundred draws in which as many people leave at random.
#
# **Stop.** So Ines is right? These departures cost more than chance does. Write down by how many points. Then ask the other half of the question: is there anybody whose departure would cost **more**?

# %% [markdown] key="explore"
# ## Explore
#
# Module 11 gave a second idea of an important person: betweenness. We take the first eight by that measure, among those who agreed, and let **each of them leave alone**.
#
# **Predict:** somebody with ten contacts leaves, somebody with a hundred and eighty leaves. Who cuts off more people?

# %% key="first"
# Filter: the first eight by betweenness, who agreed
scores = network.centralities(net, measures=["degree", "betweenness"])
known = scores[scores["member_id"].isin(agreed["member_id"])]
ranked = known.sort_values("betweenness", ascending=False)
first = ranked.head(8)
print(len(first))

# %% key="one-by-one"
# Compare: each of the eight leaves alone
cut = []
for person in first["member_id"]:
    left = network.after_departures(net, gone=[person])
    cut = cut + [left["cut_off"].sum()]
first["cut_off"] = cut
first.sort_values("cut_off", ascending=False)

# %% [markdown] key="read-one"
# `after_departures` does what you did on paper: it takes people out of a copy and counts. `cut_off` is the number of people who stay, and are no longer in the largest piece.
#
# **Stop.** Read `degree` beside `cut_off`. How many contacts have the first three rows? Where would Ines have found them in her list? Rank these eight by `degree` with a pencil and compare the two orders.

# %% key="brokers"
# Compare: the three who cut off most leave together
order = first.sort_values("cut_off", ascending=False)
brokers = order["member_id"].head(3)
curve = network.removal_curve(net, by=brokers, most=3, seed=1)
curve[["removed", "giant_share", "random_mean"]]

# %% key="pieces"
# Compare: the pieces left, hubs gone, then brokers gone
for gone in [three["member_id"], brokers]:
    left = network.contact_network(brand)
    left.remove_nodes_from(gone)
    pieces = nx.connected_components(left)
    print(sorted(len(piece) for piece in pieces)[-6:])

# %% [markdown] key="stop-pieces"
# **Stop.** Two lines, six largest pieces each. In which case do people fall off one by one, and in which do whole blocks break away? Which of the two would you notice first in the monthly figures?
#
# | “Key person” means… | Their departure | What you then do |
# |---|---|---|
# | **hub**: most contacts | strands the few whom they alone had answered | share the welcome among several |
# | **broker**: between groups | cuts groups from one another | build a second link, now |

# %% key="drawing" alt="Network drawing in four clouds. The largest holds discs. The three others hold open squares, cut off. Between the clouds, three crosses with a number mark the people who left."
# Show: the community once the three have left
ax = explore.plot_departures(brand, gone=brokers)
plot.show(ax)

# %% [markdown] key="widget-read"
# Your turn: three lists (Tab key, then the arrows). The first names have most contacts, the next ones most betweenness.
#
# 1. Find **one** departure that costs more than Ines's three together.
# 2. Find three with many contacts whose loss you hardly see.
# 3. Does the order of the three lists matter?

# %% key="widget" tags=["nbval-ignore-output"]
# Show: who is still connected, for the departures you choose
explore.departures_explorer(brand)

# %% [markdown] key="groups"
# What are these clouds? **Louvain** looks for groups in which people exchange more with one another than chance would have it. Three people: if A and B exchange thirty times, and C answered B once, A and B belong together first.
#
# `find_groups` numbers the groups by size: 1 is the largest. We put beside it what members **declared** when they joined: an interest, a language.

# %% key="found"
# Group: the groups, beside declared interest and language
people = members[["member_id", "language"]]
people["interest"] = members["group"]
groups = network.find_groups(net, seed=1)
groups = groups.merge(people, on="member_id")
big = groups[groups["group_size"] > 20]
print(len(groups), len(big))

# %% key="interests"
# Group: declared interests in each large group
big.pivot_table(
    index="group", columns="interest", values="member_id",
    aggfunc="count", fill_value=0)

# %% key="languages"
# Group: languages in each large group
big.pivot_table(
    index="group", columns="language", values="member_id",
    aggfunc="count", fill_value=0)

# %% [markdown] key="name-them"
# **Stop.** Give each group a name of two or three words, from the two tables. One of them needs the language in its name: which? And who is missing from these tables? Compare the two numbers printed above them.
#
# | A group is… | Holds | You use it to |
# |---|---|---|
# | what people **do** (method) | only those who exchange | know who could introduce whom |
# | what people **declared** | everyone, the lonely included | invite to a topic |

# %% [markdown] key="modify"
# ## Modify
#
# “Exactly eight groups”, says the agency. Two settings decide. The **seed** is the start of a random search. The **resolution** is a zoom: above 1, more and smaller groups.
#
# **Predict:** same data, same method. Does the number of groups change with the seed? With the zoom?

# %% key="seeds" translate=["seed", "sizes:"]
# Compare: the five largest groups, for four seeds
for seed in [1, 2, 3, 6]:
    found = louvain_communities(net, seed=seed, weight=None)
    sizes = sorted(len(group) for group in found)
    print("seed", seed, "sizes:", sizes[-5:])

# %% key="zoom" translate=["groups:", "stability:"]
# Compare: groups of five people or more, for four zooms
for zoom in [0.5, 1, 2, 3]:
    table = network.find_groups(net, resolution=zoom, seed=1)
    some = table[table["group_size"] >= 5]
    count = len(set(some["group"]))
    steady = round(some["stability"].mean(), 2)
    print(zoom, "groups:", count, "stability:", steady)

# %% [markdown] key="stop-zoom"
# `weight=None` counts each contact once, however many replies were exchanged. `stability` (0 to 1) says how far ten random starts agree.
#
# **Stop.**
#
# 1. Which sizes move with the seed, which stand still?
# 2. Which zoom did the agency use? Is its figure false?
# 3. Two zooms are equally stable and disagree. What does stability prove, then?
#
# **Groups are an answer to a question, not a fact.** Nobody should be told “you belong to group 5”.

# %% [markdown] key="repair"
# ## Repair
#
# A colleague wrote on Monday: “Group 0 loves outings: invite it to the walk.” On Tuesday she ran her notebook again and sent the invitations to group 0. The complaints arrived in English.

# %% key="bug" translate=["The same list:"]
# Compare: the groups of Monday, then of Tuesday
monday = louvain_communities(net)
tuesday = louvain_communities(net)
print("The same list:", monday == tuesday)

# %% key="group-zero" translate=["seed", "people:", "outings:"]
# Compare: who is “group 0”, for three seeds
for seed in [1, 2, 3]:
    zero = louvain_communities(net, seed=seed)[0]
    who = members[members["member_id"].isin(zero)]
    fond = sum(who["group"] == "outings")
    print("seed", seed, "people:", len(who), "outings:", fond)

# %% [markdown] key="read-zero"
# No error, no warning: without a seed, the search starts elsewhere each time, and the groups come out in another order. **What are the three “groups 0”?** Name them with your table.
#
# Two repairs, and you need both: fix the seed, so that anyone finds your result again; then choose a group by **what it holds**, never by its number.

# %% key="repaired" translate=["The same list:"]
# Compare: the same seed on both days
monday = louvain_communities(net, seed=1)
tuesday = louvain_communities(net, seed=1)
print("The same list:", monday == tuesday)

# %% key="by-content"
# Filter: the group that holds most people who like outings
best = []
for group in monday:
    who = people[people["member_id"].isin(group)]
    best = best + [len(who[who["interest"] == "outings"])]
print(sorted(best)[-3:])

# %% [markdown] key="read-content"
# The three largest numbers of outings lovers in one group: the largest stands far ahead, so there is no doubt about which group to invite. **Stop.** What would you do if they were 80, 75 and 70?

# %% [markdown] key="create"
# ## Create
#
# Two links to build. Whom could we ask? The hubs know everybody in their group, and they agreed to the analysis. We take the best connected of each interest, the three brokers aside.

# %% key="hosts"
# Filter: the best connected of each interest, brokers aside
hosts = known.merge(people, on="member_id")
hosts = hosts[hosts["member_id"].isin(brokers) == False]
hosts = hosts.sort_values("degree", ascending=False)
host = {}
for name in ["recipes", "outings", "tips", "international"]:
    host[name] = list(hosts[hosts["interest"] == name]["member_id"])[0]
hosts.groupby("interest").head(1)[["interest", "degree"]]

# %% key="two-links"
# Compare: two links, then the three brokers leave
links = [
    (host["recipes"], host["tips"]),
    (host["tips"], host["international"]),
]
network.after_departures(net, gone=brokers, links=links)

# %% [markdown] key="create-task"
# **Yours:** change the two pairs and run again; write the connected share of each try on your handout.
#
# 1. Which two links protect most people?
# 2. The group that stays outside in your best answer: is it worth less? Think of its language, and of who else would welcome these members.
# 3. You rest the two links on hubs. What happens if one of them leaves too? Add it: `gone=list(brokers) + [host["recipes"]]`.

# %% key="create-cell"
# Compare: your two links
mine = ...

# %% [markdown] key="risk"
# Then the **risk card**: likelihood × impact, each from 1 to 4.
#
# | Risk | Likelihood | Impact | Product |
# |---|---|---|---|
# | the broker to the second group leaves | ? | people cut off: in your table | ? |
# | a hub leaves | ? | people cut off: in your table | ? |
#
# The **impact** is measured above. The **likelihood** is a judgement, by people who know the place: a score of “who is about to leave” would be profiling. And the network is taken as it was over eighteen months: in life, some would find one another again.

# %% [markdown] key="decide"
# ## Decide
#
# Your answer to Ines: two links, the group each protects, what you do with her three favourites, and one risk card.
#
# Ask before you link: “Would you open a topic together with somebody from …?” Both say yes, or there is no link. A shared activity makes a link that lasts; an introduction by message seldom does.
#
# Write your card in [exercise 12.6 of this module](../../exercises/en/12_groups_and_resilience.ipynb).

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}

# %% [markdown] key="gdpr"
# **The GDPR minute.** “If this person leaves, we break” is personal data, and a weight on their shoulders. Show numbers of people cut off, not who; keep member numbers among those who act, for members who agreed; delete the list once the links are built. A group found by a program is a guess about people: nobody is labelled with it.

# %% [markdown] key="exit"
# **Exit ticket**, two minutes, on paper:
#
# 1. A hub leaves, a broker leaves: one sentence on each.
# 2. “The software found five groups.” Which two questions do you ask?
# 3. What is still unclear?
