"""The training algorithm of a Wasserstein GAN with gradient penalty, once for all backends."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import ops

from keras_wgan import _network_checks as checks
from keras_wgan import losses
from keras_wgan._batch import Batch
from keras_wgan._compiled_weights import CompiledWeights, FollowedNetworks
from keras_wgan._epoch_means import HELD_OUT_SEED, EpochMeans
from keras_wgan._export import ExportedGenerator
from keras_wgan._optimizer_pair import Optimizer, two_optimizers, with_two_optimizers
from keras_wgan._saving import SavedWhole
from keras_wgan._spectral_normalization import normalized_once
from keras_wgan._tensor import Tensor
from keras_wgan._training_data import InspectedData
from keras_wgan._validation import in_range, seed_number, whole_number
from keras_wgan.backends import AdversarialTrainer
from keras_wgan.errors import InvalidInputError
from keras_wgan.latents import Latent, as_latent


@keras.saving.register_keras_serializable(package="keras_wgan")
class WGANGP(
    InspectedData, ExportedGenerator, EpochMeans, FollowedNetworks, SavedWhole, AdversarialTrainer
):
    """A Wasserstein GAN with gradient penalty, trained by plain `fit`.

    Any generator that makes samples of the data's shape and any critic with one score per sample
    train together on data of any rank: images, series, tables. One batch is one critic
    update on fresh real data; every `critic_steps`-th batch also updates the generator.

    A data set of `(x, condition)` pairs trains a conditional GAN: the generator then takes
    `[latents, condition]` and the critic `[x, condition]`.

    Logged each epoch, as means over samples: `critic_loss`, `generator_loss`, `wasserstein`
    (E[D(real)] - E[D(fake)]), `gradient_penalty` and `gradient_norm` (which should settle near
    `gp_target`).

    Example:
    ```python
    import keras
    import numpy as np
    from keras_wgan import WGANGP

    generator = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    critic = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)]
    )
    model = WGANGP(generator, critic, latent=4, seed=1)
    model.compile(generator_optimizer="adam", critic_optimizer="adam")
    model.fit(np.random.default_rng(1).normal(size=(64, 2)).astype("float32"), verbose=0)
    assert model.generate(10, seed=1).shape == (10, 2)
    ```

    Args:
        generator: A Keras model from latents `(batch, *latent_shape)` to samples `(batch, *shape)`.
        critic: A Keras model from samples to scores `(batch, 1)`, with a linear last layer.
        latent: How many standard normals feed the generator, the shape of an array of them, such
            as `(60, 3)`, or a latent such as `keras_wgan.latents.StudentT(100, df=5)`.
        gp_weight: The weight of the gradient penalty. Defaults to `10.0`.
        gp_target: The gradient norm that the penalty pulls the critic to. Defaults to `1.0`.
        one_sided: Whether only norms above the target are penalized. Defaults to `False`.
        critic_steps: Critic updates for each generator update. Defaults to `1`.
        ema_momentum: If set, `generate` and `predict` use a running average of the generator's
            weights with this momentum, such as `0.999`, after a warm-up. Defaults to `None`.
        generator_penalties: Callables `penalty(real, fake) -> scalar` that are added to the
            generator's loss, such as `penalties.MomentPenalty()`. Defaults to `()`.
        penalty_warmup: Generator updates over which the penalties grow from zero to their full
            weight, so that the critic leads at first. Defaults to `0`, full weight at once.
        missing_values: Whether NaN stands for a value of a real sample that was not observed. Each
            generated sample then lacks the values of the real one next to it: critic and penalties
            see zero for both. Defaults to `False`.
        seed: An int, 0 to 2,147,483,647, that fixes latents and mixing weights. Random layers such
            as Dropout have their own `seed`. Defaults to `None`.
        name: As for any Keras model. Defaults to `None`.

    Raises:
        ValueError: If an argument is out of range, the critic's output is not one number per
            sample, or the networks do not fit the latent or each other.

    Reference:
        Gulrajani et al. (2017), Improved Training of Wasserstein GANs; Bora, Price and Dimakis
        (2018), AmbientGAN, for generated samples that are measured as incompletely as real ones.
    """

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        *,
        latent: int | Sequence[int] | Latent,
        gp_weight: float = 10.0,
        gp_target: float = 1.0,
        one_sided: bool = False,
        critic_steps: int = 1,
        ema_momentum: float | None = None,
        generator_penalties: Sequence[Callable[[Tensor, Tensor], Tensor]] = (),
        penalty_warmup: int = 0,
        missing_values: bool = False,
        seed: int | None = None,
        name: str | None = None,
    ) -> None:
        # float32 under any global policy: the networks cast their inputs, the losses do not.
        super().__init__(name=name, dtype="float32")
        self.gp_weight = in_range("gp_weight", gp_weight, at_least=0)
        self.gp_target = in_range("gp_target", gp_target, above=0)
        self.one_sided = one_sided
        self.critic_steps = whole_number("critic_steps", critic_steps)
        self.generator_penalties = tuple(generator_penalties)
        self.penalty_warmup = whole_number("penalty_warmup", penalty_warmup, minimum=0)
        self.missing_values = missing_values
        self.seed = None if seed is None else seed_number(seed)
        self.generator, self.critic, self.latent = generator, critic, as_latent(latent)
        checks.networks(generator, critic, self.latent.shape)
        self.keep_average(ema_momentum)
        self.compiled_weights = CompiledWeights(generator, critic)
        self.one_at_a_time = threading.Lock()
        self.training_noise = keras.random.SeedGenerator(self.seed)
        self.held_out_noise = keras.random.SeedGenerator(HELD_OUT_SEED)
        self.make_trackers()
        self.built = True

    @with_two_optimizers
    def compile(
        self,
        generator_optimizer: Optimizer | None = None,
        critic_optimizer: Optimizer | None = None,
        *,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
    ) -> None:
        """Gives each network its optimizer.

        Args:
            generator_optimizer: A Keras optimizer or its name. Defaults to the paper's,
                `keras.optimizers.Adam(1e-4, beta_1=0.0, beta_2=0.9)`.
            critic_optimizer: The same for the critic; not the same object.
            run_eagerly: As for any Keras model. Defaults to `False`.
            steps_per_execution: As for any Keras model. Defaults to `1`.
            jit_compile: As for any Keras model. Defaults to `"auto"`.

        Raises:
            ValueError: If one optimizer object is given for both networks, if one scales the loss,
                or if `jit_compile` is True on PyTorch, which cannot compile second derivatives.
        """
        optimizers = two_optimizers(generator_optimizer, critic_optimizer)
        if jit_compile is True and not self.runs_compiled:
            raise InvalidInputError(
                "`jit_compile` must be False or 'auto' on PyTorch: its compiler cannot "
                "differentiate a gradient, which the gradient penalty needs. Received: "
                "jit_compile=True"
            )
        optimizers.build_for(self.generator.trainable_variables, self.critic.trainable_variables)
        self.compiled_weights = CompiledWeights(self.generator, self.critic)
        super().compile(
            optimizer=optimizers,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
        )
        # As passed, not as resolved for this backend: a saved model may be loaded on another one.
        self._compiled_with = {
            "run_eagerly": run_eagerly,
            "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
        }

    # ---- The algorithm -----------------------------------------------------------------------

    def adversarial_step(self, data: Any) -> dict[str, Tensor]:
        """Trains on one batch: the critic, and every `critic_steps`-th time the generator."""
        batch = self.batch_of(data)
        with normalized_once(self.generator, self.critic):
            self.update_critic(batch)
            self.optimizer.iterations.assign_add(1)
            if self.critic_steps == 1:
                self.update_generator(batch)
            else:
                turn = ops.equal(self.optimizer.iterations % self.critic_steps, 0)
                self.conditional_update(turn, lambda: self.update_generator(batch))
        return self.get_metrics_result()

    def update_critic(self, batch: Batch) -> None:
        """Moves the critic one step up the Wasserstein estimate, under the gradient penalty."""
        fake = self.fake_like(batch, self.training_noise, training=True)
        mixing = self.mixing_weights(batch.real, self.training_noise)
        variables = self.critic.trainable_variables

        def objective() -> tuple[Tensor, dict[str, Tensor]]:
            loss, details = self.critic_objective(batch, fake, mixing, training=True)
            return loss + losses.weight_penalties(variables), details

        _, details, gradients = self.loss_and_gradients(objective, variables)
        self.optimizer.critic.apply(gradients, variables)
        self.begin_generator_loss(details)
        self.track(details, batch)

    def update_generator(self, batch: Batch) -> None:
        """Moves the generator one step toward samples that the critic scores higher."""
        variables = self.generator.trainable_variables
        share = self.penalty_share()

        def objective() -> tuple[Tensor, dict[str, Tensor]]:
            fake = self.fake_like(batch, self.training_noise, training=True)
            added = losses.added_losses(self.generator)
            scores = self.score(fake, batch.condition, training=True)
            loss = losses.generator_loss(scores, batch.weight)
            for penalty in self.generator_penalties:
                both = losses.in_proportion(batch.weight, batch.real, fake)
                loss = loss + share * checks.one_penalty(penalty(*both))
            details = {"generator_loss": loss}
            return sum(added, start=loss) + losses.weight_penalties(variables), details

        _, details, gradients = self.loss_and_gradients(objective, variables)
        self.optimizer.generator.apply(gradients, variables)
        if self.average is not None:
            self.average.update(self.generator, self.count_average())
        self.keep_generator_loss(details)
        self.track(details, batch)

    def critic_objective(
        self, batch: Batch, fake: Tensor, mixing: Tensor, training: bool
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Returns the critic's loss with its penalty, and the parts that are logged."""
        real, condition, weight, _ = batch
        real_scores, added_by_real = self.score_and_losses(real, condition, training)
        fake_scores, added_by_fake = self.score_and_losses(fake, condition, training)
        gap = losses.critic_loss(real_scores, fake_scores, weight)
        slope = self.input_gradient(
            lambda x: self.score(batch.as_observed(x), condition, training),
            losses.interpolate(real, fake, mixing),
        )
        norms = losses.gradient_norm(slope)
        penalty = losses.gradient_penalty(
            norms, target=self.gp_target, one_sided=self.one_sided, sample_weight=weight
        )
        loss = gap + self.gp_weight * penalty
        return sum([*added_by_real, *added_by_fake], start=loss), {
            "critic_loss": loss,
            "generator_loss": losses.generator_loss(fake_scores, weight),
            "wasserstein": -gap,
            "gradient_penalty": penalty,
            "gradient_norm": losses.weighted_mean(norms, weight),
        }

    def held_out_step(self, data: Any) -> dict[str, Tensor]:
        """Measures one held-out batch; every `evaluate` draws the same noise."""
        batch = self.batch_of(data)
        fake = self.fake_like(batch, self.held_out_noise, training=False)
        mixing = self.mixing_weights(batch.real, self.held_out_noise)
        _, details = self.critic_objective(batch, fake, mixing, training=False)
        self.track(details, batch)
        return self.get_metrics_result()

    # ---- Parts of the algorithm ------------------------------------------------------------------

    def batch_of(self, data: Any) -> Batch:
        """Returns a checked batch, without its missing values if there may be any."""
        batch = checks.batch(data, self.generator, self.critic)
        return batch.without_missing() if self.missing_values else batch

    def fake_like(self, batch: Batch, noise: keras.random.SeedGenerator, training: bool) -> Tensor:
        """Returns as many generated samples as there are real ones, observed alike, float32."""
        real, condition = batch.real, batch.condition
        latents = self.shard_rows(ops.shape(real)[0], lambda n: self.latent.sample(n, noise))
        inputs = latents if condition is None else [latents, condition]
        made = checks.one_output(self.generator(inputs, training=training), "generator")
        fake = ops.cast(made, "float32")
        checks.same_shape(real, fake)
        return batch.as_observed(fake)

    def mixing_weights(self, real: Tensor, noise: keras.random.SeedGenerator) -> Tensor:
        """Returns one number from U(0, 1) for each real sample, `(batch, 1, ..., 1)`."""
        ones = [1] * (len(real.shape) - 1)

        def draw(n: Tensor) -> Tensor:
            return keras.random.uniform((n, *ones), dtype="float32", seed=noise)

        return self.shard_rows(ops.shape(real)[0], draw)

    def penalty_share(self) -> Tensor:
        """Returns the share of the full weight of the generator penalties in this update."""
        if not self.penalty_warmup:
            return 1.0
        update = ops.cast(self.optimizer.generator.iterations, "float32") + 1.0
        return ops.minimum(1.0, update / self.penalty_warmup)

    def score_and_losses(
        self, samples: Tensor, condition: Any, training: bool
    ) -> tuple[Tensor, list[Tensor]]:
        """Returns the critic's scores, and what its layers add to the loss in this call."""
        return self.score(samples, condition, training), losses.added_losses(self.critic)

    def score(self, samples: Tensor, condition: Any, training: bool) -> Tensor:
        """Returns the critic's scores, `(batch,)` float32."""
        inputs = samples if condition is None else [samples, condition]
        scores = checks.one_number(self.critic(inputs, training=training))
        return ops.cast(ops.reshape(scores, (-1,)), "float32")
