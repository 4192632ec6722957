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

from crm_analysis.clv.contracts.bdw import BdW
from crm_analysis.clv.contracts.sbg import SBG
from crm_analysis.clv.contracts.tenures import life_table
from crm_analysis.clv.holdout.baselines import Baseline, Rate, SameAgain, Zero
from crm_analysis.clv.holdout.calibration import calibration_by_decile, coverage
from crm_analysis.clv.holdout.choice import Choice, choose
from crm_analysis.clv.holdout.origins import over_origins, wins, wins_verdict
from crm_analysis.clv.holdout.rolling import rolling_origins
from crm_analysis.clv.holdout.scorecard import Scorecard, scorecard
from crm_analysis.clv.labels import labelled
from crm_analysis.clv.models.bg_bb import BGBB
from crm_analysis.clv.models.bg_nbd import BGNBD
from crm_analysis.clv.models.compare import compare, likelihood_ratio
from crm_analysis.clv.models.histories import simulate, simulate_log
from crm_analysis.clv.models.mbg_nbd import MBGNBD
from crm_analysis.clv.models.nbd import NBD
from crm_analysis.clv.models.pareto_nbd import ParetoNBD
from crm_analysis.clv.models.verdict import Verdict
from crm_analysis.clv.prediction.posterior import Posterior, posterior
from crm_analysis.clv.prediction.prediction import predict, value
from crm_analysis.clv.prediction.totals import totals
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.clv.spend.independence import Independence, independence
from crm_analysis.clv.summary.summary import Summary, summarize
from crm_analysis.clv.units import rate_per_unit
from crm_analysis.clv.views.alive_path import p_alive_path
from crm_analysis.clv.views.checks import frequency_fit, holdout_by_frequency
from crm_analysis.clv.views.maps import recency_frequency, value_at
from crm_analysis.clv.views.tracking import tracking, tracking_error
from crm_analysis.clv.views.value_shares import top_customers, value_classes, value_deciles

__all__ = [
    "BGBB", "BGNBD", "MBGNBD", "NBD", "SBG", "Baseline", "BdW", "Choice", "GammaGamma", "Independence", "ParetoNBD",
    "Posterior", "Rate", "SameAgain", "Scorecard", "Summary", "Verdict", "Zero", "calibration_by_decile", "choose",
    "compare", "coverage", "frequency_fit", "holdout_by_frequency", "independence", "labelled", "life_table",
    "likelihood_ratio", "over_origins", "p_alive_path", "posterior", "predict", "rate_per_unit", "recency_frequency",
    "rolling_origins", "scorecard", "simulate", "simulate_log", "summarize", "top_customers", "totals", "tracking",
    "tracking_error", "value", "value_at", "value_classes", "value_deciles", "wins", "wins_verdict",
]  # fmt: skip
