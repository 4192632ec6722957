"""What a fitted PLS model is worth: converged or not, admissible or not, items that point the wrong way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.faults import INADMISSIBLE, Fault, find_faults

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

Pair = tuple[str, str]
CAUSES: dict[str, Pair] = {
    "rho_not_positive": ("{zh} 的信度 ρA 不是正数", "the reliability ρA of {en} is not positive"),
    "rho_above_1": ("{zh} 的信度 ρA 大于 1（{x:.3f}）", "the reliability ρA of {en} is above 1 ({x:.3f})"),
    "loading_above_1": ("题项 {zh} 的载荷绝对值大于 1（{x:.3f}）", "the loading of {en} is beyond 1 ({x:.3f})"),
    "correlation_above_1": (
        "{zh} 与另一潜变量校正后的相关系数大于 1（{x:.3f}）",
        "a corrected correlation of {en} with another construct is beyond 1 ({x:.3f})",
    ),
    "r_squared_above_1": ("{zh} 的 R² 大于 1（{x:.3f}）", "R² of {en} is above 1 ({x:.3f})"),
    "not_positive_definite": (
        "校正后的潜变量相关矩阵不是正定矩阵",
        "the corrected correlations of the constructs are not positive definite",
    ),
}
SETTLED = ("外部权重已收敛。", "The weights have settled.")
UNSETTLED = (
    "迭代 {rounds} 轮后外部权重仍未收敛，结果不能使用。",
    "The weights have not settled after {rounds} rounds: the numbers must not be used.",
)
IMPOSSIBLE = (
    "PLSc 的解不可接受：{causes}。数值照样列出，但不能解释；可合并高度相关的潜变量、删去薄弱题项，或不作校正。",
    "The solution of PLSc is inadmissible: {causes}. The numbers are shown but mean nothing; merge constructs that are "
    "nearly the same, leave out weak items, or do without the correction.",
)
NEGATIVE = (
    "题项 {items} 的载荷为负：若为反向题，请在模型中声明 reversed_items；"
    "否则该题项与同组题项方向相反，潜变量的含义存疑。",
    "The loading of {items} is negative: if the question is reversed, declare it in reversed_items; if not, it runs "
    "against its block, and what the construct means is in doubt.",
)
LEFT_OUT = (
    "{read} 位受访者中 {out} 位有未答题项，未计入。",
    "Of {read} respondents {out} left an item out and do not count.",
)
FILLED = (
    "{read} 位受访者中 {out} 位有未答题项，以均值填补，关系会因此偏弱。",
    "Of {read} respondents {out} left an item out; the mean was filled in, which weakens relations.",
)


@dataclass(frozen=True)
class Verdict:
    """What a fit is worth.

    Parameters
    ----------
    kind : str
        ``converged``, ``not_converged`` or ``inadmissible``.
    usable : bool
        Whether its numbers may be interpreted.
    zh, en : str
        What it means, with warnings.
    causes : tuple of str
        Codes of what is inadmissible; see `pls.faults.INADMISSIBLE`.
    negative_items : tuple of str
        Items with a negative loading.
    """

    kind: str
    usable: bool
    zh: str
    en: str
    causes: tuple[str, ...] = ()
    negative_items: tuple[str, ...] = ()

    def text(self, lang: str) -> str:
        """Return the meaning in Chinese (``zh``) or English (``en``)."""
        return self.zh if lang == "zh" else self.en


def judge(fitted: PLS) -> Verdict:
    """Say what a fit is worth: converged, not converged or inadmissible; respondents left out; negative loadings."""
    model, causes = fitted.model, tuple(fitted.reasons_["cause"].unique())
    parts = [_respondents(fitted)]
    if not fitted.converged_:
        kind = "not_converged"
        parts.append(_fill(UNSETTLED, rounds=fitted.rounds_))
    elif causes:
        kind = "inadmissible"
        parts.append(_impossible(fitted))
    else:
        kind = "converged"
        parts.append(SETTLED)
    negative = tuple(fitted.weights_.index[fitted.weights_["loading"] < 0])
    if negative:
        zh, en = (
            sign.join(model.label(item, lang) for item in negative) for lang, sign in (("zh", "、"), ("en", ", "))
        )
        parts.append((NEGATIVE[0].format(items=zh), NEGATIVE[1].format(items=en)))
    said = [part for part in parts if part[0]]
    texts = "".join(zh for zh, _ in said), " ".join(en for _, en in said)
    return Verdict(kind, kind == "converged", *texts, causes, negative)


def reason_table(fitted: PLS) -> pd.DataFrame:
    """Return cause, name, measured: why the numbers of a PLSc fit cannot be; empty where they can."""
    names = {"item": list(fitted.moments_.items), "construct": list(fitted.model.constructs), "model": [""]}
    rows = [
        (fault.code, names[fault.of][place], fault.value[0, place])
        for fault in _faults(fitted)
        if fault.code in INADMISSIBLE
        for place in np.flatnonzero(fault.hit[0])
    ]
    return pd.DataFrame(rows, columns=["cause", "name", "measured"]).astype({"measured": float})


def refuse_singular(fitted: PLS) -> None:
    """Raise where weights or a regression have no solution, and name the items or constructs that repeat each other."""
    singular = next(fault for fault in _faults(fitted) if fault.code == "singular_block")
    if not singular.hit.any():
        return
    model, problems = fitted.model, []
    for place in np.flatnonzero(singular.hit[0]):
        name = model.constructs[place]
        items = list(fitted.design_.items(place))
        same = _repeated(fitted.moments_.correlations[np.ix_(items, items)], list(model.blocks[name]))
        own = f"items {', '.join(same)} of {name} (mode B) determine each other wholly"
        problems.append(own if same and model.mode(name) == "B" else _undetermined(fitted, name))
    raise InputError("; ".join(problems), where="PLS", mend="leave out items or constructs that repeat others",
                     zh="部分题项或潜变量完全线性相关，外部权重或路径无解")  # fmt: skip


def _undetermined(fitted: PLS, name: str) -> str:
    sources = fitted.model.predecessors(name)
    alike = f": {', '.join(sources)} may say the same" if len(sources) > 1 else ""
    return f"the weights or paths of {name} have no solution{alike}"


def _repeated(matrix: np.ndarray, names: list[str]) -> list[str]:
    """Variables that take part in a linear relation of correlation 1."""
    values, vectors = np.linalg.eigh(matrix)
    part = (np.abs(vectors[:, values < 1e-10]) > 1e-6).any(axis=1)
    return [name for name, hit in zip(names, part) if hit]


def _faults(fitted: PLS) -> list[Fault]:
    matrix = fitted.moments_.correlations[None]
    return find_faults(matrix, fitted.solution_, fitted.design_, consistent=fitted.consistent)


def _impossible(fitted: PLS) -> Pair:
    model, rows = fitted.model, fitted.reasons_.itertuples()
    found = [[CAUSES[row.cause][k].format(**{lang: model.label(row.name, lang)}, x=row.measured)
              for k, lang in enumerate(("zh", "en"))] for row in rows]  # fmt: skip
    zh, en = zip(*found)
    return IMPOSSIBLE[0].format(causes="；".join(zh)), IMPOSSIBLE[1].format(causes="; ".join(en))


def _respondents(fitted: PLS) -> Pair:
    if fitted.answers_ is None or not fitted.answers_.ledger.lines:
        return ("", "")
    line = fitted.answers_.ledger.lines[0]
    return _fill(LEFT_OUT if line.fate == "set_aside" else FILLED, read=fitted.answers_.ledger.read, out=line.rows)


def _fill(pair: Pair, **values: object) -> Pair:
    return pair[0].format(**values), pair[1].format(**values)
