"""Small parts of the sentences; whole sentences are tested with the scorecard."""

from __future__ import annotations

from crm_analysis.clv.holdout.lessons import Sentence, join, length, names


def test_parts_of_sentences():
    assert names(["zero_baseline"], "en") == "all zeros"
    assert names(["a", "b"], "en") == "a and b"
    assert length(1, "week") == Sentence("1 周", "1 week")
    assert length(2.5, "month") == Sentence("2.5 个月", "2.5 months")
    assert length(3, "").en == "3 units of time"
    assert join([Sentence("甲。", "A."), Sentence("乙。", "B.")]) == Sentence("甲。乙。", "A. B.")
