"""What customers say and what it says about them: complaints, feedback for sellers, expectation and perception.

>>> from crm_analysis import satisfaction
>>> satisfaction.credit_level([3, 4, 251]).tolist()
[0, 1, 6]
"""

from crm_analysis.satisfaction.disconfirmation.gaps import gap_table, model_pairs, standing_table
from crm_analysis.satisfaction.sellers.credit import LEVEL_BOUNDS, credit_level
from crm_analysis.satisfaction.sellers.dsr import dsr_table
from crm_analysis.satisfaction.sellers.feedback import level_table, seller_table
from crm_analysis.satisfaction.sellers.ranking import kind_table, seller_ranking
from crm_analysis.satisfaction.tickets.service import reason_table, service_table
from crm_analysis.survival import km_median

__all__ = [
    "LEVEL_BOUNDS", "credit_level", "dsr_table", "gap_table", "kind_table", "km_median", "level_table", "model_pairs",
    "reason_table", "seller_ranking", "seller_table", "service_table", "standing_table",
]  # fmt: skip
