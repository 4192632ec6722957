"""Words of the room `satisfaction`, survey answers: the account of items and the ledger's rules."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
    "respondent_id": Word("受访者编号", "respondent"),
    "overall": Word("总体满意", "overall satisfaction"),
    "answers_used": Word("所用回答", "answers used"),
    "first_ten": Word("最早十份", "the ten earliest"),
    "true_path": Word("路径真值", "true path", ".2f", "模拟公司设定的路径。", "What the simulation took."),
    "plain_path": Word("普通 PLS", "plain PLS", ".3f", "未经信度修正的路径。", "Not corrected for reliability."),
    "item": Word("题项", "item"),
    "answered": Word("作答人数", "answered", ",d"),
    "missing": Word("未答人数", "no answer", ",d"),
    "coded_missing": Word(
        "以代码表示未答的人数", "coded as no answer", ",d", "以 -99 等声明过的代码表示“未答”。",
        "Declared codes, such as -99, that stand for no answer.",
    ),
    "share_missing": Word("缺失率", "share missing", ".1%"),
    "sd": Word("标准差", "standard deviation", ",.2f"),
    "incomplete_answers": Word("题项未全部作答，未计入", "left an item out and does not count"),
    "answers_filled": Word("有未答题项，以均值填补", "left an item out; the mean is filled in"),
    "step.model": Word("建模", "model"),
}  # fmt: skip
