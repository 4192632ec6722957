"""Models held against what customers did afterwards: scorecard, measures, rules of thumb, several origins."""
