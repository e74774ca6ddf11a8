"""The training, measuring and packing of the presets that come with the package.

    python -m benchmarks.presets sp500
    python -m benchmarks.presets sp500_1950 --data sp500_1950_2025.csv   # or from Yahoo Finance
    python -m benchmarks.presets stocks20 --data stocks.csv              # docs/_measured/stocks.md
    python -m benchmarks.presets mnist mnist_conditional --data mnist.npz
    python -m benchmarks.presets sp500 --run runs/sp500                  # packs a finished run

A training is a run folder under `runs/presets`: a finished one is not trained again, and an
interrupted one is resumed; delete it to train again. What is packed has the averaged weights in
float32, no optimizer, and a model card with what was measured of exactly these weights.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from benchmarks.preset_plans import PLANS, Plan
from keras_wgan import WGANGP
from keras_wgan.data import ReturnsFacts, TrainingData
from keras_wgan.experiments import ExperimentSpec, Run, recipes
from keras_wgan.experiments.comparison_folder import trained
from keras_wgan.experiments.config import RunConfig
from keras_wgan.experiments.model_card import MeasuredFact, ModelCard
from keras_wgan.experiments.preset_index import (
    CHECKSUMS,
    FOLDER,
    checksum,
    preset_card,
    preset_names,
)
from keras_wgan.experiments.tasks.base import Evaluation
from keras_wgan.experiments.tasks.several_assets import equal_weights
from keras_wgan.io.files import write_atomically
from keras_wgan.io.json import strict_json
from keras_wgan.metrics import FamilyScores, Measurement, joint_floor
from keras_wgan.report import Drift, image_scores, image_verdict, returns_verdict

SEED = 0
PAGE = Path(__file__).parents[1] / "docs" / "_measured" / "presets.md"
IMAGE_NUMBERS = (
    *("precision", "recall", "density", "coverage", "classes_covered"),
    *("rarest_class_share", "agreement"),
)


def main() -> None:
    """Trains, measures and packs the presets that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", choices=[plan.name for plan in PLANS])
    parser.add_argument("--data", help="a file with the data of the plan")
    parser.add_argument("--run", type=Path, help="a run folder that the plan trained")
    asked = parser.parse_args()
    for plan in PLANS:
        if plan.name in asked.names:
            pack(plan, asked.run or Path("runs/presets") / plan.name, asked.data)
    write_checksums(FOLDER)
    cards = [preset_card(plan.name) for plan in PLANS if plan.name in preset_names()]
    write_atomically(PAGE, page(cards).encode())
    print(f"Presets are in {FOLDER}, their cards in {PAGE}\nNext: keras-wgan presets")


def pack(plan: Plan, folder: Path, data: str | None) -> None:
    """Trains a plan, or opens its run, and writes the files of the preset."""
    recipe = recipes.get(plan.recipe).with_settings(plan.settings)
    # A file of one asset has whatever name its column of closes has.
    named = plan.source.ticker if len(plan.source.tickers) > 1 else None
    source = replace(plan.source, data=data, ticker=named) if data else plan.source
    run = trained(ExperimentSpec(recipe, source, SEED), folder, plan.name, print)
    target, model = FOLDER / plan.name, packed(run)
    samples = run.data()
    print(f"Measuring {plan.name} ...")
    task = run.recipe.task
    evaluation = task.evaluate(samples, model, count=task.evaluated, seed=SEED)
    target.mkdir(parents=True, exist_ok=True)
    model.save(target / "model.keras")
    write_atomically(target / "history.csv", run.history_path.read_bytes())
    config = as_planned(run.config, plan)
    write_atomically(target / "config.json", strict_json(config.to_config()))
    card = card_of(plan, config, model, samples, evaluation)
    write_atomically(target / "card.json", strict_json(card.to_config()))


def packed(run: Run) -> WGANGP:
    """Returns the averaged weights in networks that compute in float32, without optimizers."""
    model, facts = run.model(), run.facts
    recipe = run.recipe.with_settings({"precision": "float32", "ema_momentum": None})
    if isinstance(facts, ReturnsFacts):
        small = recipe.build(SEED, len(facts.tickers))
    else:
        small = recipe.build(SEED, shape=facts.shape, classes=facts.classes)
    small.generator.set_weights(model.sampling_weights())
    small.critic.set_weights(model.critic.get_weights())
    return small


def as_planned(config: RunConfig, plan: Plan) -> RunConfig:
    """Returns the configuration with the source of the plan instead of a file on one machine."""
    source = replace(plan.source, accept=config.experiment.source.accept)
    facts = replace(config.facts, source=source.data)
    if isinstance(facts, ReturnsFacts):
        facts = replace(facts, tickers=source.tickers)
    return replace(config, experiment=replace(config.experiment, source=source), facts=facts)


def card_of(
    plan: Plan, config: RunConfig, model: WGANGP, data: TrainingData, evaluation: Evaluation
) -> ModelCard:
    """Returns the model card, with what was measured."""
    if isinstance(config.facts, ReturnsFacts):
        verdict, measured, protocol = measured_returns(config.facts, data, evaluation)
    else:
        verdict, measured, protocol = measured_images(evaluation)
    versions = config.versions
    return ModelCard(
        name=plan.name,
        summary=plan.summary,
        data=plan.data,
        license=plan.license,
        purpose=plan.purpose,
        not_for=plan.not_for,
        command=plan.command,
        seed=SEED,
        epochs=config.experiment.recipe.settings.epochs,
        parameters=model.generator.count_params(),
        versions={
            "keras-wgan": versions.keras_wgan,
            "Keras": versions.keras,
            "backend": versions.backend,
        },
        verdict=verdict,
        measured=measured,
        protocol=protocol,
    )


def measured_returns(
    facts: ReturnsFacts, data: TrainingData, evaluation: Evaluation
) -> tuple[tuple[str, ...], tuple[MeasuredFact, ...], str]:
    """Returns the verdict on returns, their scores with floors, and the protocol.

    Of several assets it judges equal weights, and measures the dependence too.
    """
    metrics, count = evaluation.metrics, len(facts.tickers)
    together = [] if count == 1 else measured_together(data, metrics["together"]["scores"])
    metrics = metrics if count == 1 else metrics["portfolio"]
    floor = metrics["family_floor"]
    scores = FamilyScores.of(metrics["families"]["scores"], floor)
    copies = metrics["stylized_facts"]["scores"]["copies"]
    portfolio = equal_weights(data, evaluation.samples, evaluation.today)
    history, periods = portfolio.history, facts.frequency.periods_per_year
    drift = Drift.of(history, portfolio.generated, periods_per_year=periods)
    today = Drift.after_like_days(history, portfolio.today, periods_per_year=periods)
    rows = [
        *(MeasuredFact(name, scores.scores[name], floor[name]) for name in scores.ratios),
        MeasuredFact("level", scores.level, floor["level"]),
        MeasuredFact("drift a year", drift.generated - drift.real, drift.floor),
        MeasuredFact("drift a year from today", today.generated - today.real, today.floor),
        MeasuredFact("near copies", copies, float("nan")),
        *together,
    ]
    of = "" if count == 1 else f" Of equal weights of the {count} assets, then of all together."
    protocol = (
        f"In sample: {metrics['protocol']['windows']:,} generated windows of 60 days against all "
        f"{facts.windows:,} of the training data, {facts.first_day} to {facts.last_day}, seed "
        f"{SEED}. A score is the distance from history, its floor that of another draw of "
        f"history.{of}"
    )
    return returns_verdict(scores, drift, copies, today=today).sentences, tuple(rows), protocol


def measured_together(data: TrainingData, scores: Mapping[str, float]) -> list[MeasuredFact]:
    """Returns the scores of the dependence and of random portfolios, with their floors."""
    floor = joint_floor(data.history)
    return [MeasuredFact(f"together: {name}", scores[name], floor[name]) for name in floor]


def measured_images(
    evaluation: Evaluation,
) -> tuple[tuple[str, ...], tuple[MeasuredFact, ...], str]:
    """Returns the verdict on images, their numbers with floors, and the protocol."""
    metrics = evaluation.metrics
    found, real = Measurement.from_dict(metrics["measured"]), metrics["real"]
    rows = [MeasuredFact("Frechet distance", found.value, found.floor)]
    rows += [
        MeasuredFact(name.replace("_", " "), metrics[name], real.get(name, float("nan")))
        for name in IMAGE_NUMBERS
        if name in metrics
    ]
    verdict = image_verdict(image_scores(found, metrics, real))
    return verdict.sentences, tuple(rows), f"{found.protocol}. Floors are of other real images."


def write_checksums(folder: Path) -> None:
    """Writes the checksums of all files of all presets."""
    files = sorted(path for path in folder.glob("*/*") if path.is_file())
    lines = [f"{checksum(path)}  {path.relative_to(folder).as_posix()}" for path in files]
    write_atomically(folder / CHECKSUMS, ("\n".join(lines) + "\n").encode())


def page(cards: Sequence[ModelCard]) -> str:
    """Returns all cards under one title, with their headings one level lower."""
    lines = "\n".join(card.to_markdown() for card in cards).splitlines()
    body = "\n".join("#" * line.startswith("#") + line for line in lines)
    return f"# Model cards of the presets\n\n{body}\n"


if __name__ == "__main__":
    main()
