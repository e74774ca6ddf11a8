"""Against whom is a training step timed? The same algorithm, as others write it."""
