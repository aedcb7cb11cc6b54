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
