"""The truth in words: how the company was made, English and Chinese side by side, numbers from the process itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crm_analysis.simulate.account_text import SECTIONS
from crm_analysis.simulate.process import Process
from crm_analysis.simulate.survey_model import BLOCKS
from crm_analysis.words.simulate import WORDS

TITLE = "# How this company was made · 这家公司是怎样模拟出来的"
RESULT = "## What came of it · 本样本的结果\n\n| `figures` | value · 值 |\n|---|---|"


def write(process: Process, figures: dict) -> str:
    """Return the account of a company as Markdown.

    Parameters
    ----------
    process : Process
    figures : dict
        From `figures.figures`.

    Examples
    --------
    >>> text = write(Process(), {"rows": {"orders": 3}})
    >>> "r = 0.9" in text, text.splitlines()[-1]
    (True, '| rows.orders | 3 |')
    """
    values = {lang: _values(process, lang) for lang in ("en", "zh")}
    parts = [TITLE]
    for title_en, title_zh, en, zh in SECTIONS:
        parts += [f"## {title_en} · {title_zh}", en.format(**values["en"]), zh.format(**values["zh"])]
    rows = [f"| {part}.{key} | {_cell(value)} |" for part, found in figures.items() for key, value in found.items()]
    return "\n\n".join([*parts, "\n".join([RESULT, *rows])]) + "\n"


def _values(process: Process, lang: str) -> dict:
    return (
        _buying(process, lang)
        | _experience(process)
        | _leaving(process, lang)
        | _marketing(process, lang)
        | _survey(process, lang)
    )


def _listed(values: Mapping, lang: str, form: str = "{}") -> str:
    mark = "、" if lang == "zh" else ", "
    return mark.join(f"{_word(key, lang)} {form.format(value)}" for key, value in values.items())


def _word(name: object, lang: str) -> str:
    return getattr(WORDS[name], lang) if name in WORDS else str(name)


def _slashed(values: tuple | list | Mapping, form: str = "{:g}") -> str:
    return " / ".join(form.format(value) for value in (values.values() if isinstance(values, Mapping) else values))


def _ratios(effects: Mapping[str, float], lang: str) -> str:
    return _listed({key: float(np.exp(value)) for key, value in effects.items()}, lang, "× {:.2f}")


def _cell(value: object) -> str:
    if isinstance(value, list):
        return _slashed(value)
    return _listed(value, "en") if isinstance(value, dict) else str(value)


def _buying(process: Process, lang: str) -> dict:
    buying, spend, season, sellers = process.purchases, process.spend, process.season, process.sellers
    peak = int(np.argmax(season.hour))
    margins = {name: margin for name, (_, margin) in sellers.categories.items()}
    return {
        "days": season.days, "first": buying.first_order_mean_days, "r": buying.r, "alpha": buying.alpha_days,
        "mean_rate": buying.r / buying.alpha_days, "p": spend.p, "q": spend.q, "gamma": spend.gamma,
        "mean_spend": spend.mean, "margins": _listed(margins, lang, "{:.0%}"),
        "peak": peak, "peak_end": peak + 1, "promotions": _listed(season.promotions, lang, "× {:g}") or "–",
        "large": sellers.large_share, "close_small": sellers.closing_per_year["small_seller"],
        "close_large": sellers.closing_per_year["large_merchant"], "home": sellers.home_share,
        "near": sellers.category_share,
    }  # fmt: skip


def _experience(process: Process) -> dict:
    part, complaints = process.experience, process.complaints
    c0, c1, c2 = complaints.complain
    return {
        "delivery": _slashed(part.mean_days), "promised": _slashed(part.promised_days), "rush": part.rush,
        "per_day": part.delivery_per_day, "gain": part.gain, "loss": part.loss, "loss_ratio": part.loss / part.gain,
        "c0": c0, "c1": c1, "c2": c2, "never": complaints.never, "slow_days": complaints.slow_days,
        "compensate": _slashed(complaints.compensate),
    }  # fmt: skip


def _leaving(process: Process, lang: str) -> dict:
    part = process.dropout
    names = ("satisfaction", "late", "severity", "slow", "compensated")
    return {f"hr_{name}": float(np.exp(getattr(part, name))) for name in names} | {
        "s": part.s, "beta": part.beta_days, "kinds": _ratios(part.kind, lang),
        "hr_reasons": _ratios(part.complaint, lang), "closing": part.closing,
    }  # fmt: skip


def _marketing(process: Process, lang: str) -> dict:
    mail, log, said, visits = process.campaigns, process.browsing, process.opinions, process.visits
    young, old = mail.age_bands
    sources = {name: f"{values[1]:.0%} / {values[3]:.0%}" for name, values in visits.sources.items()}
    return {
        "holdout": mail.holdout, "open": mail.open, "click": mail.click, "persuaded": _slashed(mail.persuaded),
        "young": young, "last_middle": old - 1, "old": old, "annoyed": mail.annoyed[2],
        "log": f"{log.first_day} – {log.last_day}", "interest": log.interest, "b1": log.buy_if_interest,
        "b0": log.buy_if_not, "review": _slashed(said.review), "fake": said.fake, "feedback": said.feedback,
        "visits": f"{visits.first_day} – {visits.last_day}", "sources": _listed(sources, lang),
        "ads": _listed(visits.creatives | visits.forms | visits.positions, lang, "{:g}"),
    }  # fmt: skip


def _survey(process: Process, lang: str) -> dict:
    part = process.survey
    mark = "；" if lang == "zh" else "; "
    name = {block: texts[lang] for block, texts in BLOCKS.items()}
    arrows = [(name[s], name[t], b) for t, sources in part.paths.items() for s, b in sources.items()]
    o0, o1, o2 = part.overall
    return {
        "paths": mark.join(f"{source} → {target} {b:g}" for source, target, b in arrows),
        "experience": part.experience, "o0": o0, "o1": o1, "o2": o2,
    }  # fmt: skip
