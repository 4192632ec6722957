import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from crm_analysis import figures
from crm_analysis.clv.plots import plot_histories
from crm_analysis.errors import InputError

DAYS = pd.DataFrame(
    {
        "customer_id": ["a", "a", "b", "a"],
        "day": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-01-05", "2024-05-01"]),
    }
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_dots_before_the_end_are_full_and_later_ones_hollow(lang):
    ax = plot_histories(DAYS, customers=["b", "a"], until="2024-03-01", lang=lang)
    dots = [part for part in ax.collections if isinstance(part, PathCollection)]
    assert [len(part.get_offsets()) for part in dots] == [1, 0, 2, 1]  # of each customer: full, hollow
    assert [tuple(part.get_facecolor()[0]) == (1, 1, 1, 1) for part in dots if len(part.get_offsets())] == [
        False,
        False,
        True,
    ]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["b", "a"]
    assert "2024-03-01" in figures.alt_text(ax)
    plt.close(ax.figure)


def test_later_days_can_be_left_out():
    ax = plot_histories(DAYS, customers=["a"], until="2024-03-01", last="2024-03-01")
    dots = [part for part in ax.collections if isinstance(part, PathCollection)]
    assert [len(part.get_offsets()) for part in dots] == [2, 0]
    plt.close(ax.figure)


def test_a_stranger_is_named():
    with pytest.raises(InputError, match="without purchases: z"):
        plot_histories(DAYS, customers=["z"], until="2024-03-01")
