"""Who stays away, and after what: buying again after complaints and after the closing of a shop."""

from crm_analysis.churn.after.closed_shops import closed_shop_customers
from crm_analysis.churn.after.complaints import later_buying

__all__ = ["closed_shop_customers", "later_buying"]
