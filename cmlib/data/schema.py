"""The contract of every table.

One description that the validator, the docs, the data dictionary and the simulator all read.

Timestamps are UTC and carry no zone; the zone of a member is in ``members.timezone``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from cmlib.checks import choice
from cmlib.messages import N_

__all__ = ["TABLES", "Column", "Table", "get_table"]

PANDAS_TYPES = MappingProxyType(
    {
        "id": "int64",
        "integer": "int64",
        "number": "float64",
        "time": "datetime64[s]",
        "month": "str",
        "text": "str",
        "choice": "str",
        "flag": "bool",
    }
)
NULLABLE_TYPES = MappingProxyType({"id": "Int64", "integer": "Int64", "flag": "boolean"})


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds and what it accepts.

    Attributes
    ----------
    name : str
    kind : {"id", "integer", "number", "time", "month", "text", "choice", "flag"}
        ``time`` is a UTC date and time; ``month`` is written ``2025-03``.
    about : str
        One line in English, with the unit; its French stands in the catalogue.
    nullable : bool
    choices : tuple of str
        The accepted values of a ``choice``.
    minimum, maximum : float, optional
    refers_to : str, optional
        ``"table.column"`` that holds the same id.
    """

    name: str
    kind: str
    about: str
    nullable: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    refers_to: str | None = None

    @property
    def pandas_type(self) -> str:
        """The pandas dtype that holds the column."""
        if self.nullable and self.kind in NULLABLE_TYPES:
            return NULLABLE_TYPES[self.kind]
        return PANDAS_TYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One table: its name, a line about it, its columns and what it cannot do without.

    Attributes
    ----------
    name, about : str
    columns : tuple of Column
        A pack of the course has all of them; a table of yours has those you know.
    key : str, optional
        The column that identifies a row.
    required : tuple of str
        The columns without which the table means nothing.
    beyond : tuple of Column
        Columns that a log of yours may have and that no pack has.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    key: str | None = None
    required: tuple[str, ...] = ()
    beyond: tuple[Column, ...] = ()

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]


PLATFORMS = ("forum", "facebook", "instagram", "linkedin", "x", "chat", "email", "website")
LANGUAGES = ("fr", "en")


def _id(name: str, about: str, **options: object) -> Column:
    return Column(name, "id", about, **options)  # type: ignore[arg-type]


def _member(name: str = "member_id", *, nullable: bool = False) -> Column:
    about = N_("Member; empty when the account was deleted") if nullable else N_("Member")
    return Column(name, "id", about, nullable=nullable, refers_to="members.member_id")


_TABLES = (
    Table(
        "members",
        N_("One row a member, staff and bots included"),
        (
            _id("member_id", N_("Number of the member")),
            Column("joined_at", "time", N_("Account created (UTC)")),
            Column(
                "source",
                "choice",
                N_("Where the member came from"),
                choices=("search", "social", "referral", "contest", "event", "import"),
            ),
            Column("country", "text", N_("Country, two letters (ISO 3166)")),
            Column("timezone", "text", N_("Time zone of the member (IANA name)")),
            Column("language", "choice", N_("Language the member uses"), choices=LANGUAGES),
            Column(
                "age_band",
                "choice",
                N_("Age band, in years"),
                choices=("18-24", "25-34", "35-44", "45-54", "55+"),
            ),
            Column(
                "role",
                "choice",
                N_("Member, member of staff, bot, or system for lines the platform writes itself"),
                choices=("member", "staff", "bot", "system"),
            ),
            Column("group", "text", N_("Interest, or department in the internal community")),
            _id(
                "customer_id",
                N_("Customer number where the member is a known customer"),
                nullable=True,
                refers_to="customers.customer_id",
            ),
            Column("consent_analytics", "flag", N_("Agreed to be studied by name")),
        ),
        key="member_id",
        required=("member_id",),
    ),
    Table(
        "events",
        N_("The log of activity: one row an action"),
        (
            _id("event_id", N_("Number of the event")),
            Column("timestamp", "time", N_("When it happened (UTC)")),
            _member(nullable=True),
            Column(
                "kind",
                "choice",
                N_("Visit, new topic, reply, reaction or accepted answer"),
                choices=("visit", "topic", "reply", "reaction", "accept"),
            ),
            _id(
                "thread_id",
                N_("Event that opened the thread; empty for a visit"),
                nullable=True,
                refers_to="events.event_id",
            ),
            _id(
                "parent_id",
                N_("Event replied or reacted to, where it is known"),
                nullable=True,
                refers_to="events.event_id",
            ),
            Column("channel", "text", N_("Section or channel")),
            Column("language", "choice", N_("Language"), nullable=True, choices=LANGUAGES),
            Column("text", "text", N_("What was written, where it was kept"), nullable=True),
            Column(
                "n_chars", "integer", N_("Length of the text, characters"), nullable=True, minimum=0
            ),
        ),
        key="event_id",
        required=("event_id", "timestamp", "member_id", "kind"),
        beyond=(
            _id("receiver_id", N_("Person addressed"), nullable=True),
            Column("private", "flag", N_("Seen by the two people only"), nullable=True),
        ),
    ),
    Table(
        "posts",
        N_("Brand content and editorial calendar: one row a planned post"),
        (
            _id("post_id", N_("Number of the post")),
            Column("planned_at", "time", N_("Planned publication (UTC)")),
            Column(
                "published_at",
                "time",
                N_("Publication (UTC); empty when it never came out"),
                nullable=True,
            ),
            Column("platform", "choice", N_("Platform"), choices=PLATFORMS),
            Column(
                "format",
                "choice",
                N_("Format of the post"),
                choices=("photo", "video", "question", "link", "text", "contest"),
            ),
            Column("topic", "text", N_("Topic")),
            Column(
                "author_type",
                "choice",
                N_("Who made the content"),
                choices=("brand", "member", "partner"),
            ),
            Column("paid", "flag", N_("Its distribution was paid for")),
            _id("campaign_id", N_("Campaign, where it belongs to one"), nullable=True),
            Column("followers", "integer", N_("Followers on the day"), nullable=True, minimum=0),
            Column("impressions", "integer", N_("Times shown"), nullable=True, minimum=0),
            Column("reach", "integer", N_("Accounts that saw it"), nullable=True, minimum=0),
            Column("clicks", "integer", N_("Clicks on the link"), nullable=True, minimum=0),
            Column("reactions", "integer", N_("Reactions"), nullable=True, minimum=0),
            Column("comments", "integer", N_("Comments"), nullable=True, minimum=0),
            Column("shares", "integer", N_("Shares"), nullable=True, minimum=0),
            Column("saves", "integer", N_("Saves"), nullable=True, minimum=0),
            Column(
                "dwell_s",
                "number",
                N_("Median time on the page, seconds"),
                nullable=True,
                minimum=0,
            ),
        ),
        key="post_id",
    ),
    Table(
        "tickets",
        N_("Questions to the support team: one row a ticket"),
        (
            _id("ticket_id", N_("Number of the ticket")),
            _member(nullable=True),
            Column("opened_at", "time", N_("Opened (UTC)")),
            Column(
                "first_response_at",
                "time",
                N_("First answer by the team (UTC); empty while there is none"),
                nullable=True,
            ),
            Column(
                "resolved_at",
                "time",
                N_("Closed (UTC); empty while it is open"),
                nullable=True,
            ),
            Column(
                "category",
                "choice",
                N_("Category"),
                choices=("technical", "billing", "account", "order", "complaint", "idea"),
            ),
            Column("topic", "text", N_("Topic")),
            Column("team", "text", N_("Team that answers")),
            Column("escalated", "flag", N_("Passed on to a higher level")),
            Column("reopened", "flag", N_("Opened again after it was closed")),
            Column(
                "csat", "integer", N_("Satisfaction, 1 to 5"), nullable=True, minimum=1, maximum=5
            ),
        ),
        key="ticket_id",
    ),
    Table(
        "campaigns",
        N_("One row a recipient of a campaign"),
        (
            _id("campaign_id", N_("Number of the campaign")),
            _id("recipient_id", N_("Number of the recipient within the campaign")),
            Column("segment", "text", N_("Segment of the recipient")),
            Column("variant", "choice", N_("Version received"), choices=("A", "B")),
            Column("sent_at", "time", N_("Sent (UTC)")),
            Column("opened", "flag", N_("Opened the message")),
            Column("clicked", "flag", N_("Clicked in it")),
            Column("converted", "flag", N_("Did what was asked")),
        ),
    ),
    Table(
        "online_events",
        N_("One row a person invited to an online event"),
        (
            _id("online_event_id", N_("Number of the online event")),
            _member(),
            Column("invited", "flag", N_("Received the invitation")),
            Column("registered", "flag", N_("Registered")),
            Column("attended", "flag", N_("Came")),
            Column("stayed_min", "number", N_("Time stayed, minutes"), nullable=True, minimum=0),
        ),
    ),
    Table(
        "feedback",
        N_("Opinions given by members: one row an opinion"),
        (
            _id("feedback_id", N_("Number of the opinion")),
            Column("timestamp", "time", N_("When it was given (UTC)")),
            _member(nullable=True),
            Column("language", "choice", N_("Language of the text"), choices=LANGUAGES),
            Column("topic", "text", N_("Topic")),
            Column("rating", "integer", N_("Rating, 1 to 5"), nullable=True, minimum=1, maximum=5),
            Column("text", "text", N_("What was written")),
            Column(
                "coder_1",
                "choice",
                N_("Tone according to the first reader"),
                nullable=True,
                choices=("negative", "neutral", "positive"),
            ),
            Column(
                "coder_2",
                "choice",
                N_("Tone according to the second reader"),
                nullable=True,
                choices=("negative", "neutral", "positive"),
            ),
        ),
        key="feedback_id",
    ),
    Table(
        "moderation",
        N_("Reported content: one row a reported item"),
        (
            _id("item_id", N_("Number of the item")),
            _id(
                "event_id",
                N_("Event that was reported"),
                nullable=True,
                refers_to="events.event_id",
            ),
            Column("reported_at", "time", N_("First report (UTC)")),
            Column(
                "decided_at",
                "time",
                N_("Decision (UTC); empty while it is pending"),
                nullable=True,
            ),
            Column(
                "decision",
                "choice",
                N_("Kept, warned or removed"),
                nullable=True,
                choices=("keep", "warn", "remove"),
            ),
            _id("rule_id", N_("Rule invoked"), nullable=True),
            Column("reason", "text", N_("Reason given to the author"), nullable=True),
            Column("appeal", "flag", N_("The author appealed")),
            Column("links", "integer", N_("Links in the text"), minimum=0),
            Column(
                "account_age_days", "number", N_("Age of the author's account, days"), minimum=0
            ),
            Column("reports", "integer", N_("Reports by members"), minimum=0),
            Column(
                "moderator_a",
                "choice",
                N_("Judgement of the first moderator"),
                nullable=True,
                choices=("keep", "remove"),
            ),
            Column(
                "moderator_b",
                "choice",
                N_("Judgement of the second moderator"),
                nullable=True,
                choices=("keep", "remove"),
            ),
        ),
        key="item_id",
    ),
    Table(
        "mentions",
        N_("What is said elsewhere of the brand and of three rivals: one row a mention"),
        (
            _id("mention_id", N_("Number of the mention")),
            Column("timestamp", "time", N_("When it was published (UTC)")),
            Column("brand", "text", N_("Brand mentioned")),
            Column(
                "source",
                "choice",
                N_("Where it was published"),
                choices=("blog", "forum", "social", "press"),
            ),
            Column("reach", "integer", N_("People who may have seen it (estimate)"), minimum=0),
            Column(
                "sentiment",
                "choice",
                N_("Tone"),
                choices=("negative", "neutral", "positive"),
            ),
            Column("text", "text", N_("What was written")),
        ),
        key="mention_id",
    ),
    Table(
        "influencers",
        N_("Accounts that could speak of the brand: one row an account"),
        (
            _id("influencer_id", N_("Number of the account")),
            Column("followers", "integer", N_("Followers"), minimum=0),
            Column(
                "active_followers", "integer", N_("Followers active in the last 30 days"), minimum=0
            ),
            Column("fee_eur", "number", N_("Fee for one post, EUR"), minimum=0),
        ),
        key="influencer_id",
    ),
    Table(
        "audience",
        N_("Which members follow which account: one row a pair"),
        (
            _id("influencer_id", N_("Account"), refers_to="influencers.influencer_id"),
            _member(),
        ),
    ),
    Table(
        "customers",
        N_("One row a customer, member of the community or not"),
        (
            _id("customer_id", N_("Number of the customer")),
            Column("region", "text", N_("Region")),
            Column("tenure_months", "integer", N_("Customer for, months"), minimum=0),
            Column(
                "spend_before_eur",
                "number",
                N_("Spending a month in the six months before the community opened, EUR"),
                minimum=0,
            ),
            Column("invited", "flag", N_("Drawn at random to be invited to the community")),
            Column(
                "joined_community_at",
                "time",
                N_("Joined the community (UTC); empty for others"),
                nullable=True,
            ),
        ),
        key="customer_id",
    ),
    Table(
        "orders",
        N_("One row an order"),
        (
            _id("order_id", N_("Number of the order")),
            _id("customer_id", N_("Customer"), refers_to="customers.customer_id"),
            Column("timestamp", "time", N_("Ordered (UTC)")),
            Column("amount_eur", "number", N_("Amount, EUR"), minimum=0),
            Column("margin_eur", "number", N_("Margin, EUR")),
        ),
        key="order_id",
    ),
    Table(
        "costs",
        N_("What the community costs: one row an item a month"),
        (
            Column("month", "month", N_("Month (YYYY-MM)")),
            Column("item", "text", N_("Item")),
            Column("amount_eur", "number", N_("Amount, EUR"), minimum=0),
            Column("hours", "number", N_("Work, hours"), minimum=0),
        ),
    ),
    Table(
        "time_log",
        N_("The community manager's own time: one row a task done"),
        (
            Column("started_at", "time", N_("Started (UTC)")),
            Column("task", "text", N_("Task")),
            Column("minutes", "number", N_("Time spent, minutes"), minimum=0),
            Column("automatable", "flag", N_("A machine could prepare it")),
        ),
    ),
    Table(
        "surveys",
        N_("Answers to the member survey: one row an answer"),
        (
            _member(),
            Column("timestamp", "time", N_("Answered (UTC)")),
            Column("nps", "integer", N_("Would recommend, 0 to 10"), minimum=0, maximum=10),
            Column(
                "belonging",
                "integer",
                N_("Feels part of the community, 1 to 5"),
                minimum=1,
                maximum=5,
            ),
        ),
    ),
    Table(
        "profession",
        N_("Figures about the trade, as five career guides print them"),
        (
            Column("figure", "text", N_("What the figure is about")),
            Column("category", "text", N_("Category within the figure")),
            Column("value", "number", N_("Value; the low end of a range"), nullable=True),
            Column("value_high", "number", N_("High end of a range"), nullable=True),
            Column("unit", "text", N_("Unit: percent or EUR a month or a year")),
            Column(
                "base_n",
                "integer",
                N_("People asked; empty when the guide does not say"),
                nullable=True,
            ),
            Column("source", "text", N_("Where it was printed")),
            Column(
                "year",
                "integer",
                N_("Year it stands for; empty when the guide does not say"),
                nullable=True,
            ),
        ),
    ),
    Table(
        "glossary",
        N_("The terms of the trade in French and English"),
        (
            Column("term_en", "text", N_("Term in English")),
            Column("term_fr", "text", N_("Term in French")),
            Column("definition_en", "text", N_("Definition in English")),
            Column("definition_fr", "text", N_("Definition in French")),
            Column("module", "text", N_("Module that introduces it")),
        ),
    ),
    Table(
        "welcome",
        N_("One week of a small community, for the very first notebook"),
        (
            Column("day", "text", N_("Day of the week")),
            Column("visits", "integer", N_("Visits"), minimum=0),
            Column("messages", "integer", N_("Messages written"), minimum=0),
            Column("new_members", "integer", N_("New members"), minimum=0),
        ),
    ),
)

TABLES = MappingProxyType({table.name: table for table in _TABLES})
SHARED_TABLES = ("profession", "glossary", "welcome")
PACK_TABLES = tuple(name for name in TABLES if name not in SHARED_TABLES)


def get_table(name: str) -> Table:
    """Return the contract of one table.

    Parameters
    ----------
    name : str
        One of the names in `TABLES`.

    Returns
    -------
    Table

    Raises
    ------
    ParameterError
        When no table has that name.

    Examples
    --------
    >>> get_table("costs").column_names
    ['month', 'item', 'amount_eur', 'hours']
    """
    choice("table", name, TABLES)
    return TABLES[name]
