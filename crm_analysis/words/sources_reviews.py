"""Words of the room `sources_reviews`: rules and columns of the Amazon reviews and the Telco snapshot."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "broken_record": Word("记录残缺，无法解析", "broken record"),
    "bad_stars": Word("星级不是 1 至 5 的整数", "stars not 1 to 5"),
    "empty_text": Word("评论正文为空", "empty review text"),
    "repeated_review": Word(
        "重复评论", "repeated review", "",
        "同一评论者、同一商品、同一时间出现多次，首次之后的各条。",
        "the same reviewer, product and time again, after the first.",
    ),
    "copied_text": Word(
        "同一评论者重复使用的正文", "text used again by its reviewer", "",
        "同一评论者的正文与其此前一条完全相同（30 个字符以上）。",
        "a text of 30 characters or more that its reviewer used before.",
    ),
    "no_bill_yet": Word("在网 0 个月，尚无累计费用", "tenure 0, no bill yet"),
    "blank_total": Word("累计费用缺失", "total charges blank"),
    "parent_asin": Word("商品系列编号", "parent product"),
    "tenure_months": Word(
        "在网月数", "tenure (months)", ",d",
        "客户自入网到快照日或截止日的整月数。",
        "whole months from the start of the account to the snapshot or the cutoff.",
    ),
    "total_charges": Word("累计费用", "total charges", ",.2f"),
    "month_to_month": Word("按月合约", "month to month"),
    "one_year": Word("一年合约", "one year"),
    "two_year": Word("两年合约", "two years"),
}  # fmt: skip
