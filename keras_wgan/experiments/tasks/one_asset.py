"""The measurements and the report page of one asset's returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from numpy.typing import NDArray

from keras_wgan.data import Frequency, ReturnsData, ReturnsFacts
from keras_wgan.experiments.tasks.base import Evaluation
from keras_wgan.experiments.tasks.protocol import later_assets, next_steps, run_protocol
from keras_wgan.experiments.tasks.today import FromToday
from keras_wgan.market.regimes import VolatilityState
from keras_wgan.metrics import (
    FamilyScores,
    LevelReference,
    ReturnMoments,
    SamplingNoise,
    fact_scores,
    moment_distance,
    return_facts,
    return_moments,
    sampling_noise,
    stylized_facts,
    windows_after_like_days,
)
from keras_wgan.metrics.returns.matched_scores import sampling_floors
from keras_wgan.report.drift import Drift
from keras_wgan.report.frequency_words import in_periods
from keras_wgan.report.pages.returns_content import ReportContent, TodayPaths
from keras_wgan.report.tables.facts import FactRow, drift_rows, fact_rows
from keras_wgan.report.tables.moments import moments_table
from keras_wgan.report.tables.risks import risk_rows
from keras_wgan.report.verdict import Verdict, returns_verdict

if TYPE_CHECKING:
    from keras_wgan.experiments.config import RunConfig

MIN_RETURNS = 750  # three years; a sampling floor of fewer days is mostly luck


@dataclass(frozen=True, eq=False)
class AssetWindows:
    """Real and generated windows of one asset, `(n, days)` log returns a day."""

    ticker: str
    last_price: float
    history: pd.Series[Any]
    real: NDArray[Any]
    generated: NDArray[Any]
    frequency: Frequency
    today: NDArray[Any] | None = None  # paths after the last day, where a model can draw them
    state: VolatilityState | None = None  # of the last day


def per_asset(
    data: ReturnsData, generated: NDArray[Any], today: FromToday | None = None
) -> list[AssetWindows]:
    """Returns the windows of each asset, from `(n, days, assets)` generated log returns."""
    facts, assets = data.facts, [data.asset(number) for number in range(data.assets)]
    return [
        AssetWindows(
            ticker,
            facts.last_prices[number],
            assets[number].history.iloc[:, 0],
            assets[number].returns[..., 0],
            generated[..., number],
            facts.frequency,
            None if today is None else today.paths[..., number],
            None if today is None else today.state,
        )
        for number, ticker in enumerate(facts.tickers)
    ]


def measure(asset: AssetWindows, *, seed: int) -> Evaluation:
    """Compares moments, autocorrelations and stylized facts; `seed` fixes the random scores."""
    real, generated = return_moments(asset.real), return_moments(asset.generated)
    days, unit = asset.real.shape[1], asset.frequency.short
    table = moments_table(real, generated)
    lines = [
        f"Log returns per {unit}, pooled over {len(asset.real)} real and {len(asset.generated)} "
        f"generated windows of {days} {unit}s:",
        *table.to_string(float_format=lambda value: f"{value:.6f}").splitlines(),
    ]
    metrics: dict[str, Any] = {
        "moment_distance": moment_distance(real, generated),
        "real": real.to_dict(),
        "generated": generated.to_dict(),
        "protocol": {
            "windows": len(asset.generated),
            "real_windows": len(asset.real),
            "seed": seed,
        },
    }
    if asset.today is not None and asset.state is not None:
        metrics["today"] = {
            "volatility": asset.state.annualized,
            "percentile": asset.state.percentile,
            "mean": float(asset.today.mean()),
        }
    if len(asset.history) < MIN_RETURNS:
        return Evaluation(metrics, [*lines, *_by_moments(asset)], asset.generated)
    floor, family_floor = sampling_floors(asset.history, days=days)
    scores = stylized_facts(asset.real, asset.generated, floor=floor, seed=seed)
    reference = LevelReference(asset.real, return_facts(asset.real), family_floor)
    families = reference.score(asset.generated, seed=seed)
    metrics |= {
        "stylized_facts": scores.to_dict(),
        "sampling_floor": floor,
        "families": families.to_dict(),
        "family_floor": family_floor,
    }
    drift, today = _drifts(asset)
    verdict = returns_verdict(families, drift, scores.scores["copies"], today=today)
    lines += [
        *verdict.sentences,
        f"Stylized facts: {families.mean:.2f} times the sampling floor, the mean over "
        f"{len(families.families)} families of scores (1 is the distance between this history and "
        "another draw of it).",
    ]
    return Evaluation(metrics, lines, asset.generated)


def noise_of(asset: AssetWindows) -> SamplingNoise | None:
    """Returns the sampling noise of an asset's history, or `None` for one that is too short."""
    return sampling_noise(asset.history) if len(asset.history) >= MIN_RETURNS else None


def page_content(
    asset: AssetWindows,
    metrics: dict[str, Any],
    losses: pd.DataFrame,
    config: RunConfig,
    trained_on: tuple[str, ...],
) -> ReportContent:
    """Returns the content of one asset's page.

    `metrics` are those of `measure`, `losses` has one row an epoch, and `trained_on` names the
    scores that are also part of the training loss.
    """
    assert isinstance(config.facts, ReturnsFacts)
    real, generated = return_facts(asset.real), return_facts(asset.generated)
    floor, copies, noise = metrics.get("family_floor"), None, noise_of(asset)
    scores: Mapping[str, float] = fact_scores(real, generated)
    judged = Verdict(None, tuple(_by_moments(asset)))
    drifts: tuple[FactRow, ...] = ()
    if floor is not None:
        families = FamilyScores.of(metrics["families"]["scores"], floor)
        apart = metrics["stylized_facts"]["scores"]  # tests of whole windows without a floor
        scores, copies = {**families.scores, "prediction": apart["prediction"]}, apart["copies"]
        drift, today = _drifts(asset)
        judged = returns_verdict(families, drift, copies, today=today)
        drifts = drift_rows(drift, today)
    return ReportContent(
        title=config.experiment.recipe.name,
        ticker=asset.ticker,
        history=asset.history,
        start_price=asset.last_price,
        real=asset.real,
        generated=asset.generated,
        real_memory=real,
        generated_memory=generated,
        noise=noise,
        today=_today(asset),
        verdict=judged.sentences,
        grade=judged.grade,
        frequency=asset.frequency,
        facts=(
            *fact_rows(
                real,
                generated,
                scores,
                floor=floor,
                trained=trained_on,
                periods_per_year=asset.frequency.periods_per_year,
            ),
            *drifts,
        ),
        risks=risk_rows(real, generated, noise=noise),
        copy_rate=copies,
        losses=None if losses.empty else losses,
        settings={
            "recipe": config.experiment.recipe.name,
            **asdict(config.experiment.recipe.settings),
            "seed": config.experiment.seed,
        },
        protocol={
            **run_protocol(config),
            **metrics["protocol"],
            "first day": f"{asset.history.index[0]:%Y-%m-%d}",
            "last day": config.facts.last_day,
            **later_assets(config.facts),
            "frequency": config.facts.frequency.describe(),
            "fitted and measured": "in sample: on the same days",
            "training began": "at a fitted EGARCH" if config.egarch else "cold",
        },
        next_steps=next_steps(config.experiment.recipe, from_today=asset.today is not None),
    )


def _drifts(asset: AssetWindows) -> tuple[Drift, Drift | None]:
    """Returns the drift from any state, and that from today's where paths were made from it."""
    year, today = asset.frequency.periods_per_year, None
    drift = Drift.of(asset.history, asset.generated, periods_per_year=year)
    if asset.today is not None:
        today = Drift.after_like_days(asset.history, asset.today, periods_per_year=year)
    return drift, today


def _today(asset: AssetWindows) -> TodayPaths | None:
    if asset.today is None:
        return None
    alike = None
    if len(asset.history) >= MIN_RETURNS:
        alike = windows_after_like_days(asset.history, asset.today.shape[1])
    return TodayPaths(asset.today, str(asset.state), alike)


def _by_moments(asset: AssetWindows) -> list[str]:
    """Returns the verdict on a history that is too short for a sampling floor."""
    found = verdict(return_moments(asset.real), return_moments(asset.generated))
    return [in_periods(sentence, asset.frequency) for sentence in found]


def verdict(real: ReturnMoments, generated: ReturnMoments) -> list[str]:
    """Returns sentences that say where generated returns fall short of the real ones."""
    found = []
    if abs(generated.mean - real.mean) > 0.1 * real.std:
        found.append(
            f"prices drift: mean log return {generated.mean:.4f} a day against {real.mean:.4f}"
        )
    if not 0.9 <= generated.std / real.std <= 1.1:
        found.append(
            f"volatility is {generated.std / real.std:.0%} of the real one "
            f"({generated.std:.4f} against {real.std:.4f} a day)"
        )
    if generated.excess_kurtosis < 0.5 * real.excess_kurtosis:
        found.append(
            f"tails are thin: excess kurtosis {generated.excess_kurtosis:.2f} against "
            f"{real.excess_kurtosis:.2f} (0 is a normal distribution)"
        )
    elif generated.excess_kurtosis > 2.0 * max(real.excess_kurtosis, 1.0):
        found.append(
            f"tails are too fat: excess kurtosis {generated.excess_kurtosis:.2f} against "
            f"{real.excess_kurtosis:.2f}"
        )
    if generated.acf_abs.mean() < 0.5 * real.acf_abs.mean():
        found.append(
            "volatility clusters too little: mean autocorrelation of |r| over lags 1 to 20 is "
            f"{generated.acf_abs.mean():.2f} against {real.acf_abs.mean():.2f}"
        )
    if not found:
        return ["The pooled moments and the clustering are close to the real ones."]
    return ["These scenarios differ from the real returns:", *[f"  - {each}" for each in found]]
