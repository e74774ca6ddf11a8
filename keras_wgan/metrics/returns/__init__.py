"""Metrics of log returns."""
