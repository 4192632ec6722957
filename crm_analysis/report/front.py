"""The first and the last page: what was reported on, with which settings, made by what."""

from __future__ import annotations

import html
import os
import platform
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version

import pandas as pd

from crm_analysis import __version__
from crm_analysis.report import cases
from crm_analysis.tables import DataSet, TableLedger
from crm_analysis.words import word

PACKAGES = ("pandas", "numpy", "scipy", "duckdb", "matplotlib", "seaborn", "scikit-learn", "lifetimes", "papermill")
LINE = r", (?:line|row) (\d+)"
TIMES = ("ordered_at", "happened_at", "rated_at", "opened_at", "answered_at", "sent_at", "landed_at", "joined_at")


def made_at() -> str:
    """Return the day of making, fixed by ``SOURCE_DATE_EPOCH`` where it is set."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(seconds), UTC) if seconds else datetime.now(UTC)
    return moment.strftime("%Y-%m-%d")


def title_block(case: str, data: DataSet, lang: str, parameters: dict[str, object]) -> str:
    """Return the title block as HTML: title, data, span, parameters, versions."""
    about, zh = data.about, lang == "zh"
    span = span_of(data)
    lines = [
        ("数据" if zh else "Data", about.described(lang)),
        ("时间范围" if zh else "Span", span or ("未知" if zh else "not known")),
        ("数据表" if zh else "Tables", _tables(data, lang)),
        ("时区" if zh else "Time zone", about.zone),
        ("币种" if zh else "Currency", about.currency or _no_currency(data, zh)),
        ("来源" if zh else "Source", about.source or ("未注明" if zh else "not stated")),
        ("参数" if zh else "Parameters", _settings(parameters)),
        ("制作" if zh else "Made", f"{made_at()} · crm_analysis {__version__} · Python {platform.python_version()}"),
    ]
    rows = "".join(f"<tr><th>{key}</th><td>{html.escape(str(text))}</td></tr>" for key, text in lines)
    note = (
        "方括号内是 95% 置信区间；没有方括号的数字是计数或直接读数。"
        if zh
        else "Brackets hold 95 % confidence intervals; a number without brackets is a count or a plain reading."
    )
    warning = ""
    if about.origin == "simulated":
        warning = (
            '<p class="simulated">这是一家模拟公司：所有数字都由程序按已知规律生成，'
            "用来演示方法，不是淘宝网的真实数据。</p>"
            if zh
            else '<p class="simulated">This is a simulated company: a program made every number from a known process,'
            " to show the methods; none of it is Taobao's.</p>"
        )
    title = html.escape(cases.get(case).title(lang))
    warning += _sample_note(data, lang)
    return f'<h1>{title}</h1>{warning}<table class="title">{rows}</table><p class="note">{note}</p>'


def _sample_note(data: DataSet, lang: str) -> str:
    """Say above all else that only a part of the customers was read, if so."""
    read = [e for e in data.ledger if any(line.rule == "customer_not_sampled" for line in e.lines)]
    if not read:
        return ""
    share = sum(entry.kept for entry in read) / sum(entry.read for entry in read)
    text = {
        "zh": "数据太大，本报告只用了随机抽取的一部分客户（约 {share:.0%} 的行），每位客户的记录是完整的；"
        "人数和次数都是样本中的数。",
        "en": "The data are large: this report rests on a random part of the customers (about {share:.0%} of the"
        " rows), with their whole histories; counts are those of the sample.",
    }[lang].format(share=share)
    return f'<p class="simulated">{text}</p>'


def span_of(data: DataSet) -> str:
    """Return the first and the last day in the data, or the window stated in ``about.yml``."""
    if data.about.window:
        return " – ".join(str(moment)[:10] for moment in data.about.window)
    moments = [frame[name].dropna() for frame in data.tables.values() for name in TIMES if name in frame]
    moments = [column for column in moments if len(column)]
    if not moments:
        return ""
    first, last = min(column.min() for column in moments), max(column.max() for column in moments)
    return f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"


def ledger_tables(ledgers: Iterable[TableLedger], lang: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ledger in words: the counts of each table, and the rules that touched rows."""
    counts, rules = [], []
    for entry in ledgers:
        table = word(f"table.{entry.table}", lang)
        counts.append((word(f"step.{entry.step}", lang), table, entry.source, entry.read, entry.kept, entry.set_aside))
        for line in entry.lines:
            where = re.sub(LINE, {"zh": r"，第 \1 行", "en": r", line \1"}[lang], line.where)
            rules.append((table, word(line.fate, lang), word(line.rule, lang), line.rows, where))
    return (
        pd.DataFrame(counts, columns=["ledger_step", "ledger_table", "file", "read", "kept", "set_aside"]),
        pd.DataFrame(rules, columns=["ledger_table", "ledger_fate", "ledger_rule", "rows", "where"]),
    )


def provenance(data: DataSet) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the checksums of the data files and the versions of the packages."""
    files = pd.DataFrame(
        {"file": list(data.about.files), "checksum": [value[:16] + "…" for value in data.about.files.values()]}
    )
    versions = {"crm_analysis": __version__, "Python": platform.python_version()} | {p: version(p) for p in PACKAGES}
    return files, pd.DataFrame({"package": list(versions), "version": list(versions.values())})


def _no_currency(data: DataSet, zh: bool) -> str:
    if data.has("orders", "amount"):
        return "未注明" if zh else "not stated"
    return "无金额" if zh else "no amounts"


def _tables(data: DataSet, lang: str) -> str:
    unit = " 行" if lang == "zh" else " rows"
    parts = [f"{word(f'table.{name}', lang)} {len(frame):,}{unit}" for name, frame in data.tables.items()]
    return ("、" if lang == "zh" else ", ").join(parts)


def _settings(parameters: dict[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in parameters.items() if value != "")
