"""docs/recipes: each recipe runs, prints what its page shows, and stands in the index."""

import ast
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from places import DOCS

from cmlib.i18n import set_language

FOLDER = DOCS / "recipes"
PAGES = sorted(FOLDER.glob("*.md"))
RECIPES = [page for page in PAGES if not page.name.startswith("index.")]
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def blocks(page):
    """The code of a page, each block with what the page says it prints."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def language(page):
    return "fr" if page.name.endswith(".fr.md") else "en"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_recipe_prints_what_its_page_shows(page, capsys):
    """Where a figure has changed, read the prose of the page again too."""
    set_language(language(page))
    names = {}
    with mpl.rc_context():
        for code, shown in blocks(page):
            exec(code, names)
            printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
            assert printed == shown.splitlines()
            plt.close("all")


@pytest.mark.parametrize("page", RECIPES, ids=lambda page: page.name)
def test_a_recipe_has_its_parts(page):
    text = page.read_text(encoding="utf-8")
    parts = {
        "en": ("**Read it.**", "**What it does not say.**", "**Decide.**"),
        "fr": ("**Lire.**", "**Ce que cela ne dit pas.**", "**Décider.**"),
    }
    assert re.match(r"# .+\?\n", text)
    places = [text.index(part) for part in parts[language(page)]]
    assert places == sorted(places)


class WithoutWords(ast.NodeTransformer):
    """Take away the words that a page says in its language."""

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node


@pytest.mark.parametrize("name", sorted({page.name.split(".")[0] for page in PAGES}))
def test_both_languages_run_the_same_code(name):
    english, french = (
        [ast.dump(WithoutWords().visit(ast.parse(code))) for code, _shown in blocks(page)]
        for page in (FOLDER / f"{name}.md", FOLDER / f"{name}.fr.md")
    )
    assert english == french


@pytest.mark.parametrize("ending", ["md", "fr.md"])
def test_the_index_names_every_recipe_by_its_question(ending):
    index = (FOLDER / f"index.{ending}").read_text(encoding="utf-8")
    told = {file: title for title, file in re.findall(r"\| \[(.+?)\]\((.+?)\) \|", index)}
    pages = [page for page in RECIPES if (language(page) == "fr") == (ending == "fr.md")]
    titles = {page.name: page.read_text(encoding="utf-8").splitlines()[0][2:] for page in pages}
    assert told == titles
