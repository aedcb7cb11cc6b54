# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Three minutes, without looking back:
#
# 1. Why do we look at a network with the team, then without it? (module 10)
# 2. A word list scores “Not bad at all” as −1. What did it not see? (module 08)
# 3. A Gini of 0 on the number of messages: what does each member write? (module 05)

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. The team answers nearly everybody: it hides who is linked by members. 2. The negation in front of the word. 3. The same number as every other.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > Two invitations to settle.
# >
# > **An evening to bring our interest groups together**, with three members as hosts. I would take the three with the most contacts: they know everybody.
# >
# > **A partnership.** An account with 80,000 followers asks 2,400 € for one post. That is three cents a follower, the best price of our twelve offers. Shall I sign?
#
# Two lists of names, two prices. Whom do we invite, and why them?

# %% key="start"
# Load: the tools and the community
import matplotlib.pyplot as plt
import networkx as nx
import seaborn as sns
from cmlib import data, explore, learn, network, plot

learn.start("11", language="en")

# %% [markdown] key="predict"
# ## Predict
#
# Seven people on paper. Ada, Bo and Cai have all exchanged with one another. Eva, Fay and Gil too. Dan has exchanged with Cai and with Eva.
#
# Draw them, then answer before you go on:
#
# 1. Who has the most contacts?
# 2. Leave out Dan: the six others make 15 pairs. For how many of them does the shortest path pass through Dan?
# 3. You want the two groups to meet. Whom do you ask?

# %% [markdown] key="run"
# ## Run
#
# `DiGraph` draws arrows (module 10). Here direction does not matter: whoever answered, they met. `symmetrise` forgets it and adds up the exchanges of both directions.

# %% key="seven"
# Load: seven people, eight links
pairs = [("Ada", "Bo"), ("Ada", "Cai"), ("Bo", "Cai"), ("Cai", "Dan"),
         ("Dan", "Eva"), ("Eva", "Fay"), ("Eva", "Gil"), ("Fay", "Gil")]
seven = network.symmetrise(nx.DiGraph(pairs))

# %% key="seven-drawing" alt="Drawing of seven people: a triangle Ada, Bo, Cai and a triangle Eva, Fay, Gil, with Dan alone between Cai and Eva."
# Show: the drawing, each person with a name
ax = plot.plot_network(seven, label={name: name for name in seven})
plot.show(ax)

# %% key="seven-scores"
# Compare: contacts, and paths through each person
small = network.centralities(seven, measures=["degree", "betweenness"])
small.sort_values("betweenness", ascending=False)

# %% [markdown] key="stop-seven"
# **Degree**: people somebody is linked with. **Betweenness**: share of the pairs of others whose shortest path passes through somebody. For Dan: 3 × 3 = 9 pairs out of 15, that is 0.6.
#
# **Stop.** Dan has fewer contacts than Cai and comes first. Say in one sentence what Dan has that Cai has not. And who would be missed most if they went on holiday?

# %% key="graph" translate=["People:", "Links:"]
# Filter: our network, the team left out, direction forgotten
brand = data.load("brand").view(without="team")
graph = network.reply_graph(brand)
both = network.symmetrise(graph)
print("People:", len(both))
print("Links:", both.number_of_edges())

# %% [markdown] key="four"
# Four measures, four questions:
#
# | Measure | In one sentence | Helps to choose |
# |---|---|---|
# | degree | people they exchange with | whom to thank, who may tire |
# | betweenness | on the shortest paths between others | who can link groups |
# | eigenvector | contacts who are central themselves | the heart of the densest group |
# | PageRank | where a reader who follows links ends up | whose message is met most |
#
# **Predict:** of the first five by degree, how many are among the first five by betweenness?

# %% key="scores"
# Group: four measures for each person, each link counted once
scores = network.centralities(
    both, weight=None,
    measures=["degree", "betweenness", "eigenvector", "pagerank"])
network.central_people(scores, measure="degree").head(5)

# %% key="first-between"
# Compare: the first five by betweenness, with their rank by degree
network.central_people(scores, measure="betweenness").head(5)

# %% [markdown] key="stop-first"
# **Stop.** Read the last column. Three of these five are far from the top by contacts, and the list that Ines wants to use does not hold them. Would a longer list have helped: the first ten, the first fifty?
#
# (Numbers of members stay in this notebook. They go into no message to Ines: see the GDPR minute.)

# %% [markdown] key="explore"
# ## Explore
#
# One dot a person, both measures at once. Often the two rise together, so that people forget they are two.

# %% key="scatter" alt="Scatter plot of betweenness against number of contacts. Most dots lie near zero. Two dots have both many contacts and a high betweenness; a few dots at the left have few contacts and a betweenness as high." translate=["Contacts and paths, one dot a member", "Contacts (people)", "Betweenness (share of paths, 0 to 1)", "Largest betweenness:", "Most contacts:"]
# Show: contacts and paths
ax = sns.scatterplot(data=scores, x="degree", y="betweenness")
ax.set(title="Contacts and paths, one dot a member")
ax.set(xlabel="Contacts (people)")
ax.set(ylabel="Betweenness (share of paths, 0 to 1)")
plt.show()
print("Most contacts:", scores["degree"].max())
print("Largest betweenness:", round(scores["betweenness"].max(), 2))

# %% key="contacts"
# Group: to which groups do the contacts of the first belong?
first = network.central_people(scores, measure="degree").head(1)
person = first["member_id"].sum()
members = brand.members
contacts = members[members["member_id"].isin(list(both[person]))]
contacts["group"].value_counts()

# %% [markdown] key="stop-contacts"
# **Stop.** In the cell above, replace `"degree"` by `"betweenness"` and run it. How many contacts has the first by betweenness, in how many groups? Which of the two “knows everybody”?
#
# The drawing shows it at one glance. It holds 120 of the people, those with most contacts; 900 would be illegible.

# %% key="drawing" alt="Network drawing of 120 members in four clusters, one for each interest group. Three large marks stand alone between the clusters, each linked to two of them."
# Show: the larger, the higher the betweenness
group = dict(zip(members["member_id"], members["group"]))
ax = explore.plot_central(
    both, scores=scores, measure="betweenness", group=group)
plot.show(ax)

# %% [markdown] key="widget-read"
# Choose the measure in the list (Tab, then the arrows) and read the first five under the drawing.
#
# 1. Which two measures name almost the same people?
# 2. By eigenvector, from which group do the first five come? What would a guest list made that way look like?
# 3. Tick “Strong links count more”. Which list changes most?

# %% key="widget" tags=["nbval-ignore-output"]
# Show: your own measure
explore.central_explorer(brand)

# %% [markdown] key="stop-choice"
# **Stop.** No measure is the right one. Write the measure you would choose for each decision, and why:
#
# - thank those who answer most people;
# - find hosts who already know two groups;
# - ask somebody whose messages are met by many.

# %% [markdown] key="modify"
# ## Modify
#
# Two rival definitions. **Direction forgotten**: they have met, so they can introduce. **Direction kept**: news travels along the arrows only, from whoever answers to whoever is answered.
#
# **Predict:** keep the direction. Can somebody whom nobody ever answered lie between two others? Run, then put `both` back in place of `graph`.

# %% key="directed"
# Compare: the first five by betweenness, direction kept
arrows = network.centralities(
    graph, weight=None, measures=["degree", "betweenness"])
network.central_people(arrows, measure="betweenness").head(5)

# %% [markdown] key="stop-directed"
# **Stop.** Which member of the first list has disappeared? This person answers in two groups, and nobody answers back: no arrow arrives. For an evening where people **meet**, which definition do you keep? To pass on an announcement?

# %% [markdown] key="repair"
# ## Repair
#
# “Ten exchanges are more than one: let us count strong links more!” A colleague adds `weight="weight"`. First on three people: Ana and Bo exchanged 10 times, Bo and Cleo 10 times, Ana and Cleo once.
#
# **Predict:** by which way does news go from Ana to Cleo: directly, or through Bo? So who is between?

# %% key="trap"
# Compare: betweenness with strong links, on three people
three = network.symmetrise(nx.DiGraph([
    ("Ana", "Bo", {"weight": 10}), ("Bo", "Cleo", {"weight": 10}),
    ("Ana", "Cleo", {"weight": 1})]))
print(nx.betweenness_centrality(three, weight="weight"))

# %% [markdown] key="trap-read"
# No error, and Bo is nowhere. NetworkX reads a weight on a path as a **length**: through Bo the way is 10 + 10 = 20, directly it is 1. Strong links became long ones: the opposite of what was meant.
#
# A strong link is a **short** way: length = 1 / weight. Through Bo: 1/10 + 1/10 = 0.2; directly: 1. `network.centralities` does that.

# %% key="trap-repaired"
# Compare: a strong link is a short way
network.centralities(three, measures=["betweenness"])

# %% key="trap-real"
# Compare: our first five, weight read as a length
wrong = nx.betweenness_centrality(both, weight="weight")
scores["wrong"] = [wrong[one] for one in scores["member_id"]]
network.central_people(scores, measure="wrong").head(5)

# %% key="weighted"
# Compare: our first five, strong links as short ways
strong = network.centralities(
    both, measures=["degree", "betweenness"])
network.central_people(strong, measure="betweenness").head(5)

# %% [markdown] key="stop-trap"
# **Stop.** Compare the two lists: who comes first in the wrong one, and where is the person with most contacts? Whom would you have invited on a wrong list, with a number and two decimals to prove it?
#
# Whenever a tool offers “weighted”, ask: **is a large weight near or far?**

# %% [markdown] key="create"
# ## Create
#
# Now the partnership. On paper, two accounts: 1,000 followers of whom 50 are active, for 100 €; 200 followers of whom 100 are active, for 40 €. Which is cheaper by follower? By active follower?
#
# `audience` says which of our members follow which account. We count them, and put the number beside each offer.

# %% key="accounts"
# Load: the twelve accounts, with the number of our members
reach = brand.audience.groupby("influencer_id", as_index=False).agg(
    members=("member_id", "count"))
accounts = brand.influencers.merge(reach, on="influencer_id")
accounts.sort_values("followers", ascending=False).head(4)

# %% key="prices"
# Compare: three prices for the same offers
fee = accounts["fee_eur"]
accounts["eur_follower"] = round(fee / accounts["followers"], 3)
accounts["eur_active"] = round(fee / accounts["active_followers"], 3)
accounts["eur_member"] = round(fee / accounts["members"], 2)
names = ["influencer_id", "eur_follower", "eur_active", "eur_member"]
accounts[names].sort_values("eur_follower").head(4)

# %% key="prices-active" alt="Scatter plot of the number of our members who follow each account against its number of followers. The account with by far the most followers is near the bottom; the three that reach most of our members are at the left." translate=["Followers, and our members among them", "Followers", "Our members who follow", "Our members at the largest account:", "Most of our members at one account:"]
# Show: followers, and our members among them
ax = sns.scatterplot(data=accounts, x="followers", y="members")
ax.set(title="Followers, and our members among them")
ax.set(xlabel="Followers", ylabel="Our members who follow")
plt.show()
largest = accounts.sort_values("followers", ascending=False).head(1)
print("Our members at the largest account:", largest["members"].sum())
print("Most of our members at one account:", accounts["members"].max())

# %% [markdown] key="stop-prices"
# **Stop.** Sort the table of prices by `eur_active`, then by `eur_member`. Which place has the account of 80,000 followers each time? Ines's three cents are exact. What do they buy?
#
# Next, two accounts at once. Accounts 3 and 4 are followed by 260 of our members each. **Predict:** how many members do we reach with both?

# %% key="overlap" translate=["Follows:", "Different members:", "Price, EUR:"]
# Compare: two accounts together
chosen = [3, 4]
kept = brand.audience["influencer_id"].isin(chosen)
two = brand.audience[kept]
print("Follows:", len(two))
print("Different members:", len(set(two["member_id"])))
price = accounts[accounts["influencer_id"].isin(chosen)]["fee_eur"]
print("Price, EUR:", price.sum())

# %% [markdown] key="stop-overlap"
# **Stop.** 182 members follow both, 70 % of either audience: the second post is mostly read by the same people. Change `chosen` to `[2, 3]`. More members, for more or less money?
#
# Audiences do not add up, like active members over days (module 02). And “follows” is not “still visits us”: check before you sign.

# %% key="shortlist"
# Filter: first five by betweenness who agreed to be studied by name
top = network.central_people(scores, measure="betweenness").head(5)
top = top.merge(members, on="member_id")
agreed = top[top["consent_analytics"] == True]
agreed[["rank", "rank_by_degree", "group", "language"]]

# %% [markdown] key="create-task"
# **Yours:** change the measure to `"eigenvector"` and run. How many of the five agreed? Those who did not are not studied by name: they leave your list, and no remark is made.
#
# Then choose **three** hosts for the evening. They should reach the other groups: which members of the list do, by the drawing? Agreeing to be studied is not agreeing to be named or invited: that is asked separately.

# %% [markdown] key="decide"
# ## Decide
#
# Answer Ines on both invitations:
#
# - **the evening**: three people, the measure that chose them and why that one; what you ask each of them, in private, before any name is given;
# - **the partnership**: which account or accounts, at which price per active follower and for how many of our members; what would make you stop.
#
# Write the card in [exercise 11.6 of this module](../../exercises/en/11_centrality_and_influencers.ipynb).

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}

# %% [markdown] key="gdpr"
# **The GDPR minute.** A rank of people is a judgement about them made by a machine. Work with numbers, on members who agreed (`consent_analytics`), for a stated purpose, and delete the table afterwards. A person may say no without giving a reason. “Our top ten members” on a wall is not a thank-you for those who did not ask for it.

# %% [markdown] key="exit"
# **Exit ticket**, two minutes, on paper:
#
# 1. “She is our most central member.” Which question do you ask?
# 2. A post costs 300 €; 12,000 followers, 1,500 of them active. What is the cost per active follower?
# 3. What is still unclear?
