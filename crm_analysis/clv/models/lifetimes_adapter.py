"""The one door to lifetimes: our models as its fitted objects, its fits as a check of ours, its data files.

lifetimes is an archived package. It is imported only when one of these functions is called; what its import changes
(warning filters, an option of pandas) is put back.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest

if TYPE_CHECKING:
    from crm_analysis.clv.models.estimator import Estimator

FITTERS = {
    "pareto_nbd": "ParetoNBDFitter",
    "bg_nbd": "BetaGeoFitter",
    "mbg_nbd": "ModifiedBetaGeoFitter",
    "bg_bb": "BetaGeoBetaBinomFitter",
    "gamma_gamma": "GammaGammaFitter",
}
GENERATORS = {
    "pareto_nbd": "pareto_nbd_model",
    "bg_nbd": "beta_geometric_nbd_model",
    "mbg_nbd": "modified_beta_geometric_nbd_model",
}
NORMAL_95 = 1.96  # as lifetimes has it
OPTION = "mode.chained_assignment"


def to_lifetimes(model: Estimator) -> Any:
    """Return a model as a fitted object of lifetimes, for code that was written for lifetimes.

    The parameters are those of our fit. So are the standard errors: the covariances of lifetimes itself are wrong,
    and its Pareto/NBD has none. Its methods (``predict``, ``conditional_probability_alive``, ...) compute with its
    own formulas, which overflow for very frequent buyers.

    Parameters
    ----------
    model : ParetoNBD, BGNBD, MBGNBD, BGBB or GammaGamma
        Fitted, or at known parameters; then the object has no ``data`` and no standard errors.

    Returns
    -------
    lifetimes.BaseFitter
        With ``params_`` and ``predict``; of a fitted model also ``data`` (one row per customer with the caller's
        index, or one per distinct case if the customers were weighted), ``standard_errors_``, ``summary`` and, for
        models of continuous time, ``generate_new_data``.

    Raises
    ------
    InputError
        If lifetimes has no such model, is not installed, or does not work with the installed libraries.

    Examples
    --------
    >>> from crm_analysis.clv import BGNBD
    >>> fitter = to_lifetimes(BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907))
    >>> type(fitter).__name__, round(float(fitter.predict(39, 2, 30.43, 38.86)), 4)
    ('BetaGeoFitter', 1.2259)
    """
    key = _known(model.key)
    params = pd.Series([float(value) for value in model.theta_], index=list(model.names))
    with _lifetimes() as package:
        fitter = getattr(package, FITTERS[key])()
        generators = import_module("lifetimes.generate_data")
    fitter.params_ = params
    fitter.predict = getattr(fitter, "conditional_expected_number_of_purchases_up_to_time", None) or (
        fitter.conditional_expected_average_profit
    )
    if not model.fitted_:
        return fitter
    fitter.data = _data(model)
    share = 1.0 if key == "pareto_nbd" else 1 / model.customers_  # lifetimes sums there and averages elsewhere
    fitter._negative_log_likelihood_ = -model.log_likelihood_ * share
    if key in GENERATORS:
        fitter.generate_new_data = partial(getattr(generators, GENERATORS[key]), fitter.data["T"].to_numpy(), *params)
    if np.isfinite(model.covariance_).all(axis=None):
        fitter.variance_matrix_, fitter.standard_errors_ = model.covariance_.copy(), model.standard_errors_.copy()
        half = NORMAL_95 * fitter.standard_errors_
        fitter.confidence_intervals_ = pd.DataFrame(
            {"lower 95% bound": params - half, "upper 95% bound": params + half}
        )
    return fitter


def fit_reference(model: str, data: object, **options: Any) -> pd.Series:
    """Fit a model with lifetimes itself and return the plain parameters, to hold ours against.

    Parameters
    ----------
    model : str
        ``pareto_nbd``, ``bg_nbd``, ``mbg_nbd``, ``bg_bb`` or ``gamma_gamma``.
    data : pandas.DataFrame or Summary
        ``frequency``, ``recency``, ``T`` (for Gamma-Gamma ``frequency`` and ``monetary_value``; customers without
        repeat purchases are left out), optionally ``weights``.
    **options
        For its ``fit``, such as ``tol``. The Pareto/NBD starts at a fixed point instead of a random one.

    Returns
    -------
    pandas.Series

    Raises
    ------
    InputError
        If lifetimes has no such model, cannot be imported, or does not converge.
    """
    key = _known(model)
    frame = getattr(data, "frame", data)
    columns = ["frequency", "monetary_value"] if key == "gamma_gamma" else ["frequency", "recency", "T"]
    missing = [name for name in columns if name not in frame]
    if missing:
        raise InputError(f"the columns {', '.join(missing)} are missing", expected=", ".join(columns))
    if key == "gamma_gamma":
        frame = frame[frame["frequency"] > 0]
    values = [frame[name].to_numpy() for name in columns]
    if "weights" in frame:
        options = {"weights": frame["weights"].to_numpy()} | options
    if key == "pareto_nbd":
        options = {"initial_params": np.ones(4)} | options
    with _lifetimes() as package:
        try:
            fitted = getattr(package, FITTERS[key])().fit(*values, **options)
        except package.utils.ConvergenceError as error:
            raise InputError(f"lifetimes does not converge on {model}", mend="fit our model: it says why",
                             zh="lifetimes 未能收敛") from error  # fmt: skip
    return fitted.params_.rename("lifetimes")


def donations() -> pd.DataFrame:
    """Return the donations that come with lifetimes: 11,104 donors of 1995 on six yearly occasions, 22 patterns.

    Columns ``frequency``, ``recency``, ``T`` (in years) and ``weights``: how many donors.

    References
    ----------
    .. [1] Fader, Hardie, Shang (2010). Customer-base analysis in a discrete-time noncontractual setting. Marketing
       Science 29(6), 1086-1108.

    Examples
    --------
    >>> frame = donations()
    >>> len(frame), int(frame["weights"].sum()), frame.attrs["unit"]
    (22, 11104, 'year')
    """
    frame = pd.read_csv(bundled("donations.csv")).rename(columns={"periods": "T"})
    frame.attrs["unit"] = "year"
    return frame


def cdnow_summary() -> pd.DataFrame:
    """Return the published summary of CDNOW's sample: 2,357 customers to 30 September 1997, in weeks.

    Columns ``frequency``, ``recency``, ``T`` (two decimals) and ``monetary_value``: dollars per repeat purchase,
    missing where there was none. The index holds the customers' ids as text.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). RFM and CLV. Journal of Marketing Research 42, 415-430.

    Examples
    --------
    >>> frame = cdnow_summary()
    >>> frame.shape, int((frame["frequency"] > 0).sum())
    ((2357, 4), 946)
    """
    names = {"ID": "customer_id", "x": "frequency", "t_x": "recency", "zbar": "monetary_value"}
    frame = pd.read_csv(bundled("cdnow_customers_summary_with_transactions.csv"), dtype={"ID": str})
    frame = frame.rename(columns=names).set_index("customer_id")
    frame["monetary_value"] = frame["monetary_value"].where(frame["frequency"] > 0)
    frame.attrs.update(unit="week", currency="USD")
    return frame


def bundled(name: str) -> Path:
    """Return the path of a data file of lifetimes, which is looked up and not imported.

    Raises
    ------
    InputError
        If it is not there.
    """
    found = find_spec("lifetimes")
    for place in (found.submodule_search_locations or ()) if found else ():
        path = Path(place) / "datasets" / name
        if path.is_file():
            return path
    raise InputError("the data of lifetimes are not there", where=f"lifetimes/datasets/{name}",
                     mend="pip install lifetimes", zh="找不到 lifetimes 自带的数据")  # fmt: skip


def _known(key: str) -> str:
    if key not in FITTERS:
        raise InputError(f"lifetimes has no model {key}", expected=", ".join(FITTERS),
                         mend=nearest(key, FITTERS), zh=f"lifetimes 没有 {key} 模型")  # fmt: skip
    return key


def _data(model: Any) -> pd.DataFrame:
    """Return the customers of a fit in the columns lifetimes keeps."""
    cases = model._cases
    if model.key == "gamma_gamma":
        columns = {"monetary_value": cases.m, "frequency": cases.x, "weights": cases.weight}
        return pd.DataFrame(columns, index=cases.index)
    last = "n_periods" if model.discrete else "T"
    columns = {"frequency": cases.x.astype(int), "recency": cases.tx, last: cases.T}
    frame = pd.DataFrame(columns if not model.discrete else {name: v.astype(int) for name, v in columns.items()})
    if cases.customers != len(cases.row):
        return frame.assign(weights=cases.weight)
    return frame.iloc[cases.row].set_axis(cases.index).assign(weights=1)


@contextmanager
def _lifetimes() -> Iterator[Any]:
    """Import lifetimes and work with it in silence, leaving warning filters and pandas options as they were."""
    if find_spec("lifetimes") is None:
        raise InputError("lifetimes is not installed", mend="pip install lifetimes", zh="未安装 lifetimes")
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        before = _option()
        try:
            yield _imported()
        finally:
            if before is not None:
                pd.set_option(OPTION, before[0])


def _option() -> tuple[Any] | None:
    try:
        return (pd.get_option(OPTION),)
    except KeyError:  # gone from pandas
        return None


def _imported() -> Any:
    try:
        return import_module("lifetimes")
    except Exception as error:
        raise InputError(f"lifetimes does not work with the installed libraries: {error}",
                         where=f"pandas {pd.__version__}, numpy {np.__version__}", mend="pip install 'pandas<4'",
                         zh="lifetimes 无法在当前环境中导入") from error  # fmt: skip
