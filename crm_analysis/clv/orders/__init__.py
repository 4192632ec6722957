"""Orders from anywhere: frames, files, databases, the project's own data sets, all as one Ibis table.

>>> "open_orders" in __all__
True
"""

from crm_analysis.clv.orders.open import Given, Orders, Reading, open_orders

__all__ = ["Given", "Orders", "Reading", "open_orders"]
