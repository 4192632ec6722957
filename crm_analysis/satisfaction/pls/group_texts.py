"""What a comparison of groups says in words: which paths differ, and where a difference may not be claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.satisfaction.pls.micom import KINDS
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.groups import GroupComparison


def group_text(found: GroupComparison, lang: str) -> str:
    """Return the sentences of `GroupComparison.text`."""
    zh = lang == "zh"
    pairs = found.invariance[["first_group", "second_group"]].drop_duplicates().itertuples(index=False)
    parts = [_method(found, zh)]
    for pair in pairs:
        parts.append(_pair(found, tuple(pair), lang))
    parts.append(_floor(found, zh))
    parts.append(
        "p 值按全部比较次数以 Holm 法校正；未见差异不等于没有差异；组间差异不说明其原因。"
        if zh
        else "p-values are corrected for all comparisons (Holm); no clear difference is not the same as no difference, "
        "and a difference between groups does not tell its cause."
    )
    return ("" if zh else " ").join(part for part in parts if part)


def _floor(found: GroupComparison, zh: bool) -> str:
    """Say where there are so many comparisons that no corrected p-value can be small enough."""
    tests = len(found.paths)
    least = min(1.0, tests / (found.draws + 1))
    if least < 1 - found.level:
        return ""
    if zh:
        return (f"比较 {tests:,} 次、置换 {found.draws:,} 次，校正后的 p 值不会小于 {least:.3f}，差异无从判定；"
                "请增加 draws。")  # fmt: skip
    return (f"With {tests:,} comparisons and {found.draws:,} permutations no corrected p-value can fall below "
            f"{least:.3f}, so no difference can be found: take more draws.")  # fmt: skip


def _method(found: GroupComparison, zh: bool) -> str:
    out, dropped = found.respondents["left_out"].sum(), found.failures["replicates"].sum()
    groups = found.respondents["respondents"].items()
    if zh:
        text = f"置换检验 {found.draws:,} 次（种子 {found.seed}）："
        text += "、".join(f"{name} {count:,} 人" for name, count in groups)
        text += f"；未答全者 {out:,} 人、未标明组别者 {found.unlabelled:,} 人未计入。"
        return text + (f"{dropped:,} 次置换无可用解，未计入。" if dropped else "")
    text = f"{found.draws:,} permutations (seed {found.seed}) of "
    text += ", ".join(f"{name} ({count:,})" for name, count in groups)
    text += f"; {out:,} with gaps and {found.unlabelled:,} without a group do not count."
    return text + (f" {dropped:,} permutations have no usable solution and do not count." if dropped else "")


def _pair(found: GroupComparison, pair: tuple, lang: str) -> str:
    zh, model = lang == "zh", found.model
    rows, same = (table[(table["first_group"] == pair[0]) & (table["second_group"] == pair[1])]
                  for table in (found.paths, found.invariance))  # fmt: skip
    broken = list(same.loc[same["invariance"] == KINDS[2], "construct"])
    differ = rows[rows["p_holm"] < 1 - found.level]
    touched = differ["source"].isin(broken) | differ["target"].isin(broken)
    clear, void = (_arrows(part, found, lang) for part in (differ[~touched], differ[touched]))
    sign = "、" if zh else ", "
    names = sign.join(model.label(name, lang) for name in broken)
    kinds = sign.join(f"{word(kind, lang)} {(same['invariance'] == kind).sum()}{' 个' if zh else ''}" for kind in KINDS)
    if zh:
        text = f"{pair[0]} 与 {pair[1]}：测量不变性（MICOM，按潜变量计）：{kinds}。路径有明显差异：{clear or '无'}。"
        text += f"{names}的构成在两组不同，涉及它的路径差异不能解释。" if broken else ""
        return text + (f"因此不作结论：{void}。" if void else "")
    text = f"{pair[0]} against {pair[1]}: invariance (MICOM) of the constructs: {kinds}; paths that differ clearly: "
    text += f"{clear or 'none'}."
    text += f" {names}: composed differently in the groups, so differences of its paths mean nothing." if broken else ""
    return text + (f" Therefore nothing is concluded about {void}." if void else "")


def _arrows(table: pd.DataFrame, found: GroupComparison, lang: str) -> str:
    label = found.model.label
    sign = "、" if lang == "zh" else ", "
    left, right = ("（", "）") if lang == "zh" else (" (", ")")
    return sign.join(f"{label(row.source, lang)}→{label(row.target, lang)}{left}{row.path_difference:+.2f}{right}"
                     for row in table.itertuples())  # fmt: skip
