"""Metrics of images and of their features."""
