"""Customer lifetime value: how often customers come back, whether they are still active, what they will spend.

From orders to value in four lines:

>>> from crm_analysis.sources.cdnow import load_cdnow
>>> summary = summarize(load_cdnow(sample=True), calibration_end="1997-09-30")
>>> model, spend = ParetoNBD().fit(summary), GammaGamma().fit(summary)
>>> table = value(model, spend, summary, horizon="12 months", annual_discount=0.10)
>>> table[["clv", "clv_low", "clv_high"]].notna().all().all()
np.True_

The plots are in `crm_analysis.clv.plots`, the tables behind them here.
"""

from crm_analysis.clv.alive_path import p_alive_path
from crm_analysis.clv.baselines import Baseline, Rate, SameAgain, Zero
from crm_analysis.clv.bdw import BdW
from crm_analysis.clv.bg_bb import BGBB
from crm_analysis.clv.bg_nbd import BGNBD
from crm_analysis.clv.calibration import calibration_by_decile, coverage
from crm_analysis.clv.checks import frequency_fit, holdout_by_frequency
from crm_analysis.clv.choice import Choice, choose
from crm_analysis.clv.compare import compare, likelihood_ratio
from crm_analysis.clv.gamma_gamma import GammaGamma
from crm_analysis.clv.histories import simulate, simulate_log
from crm_analysis.clv.labels import labelled
from crm_analysis.clv.maps import recency_frequency, value_at
from crm_analysis.clv.mbg_nbd import MBGNBD
from crm_analysis.clv.nbd import NBD
from crm_analysis.clv.origins import over_origins, wins, wins_verdict
from crm_analysis.clv.pareto_nbd import ParetoNBD
from crm_analysis.clv.posterior import Posterior, posterior
from crm_analysis.clv.prediction import predict, value
from crm_analysis.clv.rolling import rolling_origins
from crm_analysis.clv.sbg import SBG
from crm_analysis.clv.scorecard import Scorecard, scorecard
from crm_analysis.clv.spend import Independence, independence
from crm_analysis.clv.summary import Summary, summarize
from crm_analysis.clv.tenures import life_table
from crm_analysis.clv.totals import totals
from crm_analysis.clv.tracking import tracking, tracking_error
from crm_analysis.clv.units import rate_per_unit
from crm_analysis.clv.value_shares import top_customers, value_classes, value_deciles
from crm_analysis.clv.verdict import Verdict

__all__ = [
    "BGBB", "BGNBD", "MBGNBD", "NBD", "SBG", "Baseline", "BdW", "Choice", "GammaGamma", "Independence", "ParetoNBD",
    "Posterior", "Rate", "SameAgain", "Scorecard", "Summary", "Verdict", "Zero", "calibration_by_decile", "choose",
    "compare", "coverage", "frequency_fit", "holdout_by_frequency", "independence", "labelled", "life_table",
    "likelihood_ratio", "over_origins", "p_alive_path", "posterior", "predict", "rate_per_unit", "recency_frequency", "rolling_origins",
    "scorecard", "simulate", "simulate_log", "summarize", "top_customers", "totals", "tracking", "tracking_error",
    "value", "value_at", "value_classes", "value_deciles", "wins", "wins_verdict",
]  # fmt: skip
