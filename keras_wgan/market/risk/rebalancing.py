"""How a portfolio is kept; apart from it, so that the command line need not load NumPy."""

from typing import Literal

Rebalancing = Literal["daily", "never"]
