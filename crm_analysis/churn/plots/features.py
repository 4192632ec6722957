"""Plots of features: churned against stayed, what is missing, and which features say the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import PercentFormatter

from crm_analysis.churn.features.catalogue import CATALOGUE, DAYS, FAMILIES, HOURS, MONEY
from crm_analysis.churn.features.dictionary import OTHER, families_of, feature_label
from crm_analysis.churn.windows.auc import auc
from crm_analysis.clv.plots.parts import pick
from crm_analysis.errors import InputError
from crm_analysis.figures import GRID, INK, PALETTE, describe, new_axes, plot
from crm_analysis.words import word

BLUE, ORANGE, *_ = PALETTE
UNITS = (DAYS, HOURS, MONEY)  # that the name of a feature does not always say
COLUMNS, CELL = 3, (2.4, 1.75)  # small plots in a row; width and height of one, in inches
SHOWN = (0.0, 0.99)  # quantiles between which the horizontal axis lies
SHADES = LinearSegmentedColormap.from_list("correlation", [ORANGE, "#FFFFFF", BLUE])


@plot
def plot_feature_distributions(
    X: pd.DataFrame, *, y: pd.Series, features: list[str] | None = None, most: int = 9, ax: Axes | None = None,
    lang: str = "en",
) -> Axes:  # fmt: skip
    """Draw the distribution of each feature among the churned and the others, as shares up to a value.

    Each small plot shows, for both groups, which share of customers has at most a value; customers without one are
    left out of it, and their share stands in its title. The wider the two lines lie apart, the more the feature goes
    with churn, which is no proof that it causes it.

    Parameters
    ----------
    X : pandas.DataFrame
        Features; numbers are drawn.
    y : pandas.Series of 0 and 1
        1 for churned, with the index of `X`.
    features : list of str, optional
        Which, in this order; else the `most` that tell the groups apart best, by AUC.
    most : int >= 1
    ax : matplotlib.axes.Axes, optional
        A place that is filled with small plots (``ax.child_axes``).
    lang : {"zh", "en"}

    Raises
    ------
    InputError
        If rows do not meet, a class is empty, or a feature is not there or holds no numbers.
    """
    churned = _classes(X, y)
    names = _chosen(X, churned, features, most)
    rows = -(-len(names) // COLUMNS)
    ax = new_axes(ax, width=CELL[0] * COLUMNS, height=CELL[1] * rows + 0.5)
    ax.set_axis_off()
    wide, high = 1 / COLUMNS, 1 / rows
    for place, name in enumerate(names):
        row, column = divmod(place, COLUMNS)
        cell = ax.inset_axes((column * wide + 0.17 * wide, 1 - (row + 0.78) * high, 0.79 * wide, 0.56 * high))
        _cell(cell, X[name], churned, lang)
        cell.set_ylabel(pick(lang, zh="累计占比", en="share up to") if column == 0 else "", fontsize=8)
    looks = ax.child_axes[0].lines
    labels = [pick(lang, zh="已流失", en="churned"), pick(lang, zh="未流失", en="stayed")]
    ax.legend(looks, labels, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    first = feature_label(names[0], lang)
    apart = auc(X[names[0]].dropna(), churned[X[names[0]].notna()].astype("int64"))
    return describe(ax, pick(
        lang,
        zh=f"{len(names)} 个小图：各特征在 {int(churned.sum()):,} 位流失客户与 {int((~churned).sum()):,} 位未流失客户"
           f"中的累计分布。第一个特征“{first}”的 AUC 为 {apart:.2f}。",
        en=f"{len(names)} small plots: cumulative distribution of features among {int(churned.sum()):,} churned and "
           f"{int((~churned).sum()):,} other customers. The first, {first}, has an AUC of {apart:.2f}.",
    ))  # fmt: skip


def _cell(ax: Axes, values: pd.Series, churned: pd.Series, lang: str) -> None:
    """Draw one small plot."""
    for group, colour, line in ((churned, BLUE, "-"), (~churned, ORANGE, "--")):
        there = np.sort(values[group].dropna().to_numpy("float64"))
        ax.step(there, np.arange(1, len(there) + 1) / max(len(there), 1), where="post", color=colour, linestyle=line)
    low, high = values.quantile(list(SHOWN)) if values.notna().any() else (0, 1)
    ax.set_xlim(low, high if high > low else low + 1)
    ax.set_ylim(0, 1.02)
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set_yticks([0, 0.5, 1])
    ax.tick_params(labelsize=7, length=2)
    ax.locator_params(axis="x", nbins=4)
    unit = CATALOGUE[str(values.name)].unit if str(values.name) in CATALOGUE else ""
    ax.set_xlabel(word(f"unit.{unit}", lang) if unit in UNITS else "", fontsize=7, labelpad=1)
    missing = [float(values[group].isna().mean()) for group in (churned, ~churned)]
    note = pick(
        lang, zh=f"无值 {missing[0]:.0%} / {missing[1]:.0%}", en=f"no value {missing[0]:.0%} / {missing[1]:.0%}"
    )
    title = feature_label(str(values.name), lang) + (f"\n({note})" if max(missing) else "")
    ax.set_title(title, fontsize=8, loc="left", pad=3, parse_math=False)


def _classes(X: pd.DataFrame, y: pd.Series) -> pd.Series:
    """Return who churned, or raise one `InputError`."""
    if not isinstance(y, pd.Series) or not X.index.equals(y.index):
        raise InputError("the features and labels do not meet", where="y", expected="a Series with the index of X",
                         mend="sample.X and sample.y belong together", zh="特征与标签的索引不一致")  # fmt: skip
    if not y.isin([0, 1]).all() or y.nunique() < 2:
        raise InputError("the labels are not of two classes", where="y", expected="0 (stayed) and 1 (churned), both",
                         zh="标签应同时包含 0 与 1")  # fmt: skip
    return y.astype("int64") == 1


def _chosen(X: pd.DataFrame, churned: pd.Series, features: list[str] | None, most: int) -> list[str]:
    numbers = [str(name) for name in X.select_dtypes(["number", "bool"])]
    if features is not None:
        wrong = [str(name) for name in features if name not in numbers]
        if wrong or not features:
            raise InputError(f"no numbers to draw: {', '.join(wrong) or 'no feature is named'}", where="features",
                             expected=", ".join(numbers), zh="所列特征不存在或不是数值")  # fmt: skip
        return list(features)
    apart = {}
    for name in numbers:
        there = X[name].notna()
        if _differs(X[name]) and _differs(churned[there]):
            apart[name] = abs(auc(X.loc[there, name], churned[there].astype("int64")) - 0.5)
    if not apart:
        raise InputError("no feature has two values to tell customers apart", where="X", zh="没有可比较的数值特征")
    return sorted(apart, key=apart.get, reverse=True)[:most]


def _differs(values: pd.Series) -> bool:
    """Whether a column takes two values or more."""
    there = values.dropna().to_numpy()
    return len(there) > 0 and bool((there != there[0]).any())


@plot
def plot_missing_features(X: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw the share of customers without a value, feature by feature, grouped by family.

    A value is missing where the thing never happened to the customer (nobody who never complained has days since the
    last complaint) or is not known. Features that everybody has are not drawn; the axis says how many.

    Parameters
    ----------
    X : pandas.DataFrame
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Raises
    ------
    InputError
        If there are no features.
    """
    if X.empty:
        raise InputError("there are no features to draw", where="X", zh="没有可绘制的特征")
    names = _in_order(X)
    share = X[names].isna().mean()
    share = share[share > 0]
    ax = new_axes(ax, height=max(1.8, 0.24 * len(share) + 1.0))
    place = np.arange(len(share))[::-1]
    ax.barh(place, share, color=BLUE, height=0.7)
    for at, value in zip(place, share):
        ax.text(value + 0.01, at, f"{value:.0%}", va="center", fontsize=8)
    ax.set_yticks(place, [feature_label(name, lang) for name in share.index], fontsize=8, parse_math=False)
    _family_marks(ax, list(share.index), lang)
    ax.set_xlim(0, 1.12)
    ax.set_ylim(-0.7, max(len(share), 1) - 0.3)
    ax.set_xticks(np.linspace(0, 1, 6))
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.grid(axis="y", visible=False)
    full = len(names) - len(share)
    ax.set_xlabel(pick(lang, zh=f"没有值的客户占比（另有 {full} 个特征无缺失）",
                       en=f"customers without a value ({full} other features have none missing)"))  # fmt: skip
    most = feature_label(share.idxmax(), lang) if len(share) else "-"
    return describe(ax, pick(
        lang,
        zh=f"条形图：{len(share)} 个特征的缺失率，缺失最多的是“{most}”（{share.max() if len(share) else 0:.0%}）；"
           f"另有 {full} 个特征无缺失。",
        en=f"Bars: share of customers without a value for {len(share)} features, most for {most} "
           f"({share.max() if len(share) else 0:.0%}); {full} others have no missing values.",
    ))  # fmt: skip


def _in_order(X: pd.DataFrame) -> list[str]:
    """Return the columns by family."""
    family = families_of(X)
    return sorted(map(str, X), key=lambda name: (*FAMILIES, OTHER).index(family[name]))


def _blocks(names: list[str]) -> list[tuple[str, int, int]]:
    """Return each family with its first place and the place after its last."""
    family = families_of(names)
    listed = [family[name] for name in names]
    starts = [k for k in range(len(listed)) if k == 0 or listed[k] != listed[k - 1]]
    return [(listed[a], a, b) for a, b in zip(starts, [*starts[1:], len(listed)])]


def _family_marks(ax: Axes, names: list[str], lang: str) -> None:
    """Name the families at the right, with lines between them."""
    for family, first, end in _blocks(names):
        middle = len(names) - 1 - (first + end - 1) / 2
        ax.text(
            1.01, middle, word(f"family.{family}", lang), transform=ax.get_yaxis_transform(), va="center", fontsize=8
        )
        if first:
            ax.axhline(len(names) - first - 0.5, color=GRID, linewidth=1)


@plot
def plot_feature_correlations(
    X: pd.DataFrame, *, features: list[str] | None = None, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Draw Spearman's correlations between the features as a heat map, families together.

    Features that say nearly the same share what a model finds between them: their coefficients cannot be read one by
    one. Pairs are correlated over the customers who have both values; grey where there are too few.

    Parameters
    ----------
    X : pandas.DataFrame
        Numbers are drawn, and those alone that take at least two values.
    features : list of str, optional
        Some of them.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Raises
    ------
    InputError
        If fewer than two features have two values.
    """
    numbers = X.select_dtypes(["number", "bool"])
    numbers = numbers[[name for name in (numbers if features is None else features) if name in numbers]]
    numbers = numbers[[name for name in numbers if _differs(numbers[name])]]
    if numbers.shape[1] < 2:
        raise InputError("there are not two features of numbers to correlate", where="X",
                         expected="numbers that differ between customers", zh="数值特征不足两个")  # fmt: skip
    names = _in_order(numbers)
    table = numbers[names].astype("float64").corr(method="spearman", min_periods=10)
    side = max(3.6, 0.19 * len(names) + 2.0)
    ax = new_axes(ax, width=side + 1.6, height=side)
    ax.grid(visible=False)
    ax.set_facecolor("#BBBBBB")
    image = ax.imshow(np.ma.masked_invalid(table.to_numpy()), cmap=SHADES, vmin=-1, vmax=1)
    labels = [feature_label(name, lang) for name in names]
    ax.set_xticks(range(len(names)), labels, rotation=90, fontsize=7, parse_math=False)
    ax.set_yticks(range(len(names)), labels, fontsize=7, parse_math=False)
    for family, first, end in _blocks(names):
        ax.plot(np.array([first, end, end, first, first]) - 0.5, np.array([first, first, end, end, first]) - 0.5,
                color=INK, linewidth=1.2, clip_on=False, gid=family)  # fmt: skip
        ax.text(len(names) - 0.2, (first + end - 1) / 2, word(f"family.{family}", lang), va="center", fontsize=8)
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.4, pad=0.12, aspect=25)
    bar.set_label(pick(lang, zh="斯皮尔曼秩相关系数", en="Spearman's rank correlation"))
    off = table.abs().where(~np.eye(len(names), dtype=bool)).fillna(0).to_numpy()
    one, other = (names[at] for at in np.unravel_index(off.argmax(), off.shape))
    return describe(ax, pick(
        lang,
        zh=f"热力图：{len(names)} 个特征两两之间的斯皮尔曼相关，按类别排列。绝对值最大的是“{feature_label(one, lang)}”"
           f"与“{feature_label(other, lang)}”：{table.loc[one, other]:+.2f}。",
        en=f"Heat map: Spearman's correlations between {len(names)} features, by family. The strongest is between "
           f"{feature_label(one, lang)} and {feature_label(other, lang)}: {table.loc[one, other]:+.2f}.",
    ))  # fmt: skip
