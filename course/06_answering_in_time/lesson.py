# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="objectives"
# {{objectives}}

# %% [markdown] key="recall"
# ## Recall
#
# Three minutes, without looking back:
#
# 1. Before you compute the share of the most active members, whom do you leave out? (module 05)
# 2. Two posts: 5 clicks for 10 accounts reached, 5 clicks for 1,000. What is the click rate of the page? (module 03)
# 3. What do you do before you quote a figure from a notebook? (module 00)

# %% [markdown] key="recall-answers" tags=["more"]
# <details><summary>Answers to compare with yours</summary>
# 1. The team and its robots. 2. Total by total: 10 clicks for 1,010 accounts, about 1 %. The mean of the two rates, about 25 %, gives ten accounts the weight of a thousand. 3. Restart and run everything.
# </details>

# %% [markdown] key="situation"
# ## Situation
#
# Ines Moreau, your manager, writes:
#
# > The support tool says: first answer after **7.5 hours on average**. So that is what a member waits, any day of the week. I want to print “**an answer within 8 hours, 7 days a week**” on the home page: it is above our average, so we shall keep it.
# >
# > Rosa would rather have a weekend shift, Kofi a FAQ. I can pay for one thing. **Which one, and may I print my promise?**
#
# You have the table `tickets`: one row a question to the support team.

# %% [markdown] key="predict"
# ## Predict
#
# Five members asked something. On paper:
#
# | Member | First answer after |
# |---|---|
# | Amara | 1 hour |
# | Bruno | 2 hours |
# | Chen | 3 hours |
# | Dalia | 30 hours |
# | Emre | none so far, he has waited 50 hours |
#
# 1. Of the four answers: the mean? The **median**, the value in the middle (with four, halfway between the second and the third)?
# 2. Somebody counts Emre as 0. What becomes of the mean? Has the team become faster?
# 3. The median of **all five**: do you need to know when Emre will be answered?

# %% [markdown] key="predict-answers"
# <details><summary>Answers, once yours are written</summary>
# 1. Mean 36 / 4 = 9 hours; median 2.5 hours. One of the four waited longer than the mean. 2. 36 / 5 = 7.2 hours: it improves because somebody was <em>not</em> answered. 3. No: the third of five is Chen, 3 hours, whether Emre waits 50 hours or for ever.
# </details>
#
# Now draw on your handout: of all the questions, the share answered after 1, 2, 4… 48 hours. One curve for weekdays, one for weekends.

# %% [markdown] key="run"
# ## Run
#
# The question of the day is a **difference between two dates**: asked, answered.

# %% key="start"
import matplotlib.pyplot as plt
import seaborn as sns
from cmlib import data, explore, kpi, learn, plot

learn.start("06", language="en")

# %% key="tickets" translate=["Tickets:"]
# Load: the tickets of the brand
brand = data.load("brand")
tickets = brand.tickets
print("Tickets:", len(tickets))

# %% key="delays"
# Group: one row a ticket, with its delay in hours
kept = ["category", "topic", "team", "escalated"]
delays = kpi.ticket_delay(brand, keep=kept)
names = ["opened_at", "responded_at", "delay_h", "observed_h"]
delays[names].head(3)

# %% key="waiting" translate=["Without an answer:"]
# Filter: the tickets nobody has answered
waiting = delays[delays["censored"] == True]
print("Without an answer:", len(waiting))
waiting[names].head(3)

# %% [markdown] key="read-delays"
# `delay_h`: hours from the question to the first answer. `observed_h`: hours from the question to the end of the export. `censored`: True when there was no answer by then.
#
# **Stop.** What stands in `delay_h` for these tickets? Neither 0 nor a large number: `NaN`, **missing**. We do not know how long they will wait; we do know that they have waited at least `observed_h`.

# %% key="mean-median" translate=["Mean, hours:", "Median, hours:"]
# Compare: the mean and the median of the answered
mean = delays["delay_h"].mean()
print("Mean, hours:", round(mean, 1))
print("Median, hours:", round(delays["delay_h"].median(), 1))

# %% key="sooner" translate=["Sooner than the mean, %:"]
# Filter: the answers that came sooner than the mean
answered = len(delays) - len(waiting)
sooner = (delays["delay_h"] < mean).sum()
print("Sooner than the mean, %:", round(100 * sooner / answered))

# %% key="ecdf" alt="Curve of the share of answers given after so many hours, from 0 to 48. It climbs fast in the first hours, then slowly, and comes close to 1 on the right." translate=["Share of the answers given after so many hours", "Hours since the question", "Share", "Given within 8 hours, %:"]
# Show: the share of the answers given after so many hours
ax = sns.ecdfplot(data=delays, x="delay_h")
ax.set(title="Share of the answers given after so many hours")
ax.set(xlabel="Hours since the question", ylabel="Share", xlim=(0, 48))
plt.show()
share = (delays["delay_h"] <= 8).sum() / answered
print("Given within 8 hours, %:", round(100 * share))

# %% [markdown] key="stop-ecdf"
# **Stop.** Read the curve at 8 hours, then on the right.
#
# 1. Ines takes the mean for what a member usually waits. What do the median and the share below the mean say?
# 2. Far enough to the right, the curve reaches 1. Has everybody been answered? Where are the tickets of the cell “nobody has answered”?
#
# Seaborn draws the rows that have a delay and says nothing of the others.

# %% [markdown] key="explore"
# ## Explore
#
# Who makes such a long mean? First the week, **on the clock of those who answer**: the export is in UTC, and a question of Saturday 00:30 in Paris is one of Friday evening in UTC.
#
# `data.split_week` adds `day` (1 is Monday) and `weekend` (True or False).

# %% key="split"
# Group: weekdays and weekends, on the clock of Paris
delays = data.split_week(delays, tz="Europe/Paris")
week = delays.groupby("weekend").agg(
    n=("delay_h", "size"), mean=("delay_h", "mean"),
    median=("delay_h", "median"), unanswered=("censored", "mean"),
)
week.round(3)

# %% key="hours" translate=["Weekends, % of the questions:", "Weekends, % of the hours waited:"]
# Compare: weekends among the questions and among the hours
weekend = delays[delays["weekend"] == True]
share = len(weekend) / len(delays)
print("Weekends, % of the questions:", round(100 * share))
hours = weekend["delay_h"].sum() / delays["delay_h"].sum()
print("Weekends, % of the hours waited:", round(100 * hours))

# %% [markdown] key="read-split"
# Line by line: `groupby("weekend")` makes two groups; `agg` computes four columns; the mean of `censored`, True or False, is the share of True: the questions without an answer.
#
# **Stop.** Look for the overall mean in this table: on which days does a member wait about that long? Write Ines one sentence with two medians. And which number in the table does no delay show?

# %% key="days" alt="Bar chart of the median delay by day of the week. Five short bars from Monday to Friday, two bars many times higher on Saturday and Sunday." translate=["Median delay of the answered, by day", "Day (1 is Monday)", "Hours", "Questions, fewest and most:"]
# Show: the median delay, day by day
days = delays.groupby("day", as_index=False).agg(
    n=("delay_h", "size"), median=("delay_h", "median"))
ax = sns.barplot(data=days, x="day", y="median", color="C0")
ax.set(title="Median delay of the answered, by day")
ax.set(xlabel="Day (1 is Monday)", ylabel="Hours")
plt.show()
print("Questions, fewest and most:", min(days["n"]), max(days["n"]))

# %% key="answered-when" tags=["more"]
# Group: are weekend questions answered at a weekend?
answers = data.split_week(weekend, time="responded_at")
answers["weekend"].value_counts(dropna=False)

# %% [markdown] key="stop-days"
# **Stop.** Are there far more questions at weekends? Does nobody answer before Monday? (The last cell: True, answered on a Saturday or a Sunday; `<NA>`, not answered.)
#
# “Nobody works at weekends” is an explanation these data do not bear out. Who is on duty when: no column says so. Whom do you ask?

# %% [markdown] key="km"
# Medians and means so far forget those still waiting. The **Kaplan-Meier** median keeps them for as long as they have waited. With our five members:
#
# | After | Still waiting | Answered now | Share still waiting |
# |---|---|---|---|
# | 1 h | 5 | 1 | 4/5 |
# | 2 h | 4 | 1 | 3/5 |
# | 3 h | 3 | 1 | 2/5 |
#
# At 3 hours fewer than half are still waiting: the median is 3 hours. Emre was counted on every line.

# %% key="rival"
# Compare: rival definitions of the typical wait, in hours
summary = kpi.first_response_summary(delays, by="weekend")
typical = ["answered_mean_h", "answered_median_h", "km_median_h"]
summary[["weekend", *typical]].round(1)

# %% key="p90"
# Compare: the wait that nine in ten do not exceed, in hours
slow = ["answered_p90_h", "km_p90_h"]
summary[["weekend", "n", "n_answered", *slow]].round(1)

# %% [markdown] key="definitions"
# | Definition | It counts | What Ines would decide with it |
# |---|---|---|
# | mean of the answered | answers; the longest weigh most | everything is slow: hire all week |
# | median of the answered | answers | nothing is wrong: do nothing |
# | Kaplan-Meier median, by part of the week | all questions | weekends need something |
# | Kaplan-Meier p90 | all questions; the slow tenth | what may be promised |
#
# **Stop.** At weekends the two p90 are far apart, the two medians are close. Which tickets make the difference? On which of the two would you sign?

# %% [markdown] key="by-hand"
# A promise needs one figure: the **share kept**. Two rules.
#
# 1. Divide by **all** the questions: not answered is not kept. `NaN <= 4` gives False: here Python does the right thing.
# 2. Count the **mature** ones only, open for as long as the promise. A question asked an hour before the export proves nothing about 4 hours.

# %% key="kept" translate=["Old enough:", "Answered within the promise, %:"]
# Filter: the weekend tickets old enough to judge a promise
hours = 4
mature = weekend[weekend["observed_h"] >= hours]
in_time = (mature["delay_h"] <= hours).sum()
print("Old enough:", len(mature))
share = in_time / len(mature)
print("Answered within the promise, %:", round(100 * share, 1))

# %% key="promise" alt="Line chart of the share of questions answered within a promise of 1 to 48 hours. The solid line for weekdays rises fast and passes nine in ten in the first hours; the dashed line for weekends lies far under it and stays under nine in ten up to 48 hours."
# Show: every promise from 1 to 48 hours
ax = explore.plot_promise(delays, hours=4, tz="Europe/Paris")
plot.show(ax)

# %% [markdown] key="try"
# Move the promise (Tab key, then the arrows) and read the sentence under the chart.
#
# 1. Ines's 8 hours: how many weekend questions in a hundred would get what the home page says?
# 2. Untick the box: those still without an answer are left out. Which of the two curves moves most, and up or down?
# 3. From how many hours on are nine weekend questions in ten kept, with the box ticked? And without?

# %% key="widget" tags=["nbval-ignore-output"]
# Compare: a promise to move, weekdays and weekends
explore.promise_explorer(brand)

# %% [markdown] key="modify"
# ## Modify
#
# 1. In the cell that begins with `hours = 4`, write 8, then 24. Predict each time: up or down?
# 2. The next cell reads the same tickets on another clock. **Predict** how many change from weekday to weekend or back, with `"UTC"`. Run, then try `"Asia/Tokyo"`.

# %% key="clock" translate=["Tickets on the other side:"]
# Compare: the same tickets on another clock
other = data.split_week(delays, tz="UTC")
moved = (other["weekend"] != delays["weekend"]).sum()
print("Tickets on the other side:", moved)

# %% [markdown] key="stop-clock"
# **Stop.** With UTC, none: few people write to us around midnight. The error cost nothing here, and that had to be counted, not hoped. A team that answers from Tokyo would have found another weekend.

# %% [markdown] key="repair"
# ## Repair
#
# A colleague has “cleaned the table first”. His report says: *at weekends, a promise of 48 hours is kept more than nine times in ten*. No error appears. Here are his two cells.

# %% key="dropna-all" translate=["Tickets:", "After dropna():"]
# Filter: the rows without an empty box, says the colleague
clean = tickets.dropna()
print("Tickets:", len(tickets))
print("After dropna():", len(clean))

# %% key="dropna" translate=["Promise kept at weekends, %:"]
# Filter: the weekend tickets, cleaned, and a promise of 48 h
mature = weekend[weekend["observed_h"] >= 48]
clean = mature.dropna()
in_time = (clean["delay_h"] <= 48).sum()
share = in_time / len(clean)
print("Promise kept at weekends, %:", round(100 * share, 1))

# %% [markdown] key="dropna-read"
# `dropna()` removes a row as soon as **one** of its boxes is empty. In the first cell most tickets leave, for most members give no satisfaction mark (`csat`).
#
# In the second one, which rows leave? Whom did the team serve worst? **Repair it** before you run the next cell: remove one line, change one word on two others.

# %% key="repaired" translate=["Promise kept at weekends, %:"]
# Filter: the weekend tickets old enough, answered or not
in_time = (mature["delay_h"] <= 48).sum()
share = in_time / len(mature)
print("Promise kept at weekends, %:", round(100 * share, 1))

# %% key="zero" translate=["Mean of the answered:", "Missing counted as 0:"]
# Compare: missing left out, and missing counted as zero
total = weekend["delay_h"].sum()
answered = len(weekend) - weekend["censored"].sum()
print("Mean of the answered:", round(total / answered, 1))
print("Missing counted as 0:", round(total / len(weekend), 1))

# %% [markdown] key="zero-read"
# **Stop.** The second mean is shorter. What did the team do to deserve it? Say what a team would have to do to bring it down to zero.
#
# Missing is not zero, and missing is not nothing: it is somebody who waits.

# %% [markdown] key="create"
# ## Create
#
# Two proposals are left. Kofi's **FAQ**: do a few questions keep coming? And Rosa's **shift**: is it one team, or one moment of the week?

# %% key="faq" translate=["Topics:", "The first five, % of the questions:"]
# Group: the questions by topic, the most frequent first
topics = delays["topic"].value_counts()
first = topics.head(5).sum() / len(delays)
print("Topics:", len(topics))
print("The first five, % of the questions:", round(100 * first))
topics.head(5)

# %% key="faq-weekend" translate=["The first five at weekends, %:"]
# Compare: the same at weekends only
topics = weekend["topic"].value_counts()
first = topics.head(5).sum() / len(weekend)
print("The first five at weekends, %:", round(100 * first))

# %% [markdown] key="stop-faq"
# **Stop.** Suppose a FAQ spared half of these questions. How many tickets in a hundred is that? Does anything above say that those who still write on a Saturday would be answered sooner?
#
# A FAQ takes away questions; it does not shorten the wait of those who ask. Two problems, two remedies.

# %% key="load"
# Group: the load of each team, never of one person
load = delays.groupby("team").agg(
    n=("delay_h", "size"), weekend=("weekend", "mean"),
    median=("delay_h", "median"), unanswered=("censored", "mean"),
)
load.round(2)

# %% key="load-interval" tags=["more"]
# Compare: the teams, each with its margin of error, in hours
teams = kpi.first_response_summary(delays, by="team")
bounds = ["km_median_low_h", "km_median_h", "km_median_high_h"]
teams[["team", "n", *bounds]].round(1)

# %% key="escalation"
# Compare: the share passed on to a higher level
print(delays.groupby("weekend")["escalated"].mean().round(3))
print(delays.groupby("category")["escalated"].mean().round(3))

# %% [markdown] key="stop-load"
# **Stop.**
#
# 1. Would you rank the teams? Their medians differ by minutes, and their intervals (from `low` to `high`) overlap. What they carry differs a lot: compare the `n`.
# 2. **Escalation**: which category stands out? It may be as it should. And why is the share higher at weekends: harder questions, or members tired of waiting? The table does not say when a ticket was escalated: this stays a question.

# %% [markdown] key="own"
# Now yours. In the cell below, put one of these questions to the data, and write one sentence with its base (how many tickets):
#
# - the first five topics of **one team**;
# - the share kept of a promise of your choice, on weekdays;
# - the share without an answer, by category.

# %% key="own-cell"
# Group: a question of your own
answer = ...

# %% [markdown] key="decide"
# ## Decide
#
# Your answer to Ines. May she print “within 8 hours, 7 days a week”? If not: what may she print, for which days, kept how many times in a hundred? And the money: weekend shift, FAQ, or neither?
#
# A promise is written with its **days**, its **hours**, the **share kept** and its **base**: all the questions old enough, answered or not.
#
# Write your card in [exercise 06.6 of this module](../../exercises/en/06_answering_in_time.ipynb).

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}

# %% [markdown] key="gdpr"
# **The GDPR minute.** A delay is also somebody's work. No column here names an agent: keep it so. Following a person's delays is monitoring of staff: it takes a purpose, people told beforehand and, in France, their representatives (CSE) consulted. Ranking people by delay punishes those who take the hard questions. And the text of a ticket, which may speak of health or money, has no place in a report.

# %% [markdown] key="exit"
# **Exit ticket**, two minutes, on paper:
#
# 1. “Our mean is 7 hours.” Which two questions do you ask?
# 2. Ten questions, eight answered within 8 hours, one after 20 hours, one never. What is the share kept of a promise of 8 hours?
# 3. What is still unclear?
