"""Experiments: recipes, runs, training, measuring and generating."""
