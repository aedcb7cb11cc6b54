# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Replace the three dots `...`, then **Shift+Enter**. “Not yet” is an answer like another: nobody counts the tries. Stuck? Write `learn.hint("12.2")` in a cell, with the number of your question. Once you have tried: `learn.solution("12.2")`.

# %% key="start"
# Load: the tools, the community, its network without the team
from cmlib import data, learn, network
from networkx.algorithms.community import louvain_communities

learn.start("12", language="en")
brand = data.load("brand")
members = brand.members
net = network.contact_network(brand)

# %% [markdown] key="e1"
# ## Exercise 12.1: predict
#
# Two groups of ten people; in each, everybody exchanges with everybody. Leïla, in neither, exchanges with two people of each; there is no other link between the groups. Whose departure cuts the network in two?
#
# Run the cell, choose, press **Check**.

# %% key="e1-form" tags=["nbval-ignore-output"]
learn.form("12.1")

# %% [markdown] key="e1-code"
# The same in code: your letter between quotation marks, in place of the three dots.

# %% key="e1-answer"
# Compare: your prediction with the drawing
### BEGIN SOLUTION
answer = "c"
### END SOLUTION
learn.check("12.1", answer)

# %% [markdown] key="e2"
# ## Exercise 12.2: from three to five
#
# The lesson let the three best connected leave. Let **five** leave. What is the connected share after the fifth departure: the largest piece over everybody at the start?

# %% key="e2-answer" starter="curve = ...\nshare = ..."
# Compare: the five best connected leave
### BEGIN SOLUTION
curve = network.removal_curve(net, by="degree", most=5, seed=1)
share = curve["giant_share"].min()
### END SOLUTION
learn.check("12.2", share)

# %% [markdown] key="e2-more" tags=["answer"]
# **Compare** with the three brokers of the lesson: five hubs gone leave more people connected than three brokers gone. The shares only fall, hence `min()`.

# %% [markdown] key="e3"
# ## Exercise 12.3: repair
#
# We invite **the group that holds most members interested in tips**. How many people is that? The lines below run, and give another number each day. Repair them: set `seed=3`, then choose the group by what it holds. Printing two numbers for each group helps: its size, and how many of `tips` are in it.

# %% key="e3-bug" tags=["nbval-ignore-output"]
# Group: members interested in tips, the groups, the “third one”
tips = members[members["group"] == "tips"]
found = louvain_communities(net)
print(len(found[2]))

# %% key="e3-answer" starter="found = ...\nnumber = ..."
# Filter: the group that holds most members interested in tips
### BEGIN SOLUTION
found = louvain_communities(net, seed=3)
most, number = 0, 0
for group in found:
    inside = len(tips[tips["member_id"].isin(group)])
    if inside > most:
        most, number = inside, len(group)
### END SOLUTION
learn.check("12.3", number)

# %% [markdown] key="e4"
# ## Exercise 12.4: groups and languages
#
# Find the groups with `network.find_groups(net, seed=1)` and keep those of more than 20 people. In each, compute the share of members whose `language` is `"en"`. **What is the largest of these shares?**

# %% key="e4-answer" starter="groups = ...\nlarge = ..."
# Group: large groups, with the language of each member
### BEGIN SOLUTION
groups = network.find_groups(net, seed=1)
groups = groups[groups["group_size"] > 20]
languages = members[["member_id", "language"]]
large = groups.merge(languages, on="member_id")
### END SOLUTION

# %% key="e4-share" starter="english = ...\nshare = ..."
# Compare: the share of English speakers in each group
### BEGIN SOLUTION
large["english"] = large["language"] == "en"
english = large.groupby("group")["english"].mean()
share = english.max()
### END SOLUTION
learn.check("12.4", share)

# %% [markdown] key="e4-more" tags=["answer"]
# **What for?** A link towards this group needs somebody who writes both languages. Whoever declared French and exchanges inside it may be that person: ask.

# %% [markdown] key="e5"
# ## Exercise 12.5: read the groups
#
# The same method finds four groups at one zoom and fifteen at another, both with a high stability. What may you write to Ines?

# %% key="e5-form" tags=["nbval-ignore-output"]
learn.form("12.5")

# %% key="e5-answer"
# Compare: what the groups say, and what you may write
### BEGIN SOLUTION
answer = "d"
### END SOLUTION
learn.check("12.5", answer)

# %% [markdown] key="e6"
# ## Exercise 12.6: decide
#
# Two links to build before someone leaves, and one risk card. No name and no member number. `learn.form("12.6")` opens the same card with boxes to fill in.

# %% key="e6-answer" translate=["Recipes and outings: the largest group at risk", "Recipes and tips: the next largest group", "Thank her three, and share their welcome among others"] starter="card = {}\ncard[\"link_1\"] = ...\ncard[\"link_2\"] = ...\ncard[\"hubs\"] = ..."
# Show: two links, and what becomes of the hubs
card = {}
### BEGIN SOLUTION
card["link_1"] = "Recipes and outings: the largest group at risk"
card["link_2"] = "Recipes and tips: the next largest group"
card["hubs"] = "Thank her three, and share their welcome among others"
### END SOLUTION

# %% key="e6-risk" translate=["The only person between two groups stops coming", "2 of 4: present in June, rarely", "4 of 4: a quarter of those who wrote", "A topic opened together each month, by two who agreed"] starter="card[\"risk\"] = ...\ncard[\"likelihood\"] = ...\ncard[\"impact\"] = ...\ncard[\"action\"] = ..."
# Show: the risk card
### BEGIN SOLUTION
card["risk"] = "The only person between two groups stops coming"
card["likelihood"] = "2 of 4: present in June, rarely"
card["impact"] = "4 of 4: a quarter of those who wrote"
card["action"] = "A topic opened together each month, by two who agreed"
### END SOLUTION
learn.check("12.6", card)

# %% [markdown] key="keep"
# Well done. Save the notebook; with Binder, *File, Download* as well.
