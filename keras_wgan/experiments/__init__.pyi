from . import recipes as recipes
from .estimator import MarketSimulator as MarketSimulator
from .recipe import Recipe as Recipe
from .selection import HeldOutSelection as HeldOutSelection
from .settings import Settings as Settings
