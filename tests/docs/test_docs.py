"""The pages of the repository: links that lead somewhere, two languages, the right minutes."""

import re
import tomllib
from urllib.parse import unquote

import pytest
from places import DOCS, ROOT

PAGES = sorted([*ROOT.glob("README*.md"), *DOCS.glob("*.md"), *DOCS.glob("recipes/*.md")])
GUIDES = {"en": DOCS / "instructors_guide.md", "fr": DOCS / "instructors_guide.fr.md"}
READMES = {"en": ROOT / "README.md", "fr": ROOT / "README.fr.md"}
MODULES = {
    file.parent.name: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted(ROOT.glob("course/[0-9][0-9]_*/module.toml"))
}
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)
OUTSIDE = ("http://", "https://", "mailto:")


def prose(page):
    """The text of a page without its code."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", "", text)


def anchor(heading):
    """The anchor that a reader of Markdown gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def dead_links(page):
    dead = []
    for inline, reference in LINK.findall(prose(page)):
        link = inline or reference
        if link.startswith(OUTSIDE):
            continue
        path, _sign, wanted = link.partition("#")
        target = (page.parent / unquote(path)).resolve() if path else page
        if not target.exists():
            dead.append(link)
        elif wanted:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            if unquote(wanted) not in map(anchor, headings):
                dead.append(link)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_local_links_lead_somewhere(page):
    assert dead_links(page) == []


def test_a_dead_link_is_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# A title\n[ok](#a-title) [here](page.md) [gone](gone.md#x) [no](#b) `[c](c)`\n"
        "```\n[code](code.md)\n```\n[ref]: lost.md\n",
        encoding="utf-8",
    )
    assert dead_links(page) == ["gone.md#x", "#b", "lost.md"]


def test_every_page_exists_in_both_languages():
    names = {page.name for page in [*DOCS.glob("*.md"), *DOCS.glob("recipes/*.md")]}
    english = {name for name in names if not name.endswith(".fr.md")}
    french = {name for name in names if name.endswith(".fr.md")}
    assert english
    assert {name.replace(".md", ".fr.md") for name in english} == french


def rows(page, start, end):
    """The rows of the table between two comments: number, link (or None), other cells."""
    table = page.read_text(encoding="utf-8").split(f"<!-- {start} -->")[1]
    found = {}
    for line in table.split(f"<!-- {end} -->")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        title = re.fullmatch(r"\[?(\d\d) ([^\]]+)(?:\]\((.+)\))?", cells[0])
        if title:
            found[title[1]] = (title[3], cells[1:])
    return found


def course_map(language):
    return rows(READMES[language], "course map", "end of course map")


def guide_table(language):
    return rows(GUIDES[language], "minutes", "end of minutes")


@pytest.mark.parametrize("language", ["", ".fr"])
@pytest.mark.parametrize("page", ["README", "docs/audit", "docs/backend", "docs/value"])
def test_the_code_of_a_page_runs(page, language, tmp_path, monkeypatch):
    rows = ["created_at,user_id,topic_id", "2025-02-13 09:00,17,1", "2025-02-13 10:00,18,1"]
    (tmp_path / "export.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / f"{page}{language}.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    exec(code, {})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_commands_of_a_page_are_understood(language):
    import argparse

    from cmlib.cli import audit

    parser = argparse.ArgumentParser(exit_on_error=False)
    audit.add_arguments(parser)
    known = {option for action in parser._actions for option in action.option_strings}
    page = DOCS / ("audit.md" if language == "en" else "audit.fr.md")
    text = page.read_text(encoding="utf-8") + READMES[language].read_text(encoding="utf-8")
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))
    others = {"--lang", "--pack", "--seed", "--members", "--out"}  # of the simulator
    others |= {option for option in told if option.startswith(("--require", "--no-"))}  # of pip
    assert told - known - others == set()
    forms = {"--sep", "--encoding", "--skip", "--help"}
    assert known - forms - {"-h"} <= told


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_course_map_states_the_minutes_of_each_module(language):
    table = course_map(language)
    assert list(table) == [f"{number:02}" for number in range(18)]
    for slug, module in MODULES.items():
        link, cells = table[slug[:2]]
        assert link == f"notebooks/{language}/{slug}.ipynb"
        assert int(cells[-1]) == module["minutes"]["teaching"] + module["minutes"]["exercises"]
    unwritten = set(table) - {slug[:2] for slug in MODULES}
    assert [number for number in unwritten if table[number][0]] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_guide_states_the_minutes_of_each_module(language):
    table = guide_table(language)
    whole = {number: int(cells[2]) for number, (_link, cells) in table.items()}
    assert whole == {number: int(cells[-1]) for number, (_l, cells) in course_map(language).items()}
    for slug, module in MODULES.items():
        link, cells = table[slug[:2]]
        assert link == f"../notebooks/{language}/{slug}.ipynb"
        minutes = module["minutes"]
        assert cells[:2] == [str(minutes["teaching"]), str(minutes["exercises"])], slug
    unwritten = set(table) - {slug[:2] for slug in MODULES}
    assert {cell for number in unwritten for cell in table[number][1][:2]} <= {"–"}


def test_the_paths_have_the_length_they_announce():
    cells = {number: cells for number, (_link, cells) in guide_table("en").items()}
    assert sum(int(row[2]) for row in cells.values()) == 1_800
    assert sum(int(row[4]) for row in cells.values()) == 3 * 360
    half_day = [int(row[3]) for row in cells.values() if row[3] != "–"]
    assert sum(half_day) + 15 + 30 + 5 == 210  # break, audit, exit ticket
    assert {n: row[3:] for n, row in cells.items()} == {
        n: row[3:] for n, (_link, row) in guide_table("fr").items()
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_weeks_add_up(language):
    text = GUIDES[language].read_text(encoding="utf-8")
    weeks = re.findall(r"^\| (\d+) \| ([^|]+) \| (\d+) \| (\d+|–)[^|]* \|$", text, re.MULTILINE)
    assert [int(week) for week, *_rest in weeks] == list(range(1, 11))
    assert sum(int(minutes) for _week, _modules, minutes, _today in weeks) == 1_800
    whole = {number: int(cells[2]) for number, (_link, cells) in guide_table(language).items()}
    written = {slug[:2] for slug in MODULES}
    for week, modules, minutes, today in weeks[:8]:
        numbers = re.findall(r"\d\d", modules)
        assert sum(whole[number] for number in numbers) == int(minutes), week
        now = sum(whole[number] for number in numbers if number in written)
        assert today == (str(now) if now else "–"), week


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_guide_names_the_modules_that_are_not_written(language):
    text = GUIDES[language].read_text(encoding="utf-8")
    (sentence,) = re.findall(r"\*\*(?:Modules|Les modules) [^*]+\*\*", text)
    named = set(re.findall(r"\d\d", sentence))
    assert named == {f"{n:02}" for n in range(18)} - {slug[:2] for slug in MODULES}
