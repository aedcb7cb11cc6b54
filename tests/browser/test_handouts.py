"""A handout is one sheet of A4: two pages when the browser prints it."""

import re

import pytest
from lab import browser_page
from places import DOCS

pytestmark = pytest.mark.browser
HANDOUTS = DOCS / "handouts"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_handout_prints_on_two_a4_pages(language):
    printed = {}
    with browser_page() as page:
        for handout in sorted((HANDOUTS / language).glob("*.html")):
            page.goto(handout.as_uri())
            content = page.pdf(prefer_css_page_size=True)
            sizes = re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)[.\d]*\]", content)
            printed[handout.name] = [(int(wide), int(high)) for wide, high in sizes]
    assert printed
    a4 = (594, 841)  # points, rounded down
    assert {name: pages for name, pages in printed.items() if pages != [a4, a4]} == {}
