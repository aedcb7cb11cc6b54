import warnings

import kpi_cases as cases
import numpy as np
import pandas as pd
import pytest
from engines import same
from hypothesis import given, settings
from hypothesis import strategies as st
from real_logs import FOLDER, needs_real_logs

from cmlib import kpi
from cmlib.data import community
from cmlib.errors import ColumnError, NotCountedWarning, NotMeasuredWarning, ParameterError
from cmlib.kpi.survival import kaplan_meier

END = "2025-02-01"


def forum(engine=None, *, end=END, **options):
    """The events of the cases, the bot left out."""
    events = cases.events() if engine is None else engine.give(cases.events())
    return community(events=events, members=cases.members(), end=end, **options)


def desk(engine, **options):
    return community(tickets=engine.give(cases.tickets()), **options)


def delays(engine):
    return kpi.first_response(forum(engine), keep="channel")


def test_first_response_row_by_row(engine):
    # S: not the author's own reply; B: not the bot's; C: what has no answer yet is censored;
    # two deleted accounts may be one person, a deleted one and a member are not
    found = engine.take(delays(engine))
    expected = pd.DataFrame(
        {
            "thread_id": [1, 6, 8, 11, 14],
            "event_id": [1, 6, 8, 11, 14],
            "member_id": pd.array([1, 2, 3, None, 1], dtype="Int64"),
            "channel": ["help", "help", "chat", "chat", "help"],
            "opened_at": cases.moments(
                "2025-01-06T10:00",
                "2025-01-07T10:00",
                "2025-01-08T10:00",
                "2025-01-09T10:00",
                "2025-01-31T19:00",
            ),
            "responded_at": cases.moments(
                "2025-01-06T12:00", None, "2025-01-10T12:00", "2025-01-09T20:00", None
            ),
            "delay_h": [2.0, np.nan, 50.0, 10.0, np.nan],
            "observed_h": [614.0, 590.0, 566.0, 542.0, 5.0],
            "censored": [False, True, False, False, True],
        }
    )
    same(found, expected)


def test_a_bot_left_in_answers_within_a_minute():
    # Trap B
    found = kpi.first_response(forum(without=None))
    assert found.set_index("thread_id").loc[8, "delay_h"] == pytest.approx(1 / 60)


def test_what_happened_after_the_end_is_not_known_yet(engine):
    # Trap C: seen on January 9th, topic 8 is waiting
    found = engine.take(kpi.first_response(forum(engine, end="2025-01-09")))
    assert found["thread_id"].tolist() == [1, 6, 8]
    assert found["censored"].tolist() == [False, True, True]
    assert found["observed_h"].tolist() == [62, 38, 14]


def test_summary_names_every_definition(engine):
    found = engine.take(kpi.first_response_summary(delays(engine)))
    # answered: 2, 10, 50. Kaplan-Meier with waits of 5 and 590 h: after 2 h 4/5, then (the young
    # topic left the risk set at 5 h) 2/3 of it after 10 h, 1/3 after 50 h: .267, never .1
    expected = pd.DataFrame(
        {
            "n": [5],
            "n_answered": [3],
            "answered_median_h": [10.0],
            "answered_mean_h": [62 / 3],
            "answered_p90_h": [42.0],
            "km_median_h": [50.0],
        }
    )
    same(found[expected.columns], expected)
    assert found["km_p90_h"].isna().all()


def test_kaplan_meier_shows_what_the_answered_hide():
    # 60 answered after 1 h, 40 never: "median 1 h, p90 1 h" of the answered; 40 % still wait
    table = pd.DataFrame({"delay_h": [1.0] * 60 + [np.nan] * 40, "observed_h": 500.0})
    found = kpi.first_response_summary(table).iloc[0]
    assert found["answered_p90_h"] == 1
    assert found["km_median_h"] == 1
    assert np.isnan(found["km_p90_h"])


def test_unanswered_rate_of_mature_topics_only(engine):
    # Trap C: topic 14, five hours old, does not count: 1 of 4
    found = engine.take(kpi.unanswered_rate(delays(engine), by="channel"))
    expected = pd.DataFrame(
        {
            "channel": ["chat", "help"],
            "n": [2, 2],
            "unanswered": [0, 1],
            "unanswered_rate": [0.0, 0.5],
            "low": [0.0, 0.0945312057342302],
            "high": [0.6576197724933469, 0.9054687942657698],
        }
    )
    same(found, expected)


def test_answered_within_divides_by_all_mature_topics(engine):
    found = engine.take(kpi.answered_within(delays(engine), hours=24))
    assert found[["n", "within"]].iloc[0].tolist() == [4, 2]  # not 2 of the 3 answered
    soon = engine.take(kpi.answered_within(delays(engine), hours=5))
    assert soon[["n", "within"]].iloc[0].tolist() == [5, 1]


def test_periods_are_complete_once_all_their_topics_are_mature(engine):
    # Trap P
    view = forum(engine).view(start="2025-01-06")
    found = engine.take(kpi.unanswered_rate(view, mature_h=4, period="week"))
    assert found["period"].dt.day.tolist() == [6, 27]
    assert found["n"].tolist() == [4, 1]
    assert found["complete"].tolist() == [True, False]
    summary = engine.take(kpi.first_response_summary(view, period="week"))
    assert summary["n"].tolist() == [4, 1]
    assert summary["complete"].tolist() == [True, False]
    late = engine.take(kpi.unanswered_rate(view.view(start="2025-01-07"), period="week"))
    assert late[["n", "complete"]].values.tolist() == [[3, False]]  # topic 1 is left out


def test_nothing_mature_is_missing_not_zero(engine):
    # Trap 0
    found = engine.take(kpi.unanswered_rate(delays(engine), mature_h=1000))
    assert found["n"].tolist() == [0]
    assert found["unanswered_rate"].isna().all()


def test_ticket_delay_knows_only_what_had_happened_by_the_end(engine):
    found = engine.take(kpi.ticket_delay(desk(engine, end="2025-01-07T12:00")))
    expected = pd.DataFrame(
        {
            "ticket_id": [1, 2],
            "opened_at": cases.moments("2025-01-06T10:00", "2025-01-07T10:00"),
            "responded_at": cases.moments("2025-01-06T10:30", None),
            "delay_h": [0.5, np.nan],
            "observed_h": [26.0, 2.0],
            "censored": [False, True],
            "impossible": [False, False],
        }
    )
    same(found, expected)


def odd_tickets(**columns):
    """Answered after 1.5 h; waiting; answered a minute before it was opened."""
    tickets = pd.DataFrame(
        {
            "ticket_id": [101, 102, 103],
            "opened_at": cases.moments("2025-03-10T08:00", "2025-03-10T18:00", "2025-03-13T10:00"),
            "first_response_at": cases.moments("2025-03-10T09:30", None, "2025-03-13T09:59"),
        }
    )
    return tickets.assign(**columns)


def test_a_ticket_answered_before_it_was_opened_counts_nowhere_and_is_said(engine):
    odd = community(tickets=engine.give(odd_tickets()), end="2025-03-20")
    with pytest.warns(
        NotCountedWarning, match=r"first_response_at .*: 1\. .*: 103 \(1 min before\)"
    ):
        found = kpi.ticket_delay(odd)
    table = engine.take(found)
    assert table["impossible"].tolist() == [False, False, True]
    assert table["censored"].tolist() == [False, True, False]
    assert table[["delay_h", "observed_h"]].isna().all(axis=1).tolist() == [False, False, True]
    assert table["responded_at"].notna().tolist() == [True, False, True]
    within = engine.take(kpi.answered_within(found, hours=24))
    assert within[["n", "within"]].iloc[0].tolist() == [2, 1]
    assert engine.take(kpi.first_response_summary(found))["n"].tolist() == [2]
    with pytest.warns(NotCountedWarning):
        again = engine.take(kpi.answered_within(odd, of="tickets", hours=24))
    same(again, within)


def test_resolution_leaves_out_what_was_closed_before_it_was_opened(engine):
    closed = cases.moments("2025-03-11T08:00", "2025-03-10T17:30", "2025-03-13T09:59")
    odd = engine.give(odd_tickets(resolved_at=closed))
    with pytest.warns(
        NotCountedWarning, match=r"resolved_at .*: 2\. .*: 102 \(30 min before\), 103"
    ):
        opening = engine.take(kpi.resolution_time_by_opening(odd))
    assert opening[["n", "n_resolved", "km_median_h"]].iloc[0].tolist() == [1, 1, 24]
    with pytest.warns(NotCountedWarning, match="resolved_at"):
        closing = engine.take(kpi.resolution_time_by_closing(odd))
    assert closing[["n", "n_missing", "resolution_h_median"]].iloc[0].tolist() == [1, 0, 24]
    assert engine.take(kpi.backlog_age(odd))["n"].tolist() == [0]


def test_three_impossible_tickets_are_named():
    many = pd.concat([odd_tickets().iloc[[2]].assign(ticket_id=n) for n in range(1, 6)])
    with pytest.warns(NotCountedWarning, match=r": 5\. .*: 1 \(1 min before\), 2 .*, 3 .*, …\."):
        kpi.ticket_delay(many)
    table = pd.DataFrame({"delay_h": [-0.1, 2.0], "observed_h": [9.0, 9.0]})
    with pytest.warns(NotCountedWarning, match="Delays below 0: 1"):
        assert kpi.answered_within(table, hours=5)[["n", "within"]].iloc[0].tolist() == [1, 1]


def test_without_an_end_said_the_last_date_of_the_tickets_is_the_end(engine):
    # opened last on February 4th at 10:00; resolved last on the 5th at 10:00
    tickets = engine.give(cases.tickets())
    found = engine.take(kpi.ticket_delay(tickets, until="resolved_at"))
    last = pd.Timestamp("2025-02-05T10:00:01")
    waited = (last - found["opened_at"]).dt.total_seconds() / 3600
    np.testing.assert_allclose(found["observed_h"], waited)
    assert engine.take(kpi.ticket_delay(tickets))["observed_h"].min() == pytest.approx(1 / 3600)
    same(engine.take(kpi.ticket_delay(desk(engine), until="resolved_at")), found)
    assert engine.take(kpi.backlog_age(tickets))["n"].tolist() == [2]
    for source in (desk(engine), kpi.ticket_delay(tickets)):
        by_day = engine.take(kpi.unanswered_rate(source, of="tickets", mature_h=1, period="day"))
        assert by_day["period"].dt.day.tolist() == [6, 7, 20, 3]
        assert by_day["unanswered"].tolist() == [0, 0, 1, 0]


def test_the_backlog_holds_what_was_opened_before_the_start_of_the_view(engine):
    view = desk(engine, end="2025-02-04T12:00").view(start="2025-02-01")
    assert engine.take(kpi.backlog_age(view))["n"].tolist() == [3]
    assert engine.take(kpi.ticket_delay(view))["ticket_id"].tolist() == [4, 5]


def test_nothing_closed_in_the_window_is_no_error(engine):
    tickets = cases.tickets()
    never = tickets.assign(resolved_at=tickets["resolved_at"].where(tickets["ticket_id"] > 9))
    quiet = desk(engine, end="2025-01-07").view(start="2025-01-06")
    for source in (engine.give(never), community(tickets=engine.give(never)), quiet):
        whole = engine.take(kpi.resolution_time_by_closing(source))
        assert whole["n"].tolist() == [0]
        assert whole["resolution_h_median"].isna().all()
        by_month = engine.take(kpi.resolution_time_by_closing(source, period="month"))
        assert by_month.empty
        assert {"period", "n", "complete"} <= set(by_month.columns)


def test_periods_are_cut_on_the_clock_of_the_community(engine):
    # opened at 23:30 in UTC: half an hour into the next day in Paris
    tickets = cases.tickets().query("ticket_id > 2")
    dates = ["opened_at", "first_response_at"]
    tickets = tickets.assign(**{name: tickets[name] + pd.Timedelta(hours=13.5) for name in dates})
    for zone, days in (("UTC", [20, 3, 4]), ("Europe/Paris", [21, 4, 5])):
        paris = community(tickets=engine.give(tickets), tz=zone, end="2025-03-01")
        found = engine.take(kpi.first_response_summary(paris, of="tickets", period="day"))
        assert found["period"].dt.day.tolist() == days
    alone = kpi.ticket_delay(paris)  # a table knows no zone
    assert engine.take(kpi.answered_within(alone, period="day"))["period"].dt.day.tolist() == [
        20,
        3,
        4,
    ]


def test_data_too_young_to_be_judged_gives_no_row_and_no_error(engine):
    for of in ("topics", "tickets"):
        young = community(
            events=engine.give(cases.events()), tickets=engine.give(cases.tickets())
        ).view(start="2025-01-06", end="2025-01-08")
        found = engine.take(kpi.answered_within(young, of=of, hours=168, period="month"))
        assert found.empty


def test_resolution_by_opening_and_by_closing_answer_two_questions(engine):
    tickets = desk(engine, start="2025-01-01", end="2025-02-10")
    opening = engine.take(kpi.resolution_time_by_opening(tickets, period="month"))
    closing = engine.take(kpi.resolution_time_by_closing(tickets, period="month"))
    # opened in January: 48 h, 696 h and one still open; closed in January: 48 h only
    assert opening["n"].tolist() == [3, 2]
    assert opening["n_resolved"].tolist() == [2, 1]
    assert opening["resolved_median_h"].tolist() == [372, 12]
    assert opening["km_median_h"].tolist() == [696, 12]
    assert closing["n"].tolist() == [1, 2]
    assert closing["resolution_h_median"].tolist() == [48, 354]
    assert opening["complete"].tolist() == closing["complete"].tolist() == [True, False]


def test_backlog_age_at_a_date(engine):
    found = engine.take(kpi.backlog_age(desk(engine, end="2025-02-04T12:00")))
    # open then: ticket 2 (closed on the 5th), 3 and 5
    assert found["n"].tolist() == [3]
    assert found["age_days_median"][0] == pytest.approx(15 + 2 / 24)
    earlier = engine.take(kpi.backlog_age(desk(engine, end="2025-01-07"), by="category"))
    assert earlier[["category", "n", "age_days_median"]].values.tolist() == [
        ["billing", 1, pytest.approx(14 / 24)]
    ]


def test_escalation_rate(engine):
    found = engine.take(kpi.escalation_rate(engine.give(cases.tickets()), by="category"))
    assert found[["category", "n", "escalated"]].values.tolist() == [
        ["billing", 2, 0],
        ["technical", 3, 1],
    ]
    assert found["escalation_rate"].tolist() == pytest.approx([0, 1 / 3])
    assert found["high"][0] == pytest.approx(0.6576, abs=1e-4)  # 0 of 2 says little


def test_faq_candidates_keep_ties(engine):
    # Trap K: invoice alone reaches .4; login, as frequent, is listed too
    found = engine.take(kpi.faq_candidates(engine.give(cases.tickets()), share=0.4))
    expected = pd.DataFrame(
        {
            "rank": [1, 1],
            "topic": ["invoice", "login"],
            "n": [2, 2],
            "share": [0.4, 0.4],
            "cumulative_share": [0.4, 0.8],
        }
    )
    same(found, expected)
    every = engine.take(kpi.faq_candidates(engine.give(cases.tickets()), share=1, by="category"))
    assert every["topic"].tolist() == ["invoice", "login", "colour"]
    assert every["rank"].tolist() == [1, 1, 2]


def test_solution_rate_gives_each_question_the_same_time(engine):
    # topic 14 is too young; topic 8 is left out with its author
    found = engine.take(kpi.solution_rate(forum(engine, without=[3]), within_days=7))
    assert found[["n", "solved"]].iloc[0].tolist() == [3, 1]
    short = engine.take(kpi.solution_rate(forum(engine), within_days=1))
    assert short["solved"].tolist() == [0]  # accepted after two days


def test_solution_rate_by_period(engine):
    found = engine.take(
        kpi.solution_rate(
            forum(engine, start="2025-01-01", end="2025-02-05"), within_days=7, period="month"
        )
    )
    assert found[["n", "solved"]].iloc[0].tolist() == [4, 1]
    assert found["complete"].tolist() == [False]


def test_peer_answers_without_the_asker_and_the_bot(engine):
    # by others: 2 and 9 on topic 1, 9 on topic 8, 1 on topic 11
    found = engine.take(kpi.peer_answer_share(forum(engine)))
    assert found[["n", "by_members"]].iloc[0].tolist() == [4, 2]


def test_without_roles_nobody_can_tell_who_is_paid_to_answer(engine):
    bare = community(events=engine.give(cases.events()), end=END)
    with pytest.warns(NotMeasuredWarning, match="No role"):
        found = engine.take(kpi.peer_answer_share(bare, by="channel"))
    assert found[["channel", "n"]].values.tolist() == [["chat", 3], ["help", 2]]  # 99 counts now
    assert found.drop(columns=["channel", "n"]).isna().all(axis=None)


def test_peer_answers_of_a_view_without_the_team_are_those_of_members(engine):
    found = engine.take(kpi.peer_answer_share(forum(engine, without="team")))
    assert found[["n", "by_members"]].iloc[0].tolist() == [2, 2]
    # but the team's answers do answer
    kept = engine.take(kpi.first_response(forum(engine, without="team")))
    same(kept, engine.take(kpi.first_response(forum(engine))))


def test_without_any_accepted_answer_solving_is_unknown(engine):
    events = cases.events()
    log = community(
        events=engine.give(events[events["kind"] != "accept"]), start="2025-01-01", end="2025-02-05"
    )
    for period in (None, "month"):
        with pytest.warns(NotMeasuredWarning, match="accept"):
            found = engine.take(kpi.solution_rate(log, within_days=7, period=period))
        assert found["n"].tolist() == [4]
        assert found[["solved", "solution_rate", "low", "high"]].isna().all(axis=None)


def test_in_a_log_without_replies_nobody_knows_who_was_answered(engine):
    events = cases.events()
    log = community(events=engine.give(events[events["kind"].isin(["topic", "accept"])]), end=END)
    with pytest.warns(NotMeasuredWarning, match="reply"):
        found = kpi.first_response(log)
    assert engine.take(found)["observed_h"].isna().all()
    with pytest.warns(NotMeasuredWarning, match="reply"):
        unanswered = engine.take(kpi.unanswered_rate(log))
    assert unanswered["n"].tolist() == [0]
    assert unanswered["unanswered_rate"].isna().all()
    with pytest.warns(NotMeasuredWarning, match="reply"):
        said = engine.take(kpi.conversation_per_topic(log))
    assert said[["n", "n_missing"]].iloc[0].tolist() == [0, 5]
    assert said[["conversation_mean", "own_share"]].isna().all(axis=None)
    with pytest.warns(NotMeasuredWarning, match="reaction"):
        lives = engine.take(kpi.content_half_life(log, interactions=["reaction"]))
    assert lives[["interactions", "half_life_h"]].isna().all(axis=None)


def early(engine):
    """Topic 1 at noon: an answer dated 11:00, one at 14:00, accepted at 10:00 and at 15:00."""
    rows = [
        (1, "2025-01-06T12:00", 1, "topic"),
        (2, "2025-01-06T11:00", 2, "reply"),
        (3, "2025-01-06T14:00", 3, "reply"),
        (4, "2025-01-06T10:00", 1, "accept"),
        (5, "2025-01-06T15:00", 1, "accept"),
        (6, "2025-01-06T11:30", 2, "reaction"),
    ]
    table = pd.DataFrame(rows, columns=["event_id", "timestamp", "member_id", "kind"])
    table = table.assign(timestamp=cases.moments(*table["timestamp"]), thread_id=1)
    members = pd.DataFrame({"member_id": [1, 2, 3], "role": ["member", "staff", "member"]})
    return community(events=engine.give(table), members=members, end="2025-03-01")


def test_what_is_dated_before_its_topic_is_no_answer_anywhere(engine):
    log = early(engine)
    asked = {
        kpi.first_response: ("delay_h", 2.0),
        kpi.solution_rate: ("solved", 1),
        kpi.peer_answer_share: ("n", 1),
        kpi.conversation_per_topic: ("conversation_mean", 1.0),
        kpi.content_half_life: ("interactions", 1),
    }
    for measure, (column, value) in asked.items():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = engine.take(measure(log))
        assert found[column].tolist() == [value], measure.__name__
        said = [str(one.message) for one in caught if one.category is NotCountedWarning]
        assert "dated before what they answer: 1." in said[0]
        assert len(said) == 1 + (measure is kpi.solution_rate)
    with pytest.warns(NotCountedWarning, match="accepted before their question was asked: 1"):
        warnings.simplefilter("ignore")
        warnings.filterwarnings("always", message="Answers accepted")
        kpi.solution_rate(log)


def test_topics_outside_any_thread_are_questions_nobody_answered(engine):
    # ten questions, one a day; two were answered after an hour; seen three weeks later
    days = pd.date_range("2025-03-10", periods=10)
    asked = pd.DataFrame({"timestamp": days, "kind": "topic", "member_id": 1, "thread_id": None})
    asked.loc[[0, 5], "thread_id"] = [1, 6]
    answers = asked.loc[[0, 5]].assign(kind="reply", member_id=9)
    answers["timestamp"] += pd.Timedelta(hours=1)
    table = pd.concat([asked, answers], ignore_index=True).rename_axis("event_id").reset_index()
    table = table.astype({"thread_id": "Int64", "timestamp": "datetime64[us]"})
    log = community(events=engine.give(table), end="2025-04-10")
    assert engine.take(kpi.unanswered_rate(log))["unanswered_rate"].tolist() == [0.8]
    summary = engine.take(kpi.first_response_summary(log))
    assert summary[["n", "n_answered"]].iloc[0].tolist() == [10, 2]
    assert summary["km_median_h"].isna().all()
    said = engine.take(kpi.conversation_per_topic(log))
    assert said["conversation_mean"][0] == pytest.approx(0.2)
    assert (
        engine.take(kpi.content_half_life(log))["interactions"].tolist()
        == [1] + [0] * 4 + [1] + [0] * 4
    )


def test_chosen_topics_are_judged_by_the_whole_log(engine):
    events = cases.events()
    chosen = engine.give(events[(events["kind"] == "topic") & (events["channel"] == "chat")])
    view = forum(engine).view(events=chosen)
    found = engine.take(kpi.first_response(view))
    assert found["thread_id"].tolist() == [8, 11]
    assert found["delay_h"].tolist() == [50, 10]
    both = engine.take(kpi.answered_within(view, hours=24, by="channel"))
    assert both[["channel", "n", "within"]].values.tolist() == [["chat", 2, 1]]


def test_columns_of_the_user_never_take_the_place_of_ours(engine):
    names = ["t", "u", "n", "by_0", "answered", "opened", "early"]
    events = cases.events().assign(**dict.fromkeys(names, "mine"))
    log = community(events=engine.give(events), members=cases.members(), end=END)
    found = engine.take(kpi.first_response(log, keep=names))
    assert (found[names] == "mine").all(axis=None)
    same(found.drop(columns=names), engine.take(kpi.first_response(forum(engine))))
    by = engine.take(kpi.unanswered_rate(log, by=["t", "u"]))
    assert by[["t", "u", "n"]].values.tolist() == [["mine", "mine", 4]]


def test_kaplan_meier_against_a_textbook():
    # Freireich et al. (1963), remission of 21 patients on 6-MP, weeks; the estimates printed in
    # Klein & Moeschberger, Survival Analysis, table 4.1
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    over = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    curve = kaplan_meier(weeks, over)
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    printed = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve.survival.tolist() == pytest.approx(printed, abs=6e-4)
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.quantile(0.5) == 23
    assert np.isnan(curve.quantile(0.9))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40))
def test_kaplan_meier_against_statsmodels(pairs):
    from statsmodels.duration.survfunc import SurvfuncRight

    durations = np.array([duration for duration, _over in pairs], dtype=float)
    over = np.array([over for _duration, over in pairs])
    curve = kaplan_meier(durations, over)
    if not over.any():
        assert np.isnan(curve.quantile(0.5))
        assert curve.at(100)[0] == 1
        return
    expected = SurvfuncRight(durations, over)
    np.testing.assert_allclose(curve.survival, expected.surv_prob)
    known = ~np.isnan(curve.high)
    assert (curve.low <= curve.survival + 1e-12).all()
    assert (curve.survival[known] <= curve.high[known] + 1e-12).all()
    if over.all():  # nothing censored: the share still waiting is a plain share
        shares = [(durations > time).mean() for time in curve.time]
        np.testing.assert_allclose(curve.survival, shares, atol=1e-12)


def test_kaplan_meier_interval_against_a_textbook():
    # The same patients at 10 weeks: S = .753, Greenwood standard error .0963; log-log interval
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    over = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    share, low, high = kaplan_meier(weeks, over).at(10)
    theta = np.exp(1.959963984540054 * 0.0963 / (0.7529 * np.log(0.7529)))
    assert share == pytest.approx(0.7529, abs=1e-4)
    assert (low, high) == pytest.approx((0.7529 ** (1 / theta), 0.7529**theta), abs=1e-3)


def test_errors_say_what_to_do():
    with pytest.raises(ColumnError, match="Did you mean 'thread'"):
        kpi.first_response(cases.events().rename(columns={"thread_id": "thread"}))
    with pytest.raises(ParameterError, match="keep='delay_h': the result has a column of its own"):
        kpi.first_response(cases.events().assign(delay_h=1), keep=["channel", "delay_h"])
    with pytest.raises(ColumnError, match='by="channel"'):
        kpi.solution_rate(forum(), by="chanel")
    with pytest.raises(ParameterError, match="Did you mean 'reaction'"):
        kpi.content_half_life(forum(), interactions=["reactions"])
    with pytest.raises(ParameterError, match="Did you mean 'tickets'"):
        kpi.answered_within(forum(), of="ticket")
    with pytest.raises(ParameterError, match="Use one of: first_response_at"):
        kpi.ticket_delay(cases.tickets(), until="closed_at")
    with pytest.raises(ColumnError, match="delay_h"):
        kpi.unanswered_rate(cases.tickets())
    with pytest.raises(ParameterError, match="within_days=0"):
        kpi.solution_rate(cases.events(), within_days=0)
    with pytest.raises(ParameterError, match="share=0 is not accepted"):
        kpi.faq_candidates(cases.tickets(), share=0)
    with pytest.raises(ParameterError, match="mature_h=-3 is not accepted"):
        kpi.unanswered_rate(pd.DataFrame({"delay_h": [1.0], "observed_h": [9.0]}), mature_h=-3)
    with pytest.raises(ParameterError, match="missing or negative"):
        kaplan_meier([1.0, np.nan], [True, False])
    with pytest.raises(ParameterError, match="give one mark a duration"):
        kaplan_meier([1.0, 2.0], [True])


@needs_real_logs
def test_a_real_forum():
    # history.meta.stackexchange.com: measured elsewhere with deleted accounts left out as
    # median 2.0 h and p90 33 h
    path = FOLDER / "history_meta_events.csv"
    events = pd.read_csv(path, dtype={"user_id": "Int64"}).dropna(subset="user_id")
    words = {"question": "topic", "answer": "reply", "comment": "reply"}
    events = events.assign(
        timestamp=pd.to_datetime(events["created_at"], format="ISO8601"),
        kind=events["kind"].replace(words),
        member_id=events["user_id"],
    )
    found = kpi.first_response_summary(kpi.first_response(community(events=events)))
    assert found["km_median_h"][0] == pytest.approx(2.0, abs=0.05)
    assert found["km_p90_h"][0] == pytest.approx(33, abs=0.5)
