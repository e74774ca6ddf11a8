"""Backtests: forecasts from the states of many past days, scored by what followed."""
