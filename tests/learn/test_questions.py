"""Every question of the course: blank, right, foreseen-wrong, on the course's data and others."""

import polib
import pytest

from cmlib import data
from cmlib.i18n import use_language
from cmlib.learn.course import module_file, modules
from cmlib.learn.question import Card, Choice, Order, questions
from cmlib.learn.session import judge
from cmsim import generate
from cmsim.write import write_simulations

OTHER_SEEDS = (11, 23, 37, 58, 91)
EVERY = [question for module in modules() for question in questions(module).values()]
IDS = [question.id for question in EVERY]
VALUES = [q for q in EVERY if not isinstance(q.form, (Card, Choice))]
each_question = pytest.mark.parametrize("question", EVERY, ids=IDS)


@pytest.fixture
def course_data():
    yield
    data.set_data_home(None)


@pytest.fixture(scope="session")
def other_home(tmp_path_factory):
    """Return the folder of the brand community made from another seed, made once a run."""
    made = {}

    def home(seed):
        if seed not in made:
            folder = tmp_path_factory.mktemp(f"seed{seed}") / "data"
            made[seed] = write_simulations([generate("brand", seed=seed)], folder)
        return made[seed]

    return home


@each_question
def test_a_question_is_complete(question):
    assert len(question.hints) == 3 and all(question.hints)
    if isinstance(question.form, Choice):
        assert set(question.form.reasons) == set(question.form.options)
        assert question.reference() in question.form.options
        assert len(question.form.options) >= 3
    elif isinstance(question.form, Card):
        assert question.form.model and question.form.fields
    else:
        assert len(question.mistakes) >= 3
    if question.form is None:
        assert len(question.right) >= 2


def texts(question):
    """Return every text that a learner may be shown in her language."""
    form = question.form
    yield from question.hints
    yield from (mistake.message for mistake in question.mistakes)
    if isinstance(form, Choice):
        yield from [*form.options.values(), *form.reasons.values()]
    elif isinstance(form, Card):
        yield from [*form.fields.values(), form.model]


@each_question
def test_every_text_of_a_question_is_in_the_catalogue_of_its_module(question):
    catalogue = polib.mofile(str(module_file(question.id[:2], "fr.mo")))
    french = {entry.msgid: entry.msgstr for entry in catalogue}
    assert [text for text in texts(question) if not french.get(text)] == []
    with use_language("fr"):
        assert [question.say(text) for text in texts(question)] == [
            french[text] for text in texts(question)
        ]


@each_question
def test_a_blank_is_to_complete(question):
    assert judge(question, ...).outcome == "to complete"


@pytest.mark.parametrize("question", VALUES, ids=[q.id for q in VALUES])
def test_right_answers_in_every_style_are_accepted(question):
    for right in (question.reference, *question.right):
        verdict = judge(question, right())
        assert verdict.outcome == "accepted", verdict.lines


@pytest.mark.parametrize("question", VALUES, ids=[q.id for q in VALUES])
def test_each_foreseen_mistake_gets_its_own_message_in_both_languages(question):
    for mistake in question.mistakes:
        answer = mistake.answer()
        english = judge(question, answer)
        assert (english.outcome, english.lines) == ("not yet", (mistake.message,))
        with use_language("fr"):
            assert judge(question, answer).lines[0] != mistake.message


@each_question
def test_choices_and_cards_say_why(question):
    if isinstance(question.form, Choice):
        right = question.reference()
        for letter, reason in question.form.reasons.items():
            verdict = judge(question, f" {letter.upper()} ")
            assert verdict.outcome == ("accepted" if letter == right else "not yet")
            assert verdict.lines == (reason,)
    elif isinstance(question.form, Card):
        full = dict.fromkeys(question.form.fields, "one two three four five six seven eight")
        assert judge(question, full).outcome == "accepted"
        short = {**full, next(iter(full)): "one"}
        assert judge(question, short).outcome == "to complete"
        assert judge(question, "one sentence").outcome == "not yet"


@pytest.mark.parametrize("seed", OTHER_SEEDS)
def test_the_checks_judge_rightly_on_other_data(seed, other_home, course_data):
    data.set_data_home(other_home(seed))
    for question in EVERY:
        if isinstance(question.form, Card):
            continue
        expected = question.reference()
        assert judge(question, expected).outcome == "accepted", question.id
        for right in question.right:
            assert judge(question, right()).outcome == "accepted", question.id
        for mistake in question.mistakes:
            verdict = judge(question, mistake.answer())
            # A mistake may cost nothing on other data; it is never accepted for another reason.
            if verdict.outcome == "not yet" and not isinstance(question.form, Order):
                assert verdict.lines[0] in {m.message for m in question.mistakes}, question.id


def test_no_hint_and_no_message_tells_the_answer():
    for question in VALUES:
        if question.form is not None:
            continue
        expected = question.reference()
        if isinstance(expected, (int, float)) and not isinstance(expected, bool) and expected > 20:
            told = " ".join([*question.hints, *(m.message for m in question.mistakes)])
            for shown in {f"{expected}", f"{expected:.1f}", f"{expected:.0f}", f"{expected:,.0f}"}:
                assert shown not in told, question.id
