"""The examples of docs/engines run, and give the table printed there, on every engine."""

import re

import narwhals as nw
import numpy as np
import pytest
from places import DOCS


def blocks(page):
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)


def printed(page):
    rows = re.findall(r"^\| (n \|.*|4 \|.*) \|$", (DOCS / page).read_text(encoding="utf-8"), re.M)
    names, values = ([cell.strip() for cell in row.split("|")] for row in rows)
    missing = ("missing", "manquant")
    numbers = [np.nan if value in missing else float(value.replace(",", ".")) for value in values]
    return dict(zip(names, numbers, strict=True))


@pytest.mark.parametrize("page", ["engines.md", "engines.fr.md"])
def test_the_examples_give_the_table_printed(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    results = []
    for block in blocks(page):
        if "pyspark" in block:
            continue
        *code, last = block.strip().split("\n")
        exec("\n".join(code), names)
        value = eval(last, names)
        if value is not None:
            results.append(nw.from_native(value, eager_only=True).rows(named=True)[0])
    assert len(results) == 3  # pandas, Polars, DuckDB
    for result in results:
        numbers = {name: np.nan if v is None else float(v) for name, v in result.items()}
        assert numbers == pytest.approx(printed(page), nan_ok=True)


def test_both_pages_hold_the_same_code():
    assert blocks("engines.md") == blocks("engines.fr.md")
