"""Weights that are loaded, frozen, quantized or adapted by others than the optimizers."""

import warnings
from typing import Any

import keras
from keras import ops

from keras_wgan._averaging import GeneratorAverage
from keras_wgan._tensor import Tensor
from keras_wgan.errors import InvalidInputError

Roles = tuple[tuple[keras.Variable, ...], ...]


class CompiledWeights:
    """The variables that the optimizers and the compiled steps were made for."""

    def __init__(self, generator: keras.Model, critic: keras.Model) -> None:
        self.networks = {"generator": generator, "critic": critic}
        self.trained = {
            role: list(network.trainable_variables) for role, network in self.networks.items()
        }
        self.steps: dict[str, Roles] = {}

    def changed(self, step: str) -> bool:
        """Returns whether a step was compiled for other variables than those of now."""
        now = tuple(
            tuple(variables)
            for network in self.networks.values()
            for variables in (network.trainable_variables, network.non_trainable_variables)
        )
        before = self.steps.get(step, now)
        self.steps[step] = now
        return [list(map(id, each)) for each in before] != [list(map(id, each)) for each in now]

    def check_optimizers(self) -> None:
        """Raises ValueError for weights that no optimizer knows; warns about newly frozen ones."""
        for role, network in self.networks.items():
            trained = {id(variable) for variable in self.trained[role]}
            for variable in network.trainable_variables:
                if id(variable) not in trained:
                    raise InvalidInputError(
                        f"The optimizer of the {role} does not know the weight '{variable.path}'. "
                        "Call `compile` again after layers were unfrozen, or after `enable_lora`. "
                        "Received: a trainable weight that was none when `compile` was called"
                    )
            frozen = [v for v in network.non_trainable_variables if id(v) in trained]
            if frozen:
                warnings.warn(
                    f"{len(frozen)} weights of the {role}, such as '{frozen[0].path}', were frozen "
                    "after `compile` and are not trained. Call `compile` again, as Keras asks for "
                    "after each change of `trainable`, so that the optimizer forgets them too.",
                    UserWarning,
                    stacklevel=6,
                )


class FollowedNetworks(keras.Model):
    """The part of `WGANGP` that keeps its average and compiled steps in line with its networks."""

    generator: keras.Model
    average: GeneratorAverage | None
    averaged: Any  # updates of the average under all optimizers so far, or None
    compiled_weights: CompiledWeights

    def keep_average(self, momentum: float | None) -> None:
        """Begins a running average of the generator, if there is a momentum."""
        self.average = self.averaged = None
        if momentum is not None:
            self.average = GeneratorAverage(self.generator, momentum)
            # On several devices each counts the same updates.
            self.averaged = keras.Variable(
                0, dtype="int", trainable=False, aggregation="only_first_replica", name="averaged"
            )

    def follow_generator(self) -> None:
        """Lets the average follow where the generator has got other weights.

        Before the first update it is the generator itself, whose weights may have been loaded.
        """
        if self.average is None:
            return
        self.average.follow(self.generator)
        if self.average.absent_from_file:
            self.averaged.assign(0)
            self.average.absent_from_file = False
        if not int(ops.convert_to_numpy(self.averaged)):
            self.average.start_again(self.generator)

    def count_average(self) -> Tensor:
        """Counts an update of the average; returns how many there were, this one included.

        The optimizer counts as well, from zero after each `compile`. It knows more only in files of
        versions that did not count updates.
        """
        count = ops.maximum(self.averaged + 1, self.optimizer.generator.iterations)
        self.averaged.assign(count)
        return count

    def make_train_function(self, force: bool = False) -> Any:
        """Compiles the training step, again if the networks' variables are others."""
        self.compiled_weights.check_optimizers()
        return super().make_train_function(self._outdated("train") or force)

    def make_test_function(self, force: bool = False) -> Any:
        """Compiles the held-out step, again if the networks' variables are others."""
        return super().make_test_function(self._outdated("test") or force)

    def make_predict_function(self, force: bool = False) -> Any:
        """Compiles the generator, again if the networks' variables are others."""
        return super().make_predict_function(self._outdated("predict") or force)

    def _outdated(self, step: str) -> bool:
        self.follow_generator()
        return self.compiled_weights.changed(step)
