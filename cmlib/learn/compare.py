"""Compare an answer with the reference: tolerant where it should be, and never telling."""

from __future__ import annotations

import math
import numbers
import unicodedata
from typing import Any

import pandas as pd

from cmlib.learn.question import Question
from cmlib.messages import _

__all__ = ["difference"]

RELATIVE_TOLERANCE = 0.005  # three significant digits are enough


def difference(answer: Any, expected: Any, question: Question) -> str | None:
    """Say what keeps `answer` from being `expected`; None when they agree.

    Types, row order and column order are ignored unless the question says they matter.
    The sentence never holds the expected value.
    """
    if isinstance(expected, pd.DataFrame):
        return _table(answer, expected, ordered=question.ordered)
    if isinstance(expected, pd.Series):
        return _series(answer, expected, ordered=question.ordered)
    answer = _single(answer)
    if isinstance(expected, bool):
        return _boolean(answer, expected)
    if isinstance(expected, numbers.Real):
        return _number(
            answer, float(expected), whole=isinstance(expected, int), share=question.share
        )
    if isinstance(expected, (pd.Timestamp, pd.Period)):
        return _moment(answer, expected)
    if isinstance(expected, str):
        return _text(answer, expected)
    if isinstance(expected, (list, tuple, set, frozenset)):
        return _items(answer, expected, ordered=question.ordered)
    raise TypeError(f"question {question.id}: no comparison for {type(expected).__name__}")


def _single(answer: Any) -> Any:
    """Unwrap a table, series or array that holds one value, and numpy's scalars."""
    if isinstance(answer, pd.DataFrame) and answer.size == 1:
        answer = answer.iloc[0, 0]
    elif isinstance(answer, (pd.Series, pd.Index)) and len(answer) == 1:
        answer = answer.iloc[0] if isinstance(answer, pd.Series) else answer[0]
    if hasattr(answer, "item") and not isinstance(answer, (pd.Series, pd.Index)):
        try:
            return answer.item()
        except ValueError:
            return answer
    return answer


def _boolean(answer: Any, expected: bool) -> str | None:
    if not isinstance(answer, bool):
        return _("The answer asked for is True or False, without quotes.")
    return None if answer is expected else _("Look at the two sides of the comparison again.")


def _number(answer: Any, expected: float, *, whole: bool, share: bool) -> str | None:
    if isinstance(answer, tuple):
        return _(
            "Your answer holds a comma, so Python reads several numbers. "
            "Write decimals with a point: 3.5"
        )
    if isinstance(answer, str):
        return _("Your answer is text. Remove the quotes to make it a number.")
    if isinstance(answer, (pd.Series, pd.DataFrame, list, dict)):
        return _("Your answer holds several values. One number is asked for.")
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
        return _("One number is asked for.")
    given = float(answer)
    if math.isnan(given):
        return _(
            "Your answer is a missing value (nan). Check that the rows you kept are not empty."
        )
    if given == expected:
        return None
    if not whole and math.isclose(given, expected, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-9):
        return None
    if share and math.isclose(given, 100 * expected, rel_tol=RELATIVE_TOLERANCE):
        return _("Your answer is a percentage. A share between 0 and 1 is asked for.")
    if given and any(given == round(expected, digits) for digits in (0, 1, 2, 3)):
        return _("You rounded too early. Keep the decimals in the answer, round only to show it.")
    return _("This is not the number yet.")


def _moment(answer: Any, expected: pd.Timestamp | pd.Period) -> str | None:
    try:
        given = (
            type(expected)(answer, freq=expected.freq)
            if isinstance(expected, pd.Period)
            else (pd.Timestamp(answer))
        )
    except (TypeError, ValueError):
        return _("A date is asked for, written like 2025-03-01.")
    return None if given == expected else _("This is not the date yet.")


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _text(answer: Any, expected: str) -> str | None:
    if not isinstance(answer, str):
        return _("A word is asked for, between quotes.")
    return None if _plain(answer) == _plain(expected) else _("This is not the answer yet.")


def _items(answer: Any, expected: Any, *, ordered: bool) -> str | None:
    if isinstance(answer, (pd.Series, pd.Index)) or hasattr(answer, "tolist"):
        answer = answer.tolist()
    if not isinstance(answer, (list, tuple, set, frozenset)):
        return _("A list is asked for, between square brackets.")
    given, wanted = [str(_single(item)) for item in answer], [str(item) for item in expected]
    if ordered and given == wanted:
        return None
    if sorted(given) == sorted(wanted):
        return _("The items are right; their order is not yet.") if ordered else None
    return _length(len(given), len(wanted)) or _("Some items are not the ones asked for.")


def _length(given: int, wanted: int) -> str | None:
    if given > wanted:
        return _("There are more items than asked for.")
    return _("Some items are missing.") if given < wanted else None


def _series(answer: Any, expected: pd.Series, *, ordered: bool) -> str | None:
    if isinstance(answer, pd.DataFrame) and answer.shape[1] == 1:
        answer = answer.iloc[:, 0]
    if isinstance(answer, dict):
        answer = pd.Series(answer)
    if isinstance(answer, pd.DataFrame) and answer.shape[1] == 2:
        answer = answer.set_index(answer.columns[0]).iloc[:, 0]
    if not isinstance(answer, pd.Series):
        return _("A column of values is asked for, one for each group.")
    left, right = (
        pd.DataFrame({"group": values.index.astype(str), "value": values.to_numpy()})
        for values in (answer, expected)
    )
    return _table(left, right, ordered=ordered)


def _table(answer: Any, expected: pd.DataFrame, *, ordered: bool) -> str | None:
    if isinstance(answer, pd.Series):
        answer = answer.reset_index()
    if not isinstance(answer, pd.DataFrame):
        return _("A table is asked for.")
    named = [name for name in answer.index.names if name in expected.columns]
    if named and not set(named) & set(answer.columns):
        answer = answer.reset_index()
    missing = [str(name) for name in expected.columns if name not in answer.columns]
    if missing:
        return _("Your table lacks the column: {names}.").format(names=", ".join(missing))
    if len(answer) != len(expected):
        return (
            _("Your table has more rows than asked for.")
            if len(answer) > len(expected)
            else _("Your table has fewer rows than asked for.")
        )
    given, wanted = _comparable(answer[list(expected.columns)]), _comparable(expected)
    if not _wrong_column(given, wanted):
        return None
    given, wanted = (
        table.sort_values(list(table.columns), ignore_index=True) for table in (given, wanted)
    )
    wrong = _wrong_column(given, wanted)
    if wrong is None:
        return _("The rows are right; their order is not yet.") if ordered else None
    return _("The values of the column {name} are not the ones asked for yet.").format(name=wrong)


def _comparable(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers as floats rounded to what counts, everything else as text."""
    columns = {}
    for name in table.columns:
        values = table[name]
        if pd.api.types.is_numeric_dtype(values):
            columns[str(name)] = values.astype("Float64").astype("float64")
        else:
            columns[str(name)] = values.astype("str").fillna("")
    return pd.DataFrame(columns).reset_index(drop=True)


def _wrong_column(given: pd.DataFrame, wanted: pd.DataFrame) -> str | None:
    for name in wanted.columns:
        left, right = given[name], wanted[name]
        if left.dtype != right.dtype:
            return str(name)
        if left.dtype == "float64":
            close = (left - right).abs() <= RELATIVE_TOLERANCE * right.abs() + 1e-9
            if not (close | (left.isna() & right.isna())).all():
                return str(name)
        elif not (left == right).all():
            return str(name)
    return None
