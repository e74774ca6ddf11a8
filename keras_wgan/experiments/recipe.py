"""A recipe: the data, networks, settings and training of an experiment."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from keras_wgan.data import ImageData, ReturnsData
from keras_wgan.data.waves import COLUMNS
from keras_wgan.errors import InvalidInputError
from keras_wgan.experiments.settings import Settings

if TYPE_CHECKING:
    import keras

    from keras_wgan.data import TrainingData
    from keras_wgan.data.batches import ShuffledBatches
    from keras_wgan.experiments.tasks.base import Task
    from keras_wgan.latents import Latent
    from keras_wgan.wgan_gp import WGANGP

# Scores of several assets that are also part of their training loss.
TRAINED_TOGETHER = ("correlation", "correlation_abs", "joint_worst", "portfolio_risk")

Penalties: TypeAlias = Sequence[Callable[[Any, Any], Any]]


@dataclass(frozen=True)
class Recipe:
    """An experiment that works out of the box.

    Change one with `dataclasses.replace`, or its settings with `with_settings`.

    Example:
    ```python
    import functools
    from dataclasses import replace

    from keras_wgan import latents, penalties
    from keras_wgan.experiments import recipes

    heavy_tails = replace(
        recipes.get("sp500-classic"),
        latent=functools.partial(latents.StudentT, df=5),
        generator_penalties=(penalties.MomentPenalty(weight=0.1),),
    )
    model = heavy_tails.build(seed=1)
    assert repr(model.latent) == "StudentT(size=100, df=5.0)"
    ```

    Args:
        name: The name on the command line.
        summary: One sentence about it.
        kind: The kind of its samples, `"images"`, `"returns"` or `"series"`.
        source: The default source of its data.
        networks: A function from the latent size to a generator and a critic.
        settings: Its numbers. Defaults to those of `Settings`.
        latent: A function from a size to a latent. Defaults to `None`, standard normals.
        generator_penalties: As for `WGANGP`, or a function that makes them. Defaults to `()`.
        trained_on: Scores of `metrics.stylized_facts` that are also part of the training loss;
            tables mark them, because they prove less. Defaults to `()`.
        scaling: The scaling of returns, `"min-max"` to [-1, 1] or `"z-score"` to mean 0 and
            standard deviation 1; images and series are always in [-1, 1]. Defaults to `"min-max"`.
        assets: The number of assets that the networks take: `"one"`, or `"any"` where `networks`
            and `latent` take the number as a second argument. Defaults to `"one"`.
        shapes: The shapes of samples that the networks take: `"one"`, or `"any"` where `networks`
            take as `shape` height, width and channels of images, or rows and columns of series.
            Defaults to `"one"`.
        condition: `"none"`, or `"label"` for a conditional model, whose `networks` take the number
            of labels as `classes`. Defaults to `"none"`.
        ticker: The tickers that it takes from its default source. Defaults to `None`, those that
            the source takes itself.

    Raises:
        ValueError: If the settings have a `window` and the recipe is not of series, or the other
            way around.
    """

    name: str
    summary: str
    kind: Literal["images", "returns", "series"]
    source: str
    networks: Callable[..., "tuple[keras.Model, keras.Model]"]
    settings: Settings = field(default_factory=Settings)
    latent: "Callable[..., Latent] | None" = None
    generator_penalties: Penalties | Callable[[], Penalties] = ()
    trained_on: tuple[str, ...] = ()
    scaling: Literal["min-max", "z-score"] = "min-max"
    assets: Literal["one", "any"] = "one"
    shapes: Literal["one", "any"] = "one"
    condition: Literal["none", "label"] = "none"
    ticker: str | None = None

    def __post_init__(self) -> None:
        if (self.settings.window is None) == (self.kind == "series"):
            wanted = "a whole number for" if self.kind == "series" else "left out except for"
            raise InvalidInputError(
                f"`window`, the rows in a sample, must be {wanted} recipes of series, such as "
                f"series. Received: window={self.settings.window} for {self.name}, which makes "
                f"{self.kind}"
            )

    def with_settings(self, changes: dict[str, Any]) -> "Recipe":
        """Returns the same recipe with some settings changed.

        Args:
            changes: New values by the names of `Settings`.

        Returns:
            A new recipe; this one stays as it is.

        Raises:
            ValueError: If a name is not one of `Settings`, or a value is out of its range.
        """
        known = [setting.name for setting in fields(Settings)]
        unknown = sorted(set(changes) - set(known))
        if unknown:
            raise InvalidInputError(
                f"A recipe's settings are {', '.join(known)}. Received: {', '.join(unknown)}"
            )
        return replace(self, settings=replace(self.settings, **changes))

    def build_for(self, data: "TrainingData", seed: int | None = None) -> "WGANGP":
        """Returns the model for a data set, exactly as `keras-wgan train` trains it.

        It is compiled with the learning rates of the whole training, and starts from what the data
        shows beforehand: correlations of assets, and how much past there is to learn. Where assets
        have different first days, what the earlier windows lack of the later assets is hidden from
        the training in generated windows too.

        Example:
        ```python
        from keras_wgan.experiments import recipes
        from keras_wgan.data import Source

        recipe = recipes.get("sp500-classic").with_settings({"epochs": 2})
        data = recipe.task.load(Source("bundled", start="2018-01-01"))
        model = recipe.build_for(data, seed=1)
        # model.fit(recipe.batches(data, seed=1), shuffle=False, epochs=recipe.settings.epochs)
        ```

        Args:
            data: What it will train on.
            seed: As for `build`. Defaults to `None`.

        Returns:
            A `WGANGP`, ready for `fit` on `batches`.

        Raises:
            ValueError: If the recipe's networks are made for one asset and there are more.
        """
        from keras_wgan.market.data_start import start_from_days

        if isinstance(data, ReturnsData):
            model = self.build(seed, data.assets, missing_values=data.masked)
        else:
            shape = data.samples.shape[1:] if self.shapes == "any" else None
            classes = data.facts.classes if isinstance(data, ImageData) else None
            model = self.build(seed, shape=shape, classes=classes)
        if isinstance(data, ReturnsData):
            # Each day once, except those of the last window.
            start_from_days(model, data.samples[:, 0])
        self.compile(model, self.settings.steps_per_epoch(len(data.samples)))
        return model

    def build(
        self,
        seed: int | None = None,
        assets: int = 1,
        *,
        shape: tuple[int, ...] | None = None,
        classes: int | None = None,
        missing_values: bool = False,
    ) -> "WGANGP":
        """Returns the model before its training: not compiled, and not started from any data.

        It generates; to train it, use `build_for`. The same seed gives the same weights and noise.

        Args:
            seed: A whole number, at least 0. Defaults to `None`, other weights and noise each time.
            assets: The number of assets. The penalties of several are also those of random
                portfolios, with others on their correlations and joint falls. Defaults to `1`.
            shape: Height, width and channels of images, or rows and columns of series, for networks
                of any shape. Defaults to `None`: the networks' own, or of series `window` rows of
                the columns of the default source.
            classes: The number of labels, for a conditional model. Defaults to `None`, the
                networks' own.
            missing_values: As for `WGANGP`. Defaults to `False`.

        Returns:
            A `WGANGP` that is not compiled.

        Raises:
            ValueError: If the recipe's networks are made for one asset and there are more.
        """
        if assets > 1 and self.assets == "one":
            raise InvalidInputError(
                f"The networks of {self.name} are made for one asset. Received: assets={assets}. "
                "Use the recipe portfolio for several, or train on one of them."
            )
        from keras_wgan.experiments.recipe_model import untrained_model

        if shape is None and self.settings.window is not None and self.shapes == "any":
            shape = (self.settings.window, COLUMNS)
        given = {"shape": shape, "classes": classes}
        known = {name: value for name, value in given.items() if value is not None}
        return untrained_model(self, seed, assets, known, missing_values=missing_values)

    def compile(self, model: "WGANGP", steps_per_epoch: int) -> None:
        """Compiles a model with the recipe's two Adam optimizers and their learning rates."""
        import keras

        rates = self.settings.rates(steps_per_epoch)
        momenta = (self.settings.beta_1, self.settings.beta_2)
        model.compile(*(keras.optimizers.Adam(rate, *momenta) for rate in rates))

    def set_rates(self, model: "WGANGP", steps_per_epoch: int) -> None:
        """Gives a compiled model the learning rates of this recipe, and leaves all else."""
        rates = self.settings.rates(steps_per_epoch)
        for optimizer, rate in zip(model.optimizer.optimizers, rates, strict=True):
            optimizer.learning_rate = rate

    def batches(
        self, data: "TrainingData", seed: int, first_epoch: int = 0, devices: int = 1
    ) -> "ShuffledBatches":
        """Returns the batches that a model trains on: samples, and labels of a conditional model.

        Args:
            data: All samples.
            seed: Fixes their order.
            first_epoch: The epoch to begin with, from 0. Defaults to `0`.
            devices: The number of devices that share a batch. Defaults to `1`.

        Returns:
            Batches of the recipe's size, for `fit` with `shuffle=False`.
        """
        from keras_wgan.data.batches import ShuffledBatches

        labels = data.labels if isinstance(data, ImageData) else None
        labels = labels if self.condition == "label" else None
        return ShuffledBatches(
            data.samples,
            labels,
            batch_size=self.settings.batch_size,
            seed=seed,
            first_epoch=first_epoch,
            devices=devices,
            missing_values=isinstance(data, ReturnsData) and data.masked,
        )

    @property
    def task(self) -> "Task[Any]":
        """The steps that differ between the kinds of samples, such as loading and measuring."""
        if self.kind == "images":
            from keras_wgan.experiments.tasks.images import Images

            return Images(labeled=self.condition == "label")
        if self.settings.window is not None:
            from keras_wgan.experiments.tasks.series import Series

            return Series(self.settings.window)
        from keras_wgan.experiments.tasks.returns import Returns

        return Returns(self.scaling, self.trained_on)

    def describe(self) -> dict[str, Any]:
        """Returns name, kind and settings, ready for JSON."""
        return {"recipe": self.name, "kind": self.kind, "settings": asdict(self.settings)}
