# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# Replace the three dots `...`, then **Shift+Enter**. “Not yet” is an answer like another. Stuck? Write `learn.hint("11.2")` in a cell, with the number of your question. Once you have tried: `learn.solution("11.2")`.

# %% key="start"
# Load: the tools and the community
from cmlib import data, learn, network

learn.start("11", language="en")
brand = data.load("brand").view(without="team")

# %% key="graph"
# Filter: the network of replies, team left out, direction forgotten
graph = network.reply_graph(brand)
both = network.symmetrise(graph)

# %% [markdown] key="e1"
# ## Exercise 11.1: predict, on paper
#
# Kim, Lou and Max have all exchanged with one another. So have Nia, Oto, Pia, Quy and Tom. Rui has exchanged with Lou, Max, Nia and Oto.
#
# Who has the highest **betweenness**?
#
# - a. Nia and Oto, who have the most contacts
# - b. Rui
# - c. Lou and Max, who are in the smaller group
# - d. nobody: each group is complete, so all are equal
#
# Write the letter between quotes, or run `learn.form("11.1")` in a cell.

# %% key="e1-answer"
# Compare: your drawing with the definition
### BEGIN SOLUTION
answer = "b"
### END SOLUTION
learn.check("11.1", answer)

# %% [markdown] key="e2"
# ## Exercise 11.2: another measure
#
# In the lesson: the first by betweenness. Give the numbers of the **first three by eigenvector**, first one first, each link counted once (`weight=None`), on the network `both`. A list between square brackets, or the column of a table.

# %% key="e2-answer" starter="scores = ...\nfirst = ..."
# Group: another measure of the same people
### BEGIN SOLUTION
scores = network.centralities(
    both, weight=None, measures=["degree", "eigenvector"])
ranked = network.central_people(scores, measure="eigenvector")
first = list(ranked["member_id"].head(3))
### END SOLUTION
learn.check("11.2", first)

# %% [markdown] key="e3"
# ## Exercise 11.3: repair
#
# A colleague looks for the three members with the highest **betweenness**. Her list looks strange: their score is zero. Something in her last line is wrong.

# %% key="e3-bug"
# Compare: the colleague's list
between = network.centralities(
    both, weight=None, measures=["degree", "betweenness"])
between.sort_values("betweenness").head(3)

# %% [markdown] key="e3-task"
# Repair it and give the three numbers, the highest score first.

# %% key="e3-answer" starter="ranked = ...\nbridges = ..."
# Compare: the three highest scores
### BEGIN SOLUTION
ranked = between.sort_values("betweenness", ascending=False)
bridges = list(ranked["member_id"].head(3))
### END SOLUTION
learn.check("11.3", bridges)

# %% [markdown] key="e4"
# ## Exercise 11.4: cost per active follower
#
# From the table `brand.influencers`, compute the cost of one post per **active** follower for each account. What is the **lowest** cost, in euros?

# %% key="e4-answer" starter="accounts = ...\ncheapest = ..."
# Compare: the cost of an active follower
### BEGIN SOLUTION
accounts = brand.influencers
cost = accounts["fee_eur"] / accounts["active_followers"]
cheapest = cost.min()
### END SOLUTION
learn.check("11.4", cheapest)

# %% [markdown] key="e5"
# ## Exercise 11.5: interpret
#
# Accounts 3 and 4 are followed by 260 of our members each; 182 members follow both. Which sentence may go into the report?
#
# - a. With both accounts we reach 520 of our members.
# - b. With both accounts we reach 338 of our members; the second one adds 78.
# - c. 70 % of our members follow both accounts.
# - d. 70 % in common: the two accounts are paid by the same people.

# %% key="e5-answer"
# Compare: your reading
### BEGIN SOLUTION
answer = "b"
### END SOLUTION
learn.check("11.5", answer)

# %% [markdown] key="e6"
# ## Exercise 11.6: decide
#
# Your answer to Ines, in four sentences, **without a name or a number of a member**. `learn.form("11.6")` opens the same card with boxes to fill in.

# %% key="e6-answer" translate=["Three members who already exchange with two groups", "Betweenness: it finds them, the most contacts do not", "In private: would you host? No name before a yes", "Not the 80,000: 0.75 € an active follower, few of ours"] starter="card = {\n    \"who\": ...,\n    \"measure\": ...,\n    \"ask\": ...,\n    \"account\": ...,\n}"
# Show: the decision card
### BEGIN SOLUTION
card = {
    "who": "Three members who already exchange with two groups",
    "measure": "Betweenness: it finds them, the most contacts do not",
    "ask": "In private: would you host? No name before a yes",
    "account": "Not the 80,000: 0.75 € an active follower, few of ours",
}
### END SOLUTION
learn.check("11.6", card)

# %% [markdown] key="keep"
# Well done. Save the notebook; with Binder, *File, Download* as well.
