"""Other implementations of the same training step, for comparison."""
