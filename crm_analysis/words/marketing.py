"""Words of the room `marketing`."""

from itertools import combinations

from crm_analysis.words.word import Word

_ACTIONS = {
    "view": ("浏览", "view"),
    "favourite": ("收藏", "favourite"),
    "cart": ("加购物车", "cart"),
    "buy": ("购买", "buy"),
}
_STEPS = {  # steps of more than one action, such as favourite_or_cart
    "_or_".join(names): Word("或".join(_ACTIONS[n][0] for n in names), " or ".join(_ACTIONS[n][1] for n in names))
    for size in (2, 3)
    for names in combinations(_ACTIONS, size)
}
_FUNNEL = {
    "step": Word("步骤", "step"),
    "from_step": Word("起始步骤", "from step"),
    "unit": Word("统计单位", "unit"),
    "user": Word("用户", "user"),
    "user_item": Word("用户-商品", "user-item"),
    "user_category": Word("用户-类目", "user-category"),
    "units": Word("单位数", "units", ",d"),
    "entered": Word("由此步进入", "entered here", ",d"),
    "of_previous": Word(
        "上一步转化率", "conversion from previous step", ".1%",
        "到达上一步的单位中，随后到达本步的占比。", "Share of the units at the previous step that went on to this one.",
    ),
    "of_first": Word(
        "总转化率", "conversion from first step", ".1%",
        "到达第一步的单位中，依次到达本步的占比。", "Share of the units at the first step that came here in order.",
    ),
    "hours_p25": Word("耗时第 25 百分位（小时）", "hours, 25th percentile", ",.1f"),
    "hours_median": Word("耗时中位数（小时）", "hours, median", ",.1f"),
    "hours_p75": Word("耗时第 75 百分位（小时）", "hours, 75th percentile", ",.1f"),
    "hours_p90": Word("耗时第 90 百分位（小时）", "hours, 90th percentile", ",.1f"),
    "censored_share": Word(
        "观察不足占比", "observed too briefly", ".1%",
        "进入漏斗时距数据截止不足所给时长的单位占比；占比高时，转化率只是下界。",
        "Share of the units that entered the funnel too close to the end of the data; where it is large, conversion "
        "is a lower bound.",
    ),
    "linkage": Word(
        "行为衔接", "linkage",
        zh_note="收藏或加购之前，日志中是否有同一用户对同一商品的浏览。",
        en_note="Whether the log holds a view of the same item by the same user before it was collected or carted.",
    ),
    "viewed_before": Word("先有浏览", "viewed before"),
    "viewed_later": Word("仅后有浏览", "viewed only later"),
    "never_viewed": Word("无浏览记录", "never viewed"),
    "action": Word("行为", "action"),
    "events": Word("行为次数", "events", ",d"),
    "events_per_view": Word(
        "行为次数与浏览次数之比", "events per view", ".4f",
        "行为次数之比，不是转化率。", "A ratio of event counts; not a conversion rate.",
    ),
}  # fmt: skip
_SESSIONS = {
    "sessions": Word(
        "会话数", "sessions", ",d",
        "同一用户相邻行为间隔超过 30 分钟即开始新会话。",
        "A session ends where a user's next event is more than 30 minutes away.",
    ),
    "started_at": Word("会话开始", "started"),
    "ended_at": Word("会话结束", "ended"),
    "minutes": Word("会话时长（分钟）", "minutes", ",.1f"),
    "views": Word("浏览次数", "views", ",d"),
    "buys": Word("购买次数", "purchases", ",d"),
    "bounced": Word("跳出", "bounced"),
    "bounces": Word("跳出次数", "bounces", ",d"),
    "bounce_rate": Word(
        "跳出率", "bounce rate", ".1%",
        "只有一次浏览（或只看一页）的访问占全部访问的比例。",
        "Share of the sessions or visits with a single event, a view, or a single page.",
    ),
    "one_event_sessions": Word("单次行为会话数", "one-event sessions", ",d"),
    "one_event_share": Word("单次行为会话占比", "share of one-event sessions", ".1%"),
    "sessions_per_user": Word("人均会话数", "sessions per user", ",.2f"),
    "events_per_session": Word("会话平均深度（行为次数）", "events per session", ",.2f"),
    "session_minutes": Word("平均会话时长（分钟）", "mean session length (minutes)", ",.2f"),
    "session_minutes_median": Word("会话时长中位数（分钟）", "median session length (minutes)", ",.2f"),
    "buying_sessions": Word("成交会话占比", "sessions with a purchase", ".1%"),
    "session_depth": Word("会话深度", "session depth", "", "一次会话中的行为次数。", "Number of events in a session."),
    "one_event": Word("1 次行为", "1 event"),
    "events_2_to_5": Word("2 至 5 次", "2 to 5"),
    "events_6_to_10": Word("6 至 10 次", "6 to 10"),
    "events_over_10": Word("10 次以上", "over 10"),
    "buying_share": Word("其中成交占比", "share with a purchase", ".1%"),
    "view_only_users": Word(
        "仅浏览用户数", "view-only users", ",d",
        "全部行为都是浏览的用户；这不是跳出。", "Users all of whose events are views; these are not bounces.",
    ),
    "view_only_share": Word("仅浏览用户占比", "share of view-only users", ".1%"),
}  # fmt: skip
_VISITS = {
    "visits": Word("访问次数", "visits", ",d"),
    "creative": Word("广告创意", "creative"),
    "position": Word("广告位", "position"),
    "form": Word("广告形式", "form"),
    "not_stated": Word("未注明", "not stated"),
    "left_at_once": Word("1 页即离开", "left after 1 page", ",d"),
    "pages_2_to_5": Word("2 至 5 页", "2 to 5 pages", ",d"),
    "pages_6_to_10": Word("6 至 10 页", "6 to 10 pages", ",d"),
    "pages_over_10": Word("10 页以上", "over 10 pages", ",d"),
    "effective": Word(
        "有效访问", "effective visits", ",d", "浏览一页以上的访问。", "Visits that saw more than one page."
    ),
    "clicked_known": Word("点击有记录的访问", "visits with click known", ",d"),
    "clicked": Word("点击数", "clicked", ",d"),
    "clicked_share": Word("点击率", "share clicked", ".1%"),
    "bought_known": Word("成交有记录的访问", "visits with purchase known", ",d"),
    "bought": Word("成交数", "bought", ",d"),
    "bought_share": Word("成交率", "share bought", ".1%"),
    "hits": Word("达成数", "hits", ",d"),
    "hit_share": Word("达成率", "share of hits", ".1%"),
    "share_difference": Word(
        "比例之差", "difference of shares", "+.1%",
        "两个比例之差，区间为 Newcombe 区间。", "Of two shares, with Newcombe's interval.",
    ),
    "p": Word("p 值", "p", "p"),
    "p_holm": Word(
        "校正 p 值（Holm）", "p (Holm)", "p",
        "按比较次数校正后的 p 值。", "The p-value corrected for the number of comparisons.",
    ),
    "is_best": Word("最佳组", "best"),
}  # fmt: skip
_EMAIL = {
    "campaign": Word("营销活动", "campaign"),
    "arm": Word("实验组别", "arm"),
    "treatment": Word("发送组", "treated"),
    "holdout": Word(
        "对照组（不发送）", "holdout",
        zh_note="发送前随机抽出、不予触达的客户，用来衡量营销带来的增量。",
        en_note="Customers drawn by lot before sending to whom nothing is sent, so that the effect can be measured.",
    ),
    "sent": Word("发送数", "sent", ",d"),
    "delivered": Word("送达数", "delivered", ",d"),
    "opened": Word("打开数", "opened", ",d"),
    "converted": Word("转化数", "converted", ",d"),
    "too_early": Word("早于发送的响应", "responses before sending", ",d"),
    "open_rate": Word("打开率", "open rate", ".1%", "打开数 ÷ 送达数。", "Opened over delivered."),
    "click_to_open_rate": Word(
        "点击打开率（CTOR）", "click-to-open rate", ".1%", "点击数 ÷ 打开数。", "Clicked over opened."
    ),
    "conversion_rate": Word("转化率", "conversion rate", ".2%"),
    "holdout_rate": Word("对照组转化率", "holdout conversion", ".2%"),
    "held_out": Word("对照组客户数", "held out", ",d"),
    "uplift": Word(
        "增量转化率", "uplift", "+.2%",
        "发送组与对照组转化率之差。", "Conversion rate of the arm less that of the holdout.",
    ),
    "relative_lift": Word(
        "相对提升", "relative lift", "+.1%", "增量转化率 ÷ 对照组转化率。", "Uplift over the holdout's conversion rate."
    ),
    "value_uplift": Word("人均增量价值", "value uplift per customer", "+,.2f"),
    "split_p": Word(
        "分组比例检验 p 值", "split check p", "p",
        "样本比例失配（SRM）的卡方检验；p < 0.001 时停止分析。",
        "Chi-square for a sample-ratio mismatch (SRM); below .001 the analysis stops.",
    ),
    "split_check": Word("分组比例检验", "split check"),
    "split_checked": Word("与计划相符", "as planned"),
    "split_unchecked": Word("未检验（未给出计划比例）", "not checked (no plan given)"),
    "stopped_by_split": Word("与计划不符，停止分析", "not as planned: stopped"),
}  # fmt: skip

WORDS: dict[str, Word] = _STEPS | _FUNNEL | _SESSIONS | _VISITS | _EMAIL
