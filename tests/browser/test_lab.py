"""A learner's first minutes in a real browser, in both languages."""

import pytest
from lab import (
    WIDTH,
    browser_page,
    cell_with,
    copy_of_the_course,
    errors_shown,
    open_notebook,
    picture,
    run_all,
    running_lab,
    type_in,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["en", "fr"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def page(language, tmp_path_factory):
    folder = copy_of_the_course(tmp_path_factory.mktemp(language))
    with running_lab(folder, language) as address, browser_page() as opened:
        opened.address = address
        yield opened


def test_the_first_lesson_runs_from_top_to_bottom(page, language):
    open_notebook(page, page.address, f"notebooks/{language}/00_getting_started.ipynb")
    run_all(page)
    assert errors_shown(page) == []
    picture(page, f"lesson_{language}")


def test_nothing_is_wider_than_the_screen(page):
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.jp-Cell .jp-OutputArea-output > *')]
             .filter(e => e.getBoundingClientRect().right > window.innerWidth)
             .map(e => e.tagName + ' ' + e.className)"""
    )
    assert page.viewport_size["width"] == WIDTH
    assert wide == []


SAID = {"en": ("Not yet", "Accepted"), "fr": ("Pas encore", "Accepté")}
MONTHS = "weeks = kpi.active_by_period(brand)"


def test_the_slider_of_a_lesson_moves_with_the_keyboard(page, language):
    open_notebook(page, page.address, f"notebooks/{language}/02_growth_and_activity.ipynb")
    run_all(page)
    assert errors_shown(page) == []
    cell = cell_with(page, "activity_explorer")
    said = cell.locator('p[role="status"]')
    said.wait_for()
    before = said.inner_text()
    cell.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        """before => [...document.querySelectorAll('.jp-Cell p[role="status"]')]
             .some(p => /30/.test(p.innerText) && / 2 /.test(p.innerText)
                     && p.innerText !== before)""",
        arg=before,
    )
    after = said.inner_text()
    assert after != before
    assert cell.locator("img").get_attribute("alt") == after
    picture(page, f"slider_{language}")


def test_a_wrong_answer_then_the_right_one(page, language):
    open_notebook(page, page.address, f"exercises/{language}/02_growth_and_activity.ipynb")
    run_all(page)
    assert errors_shown(page) == []
    not_yet, accepted = SAID[language]
    cell = cell_with(page, 'learn.check("02.2"')
    type_in(page, cell, "weeks = ...", MONTHS)
    cell = cell_with(page, 'learn.check("02.2"')
    type_in(page, cell, "busiest = ...", 'busiest = weeks[weeks["complete"]]["n"].max()')
    cell = cell_with(page, 'learn.check("02.2"')
    cell.get_by_text(f"02.2 · {not_yet}").wait_for()
    picture(page, f"not_yet_{language}")
    type_in(page, cell, "(brand)", '(brand, period="week")')
    cell = cell_with(page, 'learn.check("02.2"')
    cell.get_by_text(f"02.2 · {accepted}").wait_for()
    assert errors_shown(page) == []
    picture(page, f"accepted_{language}")
