import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.segments import cluster_stability, rfm


def blobs(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    centres = np.array([[1, 1], [5, 1], [1, 5], [5, 5]])[:count]
    return pd.DataFrame(
        np.expm1(np.repeat(centres, 60, axis=0) + rng.normal(0, 0.15, (60 * count, 2))).clip(0), columns=["f", "m"]
    )


def test_clusters_that_are_there_are_stable():
    found = cluster_stability(blobs(3), clusters=3, draws=5)
    assert found["customers"].tolist() == [60, 60, 60]
    assert (found["jaccard"] > 0.97).all()
    assert found["stability"].eq("very_stable").all()
    assert found.attrs["adjusted_rand"] > 0.97


def test_a_cluster_too_many_is_not():
    found = cluster_stability(blobs(3), clusters=5, draws=8)
    assert found["jaccard"].min() < 0.75
    assert not found["stability"].eq("very_stable").all()


def test_the_same_seed_gives_the_same_result():
    first, second = (cluster_stability(blobs(2), clusters=3, draws=3, rng=4) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("clusters", [1, 9])
def test_numbers_of_clusters_that_cannot_be_made(clusters):
    with pytest.raises(InputError, match=f"{clusters} clusters"):
        cluster_stability(blobs(2).iloc[:4], clusters=clusters)


def test_negative_values_are_refused():
    with pytest.raises(InputError, match="negative"):
        cluster_stability(pd.DataFrame({"m": [-1.0, 2.0]}), clusters=2)


@pytest.mark.parametrize(("clusters", "least"), [(3, 0.955), (6, 0.785)])
def test_retail_r8(retail, clusters, least):
    table = rfm(retail, as_of="2010-12-10").table[["recency", "frequency", "monetary"]]
    assert cluster_stability(table, clusters=clusters, draws=12)["jaccard"].min() == pytest.approx(least, abs=0.08)


def test_retail_r8_raw_money_makes_a_cluster_of_five(retail):
    table = rfm(retail, as_of="2010-12-10").table[["recency", "frequency", "monetary"]]
    found = cluster_stability(table, clusters=2, draws=1, scale=False)
    assert found["customers"].min() == 5
    assert found.attrs["silhouette"] == pytest.approx(0.988, abs=0.002)
