"""What each preset is trained on and how, and what its model card says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keras_wgan.data import Source

WEIGHTS = "The weights are under the license of the package, MIT."
PRICES = f"{WEIGHTS} The closes are those of Yahoo Finance"
MNIST = (
    f"{WEIGHTS} MNIST is by Yann LeCun, Corinna Cortes and Christopher Burges, under CC BY-SA 3.0; "
    "the preset holds no image of it."
)
SCENARIOS = (
    "Scenarios of the daily log returns of a stock index, for teaching, for comparisons of methods "
    "and for tests of software that takes paths of prices."
)
NO_SCENARIOS = (
    "Forecasts and investment decisions: it knows past prices of one index and nothing else.",
    "The only basis of a risk limit or of regulatory capital: everything here is in sample, and "
    "`keras-wgan backtest` is the test of what came later.",
    "Other assets, other frequencies, or prices of several assets together.",
)
DIGITS = "Handwritten digits, for teaching, for comparisons of methods and for tests of software."
NO_DIGITS = (
    "Training a recognizer of digits for real use: rare ways to write are rarer here.",
    "Claims on how good the recipe is: it was trained for a few epochs only, so that anybody can "
    "repeat it.",
)
STOCKS = "AAPL,AMD,BAC,BBY,CVX,GE,HD,JNJ,JPM,KO,LLY,MRK,MSFT,PEP,PFE,PG,RRC,UNH,WMT,XOM"


@dataclass(frozen=True)
class Plan:
    """The training of a preset, and the sentences of its card."""

    name: str
    recipe: str
    source: Source
    summary: str
    data: str
    license: str
    purpose: str
    not_for: tuple[str, ...]
    command: str
    settings: Mapping[str, Any] = field(default_factory=dict)


PLANS = (
    Plan(
        name="sp500",
        recipe="sp500",
        source=Source("bundled"),
        summary="A market simulator of the S&P 500, trained on the years 2000 to 2018.",
        data="4,779 closes of the S&P 500 (^GSPC), 2000-01-03 to 2018-12-31, which the package "
        "arch ships.",
        license=f"{PRICES} in the data set of arch; the preset holds no price but the last.",
        purpose=SCENARIOS,
        not_for=NO_SCENARIOS,
        command="python -m benchmarks.presets sp500",
    ),
    Plan(
        name="sp500_1950",
        recipe="sp500",
        source=Source("yahoo", "^GSPC", start="1950-01-03", end="2025-09-24"),
        summary="A market simulator of the S&P 500, trained on 75 years, 1950 to 2025.",
        data="19,053 closes of the S&P 500 (^GSPC), 1950-01-03 to 2025-09-24.",
        license=f"{PRICES}; the preset holds no price but the last.",
        purpose=SCENARIOS,
        not_for=NO_SCENARIOS,
        command="python -m benchmarks.presets sp500_1950 --data sp500_1950_2025.csv",
        settings={"epochs": 60},
    ),
    Plan(
        name="stocks20",
        recipe="portfolio",
        source=Source("yahoo", STOCKS, start="2009-12-31", end="2022-12-28"),
        summary="A simulator of 20 large US stocks together, trained on the years 2010 to 2022.",
        data="3,271 adjusted closes of 20 stocks, 2009-12-31 to 2022-12-28, which the package "
        "skfolio ships.",
        license=f"{PRICES} in the data set of skfolio; the preset holds no prices but the last.",
        purpose="Joint scenarios of the daily log returns of 20 stocks, for teaching, for "
        "comparisons of methods and for tests of software that takes scenarios of a portfolio.",
        not_for=(
            "Forecasts and investment decisions: it knows past prices of 20 companies that did "
            "well enough to be chosen, and nothing else.",
            NO_SCENARIOS[1],
            "Other stocks, or other frequencies.",
        ),
        command="python -m benchmarks.presets stocks20 --data stocks.csv",
    ),
    Plan(
        name="mnist",
        recipe="mnist",
        source=Source("mnist"),
        summary="A generator of handwritten digits.",
        data="The 60,000 training images of MNIST. In the copy that was used, a few pixels of gray "
        "level 1 of 255 are 0.",
        license=MNIST,
        purpose=DIGITS,
        not_for=NO_DIGITS,
        command="python -m benchmarks.presets mnist --data mnist.npz",
        settings={"epochs": 7},
    ),
    Plan(
        name="mnist_conditional",
        recipe="mnist-conditional",
        source=Source("mnist"),
        summary="A generator of a requested handwritten digit: generate --condition 7.",
        data="The 60,000 training images of MNIST with their labels. In the copy that was used, a "
        "few pixels of gray level 1 of 255 are 0.",
        license=MNIST,
        purpose=DIGITS,
        not_for=NO_DIGITS,
        command="python -m benchmarks.presets mnist_conditional --data mnist.npz",
        settings={"epochs": 7},
    ),
)
