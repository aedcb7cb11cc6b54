# %% [markdown] key="header"
# {{header}}

# %% [markdown] key="how"
# A notebook is made of **cells**. The grey cells hold code.
#
# 1. Click on the first grey cell below.
# 2. Press **Shift+Enter**: the cell runs, its result appears under it, the next cell is selected.
#
# You cannot break anything here.

# %% key="start"
# Load: the tools, and one week of a small community
import matplotlib.pyplot as plt
import seaborn as sns
from cmlib import data, learn

learn.start("00", language="en")
week = data.load_table("welcome")
print(len(week))

# %% [markdown] key="situation"
# ## Situation
#
# Your manager writes: “Which day should we post? I look at the page on Wednesdays, it seems quiet.”
#
# You have the visits of one week. Run the next two cells: a table, then a chart.

# %% key="table"
# Show: the table
week

# %% key="chart" alt="Bar chart with one bar a day, from Monday to Sunday. The bar of Sunday is by far the highest." translate=["Largest value:"]
# Show: one bar a day
column = "visits"
sns.barplot(data=week, x="day", y=column)
plt.show()
print("Largest value:", week[column].max())

# %% [markdown] key="modify"
# ## Modify
#
# In the cell above, replace the word `visits` by `messages`. Keep the quotation marks.
#
# Run the cell again with **Shift+Enter**. What changed: the chart, the number under it, or both?

# %% [markdown] key="remember"
# ## Remember
#
# {{keypoints}}
