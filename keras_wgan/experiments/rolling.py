"""Rolling origins of baselines and recipes in a folder, which can be interrupted and resumed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from keras_wgan.data import ReturnsFacts, Source
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments import recipes
from keras_wgan.experiments.comparison_folder import Progress, claim, trained, typed
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import read_object, strict_json
from keras_wgan.market import baselines
from keras_wgan.market.baselines.simulator import Simulator
from keras_wgan.market.rolling_origins import (
    CONTROLS,
    OriginScores,
    RollingOrigin,
    RollingPlan,
    cut_origins,
    origin_reference,
    score_controls,
    score_simulator,
)
from keras_wgan.market.rolling_result import RollingScores
from keras_wgan.market.simulator import PathSimulator
from keras_wgan.report.export.file_names import file_names
from keras_wgan.report.plots.rolling import rolling_picture
from keras_wgan.report.plots.style import save_picture
from keras_wgan.report.tables.rolling import rolling_markdown

DEFAULT_PLAN = RollingPlan()
PLAN_FILE = "rolling.json"


@dataclass(frozen=True)
class RollingRequest:
    """Named models that are fitted and scored at each origin of a history.

    Example:
    ```python
    import tempfile
    from pathlib import Path
    from keras_wgan.data import Source
    from keras_wgan.experiments import RollingRequest, run_rolling
    from keras_wgan.market import RollingPlan

    request = RollingRequest(
        ("iid normal",),
        Source("bundled", start="2009-01-01"),
        RollingPlan(2013, 2013, fit_years=3, test_years=3, days=30, paths=100, histories=2),
    )
    with tempfile.TemporaryDirectory() as folder:
        found, files = run_rolling(request, Path(folder))
        assert found.origins == (2013,) and "iid normal" in found.table().index
    ```

    Args:
        names: Names of baselines and of recipes of returns. Empty for all baselines. The training
            history and the same scaled to the test's volatility are always added.
        source: The source of a long history of prices of one asset.
        plan: The origins. Defaults to `RollingPlan()`.
    """

    names: tuple[str, ...]
    source: Source
    plan: RollingPlan = DEFAULT_PLAN


def run_rolling(
    request: RollingRequest, folder: Path, *, progress: Progress = print
) -> tuple[RollingScores, list[Path]]:
    """Fits and scores each model at each origin, or what is left of it, and writes the tables.

    The scores of each model and origin are kept in a file of their own as soon as they are found,
    and are not computed again; further models may be added to the same folder later. A recipe
    trains on the first four fifths of the fitted years; the last fifth, after a gap of 60 days,
    selects its weights. A baseline is fitted to all of them.

    Example:
    ```python
    from keras_wgan.experiments import run_rolling

    # found, files = run_rolling(request, Path("runs/rolling"))
    ```

    Args:
        request: The models, the data and the origins.
        folder: A new folder, or one of the same origins and data.
        progress: Called with lines of progress. Defaults to `print`.

    Returns:
        The `RollingScores` of all models that were asked for, and the files that were written.

    Raises:
        ValueError: If a name is unknown or given twice, or the data lacks years of an origin.
        FileExistsError: If the folder holds other origins, or other files.
    """
    names = _names(request.names)
    data = Returns("z-score").load(request.source)
    if data.assets > 1:
        raise InvalidInputError(
            f"Rolling origins score one asset. Received: {', '.join(data.facts.tickers)}. "
            "Name one of them with --ticker."
        )
    origins = cut_origins(data.history.iloc[:, 0], request.plan)
    _claim(folder, request.plan, origins)
    found: dict[str, dict[int, OriginScores]] = {name: {} for name in (*CONTROLS, *names)}
    files = dict(zip(found, file_names(list(found)), strict=True))
    for number, origin in enumerate(origins, 1):
        at = _Origin(origin, request, folder, f"{origin.year} ({number} of {len(origins)})")
        for name, scores in at.scores(names, files, progress).items():
            found[name][origin.year] = scores
    result = RollingScores(found)
    return result, _write(result, request.plan, folder)


@dataclass(frozen=True, eq=False)
class _Origin:
    origin: RollingOrigin
    request: RollingRequest
    folder: Path
    title: str

    def scores(
        self, names: Sequence[str], files: dict[str, str], progress: Progress
    ) -> dict[str, OriginScores]:
        paths = {
            name: self.folder / "origins" / str(self.origin.year) / f"{stem}.json"
            for name, stem in files.items()
        }
        kept = {name: _read(path) for name, path in paths.items() if path.exists()}
        if len(kept) == len(paths):
            progress(f"{self.title}: scored before")
            return {name: kept[name] for name in files}
        progress(f"{self.title}: measuring the test years ...")
        plan = self.request.plan
        reference = origin_reference(self.origin, plan)
        if not set(CONTROLS) <= set(kept):
            for name, scores in score_controls(self.origin, reference, plan).items():
                kept[name] = _kept(paths[name], scores)
        for name in names:
            if name not in kept:
                simulator = self._fitted(name, progress)
                kept[name] = _kept(paths[name], score_simulator(simulator, reference, plan))
            progress(f"{self.title}: {name} {kept[name].mean:.2f}")
        return kept

    def _fitted(self, name: str, progress: Progress) -> Simulator:
        if name in baselines.FORECASTERS:
            return baselines.get(name).fit(self.origin.fit.to_numpy())
        return self._trained(name, progress)

    def _trained(self, name: str, progress: Progress) -> PathSimulator:
        """Trains a recipe before the origin, or resumes where that stopped."""
        origin = self.origin
        first = f"{origin.fit.index[0]:%Y-%m-%d}"
        source = replace(self.request.source, start=first, end=origin.trained_until)
        spec = ExperimentSpec(
            recipes.get(name),
            source,
            self.request.plan.seed,
            select_until=origin.selected_until,
        )
        path = self.folder / "runs" / f"{name}-{origin.year}"
        run = trained(spec, path, self.title, progress)
        assert isinstance(run.facts, ReturnsFacts)
        return PathSimulator(name, run.model(), run.facts.scaler)


def _names(names: Sequence[str]) -> list[str]:
    known = {typed(name): name for name in baselines.BASELINES}
    asked = [known.get(typed(name), name) for name in names or baselines.BASELINES]
    trainable = recipes.names("returns")
    unknown = [name for name in asked if name not in (*baselines.BASELINES, *trainable)]
    if unknown:
        raise InvalidInputError(
            f"A model must be a baseline ({', '.join(known)}) or a recipe of returns "
            f"({', '.join(trainable)}), to be fitted at each origin. Received: {unknown[0]}"
        )
    if len(set(asked)) < len(asked):
        raise InvalidInputError(f"Name each model once. Received: {', '.join(asked)}")
    return asked


def _claim(folder: Path, plan: RollingPlan, origins: Sequence[RollingOrigin]) -> None:
    returns = [
        *(each.fit.to_numpy() for each in origins),
        *(each.test.to_numpy() for each in origins),
    ]
    digest = hashlib.sha256(np.concatenate(returns).tobytes()).hexdigest()
    content = {"data": digest, "plan": asdict(plan)}
    parts = [f"origins/{each.year}" for each in origins]
    claim(folder / PLAN_FILE, content, "rolling origins", parts, other="another")


def _kept(path: Path, scores: OriginScores) -> OriginScores:
    write_atomically(path, strict_json(asdict(scores)))
    return scores


def _read(path: Path) -> OriginScores:
    try:
        return OriginScores.from_dict(read_object(path))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInputError(
            f"{path} is damaged: {error}. Delete it; the same command scores this model again."
        ) from error


def _write(result: RollingScores, plan: RollingPlan, folder: Path) -> list[Path]:
    files = [folder / name for name in ("rolling.md", "scores.csv", "rolling.png")]
    write_atomically(files[0], rolling_markdown(result, plan).encode())
    write_atomically(files[1], result.means().to_csv(index_label="origin").encode())
    own = [name for name in result.by_model if name in recipes.names()]
    save_picture(rolling_picture(result, highlight=own), files[2])
    return files
