"""The comparison of customers followed with others: its interval in special cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.after.follow_up import compare
from crm_analysis.intervals import newcombe


def test_without_strata_and_repeated_customers_the_interval_is_newcombes():
    exposed = pd.DataFrame({"stratum": 1, "customer": range(80), "bought": np.arange(80) < 48})
    reference = pd.DataFrame({"stratum": 1, "customer": range(100, 170), "bought": np.arange(70) < 56})
    found = compare(exposed, reference)
    names = ["later_difference", "later_difference_low", "later_difference_high"]
    assert [found[name] for name in names] == pytest.approx(list(newcombe(48, 80, 56, 70)))
    doubled = compare(exposed, pd.concat([reference, reference]))
    assert [doubled[name] for name in names] == pytest.approx(list(newcombe(48, 80, 56, 70)), abs=2e-4)
