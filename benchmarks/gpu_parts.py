"""What `benchmarks.gpu` measures in processes of their own: steps, digits, a market, scenarios."""

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras

from benchmarks import scale
from benchmarks.cases import Case, as_it_comes, classic, trainable
from benchmarks.digits_choices import JUDGED, ProcessorTime
from benchmarks.gpu import PLAIN
from benchmarks.timing import Round, in_turn, timed
from keras_wgan import backends
from keras_wgan._sampling import draw_batches
from keras_wgan.data import Source
from keras_wgan.experiments import recipes
from keras_wgan.experiments.run import Run
from keras_wgan.experiments.spec import ExperimentSpec
from keras_wgan.experiments.training import train
from keras_wgan.extractors import FrechetReference, MnistClassifier

GOAL = 1.15  # times the distance between two sets of real images


def steps(kind: str, batch: int, count: int, rounds: int) -> Callable[[], dict[str, Any]]:
    """Returns a contender: seconds a step of both recipes of a kind and of a plain loop."""

    def work() -> dict[str, Any]:
        contenders = {PLAIN: plain_loop(Case(classic(kind), batch, count), kind)}
        for recipe in (classic(kind), as_it_comes(kind)):
            contenders[f"{recipe.name}, fit()"] = fitting(Case(recipe, batch, count))
        return {"seconds": in_turn(contenders, rounds), "accelerators": backends.accelerators()}

    return work


def fitting(case: Case) -> Round:
    """Returns a round of `fit`."""
    model, data = case.model(), case.samples()
    return timed(
        lambda: model.fit(data, batch_size=case.batch, shuffle=False, verbose=0), case.steps
    )


def plain_loop(case: Case, kind: str) -> Round:
    """Returns a round of the plain loop of this process's backend, on classic networks."""
    generator, critic = case.networks()
    if keras.backend.backend() == "torch":
        from benchmarks.peers.plain_torch import contender

        sizes = [trainable(generator), trainable(critic)]
        return contender(kind, case.batch, case.steps, "", "", sizes)
    if keras.backend.backend() == "jax":
        from benchmarks.peers.plain_jax import plain_step
    else:
        from benchmarks.peers.plain_tensorflow import plain_step
    step = plain_step(generator, critic, case.batch, case.recipe.settings.latent_size)
    batches = case.samples().reshape(case.steps, case.batch, *generator.output_shape[1:])
    real = keras.ops.convert_to_tensor(batches)

    def work() -> None:
        for each in real:
            loss = step(each)
        keras.ops.convert_to_numpy(loss[0] if isinstance(loss, tuple) else loss)  # waits for it

    return timed(work, case.steps)


def digits(data: str, seconds: float, judged: int = JUDGED) -> Callable[[], dict[str, Any]]:
    """Returns a contender: the seconds of training until `mnist` is at 1.15 floors."""

    def work() -> dict[str, Any]:
        recipe = recipes.get("mnist").with_settings({"final_rate": 1.0, "full_rate_epochs": None})
        loaded = recipe.task.load(Source(data))
        real, samples = loaded.samples[-judged:], loaded.samples[:-judged]
        judge = FrechetReference(real, MnistClassifier(), split="held back")
        seen = replace(loaded, samples=samples, labels=loaded.labels[:-judged])
        watch = TimeToFloor(seconds, judge, judge.distance(samples[:judged]), judged)
        model = recipe.build_for(seen, 0)
        batches = recipe.batches(seen, 0)
        model.fit(batches, shuffle=False, epochs=10**6, callbacks=[watch], verbose=0)
        return {
            "seconds": watch.spent,
            "steps": watch.steps,
            "times floor": watch.reached,
            "target": f"<= {GOAL}",
        }

    return work


class TimeToFloor(ProcessorTime):
    """Stops training where the distance is 1.15 floors, or the seconds are over.

    The time of measuring does not count.
    """

    def __init__(self, seconds: float, judge: FrechetReference, floor: float, judged: int) -> None:
        super().__init__(recipes.get("mnist").settings, seconds, time.perf_counter)
        self.judge, self.floor, self.judged, self.reached = judge, floor, judged, float("inf")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Measures the distance."""
        start = self.clock()
        distance = self.judge.distance(draw_batches(self.model, self.judged, epoch))
        self.reached = distance / self.floor
        self.start += self.clock() - start
        if self.reached <= GOAL:
            self.model.stop_training = True


def market(epochs: int | None) -> Callable[[], dict[str, Any]]:
    """Returns a contender: the seconds of a training of `sp500`, from the start to the files."""

    def work() -> dict[str, Any]:
        changes = {} if epochs is None else {"epochs": epochs}
        recipe, start = recipes.get("sp500").with_settings(changes), time.perf_counter()
        source = Source("bundled") if epochs is None else Source("bundled", start="2015-01-01")
        with tempfile.TemporaryDirectory() as folder:
            run = Run.create(f"{folder}/run")
            train(ExperimentSpec(recipe, source, seed=0), run, verbose=0)
        return {"epochs": recipe.settings.epochs, "seconds": time.perf_counter() - start}

    return work


def scenarios(assets: int, count: int) -> Callable[[], dict[str, Any]]:
    """Returns a contender: numbered scenarios of 60 days a second."""

    def work() -> dict[str, Any]:
        seconds, _ = scale.drawn(assets, count, 0, threading.Barrier(1))
        return {"assets": assets, "scenarios a second": count / seconds}

    return work
