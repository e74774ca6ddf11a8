"""Metrics of windows of several series."""
