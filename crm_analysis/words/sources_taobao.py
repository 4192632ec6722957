"""Words of the room `sources_taobao`: rules by which lines of a log of user actions are set aside or noted."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "blank_line": Word("空行", "blank line"),
    "cut_line": Word(
        "末行残缺（文件被截断）", "last line incomplete (the file was cut)", "",
        "文件最后一行的字段不足，通常是下载或拷贝中断所致。",
        "The last line of the file lacks fields, as a rule because a download or copy was interrupted.",
    ),
    "bad_id": Word(
        "编号不是整数", "id is no whole number", "",
        "公开数据中的用户、商品和类目编号都是整数；其他写法说明该行已损坏。",
        "Users, items and categories of the published data are whole numbers; anything else is a damaged row.",
    ),
    "unknown_action": Word("行为类型无法识别", "action not known"),
    "time_in_milliseconds": Word("时间戳以毫秒计", "time in milliseconds"),
    "time_to_the_hour": Word(
        "时间只精确到小时", "time known to the hour only", "",
        "同一小时内的行为分不出先后；同一小时内重复的浏览会成为完全相同的行。",
        "The order of actions within an hour is not known; views repeated within it are equal rows.",
    ),
    "category_id": Word("类目编号", "category"),
    "happened_at": Word("行为时间", "time of the action"),
    "geohash": Word("地理位置编码", "geohash"),
}  # fmt: skip
