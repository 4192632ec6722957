"""How many leave: contractual and non-contractual rates, survival, hazard."""
