"""A small case notebook for tests that run the report layer."""

from __future__ import annotations

import nbformat

PARAMETERS = """\
language: str = "zh"  # 报告语言 | language of the report {zh, en}
weeks: int = 3  # 周数 | weeks to show [1..52]
share: float = 0.2  # 占比 | share [0..1]
name: str = ""  # 名称 | name
fail: bool = False  # 出错 | fail on purpose"""

SETUP = """\
import pandas as pd
from crm_analysis import report, tables
orders = pd.DataFrame({"order_id": ["1", "2"], "customer_id": ["<script>alert(1)</script>", "$5 *x* |y|"],
                       "ordered_at": ["1997-01-01", "1997-02-01"], "amount": [9.0, 4.0]})
data = tables.from_frames({"orders": orders}, tables.About("two lines", name_zh="两行", origin="simulated"))
book = report.begin("small", data, globals())"""

BODY = """\
book.title()
book.rows()
with book.part():
    book.table(data.need("orders")[["customer_id", "amount"]], zh="订单", en="Orders")
    book.say(zh="客户 {who} 共 {weeks} 周", en="customer {who} over {weeks} weeks",
             who="<script>alert(1)</script> $5 *x* [a](javascript:b)", weeks=weeks)
with book.part():
    data.need("events")
book.attach("list.csv", "\\ufeffname\\r\\n店\\r\\n", zh="客户名单", en="the list of customers")
if fail:
    raise ZeroDivisionError("on purpose")"""


def small_notebook() -> nbformat.NotebookNode:
    code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    book = nbformat.v4.new_notebook(
        cells=[
            code(PARAMETERS, metadata={"tags": ["parameters"]}),
            code(SETUP, metadata={"tags": ["setup"]}),
            text("## 一、问题", metadata={"tags": ["lang-zh"]}),
            text("## 1 Question", metadata={"tags": ["lang-en"]}),
            code(BODY),
        ]
    )
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book.metadata["crm"] = {"title": {"zh": "小案例", "en": "Small case"}}
    return book
