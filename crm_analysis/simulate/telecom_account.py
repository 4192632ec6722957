"""The truth of the telephone company in words, English and Chinese side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.simulate.telecom_life import Telecom

TEXT = """# How this company was made · 这家公司是怎样模拟出来的

## What this is · 说明

No account in this folder is real. Accounts start at a constant rate over {months} months from {first_day}; parameters and figures stand in `truth.yml`.

本文件夹中没有真实账户。账户在自 {first_day} 起的 {months} 个月内匀速开户；全部参数与结果见 `truth.yml`。

## Leaving · 流失

An account can leave only at the end of a term (a month, 12 or 24 months). The log odds of leaving there are, by plan: {leave_en}; plus {effects_en}; plus a normal amount of the account's own, standard deviation {spread:g}, which nobody sees and which never changes. Retention therefore rises with tenure although no account becomes more loyal. Sex, paperless billing, minutes and data have no effect; two hundredths of the minutes are part of the fee.

账户只能在合约期满时离开（一个月、12 个月或 24 个月）。此时离开的对数优势按合约类型为：{leave_zh}；再加上：{effects_zh}；还有每个账户自己的一份，服从标准差为 {spread:g} 的正态分布，谁也看不见，也从不改变。因此虽然没有一个账户变得更忠诚，留存率仍随在网时间上升。性别、电子账单、通话分钟数和流量没有影响；分钟数的百分之二计入月费。

## Complaints · 投诉

In a month an account complains with probability {complaints:g}, with fibre {fibre_complaints:g}. {badly:.0%} of the complaints are handled badly: resolved after more than {slow_days} days or never. A complaint acts on the odds for {memory} months; of several the strongest counts.

每个账户每月投诉的概率为 {complaints:g}，光纤用户为 {fibre_complaints:g}。{badly:.0%} 的投诉处理不当：超过 {slow_days} 天才解决，或始终未解决。投诉在 {memory} 个月内影响离开的优势，若有几次，只计最强的一次。

## What came of it · 本样本的结果

| `figures` | value · 值 |
|---|---|
"""  # noqa: E501  (paragraphs of Markdown)


def write(part: Telecom, figures: Mapping[str, Mapping]) -> str:
    """Return the account of the company as Markdown.

    Examples
    --------
    >>> from crm_analysis.simulate.telecom_life import Telecom
    >>> write(Telecom(), {"accounts": {"opened": 3}}).splitlines()[-1]
    '| accounts.opened | 3 |'
    """
    parts = {"leave": part.leave, "effects": part.effects}
    listed = {f"{name}_{lang}": _listed(values, lang) for name, values in parts.items() for lang in ("en", "zh")}
    numbers = ("months", "first_day", "spread", "complaints", "fibre_complaints", "badly", "slow_days", "memory")
    rows = [f"| {group}.{key} | {value} |" for group, found in figures.items() for key, value in found.items()]
    return TEXT.format(**listed, **{name: getattr(part, name) for name in numbers}) + "\n".join(rows) + "\n"


def _listed(values: Mapping[str, float], lang: str) -> str:
    mark = "、" if lang == "zh" else ", "
    return mark.join(f"{word(key, lang)} {value:+g}" for key, value in values.items())
