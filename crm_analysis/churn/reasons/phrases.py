"""How a feature's value is said of a customer: one phrase per feature, and general ones for any other."""

from __future__ import annotations

from typing import NamedTuple

from crm_analysis.words import Sentence


class Unit(NamedTuple):
    """How a number with its unit is written: measure word in Chinese, singular and plural in English, decimals."""

    zh: str
    one: str
    many: str
    style: str = ",.0f"


class Phrase(NamedTuple):
    """Unit and sentence of a feature ({v}: the value with its unit); what to say of 0, below 0, about 0, if unknown."""

    unit: str
    some: Sentence
    zero: Sentence | None = None
    down: Sentence | None = None
    missing: Sentence | None = None
    flat: Sentence | None = None


UNITS = {
    "day": Unit("天", "day", "days"),
    "hour": Unit("小时", "hour", "hours"),
    "month": Unit("个月", "month", "months"),
    "order": Unit("单", "order", "orders"),
    "time": Unit("次", "time", "times"),
    "fold": Unit("倍", "times", "times", ",.1f"),
    "kind": Unit("个", "category", "categories"),
    "shop": Unit("家", "seller", "sellers"),
    "complaint": Unit("个", "complaint", "complaints"),
    "rating": Unit("条", "rating", "ratings"),
    "star": Unit("星", "star", "stars", ",.1f"),
    "message": Unit("条", "message", "messages"),
    "year": Unit("岁", "year", "years"),
    "money": Unit("", "", ""),
    "share": Unit("", "", "", ".0%"),
    "score": Unit("分", "point", "points", ",.1f"),
    "level": Unit("级", "", "", ",.0f"),
    "": Unit("", "", "", ""),
}


def _say(unit: str, zh: str, en: str, **others: tuple[str, str]) -> Phrase:
    return Phrase(unit, Sentence(zh, en), **{name: Sentence(*texts) for name, texts in others.items()})


NEVER = ("从未投诉", "has never complained")
ONE_DAY = ("只在一天内购买过，尚无购买间隔", "bought on one day only, so no gap yet")
UNRATED = ("从未评价", "has never rated")
UNSEEN = ("没有浏览记录", "no browsing on record")
NO_FEEDBACK = ("从未评价卖家", "has never rated a seller")
UNDELIVERED = ("尚无已送达的订单", "no order delivered yet")

_BUYING = {
    "days_since_last": _say("day", "已 {v}没有购买", "{v} since the last purchase",
                            zero=("截止日当天有购买", "bought on the last day")),
    "purchase_days": _say("day", "购买天数 {v}", "{v} with a purchase"),
    "orders": _say("order", "共 {v}", "{v} in all"),
    "tenure_days": _say("day", "首次购买至今 {v}", "{v} since the first purchase"),
    "mean_gap_days": _say("day", "平均每 {v}购买一次", "{v} between purchases on average", missing=ONE_DAY),
    "gap_ratio": _say("fold", "未购买时长为本人平均间隔的 {v}", "silent for {v} the usual gap", missing=ONE_DAY),
    "recent_purchase_days": _say("day", "近期购买天数 {v}", "{v} with a purchase lately",
                                 zero=("近期没有购买", "no purchase lately")),
    "orders_trend": _say("", "近期购买变多", "buys more of late", down=("近期购买变少", "buys less of late"),
                         flat=("近期购买频率基本不变", "buys about as often as before"), missing=ONE_DAY),
    "spend": _say("money", "累计消费 {v}", "spent {v}"),
    "spend_per_order": _say("money", "平均每单 {v}", "{v} per order"),
    "total_margin": _say("money", "累计毛利 {v}", "margin of {v}"),
    "recent_spend": _say("money", "近期消费 {v}", "spent {v} lately", zero=("近期没有消费", "spent nothing lately")),
    "spend_trend": _say("", "近期消费变多", "spends more of late", down=("近期消费变少", "spends less of late"),
                        flat=("近期消费基本不变", "spends about as much as before"), missing=ONE_DAY),
    "categories": _say("kind", "购买过 {v}品类", "bought in {v}"),
    "sellers": _say("shop", "在 {v}店铺购买过", "bought from {v}"),
}  # fmt: skip
_SERVICE = {
    "late_share": _say("share", "{v} 的订单迟到", "{v} of orders late", zero=("订单从未迟到", "no order late"),
                       missing=UNDELIVERED),
    "mean_delay_days": _say("day", "送达平均比承诺晚 {v}", "delivered {v} later than promised on average",
                            down=("送达平均早于承诺", "delivered sooner than promised on average"),
                            flat=("送达平均与承诺基本一致", "delivered about when promised on average"),
                            missing=UNDELIVERED),
    "last_late": _say("", "最近一次订单迟到", "last order late", zero=("最近一次订单准时", "last order on time"),
                      missing=UNDELIVERED),
    "overdue": _say("order", "有 {v}已逾期仍未送达", "{v} overdue and not delivered",
                    zero=("没有逾期未送达的订单", "no order overdue")),
    "complaints": _say("time", "投诉过 {v}", "complained {v}", zero=NEVER),
    "days_since_complaint": _say("day", "距最近一次投诉 {v}", "{v} since the last complaint", missing=NEVER),
    "complaints_open": _say("complaint", "有 {v}投诉未解决", "{v} unresolved",
                            zero=("没有未解决的投诉", "no unresolved complaint")),
    "complaints_slow": _say("complaint", "有 {v}投诉被拖延", "{v} handled slowly",
                            zero=("没有被拖延的投诉", "no complaint handled slowly")),
    "complaints_compensated": _say("complaint", "有 {v}投诉得到补偿", "{v} compensated",
                                   zero=("没有得到过补偿", "never compensated")),
    "worst_severity": _say("level", "最严重的投诉为 {v}", "worst complaint of severity {v}", zero=NEVER, missing=NEVER),
    "mean_reply_hours": _say("hour", "投诉平均 {v}后首次回复", "complaints answered after {v} on average",
                             missing=("没有得到回复的投诉", "no complaint answered")),
    "mean_handling_days": _say("day", "投诉平均处理 {v}", "complaints handled in {v} on average",
                               missing=("没有处理完的投诉", "no complaint handled")),
    "complaint_csat": _say("score", "投诉处理满意度 {v}", "complaint handling scored {v}",
                           missing=("没有给投诉处理打分", "no score for complaint handling")),
    "last_complaint_reason": _say("", "最近一次投诉：{v}", "last complaint: {v}", missing=NEVER),
    "ratings": _say("rating", "写过 {v}评价", "wrote {v}", zero=UNRATED),
    "mean_stars": _say("star", "平均评分 {v}", "rates {v} on average", missing=UNRATED),
    "last_stars": _say("star", "最近一次评分 {v}", "last rating of {v}", missing=UNRATED),
    "low_stars": _say("rating", "有 {v}低分评价", "{v} of few stars", zero=("没有低分评价", "no rating of few stars")),
    "feedback_bad_share": _say("share", "对卖家的评价中 {v} 为差评", "{v} of verdicts on sellers bad",
                               zero=("没有给过卖家差评", "no bad verdict on a seller"), missing=NO_FEEDBACK),
    "mean_item_match": _say("score", "描述相符平均 {v}", "match with description scored {v}", missing=NO_FEEDBACK),
    "mean_service": _say("score", "服务态度平均 {v}", "service scored {v} on average", missing=NO_FEEDBACK),
    "mean_delivery": _say("score", "物流服务平均 {v}", "delivery scored {v} on average", missing=NO_FEEDBACK),
    "last_service": _say("score", "最近一次服务评分 {v}", "service last scored {v}", missing=NO_FEEDBACK),
}  # fmt: skip
_CONTACT = {
    "contacts": _say("message", "收到 {v}营销信息", "received {v}", zero=("没有收到营销信息", "never contacted")),
    "contact_opens": _say("message", "打开 {v}营销信息", "opened {v}",
                          zero=("没有打开过营销信息", "opened no message")),
    "contact_clicks": _say("message", "点击 {v}营销信息", "clicked on a link in {v}",
                           zero=("没有点击过营销信息", "clicked on no message")),
    "days_since_contact": _say("day", "距最近一次营销信息 {v}", "{v} since the last message",
                               missing=("没有收到营销信息", "never contacted")),
    "views": _say("time", "浏览 {v}", "looked at items {v}", zero=("没有浏览", "looked at nothing")),
    "carts": _say("time", "加购 {v}", "put into the cart {v}", zero=("没有加购", "put nothing into the cart")),
    "favourites": _say("time", "收藏 {v}", "marked favourites {v}", zero=("没有收藏", "marked no favourite")),
    "active_days": _say("day", "活跃天数 {v}", "{v} active", zero=UNSEEN),
    "days_since_active": _say("day", "已 {v}没有活动", "{v} since the last visit", missing=UNSEEN,
                              zero=("截止日当天有活动", "visited on the last day")),
    "recent_active_days": _say("day", "近期活跃天数 {v}", "{v} active lately",
                               zero=("近期没有活动", "not active lately")),
    "active_trend": _say("", "近期更活跃", "more active of late", down=("近期活跃度下降", "less active of late"),
                         flat=("近期活跃度基本不变", "about as active as before"), missing=UNSEEN),
    "days_since_joined": _say("day", "注册至今 {v}", "joined {v} ago"),
    "age": _say("year", "年龄 {v}", "aged {v}"),
    "tenure_months": _say("month", "在网 {v}", "{v} with the company"),
    "fee": _say("money", "月费 {v}", "monthly fee {v}"),
    "total_charges": _say("money", "累计费用 {v}", "total charges {v}"),
}  # fmt: skip

PHRASES: dict[str, Phrase] = _BUYING | _SERVICE | _CONTACT
SERVICE = frozenset(_SERVICE)
