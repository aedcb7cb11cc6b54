"""What the texts of module 01 say of the tables is what the tables hold."""

from pathlib import Path

import pandas as pd
import pytest

from cmlib.data import data_home, load, load_table, read_table
from cmlib.learn.explain import explain

DATE, REACH, RATE = "Date de publication", "Portée", "Taux d'engagement"


@pytest.fixture(scope="module")
def export_file() -> Path:
    return data_home() / "brand" / "exports" / "export_fr.csv"


@pytest.fixture(scope="module")
def profession():
    return load_table("profession")


def test_the_shares_do_not_add_up(profession):
    totals = profession.groupby("figure")["value"].sum()
    assert (totals["gender"], totals["platform used"]) == (99.0, 67.0)


def test_no_figure_of_the_trade_gives_its_base_or_its_year(profession):
    assert profession[["base_n", "year"]].isna().all().all()


def test_the_salary_is_a_range_whose_averages_mean_nothing(profession):
    salary = profession[profession["unit"] == "EUR a month"]
    assert salary["value"].tolist()[0] == 1500
    assert salary["value"].isna().sum() == 1
    assert (salary["value"].mean(), salary["value_high"].mean()) == (1500.0, 3750.0)


def test_the_naive_read_gives_one_column_without_a_word(export_file):
    assert pd.read_csv(export_file).shape[1] == 1
    assert pd.read_csv(export_file, sep=";").shape == (300, 9)


def test_the_first_dates_are_read_month_first_without_a_word(export_file):
    guess = pd.read_csv(export_file, sep=";", nrows=3, parse_dates=[DATE])[DATE]
    right = read_table(export_file).table[DATE].head(3)
    assert guess.dt.day.tolist() == right.dt.month.tolist()
    assert guess.dt.month.tolist() == right.dt.day.tolist()
    assert (guess.dt.date[0].isoformat(), right.dt.date[0].isoformat()) == (
        "2024-05-07",
        "2024-07-05",
    )
    written = pd.read_csv(export_file, sep=";")[DATE]
    assert (written.str[:2].astype(int) > 12).any()


def test_reaches_are_texts_until_the_tool_reads_them(export_file):
    assert isinstance(pd.read_csv(export_file, sep=";")[REACH].head(3).sum(), str)
    table = read_table(export_file).table
    assert pd.api.types.is_numeric_dtype(table[REACH])
    assert table[RATE].between(0, 1).all()


def test_the_share_of_france_is_higher_among_french_speakers():
    members = load("brand").members
    french = members[members["language"] == "fr"]
    assert (french["country"] == "FR").mean() > (members["country"] == "FR").mean()
    assert members["country"].value_counts().index[0] == "FR"
    assert str(members["joined_at"].max())[:7] == "2025-07"
    assert {"BE", "CA", "CH"} <= set(members["country"])


def test_a_pair_taken_for_a_table_is_explained(export_file):
    pair = read_table(export_file)
    with pytest.raises(TypeError, match="tuple indices") as caught:
        pair["Plateforme"]
    assert "Several things" in explain(caught.value, {}).meaning


def test_a_text_column_compared_with_a_number_is_explained(export_file):
    table = pd.read_csv(export_file, sep=";")
    with pytest.raises(TypeError, match="Invalid comparison") as caught:
        table[table[RATE] > 3.5]
    assert "read_table" in explain(caught.value, {}).attempt


@pytest.mark.parametrize(
    ("name", "attempt"), [("CH", "'CH'"), ("pritn", "'print'"), ("average_day", "Run All Above")]
)
def test_an_unknown_name_gets_the_advice_it_needs(name, attempt):
    assert attempt in explain(NameError(f"name {name!r} is not defined", name=name), {}).attempt
