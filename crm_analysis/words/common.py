"""Words that every room uses."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "customers": Word("客户数", "customers", ",d"),
    "users": Word("用户数", "users", ",d"),
    "customer_id": Word("客户编号", "customer"),
    "orders": Word("订单数", "orders", ",d"),
    "rows": Word("行数", "rows", ",d"),
    "share": Word("占比", "share", ".1%"),
    "mean": Word("均值", "mean", ",.2f"),
    "median": Word("中位数", "median", ",.1f"),
    "low": Word("下限", "lower limit"),
    "high": Word("上限", "upper limit"),
    "days": Word("天数", "days", ",d"),
    "weeks": Word("周数", "weeks", ",d"),
    "months": Word("月数", "months", ",d"),
    "period.day": Word("天", "day"),
    "period.week": Word("周", "week"),
    "period.month": Word("个月", "month"),
    "period.quarter": Word("个季度", "quarter"),
    "period.year": Word("年", "year"),
    "amount": Word("金额", "amount", ",.2f"),
    "total": Word("合计", "total"),
}
