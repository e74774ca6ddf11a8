from . import recipes as recipes
from .estimator import MarketSimulator as MarketSimulator
from .recipe import Recipe as Recipe
from .run import Run as Run
from .settings import Settings as Settings
from .spec import ExperimentSpec as ExperimentSpec
