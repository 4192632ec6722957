"""What Kano, penalty-reward contrasts, importance-performance and drivers say of each attribute, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.priorities.advice import advise
from crm_analysis.satisfaction.priorities.ipa import Ipa
from crm_analysis.satisfaction.priorities.kano import Kano
from crm_analysis.satisfaction.priorities.kano_scores import KanoScores
from crm_analysis.satisfaction.priorities.prca import ALPHA, Prca
from crm_analysis.satisfaction.priorities.prca_impact import NOT_CLASSED
from crm_analysis.satisfaction.priorities.triangulate_text import triangulation_text

OF_KANO = {"must_be": "nature_basic", "one_dimensional": "nature_performance", "attractive": "nature_excitement",
           "indifferent": "nature_indifferent", "reverse": "nature_reverse"}  # fmt: skip
OF_PRCA = {"basic_factor": "nature_basic", "performance_factor": "nature_performance",
           "excitement_factor": "nature_excitement"}  # fmt: skip
SHARES = ("share", "lmg", "relative_weight")


@dataclass(frozen=True)
class Triangulation:
    """Several methods on the same attributes.

    Parameters
    ----------
    table : pandas.DataFrame, index attribute
        See `triangulate`.
    sources : tuple of str
        Methods that were given.
    """

    table: pd.DataFrame
    sources: tuple[str, ...]

    def text(self, lang: str) -> str:
        """Return the advice in plain words, and what it does not say, in Chinese (``zh``) or English (``en``)."""
        return triangulation_text(self, lang)


def triangulate(
    *,
    kano: Kano | KanoScores | None = None,
    prca: Prca | None = None,
    drivers: pd.DataFrame | pd.Series | None = None,
    ipa: Ipa | None = None,
) -> Triangulation:
    """Set the methods side by side and say, where they allow it, what to look at first.

    Kano and penalty-reward contrasts say of which nature an attribute is, drivers and importance-performance how
    much it matters, the latter also how well it is rated. What a method has not decided counts as nothing said.
    The advice follows `advice.advise`: *improve first* what matters and is rated low, *keep* what matters and is
    rated high, *do not invest* further in what matters little; all else is *not decided*. A basic factor matters
    even if its linear importance is small, since that measure averages over ratings at which it does not show.

    Parameters
    ----------
    kano : Kano or KanoScores, optional
        Of all respondents, not of segments.
    prca : Prca, optional
    drivers : DataFrame or Series, index attribute, optional
        Shares of the drivers of satisfaction: column share, lmg or relative_weight, with limits of the same name
        and _low, _high. Without limits nothing is decided.
    ipa : Ipa, optional

    Returns
    -------
    Triangulation
        Its table holds, for each method given: kano_says, prca_says (a nature, ``not_decided``, ``no_relation_shown``
        or ``not_classed``), ipa_says (a quadrant or ``not_decided``), driver_says (above_average, below_average,
        not_told_apart) with driver_share and limits; kano_p, prca_p and ipa_p (share of the resamples), kano_same,
        prca_same and ipa_same (share of the choices with the same class). Then nature and agreement (of Kano and
        contrasts), matters_verdict, rated, advice, advice_reason, least_same (the smallest share over methods).
        Blank where a method knows no such attribute.

    Raises
    ------
    InputError
        If nothing was given, methods have no attribute in common, or Kano is by segment.

    References
    ----------
    .. [1] Matzler & Sauerwein (2002). International Journal of Service Industry Management 13, 314-332.
    .. [2] Mikulic & Prebezac (2011). Managing Service Quality 21, 46-66.

    Examples
    --------
    >>> shares = pd.DataFrame({"share": [0.6, 0.1], "share_low": [0.5, 0.0], "share_high": [0.7, 0.2]},
    ...                       index=["speed", "page"])
    >>> triangulate(drivers=shares).table[["driver_says", "advice"]].values.tolist()
    [['above_average', 'not_decided'], ['below_average', 'do_not_invest']]
    """
    given = {"kano": kano, "prca": prca, "drivers": drivers, "ipa": ipa}
    given = {name: source for name, source in given.items() if source is not None}
    readers = {"kano": _of_kano, "prca": _of_prca, "drivers": _of_drivers, "ipa": _of_ipa}
    if not given:
        raise InputError("no method was given", where="triangulate", expected="one or more of kano, prca, drivers, ipa",
                         zh="没有给出任何分析结果")  # fmt: skip
    kinds = {"kano": (Kano, KanoScores), "prca": Prca, "drivers": (pd.DataFrame, pd.Series), "ipa": Ipa}
    wrong = [name for name, source in given.items() if not isinstance(source, kinds[name])]
    if wrong:
        raise InputError(f"{', '.join(wrong)} is no result of its method", where="triangulate",
                         expected="what kano_table, kano_scores, prca_table and ipa_table return; drivers as a table",
                         mend="pass the result itself, not its table", zh="请传入各方法返回的结果对象")  # fmt: skip
    parts = {name: readers[name](source) for name, source in given.items()}
    names = list(dict.fromkeys(name for part in parts.values() for name in part.index))
    _check_common(parts)
    table = pd.concat([part.reindex(names) for part in parts.values()], axis=1).rename_axis("attribute")
    texts = table.columns[table.columns.str.endswith("_says")]
    table[texts] = table[texts].astype(object).where(table[texts].notna(), "")
    table = table.join(advise(table))
    same = [name for name in ("kano_same", "prca_same", "ipa_same") if name in table]
    table["least_same"] = table[same].min(axis=1) if same else np.nan
    return Triangulation(table, tuple(given))


def _check_common(parts: dict[str, pd.DataFrame]) -> None:
    twice = [name for name, part in parts.items() if not part.index.is_unique]
    alone = [
        name for name, part in parts.items()
        if len(parts) > 1 and not any(part.index.isin(other.index).any() for key, other in parts.items() if key != name)
    ]  # fmt: skip
    if twice or alone:
        seen = "; ".join(f"{name}: {', '.join(map(str, part.index[:4]))}" for name, part in parts.items())
        raise InputError(f"{', '.join(dict.fromkeys([*twice, *alone]))} and the other methods name no attribute alike",
                         where=seen, expected="the same names of attributes, each once",
                         mend="name the attributes alike in every method", zh="各方法的属性名称不一致")  # fmt: skip


def _of_kano(kano: Kano | KanoScores) -> pd.DataFrame:
    table = kano.table
    if table.index.nlevels > 1:
        raise InputError("Kano by segment cannot be set beside the others", where="kano",
                         mend="run kano_table without by=, or for one segment",
                         zh="请使用不分群的 Kano 结果")  # fmt: skip
    says = table["kano_class"].map(OF_KANO).fillna("not_classed").where(table["decided"], "not_decided")
    return pd.DataFrame({"kano_says": says, "kano_p": table["p_class"], "kano_same": table.get("share_same", np.nan)})


def _of_prca(prca: Prca) -> pd.DataFrame:
    table = prca.table
    says = table["prca_factor"].map(OF_PRCA).where(table["decided"], "not_decided")
    says = says.mask(table["prca_factor"] == NOT_CLASSED, NOT_CLASSED)
    says = says.mask(~(table["p_effect_holm"] < ALPHA), "no_relation_shown")
    return pd.DataFrame({"prca_says": says, "prca_p": table["p_factor"], "prca_same": table["share_same"]})


def _of_ipa(ipa: Ipa) -> pd.DataFrame:
    """Quadrant, and how sure each side is: rated high, important."""
    table = ipa.table
    sides = {
        "ipa_rated_p": table["p_keep_up"] + table["p_possible_overkill"],
        "ipa_matters_p": table["p_concentrate_here"] + table["p_keep_up"],
    }
    if table.attrs.get("too_few", False):
        sides = {name: side * np.nan for name, side in sides.items()}
    return pd.DataFrame({"ipa_says": table["ipa_verdict"], "ipa_p": table["p_quadrant"],
                         "ipa_same": table["share_same"], **sides})  # fmt: skip


def _of_drivers(drivers: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """Each share against the average share; told apart only where the limits exclude it."""
    frame = drivers.to_frame("share") if isinstance(drivers, pd.Series) else drivers
    column = next((name for name in SHARES if name in frame), "")
    if not column:
        raise InputError("the table of drivers has no column of shares", where="drivers",
                         expected=f"one of {', '.join(SHARES)}", zh="驱动因素表缺少占比列")  # fmt: skip
    limits = [name for name in (column, f"{column}_low", f"{column}_high") if name in frame]
    wrong = [name for name in limits if not pd.api.types.is_numeric_dtype(frame[name])]
    if wrong:
        raise InputError(f"{', '.join(wrong)} is no column of numbers", where="drivers", expected="shares as numbers",
                         zh="驱动因素表的占比列不是数值")  # fmt: skip
    average = frame[column].mean()
    low, high = (frame.get(f"{column}_{end}", pd.Series(np.nan, index=frame.index)) for end in ("low", "high"))
    says = np.where(low > average, "above_average", np.where(high < average, "below_average", "not_told_apart"))
    return pd.DataFrame({"driver_share": frame[column], "driver_share_low": low, "driver_share_high": high,
                         "driver_says": says}, index=frame.index)  # fmt: skip
