# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Four minutes, without looking back:
#
# 1. We are mentioned more often than last month. What do you look at before you rejoice? (module 13)
# 2. An account has 80,000 followers. Which number do you ask for before you pay it? (module 11)
# 3. Two people agree on the tone of most messages. Why is that share alone not proof enough? (module 08)

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. The tone of the mentions: favourable or hostile? 2. How many of our own members follow it. 3. Two people who answer at random agree sometimes too: part of the agreement is chance.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > The finance committee meets tomorrow. I have seen the table: **customers who joined the community spend about twice what the others spend.** That is what we bring. I ask for twice the budget.
# >
# > The support team adds: the community spares us **92 contacts a month, at 8 euros each**. It is their estimate.
# >
# > Send me the return on investment, **one number**, and a page to defend it.

# %% key="start"
# Load: the tools and the community
from cmlib import data, explore, learn, plot, value

learn.start("14", language="en")
brand = data.load("brand")

# %% key="year" translate=["Orders of the year:"]
# Filter: the orders of twelve whole months
customers, orders = brand.customers, brand.orders
year = orders[orders["timestamp"] >= "2024-07-01"]
year = year[year["timestamp"] < "2025-07-01"]
print("Orders of the year:", len(year))

# %% [markdown] key="predict"
# ## Predict
#
# **Return on investment**, in words: for one euro spent, how much is left once that euro is taken off. Spend 100, get 150 back: (150 − 100) / 100 = 0.5, that is 50 %.
#
# Three customers, in euros a month:
#
# | | joined? | spends |
# |---|---|---|
# | Aminata | yes | 112 |
# | Bilal | no | 54 |
# | Chiara | no | 58 |
#
# 1. Which gap would Ines report?
# 2. Write on your handout the return you expect for our community, in %.
# 3. What else would you want to know about Aminata?

# %% [markdown] key="run"
# ## Run
#
# We do what Ines asks for. First, what each customer spends in a month, beside the question: did this customer join? `notna()` is true where a date stands in `joined_community_at`.

# %% key="spent" translate=["Customers:", "Who joined:", "Without any order:"]
# Group: what each customer spends in a month of that year
spent = year.groupby("customer_id")["amount_eur"].sum() / 12
customers = customers.merge(spent, on="customer_id", how="left")
customers["member"] = customers["joined_community_at"].notna()
print("Customers:", len(customers))
print("Who joined:", customers["member"].sum())
orders_seen = customers["amount_eur"].notna().sum()
print("Without any order:", len(customers) - orders_seen)

# %% key="naive" translate=["Those who joined, times the others:", "Gap, EUR a month:"]
# Compare: those who joined (True) and the others (False)
after = customers.groupby("member")["amount_eur"].mean()
naive = after[True] - after[False]
ratio = after[True] / after[False]
print("Those who joined, times the others:", round(ratio, 2))
print("Gap, EUR a month:", round(naive, 1))

# %% [markdown] key="stop-naive"
# **Stop.** Ines read the table well: about twice. Mark the two points of “after” on your handout, then the two points of “before” where you expect them.
#
# Now the cost of the same twelve months, and the return.

# %% key="cost" translate=["Cost of the year, EUR:"]
# Filter: the costs of the same twelve months
costs = brand.costs[brand.costs["month"] >= "2024-07"]
costs = costs[costs["month"] <= "2025-06"]
cost = costs["amount_eur"].sum()
print("Cost of the year, EUR:", round(cost))
costs.groupby("item")[["amount_eur", "hours"]].sum()

# %% key="naive-return" translate=["Return, %:"]
# Compare: what comes in with what goes out, as Ines counts
margin = year["margin_eur"].sum() / year["amount_eur"].sum()
each = customers["member"].sum() * 12 * margin
contacts = 92 * 8 * 12
naive_return = (naive * each + contacts - cost) / cost
print("Return, %:", round(100 * naive_return))

# %% [markdown] key="stop-report"
# `each` is what one euro of effect a month brings in a year: customers who joined, times 12 months, times the margin, the part of a sale that is left once the goods are paid for.
#
# **Stop.** Write the sentence that Ines will read to the committee, with this number, and sign it. You will need it later.

# %% [markdown] key="explore"
# ## Explore
#
# The committee's accountant, Duc Nguyen, asks one question: “And **before** the community opened, what did the same customers spend?” The answer has been in our table all along, in `spend_before_eur`.

# %% key="before" translate=["Before, those who joined, times the others:", "Gap before, EUR a month:"]
# Compare: the same two groups, before the community opened
before = customers.groupby("member")["spend_before_eur"].mean()
ratio, gap = before[True] / before[False], before[True] - before[False]
print("Before, those who joined, times the others:", round(ratio, 2))
print("Gap before, EUR a month:", round(gap, 1))

# %% [markdown] key="stop-before"
# **Stop.** Read your sentence again. Which part of the gap can the community not have made?
#
# This has a name, **selection bias**: those who join chose to, and they are not like the others. Back to the three customers, with one column more:
#
# | | joined? | before | after | change |
# |---|---|---|---|---|
# | Aminata | yes | 100 | 112 | +12 |
# | Bilal | no | 50 | 54 | +4 |
# | Chiara | no | 54 | 58 | +4 |
#
# Without the community, Aminata might have changed like the two others: +4. What is left, 12 − 4 = **8**, is the **difference in differences**.

# %% key="did" translate=["Change of the others:", "Change of those who joined:", "Difference in differences:"]
# Compare: the change of those who joined, and of the others
then = customers["spend_before_eur"]
customers["change"] = customers["amount_eur"] - then
change = customers.groupby("member")["change"].mean()
did = change[True] - change[False]
print("Change of the others:", round(change[False], 2))
print("Change of those who joined:", round(change[True], 2))
print("Difference in differences:", round(did, 2))

# %% key="did-chart"
# Show: both groups, and the change of the others as a dashed line
panel = value.customer_panel(brand)
plot.show(explore.plot_before_after(panel))

# %% [markdown] key="assumption"
# The dashed line is an **assumption**: without the community, those who joined would have changed like the others. Nobody saw that. Somebody who joins *because* a purchase is near breaks it.
#
# There is a second way. When the community opened, half of the customers were **drawn at random** and invited. Chance does not choose the good customers: at the start, both halves should be alike. Let us check.

# %% key="drawn"
# Group: invited at random (True), and not invited (False)
columns = ["spend_before_eur", "member", "change"]
drawn = customers.groupby("invited")[columns].mean()
drawn.round(2)

# %% [markdown] key="stop-drawn"
# **Stop.** `member` is the share who joined. Read the two rows: what is alike before, what differs after?
#
# The invitation raised the share who joined, and the spending of the **whole** group a little. Only those it convinced can have caused that: divide the one by the other.

# %% key="wald" translate=["Joined because invited, share:", "Spending, invited less others:", "Effect of joining:"]
# Compare: what the draw changed, for those it convinced
people = drawn["member"][True] - drawn["member"][False]
money = drawn["change"][True] - drawn["change"][False]
print("Joined because invited, share:", round(people, 2))
print("Spending, invited less others:", round(money, 2))
print("Effect of joining:", round(money / people, 2))

# %% key="estimates"
# Compare: four answers to one question, each with its interval
estimates = value.compare_uplift(panel)
columns = ["method", "effect_eur_month", "low", "high"]
estimates[columns].round(1)

# %% [markdown] key="rivals"
# The trade disagrees on which one to publish:
#
# - **naive**: members less others, after;
# - **adjusted**: the same, between customers of the same region and seniority;
# - **difference in differences**: change less change;
# - **invitation**: what the draw shows. (Wald is the name of the division you did.)
#
# **Stop.** Which one would you sign? Write its name on paper before you run the next cell: it opens a sealed envelope. Our data were made by a program, and the program wrote down the **true** effect of joining.

# %% key="truth" translate=["True effect, EUR a month:"]
# Load: the sealed envelope, then score each estimate
truth = learn.read_truth(brand, "members_spend_more")
true = truth["true_effect_eur_month"]
print("True effect, EUR a month:", true)
estimates["error"] = estimates["effect_eur_month"] - true
low, high = estimates["low"] <= true, estimates["high"] >= true
estimates["holds"] = low & high
estimates[["method", "error", "holds"]].round(1)

# %% key="truth-chart"
# Show: the four estimates and the truth
plot.show(plot.plot_effects(estimates, truth=true))

# %% [markdown] key="ebay"
# `holds` says whether the interval holds the truth. Two estimates are precise, and wrong.
#
# Our effect is above zero because the program put it there. At eBay Germany, customers were invited by e-mail and followed for a year. The invitation made them take part; taking part had **no effect** on the number of bids or the revenue earned, and *lowered* the amount spent (Algesheimer, Borle, Dholakia & Singh, 2010, *Marketing Science* 29(4), pages 756–769). The authors had asked our question: do participants come as fans, or become fans?
#
# Outside a course, nobody hands you an envelope. You choose the comparison before you see the figure.

# %% key="returns"
# Compare: the return under each answer, in %
gain = estimates["effect_eur_month"] * each + contacts
estimates["return"] = 100 * (gain - cost) / cost
estimates[["method", "return"]].round(0)

# %% [markdown] key="decisions"
# Same customers, same year, four returns. With one of the first two, the committee would double the budget; with one of the last two, it would keep it and ask how sure we are.
#
# **Stop.** How sure *are* we? Two figures are estimates of people, not measures: the 92 contacts, and the idea that the effect lasts. A cautious scenario keeps **half** of the effect and **40 %** of the contacts.

# %% key="scenarios" translate=["Cautious, %:", "Central, %:", "Naive, %:"]
# Compare: three scenarios, one community
cautious = (did / 2 * each + 0.4 * contacts - cost) / cost
central = (did * each + contacts - cost) / cost
print("Cautious, %:", round(100 * cautious))
print("Central, %:", round(100 * central))
print("Naive, %:", round(100 * naive_return))

# %% [markdown] key="hours"
# And the cost? Most of it is somebody's time. Which price has an hour? The table `profession` of module 01 gives three **gross** salaries a year. The employer pays charges on top: **42 %, an assumption** of ours (your payroll office knows yours). A full-time year has 1,607 hours in France (Code du travail, article L3121-41).

# %% key="pay"
# Compare: the central return, with the hours at three salaries
jobs = data.load_table("profession")
pay = jobs[jobs["figure"] == "gross salary a year"]
bills = costs[costs["hours"] == 0]["amount_eur"].sum()
hour = pay["value"] * 1.42 / 1607
pay["cost"] = bills + costs["hours"].sum() * hour
pay["return"] = 100 * (did * each + contacts) / pay["cost"] - 100
pay[["category", "cost", "return"]].round(0)

# %% [markdown] key="stop-pay"
# **Stop.** Nothing changed in the community, and the sign of the return did. Which salary do you announce?
#
# Which assumption matters most? A **tornado** moves them one at a time, starting from an effect rounded to 9 euros: the longest bar on top is the one to measure first.

# %% key="tornado"
# Show: three assumptions, each moved alone
plot.show(explore.plot_roi_tornado(brand, effect=9))

# %% [markdown] key="move"
# Here the effect may be off by half, the contacts by 60 %, the cost of an hour by 30 %. In the next cell all six figures move. Find a setting in which the contacts come first, then one in which no assumption can make the return negative: would you dare to present it?

# %% key="explorer" tags=["nbval-ignore-output"]
# Show: the same chart, with six figures to move
explore.roi_explorer(brand)

# %% [markdown] key="ten-percent"
# One more figure you will hear: **“only 10 % of companies can quantify the value of their community.”** Three questions from module 01. Who was asked? The 778 community professionals who took part in the survey of CMX in 2022. How was it counted? They said so themselves. Who reports it? Open Social, [on its blog](https://www.getopensocial.com/blog/community-management/how-to-measure-the-business-value-of-your-community/): a seller of community software. The report itself is “powered by” Bevy, another one. Quote the figure with these three answers, or not at all.

# %% [markdown] key="lifetime" tags=["more"]
# **Two rival definitions of lifetime value.** A customer leaves a margin of 60 EUR a year, 70 % stay from one year to the next, money costs 10 % a year. Is the first margin paid today (t = 0), or in a year (t = 1)? A campaign would cost 120 EUR for each customer won. Does it pay?

# %% key="lifetime-code" tags=["more"] translate=["First margin today:", "First margin in a year:"]
# Compare: lifetime value, two starting points
today = 60 * (1 + 0.10) / (1 + 0.10 - 0.70)
print("First margin today:", round(today))
print("First margin in a year:", round(today - 60))

# %% [markdown] key="lifetime-read" tags=["more"]
# The campaign pays with one definition and loses with the other. For a customer still to be won, who pays on arrival: t = 0. For one who has just paid: t = 1. Write it beside the figure. And beware: adding lifetime value to what members spend more counts the same euros twice.

# %% [markdown] key="green" tags=["more"]
# **Extension: a cost that no invoice shows.** A day of training: travel, or seven hours online? Assumptions, each with its source. Lille to Nice, one way: 3.19 kg of CO2e by high-speed train, 216 kg by plane ([the ADEME calculator Impact CO2, reported by Carenews](https://www.carenews.com/carenews-info/news/infographie-quel-moyen-de-transport-faut-il-choisir-pour-cet-ete)). Online: about 1 g a minute for each person ([Okarito, a business-travel firm](https://www.okarito.io/blog/empreinte-carbone-visioconference-ou-deplacement)).

# %% key="green-code" tags=["more"] translate=["Online, kg:", "Train, there and back, kg:", "Plane, there and back, kg:"]
# Compare: one day of training, in kg of CO2e for one person
print("Online, kg:", round(7 * 60 * 1 / 1000, 2))
print("Train, there and back, kg:", round(2 * 3.19, 2))
print("Plane, there and back, kg:", round(2 * 216))

# %% [markdown] key="modify"
# ## Modify
#
# The support team counted again and is no longer sure of its 92 contacts. **Change `avoided`** until the return is as close to 0 as you can: what would one have to believe for the community to pay for itself?

# %% key="break-even" translate=["Return, %:"]
# Compare: the central return, with another number of contacts
avoided = 92
own = (did * each + avoided * 8 * 12 - cost) / cost
print("Return, %:", round(100 * own, 1))

# %% [markdown] key="break-even-answer" tags=["more"]
# <details><summary>A number to compare with yours</summary>
# Between 63 and 64 contacts a month. “Do you believe in 64?” is a better question for a meeting than “is it 11 %?”.
# </details>

# %% [markdown] key="repair"
# ## Repair
#
# Yuki, a colleague, wants to add everything the community brings: what members spend more, the contacts avoided, and the answers that members marked as the solution, at 8 euros each. The next cell **fails on purpose**. Read its last line.

# %% key="gains"
# Load: three gains, priced over the same twelve months
gains = value.gain_models(brand, effect=did, contacts=92)
spending, spared = gains["spending"], gains["contacts"]
answers = gains["answers"]

# %% key="twice" tags=["raises-exception"]
# Group: everything that the community brings
value.total_value([spending, spared, answers])

# %% [markdown] key="twice-read"
# A question solved by a member's answer **is** the contact that the support team did not receive: one gain, two names. cmlib refuses to add them; a spreadsheet would not have.
#
# Here is what it would have cost, then the total that can be defended.

# %% key="twice-cost" translate=["Gain counted twice, EUR:", "Total that can be defended, EUR:"]
# Compare: the gain counted twice, and the total without it
twice = value.total_value([answers])["value_eur"].sum()
total = value.total_value([spending, spared])["value_eur"].sum()
print("Gain counted twice, EUR:", round(twice))
print("Total that can be defended, EUR:", round(total))

# %% [markdown] key="revenue"
# Yuki's second sheet does not fail. It gives a return more than ten times ours, with our own effect. Which word is missing from the line of `sales`? Repair it and run the cell again.

# %% key="revenue-bug" translate=["Return in the sheet, %:"]
# Compare: the return in the sheet of a colleague
sales = did * customers["member"].sum() * 12
sheet = (sales + contacts - cost) / cost
print("Return in the sheet, %:", round(100 * sheet))

# %% [markdown] key="revenue-answer" tags=["more"]
# <details><summary>The missing word</summary>
# `margin`. A sale is not a gain: the goods must be bought or made. With `* margin` at the end of the line of `sales`, the return of the central scenario is back.
# </details>

# %% [markdown] key="create"
# ## Create
#
# Our table of costs forgets things. A career guide calls them the “coût d’entrée”, the cost of entry: a work phone, a mailbox, a camera, a licence. Free software has no invoice; the hours to install it and to learn it are a cost.
#
# Write **your** scenario: an effect, a number of contacts, the costs you add. Put a reason beside each figure, on paper. Any figure without a reason goes back to the central one.

# %% key="own" translate=["My return, %:"]
# Compare: a scenario of your own
effect, number, entry = 6, 60, 900
income = effect * each + number * 8 * 12
outlay = cost + entry
print("My return, %:", round(100 * (income - outlay) / outlay))

# %% [markdown] key="decide"
# ## Decide
#
# Take out the sentence that you signed. Write the page that replaces it: a **range**, the comparison it rests on, the assumption that moves it most, what is not counted, the budget you ask for. Ines wanted one number: tell her what it would have cost her when Duc asked his question.

# %% key="card" tags=["nbval-ignore-output"]
learn.form("14.6")

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}
#
# **A GDPR minute.** We joined purchases to membership: two files, two purposes. Were customers told? Averages of two groups were enough; nobody needed a name. A list of “members who should spend more” would be another purpose.

# %% [markdown] key="exit"
# **Exit ticket.** On a slip of paper: “I will no longer say … ; I will say …”
#
# Next: the [exercises of this module](../../exercises/en/14_value_and_return.ipynb).
