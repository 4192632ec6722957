"""lifetimes beside our models in one run; it is archived, and this is where its end would show."""

from __future__ import annotations

import ast
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import crm_analysis
from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.contracts.bdw import BdW
from crm_analysis.clv.contracts.sbg import SBG
from crm_analysis.clv.models import lifetimes_adapter as adapter
from crm_analysis.clv.models.bg_bb import BGBB
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.errors import InputError

PACKAGE = Path(crm_analysis.__file__).parent
CONTINUOUS = [ParetoNBD, BGNBD, MBGNBD]
continuous = pytest.mark.parametrize("kind", CONTINUOUS)


@pytest.fixture(scope="module")
def summary():
    return adapter.cdnow_summary()


@pytest.fixture(scope="module")
def donors():
    return adapter.donations()


@pytest.fixture(scope="module")
def pairs(summary):
    """Our fits, and the same as objects of lifetimes."""
    fits = [kind().fit(summary) for kind in CONTINUOUS]
    return {type(fit): (fit, adapter.to_lifetimes(fit)) for fit in fits}


def columns(frame, *names):
    return [frame[name].to_numpy() for name in names]


# Does it still work at all


def test_lifetimes_still_imports():
    """If this fails, lifetimes has stopped to work with current libraries: see the message, and pin what it needs."""
    with adapter._lifetimes() as package:
        assert package.__version__ == "0.11.3"
        assert all(hasattr(package, name) for name in adapter.FITTERS.values())


# The same numbers


@continuous
def test_predictions_are_ours(kind, pairs, summary):
    model, fitter = pairs[kind]
    x, tx, T = history = columns(summary, "frequency", "recency", "T")
    np.testing.assert_allclose(fitter.params_, model.params_)
    assert fitter.params_.index.tolist() == list(model.names)
    for found, ours in (
        (fitter.predict(39, *history), model.expected_purchases(summary, horizon=39)),
        (fitter.conditional_probability_alive(*history), model.probability_alive(summary)),
        (fitter.expected_number_of_purchases_up_to_time(39), model.expected_purchases(horizon=39)),
    ):
        np.testing.assert_allclose(found, ours, rtol=1e-8)
    if kind is ParetoNBD:
        found = fitter.conditional_probability_of_n_purchases_up_to_time(2, 39, x, tx, T)
        np.testing.assert_allclose(found, model.purchase_probability(summary, n=2, horizon=39), rtol=1e-6)
    else:
        found = [fitter.probability_of_n_purchases_up_to_time(39, n) for n in range(5)]
        np.testing.assert_allclose(found, model.purchase_probability(n=range(5), horizon=39), rtol=1e-9)


@continuous
def test_its_own_fit_ends_where_ours_does(kind, pairs, summary):
    model, _ = pairs[kind]
    found = adapter.fit_reference(model.key, summary)
    np.testing.assert_allclose(found, model.params_, rtol=5e-3 if kind is ParetoNBD else 1e-3)
    theirs = kind.with_params(**found).log_likelihood(summary).sum()
    assert theirs <= model.log_likelihood_ + 1e-9
    assert theirs == pytest.approx(model.log_likelihood_, abs=1e-3)
    pd.testing.assert_series_equal(found, adapter.fit_reference(model.key, summary), check_exact=True)


@pytest.mark.parametrize("kind", [BGNBD, MBGNBD])
def test_its_standard_errors_are_ours_and_its_covariances_are_not(kind, pairs, summary):
    """Diagonal right; off it the two halves differ from each other and from the inverse information."""
    with adapter._lifetimes() as package:
        fitter = getattr(package, adapter.FITTERS[kind.key])().fit(*columns(summary, "frequency", "recency", "T"))
    model = pairs[kind][0]
    np.testing.assert_allclose(fitter.standard_errors_, model.standard_errors_, rtol=2e-3)
    theirs, ours = fitter.variance_matrix_.loc["r", "alpha"], model.covariance_.loc["r", "alpha"]
    assert abs(theirs / ours - 1) > 0.5


def test_bg_bb(donors):
    model = BGBB().fit(donors)
    fitter = adapter.to_lifetimes(model)
    history = columns(donors, "frequency", "recency", "T")
    np.testing.assert_allclose(fitter.predict(5, *history), model.expected_purchases(donors, horizon=5), rtol=1e-8)
    ahead = fitter.conditional_probability_alive(1, *history)
    np.testing.assert_allclose(ahead, model.probability_alive(donors, ahead=1), rtol=1e-8)
    counts = fitter.expected_number_of_transactions_in_first_n_periods(6)["model"]
    expected = 11_104 * model.purchase_probability(n=range(7), horizon=6)
    np.testing.assert_allclose(counts, expected, rtol=1e-8)
    np.testing.assert_allclose(adapter.fit_reference("bg_bb", donors), model.params_, rtol=1e-3)
    assert fitter.data["n_periods"].eq(6).all()
    assert fitter.data["weights"].sum() == 11_104


def test_gamma_gamma(summary):
    model = GammaGamma().fit(summary)
    fitter = adapter.to_lifetimes(model)
    buyers = summary[summary["frequency"] > 0]
    found = fitter.predict(buyers["frequency"], buyers["monetary_value"])
    np.testing.assert_allclose(found, model.expected_spend(buyers), rtol=1e-10)
    assert fitter.data.index.tolist() == buyers.index.tolist()
    np.testing.assert_allclose(adapter.fit_reference("gamma_gamma", summary), model.params_, rtol=1e-3)


def test_its_lifetime_value_takes_our_models(summary, pairs):
    spend = adapter.to_lifetimes(GammaGamma().fit(summary))
    buyers = summary[summary["frequency"] > 0].head(20)
    value = spend.customer_lifetime_value(
        pairs[BGNBD][1], *(buyers[name] for name in ("frequency", "recency", "T", "monetary_value")), time=3, freq="W"
    )
    assert value.gt(0).all()


# Objects that serve


@continuous
def test_data_and_errors_come_along(kind, pairs, summary):
    model, fitter = pairs[kind]
    pd.testing.assert_index_equal(fitter.data.index, summary.index)
    for name in ("frequency", "recency", "T"):
        np.testing.assert_array_equal(fitter.data[name], summary[name])
    assert fitter.data["weights"].eq(1).all()
    np.testing.assert_allclose(fitter.summary["se(coef)"], model.standard_errors_)
    assert "fitted with 2357 subjects" in repr(fitter)
    drawn = fitter.generate_new_data(size=50)
    assert drawn["frequency"].ge(0).all()
    assert len(drawn) > 0


@continuous
def test_the_objects_pickle_as_those_of_lifetimes_do_not(kind, pairs):
    fitter = pairs[kind][1]
    copy = pickle.loads(pickle.dumps(fitter))
    assert copy.predict(39, 2, 30.43, 38.86) == fitter.predict(39, 2, 30.43, 38.86)


def test_weighted_customers_stay_weighted(summary):
    counted = summary.groupby(["frequency", "recency", "T"]).size().rename("weights").reset_index()
    fitter = adapter.to_lifetimes(BGNBD().fit(counted))
    assert fitter.data["weights"].sum() == 2357
    assert len(fitter.data) == len(counted)
    found = adapter.fit_reference("bg_nbd", counted)
    np.testing.assert_allclose(found, adapter.fit_reference("bg_nbd", summary), rtol=1e-3)


def test_known_parameters_alone():
    fitter = BGNBD.with_params(r=0.24, alpha=4.4, a=0.8, b=2.4).to_lifetimes()
    assert fitter.predict(39, 2, 30.43, 38.86) > 0
    assert not hasattr(fitter, "data")
    assert not hasattr(fitter, "standard_errors_")


# Data files


def test_the_two_summaries_of_cdnow_agree(summary):
    other = pd.read_csv(adapter.bundled("cdnow_customers_summary.csv"), index_col="ID")
    np.testing.assert_array_equal(summary[["frequency", "recency", "T"]], other)
    assert summary["monetary_value"].isna().sum() == 2357 - 946
    assert summary["monetary_value"].mean() == pytest.approx(35.08, abs=0.005)
    assert summary.attrs == {"unit": "week", "currency": "USD"}


def test_donations(donors):
    assert (len(donors), donors["weights"].sum()) == (22, 11_104)
    assert donors.columns.tolist() == ["frequency", "recency", "T", "weights"]


# What is refused


@pytest.mark.parametrize(
    "model", [NBD.with_params(r=1, alpha=1), SBG.with_params(alpha=1, beta=1), BdW.with_params(alpha=1, beta=1, c=1)]
)
def test_models_that_lifetimes_has_not(model):
    with pytest.raises(InputError, match=f"lifetimes has no model {model.key}"):
        adapter.to_lifetimes(model)
    with pytest.raises(InputError, match="bg_bb, gamma_gamma"):
        adapter.fit_reference(model.key, pd.DataFrame())


def test_a_misspelled_model():
    with pytest.raises(InputError, match="did you mean 'bg_nbd'"):
        adapter.fit_reference("bgnbd", pd.DataFrame())


def test_a_missing_column_is_named(summary):
    with pytest.raises(InputError, match="monetary_value are missing"):
        adapter.fit_reference("gamma_gamma", summary[["frequency"]])


def test_no_convergence_is_told():
    frame = pd.DataFrame({"frequency": [0, 1], "recency": [0, 1.0], "T": [1.0, 1.0]})
    with pytest.raises(InputError, match="does not converge"):
        adapter.fit_reference("bg_nbd", frame, maxiter=1)


# No trace


def every_option(group=pd.options, path=""):
    for name in dir(group):
        value = getattr(group, name)
        if type(value) is type(pd.options):
            yield from every_option(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


TRACE = """
import sys, warnings
import numpy as np, pandas as pd, matplotlib as mpl
from crm_analysis.clv import BGNBD
from crm_analysis.clv.models import lifetimes_adapter as adapter
from tests.clv.models.test_lifetimes_adapter import every_option
def state():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options = dict(every_option())
    return list(warnings.filters), options, np.geterr(), dict(mpl.rcParams), np.random.get_state()[1].tolist()
before = state()
assert "lifetimes" not in sys.modules
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    adapter.to_lifetimes(BGNBD.with_params(r=0.24, alpha=4.4, a=0.8, b=2.4))
assert not told, [str(one.message) for one in told]
frame = adapter.cdnow_summary()
for model in ("bg_nbd", "pareto_nbd"):
    adapter.fit_reference(model, frame.head(300))
assert "lifetimes" in sys.modules
for now, then in zip(state(), before):
    assert now == then
"""


def run(code: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, cwd=PACKAGE.parent, check=False)


def test_importing_lifetimes_leaves_no_trace_and_says_nothing():
    """Also with warnings as errors, under which a bare `import lifetimes` fails."""
    done = run(TRACE)
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    assert run("import lifetimes").returncode != 0


ABSENT = """
import sys
import pandas as pd
sys.modules["lifetimes"] = None
import crm_analysis, crm_analysis.clv
from crm_analysis.clv import BGNBD
from crm_analysis.clv.models.lifetimes_adapter import donations, fit_reference
from crm_analysis.errors import InputError
model = BGNBD.with_params(r=0.24, alpha=4.4, a=0.8, b=2.4)
assert model.expected_purchases(horizon=39) > 0
frame = pd.DataFrame({"frequency": [0, 1], "recency": [0, 1.0], "T": [2.0, 2.0]})
for call in (model.to_lifetimes, donations, lambda: fit_reference("bg_nbd", frame)):
    try:
        call()
    except InputError as error:
        assert "pip install lifetimes" in str(error)
    else:
        raise AssertionError("no error")
"""


def test_without_lifetimes_all_the_rest_works():
    done = run(ABSENT)
    assert done.returncode == 0, done.stderr


def test_an_import_that_fails_is_told(monkeypatch):
    def fail(name):
        raise AttributeError("module 'pandas.options' has no attribute 'mode'")

    monkeypatch.setattr(adapter, "import_module", fail)
    before = list(warnings.filters)
    with pytest.raises(InputError, match="does not work with the installed libraries"):
        adapter.to_lifetimes(BGNBD.with_params(r=0.24, alpha=4.4, a=0.8, b=2.4))
    assert warnings.filters == before


def test_no_other_module_imports_lifetimes():
    importing = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            called = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in ("import_module", "__import__", "find_spec"):
                names += [part.value for part in node.args if isinstance(part, ast.Constant)]
            if any(name.partition(".")[0] == "lifetimes" for name in names):
                importing.add(path.relative_to(PACKAGE).as_posix())
    assert importing == {"clv/models/lifetimes_adapter.py", "sources/cdnow.py"}
    assert "import_module" not in (PACKAGE / "sources/cdnow.py").read_text(encoding="utf-8")
