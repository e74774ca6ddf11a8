"""Does every example run, in the pages and in the docstrings?"""

import inspect
import re
from pathlib import Path

import pytest
from test_public_api import public_objects

from keras_wgan import WGANGP
from keras_wgan.choosing import Choice
from keras_wgan.data.anchoring import anchor, anchor_of
from keras_wgan.data.array_on_disk import ArrayOnDisk
from keras_wgan.data.batches import ShuffledBatches
from keras_wgan.data.splits import Split, SplitReturns
from keras_wgan.egarch_projection import project_egarch
from keras_wgan.estimator import MarketSimulator
from keras_wgan.leaderboard import Leaderboard, leaderboard, out_of_sample
from keras_wgan.market_state import VolatilityState, percentile_band
from keras_wgan.networks import market_layers, path_views
from keras_wgan.regime_check import regime_lines
from keras_wgan.report.animation import animate
from keras_wgan.report.business_days import business_days_after
from keras_wgan.report.copy_pictures import closest_pair_picture
from keras_wgan.report.drawdown_pictures import drawdown_and_volatility_picture
from keras_wgan.report.fact_rows import fact_rows, risk_rows
from keras_wgan.report.fan_pictures import fan_picture
from keras_wgan.report.files import scenario_table
from keras_wgan.report.frechet_picture import frechet_picture
from keras_wgan.report.history_pictures import long_returns_picture
from keras_wgan.report.joint_files import file_names, write_joint_scenarios
from keras_wgan.report.leaderboard_picture import leaderboard_picture
from keras_wgan.report.leaderboard_section import leaderboard_section
from keras_wgan.report.leaderboard_table import (
    leaderboard_markdown,
    leaderboard_table,
    leaderboard_text,
)
from keras_wgan.report.link_pictures import links_picture
from keras_wgan.report.link_tables import links_table
from keras_wgan.report.memory_pictures import memory_picture
from keras_wgan.report.neighbour_pictures import neighbours_picture
from keras_wgan.report.page import write_page
from keras_wgan.report.regime_pictures import regime_picture
from keras_wgan.report.scenario_files import write_scenarios
from keras_wgan.report.tail_pictures import tails_picture
from keras_wgan.report.trials_picture import trials_picture
from keras_wgan.simulation import TrainedMarket
from keras_wgan.warm_start import set_egarch, start_from_egarch

# KerasTuner 1.4.8 asks for its thread by a name that Python is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# Public, but not exported by a module of their own.
BEYOND = (
    Choice,
    Leaderboard,
    MarketSimulator,
    Split,
    SplitReturns,
    TrainedMarket,
    TrainedMarket.draw_batches,
    TrainedMarket.sample_after,
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
    links_picture,
    links_table,
    long_returns_picture,
    path_views.PathViews,
    market_layers.ShockMemory,
    market_layers.TwoSidedTail,
    market_layers.VolatilityBand,
    memory_picture,
    neighbours_picture,
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
