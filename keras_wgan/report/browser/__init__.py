"""Generators in a web page: their JavaScript, their style, and the numbers that they are given."""
