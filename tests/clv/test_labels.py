import pandas as pd

from crm_analysis.clv.labels import NAMES, labelled
from crm_analysis.words import all_words


def test_only_the_ambiguous_names_change():
    frame = pd.DataFrame({"frequency": [1], "recency": [2.0], "T": [3.0]})
    assert labelled(frame).columns.tolist() == ["clv_frequency", "clv_recency", "T"]
    assert frame.columns.tolist() == ["frequency", "recency", "T"]


def test_the_new_names_are_words_that_differ_from_those_of_rfm():
    words = all_words()
    for old, new in NAMES.items():
        assert words[new].zh != words[old].zh
        assert words[new].en != words[old].en
