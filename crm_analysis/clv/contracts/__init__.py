"""Customers under contract: sBG and BdW, survival, retention and residual lifetime."""
