"""Words of the room `satisfaction`, survey answers: the account of items and the ledger's rules."""

from crm_analysis.words.word import Word

WORDS: dict[str, Word] = {
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
