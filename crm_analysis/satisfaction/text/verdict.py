"""Whether an engine may be used on a set of reviews: a rule with its limits stated, and its sentences."""

from __future__ import annotations

import pandas as pd

FEW_LINES = 100  # with fewer, the limits of an accuracy of .8 span more than 15 points
RATERS_KAPPA = 0.6  # below this two people do not mean the same by their labels; nothing can be measured with them
GOOD_F1 = 0.7  # lower limit of the macro F1 from which single classes can be counted


def decide(measures: pd.DataFrame, account: pd.Series) -> str:
    """Return the verdict, the first that applies.

    ``too_few``: fewer than 100 labelled lines. ``raters_disagree``: kappa between the raters below .6, or no line
    labelled by both. ``no_better``: the interval of the engine's lead over the most frequent label reaches 0.
    ``coarse``: the lower limit of macro F1 lies below .7. Else ``usable``.

    Examples
    --------
    >>> decide(pd.DataFrame(), pd.Series({"labelled": 20}))
    'too_few'
    """
    if account["labelled"] < FEW_LINES:
        return "too_few"
    if not measures.loc["raters_kappa", "measured"] >= RATERS_KAPPA:
        return "raters_disagree"
    if not measures.loc["over_majority", "measured_low"] > 0:
        return "no_better"
    return "usable" if measures.loc["macro_f1", "measured_low"] >= GOOD_F1 else "coarse"


def verdict_text(verdict: str, measures: pd.DataFrame, account: pd.Series, lang: str) -> str:
    """Return the verdict as sentences with its figures."""
    shown = ("engine_accuracy", "majority_accuracy", "macro_f1", "raters_kappa")
    accuracy, naive, f1, same = (
        measures.loc[name, ["measured", "measured_low", "measured_high"]].tolist() for name in shown
    )
    figures = {
        "zh": f"人工标注 {account['labelled']} 条；引擎准确率 {_share(accuracy)}，一律猜最多的一类为 {naive[0]:.1%}；"
              f"宏平均 F1 {_number(f1)}；两位标注者之间 kappa {_number(same)}。",
        "en": f"{account['labelled']} lines labelled by hand; accuracy of the engine {_share(accuracy)}, of always "
              f"naming the most frequent label {naive[0]:.1%}; macro F1 {_number(f1)}; kappa between the raters "
              f"{_number(same)}.",
    }[lang]  # fmt: skip
    return figures + ("" if lang == "zh" else " ") + _SENTENCES[verdict][lang]


def _share(three: list[float]) -> str:
    return f"{three[0]:.1%} [{three[1]:.1%}, {three[2]:.1%}]"


def _number(three: list[float]) -> str:
    return "–" if pd.isna(three[0]) else f"{three[0]:.2f} [{three[1]:.2f}, {three[2]:.2f}]"


_SENTENCES = {
    "too_few": {
        "zh": f"标注不足 {FEW_LINES} 条，不能判断引擎是否可用；在此之前，引擎给出的比例"
              "只能看作线索，不能作为结论。",
        "en": f"Fewer than {FEW_LINES} lines are labelled: whether the engine may be used cannot be told. Until then "
              "its shares are hints, not findings.",
    },
    "raters_disagree": {
        "zh": f"两位标注者自己就不够一致（kappa 低于 {RATERS_KAPPA}，或没有两人都标的条目）：先统一标注标准再比较引擎，"
              "现在不能作任何判断。",
        "en": f"The raters themselves do not agree well enough (kappa below {RATERS_KAPPA}, or no line labelled by "
              "both): settle the instructions first. Nothing may be claimed of the engine yet.",
    },
    "no_better": {
        "zh": "引擎并不明显好于一律猜最多的一类：不宜用于这批评论，任何按引擎得出的褒贬比例都不能引用。",
        "en": "The engine is not clearly better than always naming the most frequent label: do not use it on these "
              "reviews, and quote no share of praise or blame that it gives.",
    },
    "coarse": {
        "zh": f"引擎有用但粗略（宏平均 F1 的下限低于 {GOOD_F1}）：可以比较各方面、各时期的高低和挑选要读的评论，"
              "不能把它给出的比例当作实际比例，也不能凭它判断单条评论。",
        "en": f"The engine helps but is coarse (lower limit of macro F1 below {GOOD_F1}): use it to compare aspects or "
              "periods and to pick reviews to read. Its shares may not be given as the true shares, nor its label of a "
              "single review as that review's meaning.",
    },
    "usable": {
        "zh": "引擎可以用于这批评论的统计；结论只限于这批数据和这次标注的口径，换平台、品类或时期须重新抽样标注。"
              "单条评论仍可能判错。",
        "en": "The engine may be used for figures on these reviews, and on these only: another platform, category or "
              "period needs labels of its own. Single reviews may still be misread.",
    },
}  # fmt: skip
