"""A seller's detailed ratings beside those of its industry, and the five-star ratings still needed for a target."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.dsr import HIGHEST, LOWEST
from crm_analysis.satisfaction.sellers.ranking import seller_column

FEW_RATINGS = 10  # with fewer, the t interval of a mean on a 1 to 5 scale spans most of what sellers differ by
Number = int | float | str | Decimal


def dsr_against_industry(
    table: pd.DataFrame, sellers: pd.DataFrame | None = None, *, by: str = "category", of: str = "mean",
    at_least: int = FEW_RATINGS,
) -> pd.DataFrame:  # fmt: skip
    r"""Set each seller's rating beside the mean, the best and the worst of its industry.

    .. math:: +\frac{\bar x_s - \bar x}{x_{\max} - \bar x} \text{ above the mean}, \qquad
              -\frac{\bar x - \bar x_s}{\bar x - x_{\min}} \text{ below it}

    +1 is the best seller of the industry, 0 its mean, -1 the worst. The mean is that of sellers, each once. Only
    sellers with `at_least` ratings make the industry's figures: a 5.0 from three ratings would be everybody's best.

    Parameters
    ----------
    table : pandas.DataFrame
        From `dsr.dsr_table`.
    sellers : pandas.DataFrame, optional
        Columns seller_id (unique) and `by`; without it all sellers are one industry.
    by : str
        Column of the industry; sellers it does not state are ``not_stated``.
    of : {"mean", "dsr"}
        Plain or shrunk mean.
    at_least : int

    Returns
    -------
    pandas.DataFrame
        Rows of `table` with industry, industry_sellers (that make its figures), industry_mean, industry_best,
        industry_worst, against_industry with limits, and few_ratings (fewer than `at_least`). The limits are those of
        the seller's mean, the industry taken as known; all are cut to -1..1 and blank where sellers do not differ.

    Raises
    ------
    InputError
        If `of` is neither, columns are missing, or the table `sellers` names a seller twice.

    Examples
    --------
    >>> table = pd.DataFrame({"seller_id": list("abc"), "dimension": "dsr_service", "ratings": 50,
    ...     "mean": [4.9, 4.6, 4.0], "mean_low": [4.8, 4.5, 3.9], "mean_high": [5.0, 4.7, 4.1]})
    >>> dsr_against_industry(table)["against_industry"].round(3).tolist()
    [1.0, 0.25, -1.0]
    """
    if of not in ("mean", "dsr"):
        raise InputError(f"of={of!r} is no mean of the table", expected="mean or dsr", zh="只能取 mean 或 dsr")
    needed = ["seller_id", "dimension", "ratings", of, f"{of}_low", f"{of}_high"]
    missing = [name for name in needed if name not in table]
    if missing:
        raise InputError(f"{', '.join(missing)} is missing", where="the table of detailed ratings",
                         expected="a table from dsr_table", zh="动态评分表缺少必要的列")  # fmt: skip
    found = table.assign(industry="all_sellers" if sellers is None else seller_column(sellers, by, table["seller_id"]))
    few = found["ratings"] < at_least
    made = found[~few].groupby(["industry", "dimension"])[of].agg(["size", "mean", "max", "min"])
    made.columns = ["industry_sellers", "industry_mean", "industry_best", "industry_worst"]
    found = found.join(made, on=["industry", "dimension"])
    found["industry_sellers"] = found["industry_sellers"].fillna(0).astype("int64")
    for end in ("", "_low", "_high"):
        found[f"against_industry{end}"] = _placed(found[f"{of}{end}"], found)
    return found.assign(few_ratings=few)


def _placed(value: pd.Series, found: pd.DataFrame) -> np.ndarray:
    """Return a value's place between the worst (-1), the mean (0) and the best (+1) of its industry."""
    above, distance = value >= found["industry_mean"], value - found["industry_mean"]
    end = np.where(above, found["industry_best"], found["industry_worst"])
    room = np.abs(end - found["industry_mean"])
    with np.errstate(divide="ignore", invalid="ignore"):  # sellers of the industry do not differ
        return np.clip(np.where(room > 0, distance / room, np.nan), -1, 1)


def five_star_needed(n: int, mean: Number, target: Number) -> int:
    r"""Five-star ratings still needed until the mean reaches a target.

    .. math:: k = \left\lceil \frac{n\,(t - m)}{5 - t} \right\rceil

    Computed with exact fractions of the decimals as they are written: binary floats make 101 of the 100 ratings
    that lift 4.8 from 100 ratings to 4.9. A mean shown with one decimal may itself be off by .05.

    Parameters
    ----------
    n : int
        Ratings so far.
    mean, target : int, float, str or Decimal
        Between 1 and 5; a float counts as the decimal it prints as.

    Returns
    -------
    int
        0 when the target is the mean.

    Raises
    ------
    InputError
        If a number is none or outside its range, the target lies below the mean, or is 5 while the mean is not: no
        number of ratings reaches it.

    Examples
    --------
    >>> five_star_needed(100, 4.8, 4.9), five_star_needed(3, "4.6", "4.6")
    (100, 0)
    """
    m, t = _exact(mean, "mean"), _exact(target, "target")
    counted = isinstance(n, int | np.integer) and not isinstance(n, bool) and n >= 1
    problems = [] if counted else [f"n={n!r} is no count"]
    for name, value in (("mean", m), ("target", t)):
        problems += [] if LOWEST <= value <= HIGHEST else [f"{name}={float(value):g} lies outside 1 to 5"]
    if not problems and t < m:
        problems = [f"the mean, {mean}, is above the target, {target}, already"]
    if not problems and t == HIGHEST and m < HIGHEST:
        problems = ["no number of ratings lifts a mean below 5 to 5"]
    if problems:
        raise InputError(
            "; ".join(problems),
            expected="n of 1 or more; 1 <= mean <= target < 5",
            mend="take a target between the mean and 5",
            zh="评分数、均值或目标不合理，无法计算",
        )
    return 0 if t == m else ceil(int(n) * (t - m) / (HIGHEST - t))


def _exact(number: Number, name: str) -> Fraction:
    try:
        return Fraction(Decimal(str(number)))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise InputError(f"{name}={number!r} is no number", expected="1 to 5", zh="均值或目标不是数字") from error
