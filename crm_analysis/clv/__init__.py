"""Customer lifetime value: how often customers come back, whether they are still active, what they will spend.

>>> "ParetoNBD" in __all__
True
"""

from crm_analysis.clv.bg_nbd import BGNBD
from crm_analysis.clv.mbg_nbd import MBGNBD
from crm_analysis.clv.nbd import NBD
from crm_analysis.clv.pareto_nbd import ParetoNBD

__all__ = ["BGNBD", "MBGNBD", "NBD", "ParetoNBD"]
