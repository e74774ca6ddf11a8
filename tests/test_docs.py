"""Does every example run, in the pages and in the docstrings?"""

import inspect
import re

import pytest

from keras_wgan import WGANGP
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.data.rescale import anchor, anchor_of
from keras_wgan.data.splits import Split, SplitReturns
from keras_wgan.experiments.estimator import MarketSimulator
from keras_wgan.experiments.selection import HeldOutSelection
from keras_wgan.io.dates import business_days_after
from keras_wgan.io.spill import ArrayOnDisk
from keras_wgan.market.egarch_projection import project_egarch
from keras_wgan.market.egarch_start import set_egarch, start_from_egarch
from keras_wgan.market.leaderboard import Leaderboard, leaderboard, out_of_sample
from keras_wgan.market.regime_calibration import regime_lines
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.market.states import VolatilityState, percentile_band
from keras_wgan.networks import market_layers, path_views
from keras_wgan.report.export.joint_scenarios import file_names, write_joint_scenarios
from keras_wgan.report.export.scenarios import write_scenarios
from keras_wgan.report.export.tables import scenario_table
from keras_wgan.report.pages.leaderboard import leaderboard_section
from keras_wgan.report.pages.returns import write_page
from keras_wgan.report.plots.animation import animate
from keras_wgan.report.plots.autocorrelation import autocorrelation_picture
from keras_wgan.report.plots.copies import closest_pair_picture
from keras_wgan.report.plots.dependence import dependence_picture
from keras_wgan.report.plots.drawdown import drawdown_and_volatility_picture
from keras_wgan.report.plots.fan import fan_picture
from keras_wgan.report.plots.frechet import frechet_picture
from keras_wgan.report.plots.history import long_returns_picture
from keras_wgan.report.plots.leaderboard import leaderboard_picture
from keras_wgan.report.plots.neighbors import neighbors_picture
from keras_wgan.report.plots.regimes import regime_picture
from keras_wgan.report.plots.tails import tails_picture
from keras_wgan.report.plots.trials import trials_picture
from keras_wgan.report.tables.dependence import dependence_table
from keras_wgan.report.tables.facts import fact_rows, risk_rows
from keras_wgan.report.tables.leaderboard import (
    leaderboard_markdown,
    leaderboard_table,
    leaderboard_text,
)

from helpers.paths import ROOT
from helpers.public_names import public_objects

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# Public, but not exported by a module of their own.
BEYOND = (
    HeldOutSelection,
    Leaderboard,
    MarketSimulator,
    Split,
    SplitReturns,
    PathSimulator,
    PathSimulator.draw_batches,
    PathSimulator.sample_after,
    VolatilityState,
    ArrayOnDisk,
    anchor,
    anchor_of,
    animate,
    business_days_after,
    closest_pair_picture,
    drawdown_and_volatility_picture,
    fact_rows,
    fan_picture,
    file_names,
    frechet_picture,
    leaderboard,
    leaderboard_picture,
    leaderboard_section,
    leaderboard_markdown,
    leaderboard_table,
    leaderboard_text,
    dependence_picture,
    dependence_table,
    long_returns_picture,
    path_views.PathViews,
    market_layers.ShockMemory,
    market_layers.TwoSidedTail,
    market_layers.VolatilityBand,
    autocorrelation_picture,
    neighbors_picture,
    out_of_sample,
    percentile_band,
    project_egarch,
    regime_lines,
    regime_picture,
    risk_rows,
    scenario_table,
    set_egarch,
    start_from_egarch,
    tails_picture,
    trials_picture,
    write_joint_scenarios,
    write_page,
    write_scenarios,
)
EXAMPLES = {
    **public_objects(),
    "keras_wgan.WGANGP.generate": WGANGP.generate,
    "keras_wgan.WGANGP.generate_batches": WGANGP.generate_batches,
    "keras_wgan.data.batches.ShuffledBatches": ShuffledBatches,
    "keras_wgan.data.batches.ShuffledBatches.in_step": ShuffledBatches.in_step,
    **{f"{made.__module__}.{made.__qualname__}": made for made in BEYOND},
}


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    """Lets an example write where it stands."""
    monkeypatch.chdir(tmp_path)


def run(fences, origin):
    """Runs pieces of code one after the other in one namespace."""
    namespace = {"__name__": "__main__"}
    for number, code in enumerate(fences, start=1):
        exec(compile(code, f"{origin}, fence {number}", "exec"), namespace)


# The deck's critic has a BatchNorm, and some pages show that.
@pytest.mark.filterwarnings("ignore:The critic's layer:UserWarning")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_runs(page):
    run(FENCE.findall(page.read_text()), page.name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_a_docstring_runs(name):
    run(FENCE.findall(inspect.getdoc(EXAMPLES[name])), name)


def test_every_page_stands_in_the_table_of_contents():
    contents = (ROOT / "docs" / "index.md").read_text()
    listed = contents.split("```{toctree}")[1].split("```")[0].splitlines()
    pages = {page.stem for page in PAGES if page.parent.name == "docs"} - {"index"}
    assert {line for line in listed if line and not line.startswith(":")} == pages
