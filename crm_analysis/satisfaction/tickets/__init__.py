"""Complaint tickets: triage, waiting times with open tickets counted, service levels, and who stays."""
