"""How well a path model predicts respondents it has not seen: PLSpredict and CVPAT."""
