"""Market simulation: simulators, states, baselines and leaderboards."""
