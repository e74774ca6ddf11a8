"""Saving and loading of `WGANGP` with all of its state, so that training resumes exactly."""

import os
import warnings
from pathlib import Path
from typing import Any

import keras

# Registers their layers and penalties with Keras, so that saved models find them.
import keras_wgan._schedules
import keras_wgan.networks
import keras_wgan.penalties  # noqa: F401
from keras_wgan._random_layers import seed_states
from keras_wgan.errors import InvalidInputError

SEED_KEY = "seed_"
AVERAGED_KEY = "averaged"  # how many updates the average has seen


class SavedWhole(keras.Model):
    """The part of `WGANGP` that Keras calls to save and to load.

    Keras itself saves networks and optimizers, the latter through `GeneratorAndCritic`. It does
    not save the state of seed generators, without which a loaded model would repeat its first
    noise and Dropout masks; here they are saved with the weights.
    """

    runs_compiled: bool  # whether the backend compiles steps

    def save(
        self,
        filepath: str | os.PathLike[str],
        overwrite: bool = True,
        zipped: bool | None = None,
    ) -> None:
        """Saves the model with both networks, both optimizers, and all random states.

        Args:
            filepath: A file that ends in `.keras`, or any folder where `zipped` is False.
            overwrite: Whether an existing file is replaced; otherwise Keras asks. Defaults to
                `True`.
            zipped: As for any Keras model. Defaults to `None`, a file.

        Raises:
            ValueError: If the file ends in anything but `.keras`.
        """
        name = str(filepath)
        if zipped is not False and not name.startswith("hf://") and not name.endswith(".keras"):
            raise InvalidInputError(
                "`filepath` must end in '.keras', the only format that holds both networks and "
                "optimizers. For weights alone use `save_weights` and '.weights.h5', for other "
                f"programs `export`. Received: filepath={name!r}. Try "
                f"{name.removesuffix(''.join(Path(name).suffixes)) + '.keras'!r}."
            )
        nameless = [p for p in self.generator_penalties if getattr(p, "__name__", "") == "<lambda>"]
        if nameless:
            warnings.warn(
                "`generator_penalties` holds a lambda, so that the saved model cannot be loaded. "
                "Make it a named function under "
                "`@keras.saving.register_keras_serializable(package=...)`, build a model with it, "
                "and take the weights over with `save_weights` and `load_weights`.",
                UserWarning,
                stacklevel=2,
            )
        super().save(filepath, overwrite=overwrite, zipped=zipped)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments, for saving."""
        serialize = keras.saving.serialize_keras_object
        return {
            "generator": serialize(self.generator),
            "critic": serialize(self.critic),
            "latent": serialize(self.latent),
            "gp_weight": self.gp_weight,
            "gp_target": self.gp_target,
            "one_sided": self.one_sided,
            "critic_steps": self.critic_steps,
            "ema_momentum": None if self.average is None else self.average.momentum,
            "generator_penalties": [serialize(penalty) for penalty in self.generator_penalties],
            "penalty_warmup": self.penalty_warmup,
            "missing_values": self.missing_values,
            "seed": self.seed,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Builds the model, not yet compiled, from the result of `get_config`."""

        def deserialize(value: Any) -> Any:
            return keras.saving.deserialize_keras_object(value, custom_objects=custom_objects)

        named = {key: deserialize(config[key]) for key in ("generator", "critic", "latent")}
        penalties = [deserialize(penalty) for penalty in config["generator_penalties"]]
        return cls(**{**config, **named, "generator_penalties": penalties})

    def get_build_config(self) -> dict[str, Any]:
        """Returns nothing, because the constructor builds both networks."""
        return {}

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Does nothing, because the constructor builds both networks."""

    def get_compile_config(self) -> dict[str, Any]:
        """Returns the arguments of `compile`, for saving."""
        if not self.compiled:
            return {}
        return {
            "generator_optimizer": _portable(self.optimizer.generator),
            "critic_optimizer": _portable(self.optimizer.critic),
            **self._compiled_with,
        }

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compiles with the saved arguments; the optimizers are built and ready for their state."""
        config = dict(keras.saving.deserialize_keras_object(config))
        if not self.runs_compiled:
            config = _uncompiled(config)
        self.compile(**config)

    def save_own_variables(self, store: Any) -> None:
        """Saves the states of all seed generators, and how many updates the average has seen."""
        self.follow_generator()  # Keras saves the average next
        for index, state in enumerate(seed_states(self)):
            store[f"{SEED_KEY}{index}"] = state
        if self.averaged is not None:
            store[AVERAGED_KEY] = self.averaged

    def load_own_variables(self, store: Any) -> None:
        """Loads what `save_own_variables` saved."""
        for index, state in enumerate(seed_states(self)):
            state.assign(store[f"{SEED_KEY}{index}"])
        counted = AVERAGED_KEY in store.keys()  # noqa: SIM118, a store of Keras cannot be asked
        if self.averaged is not None:
            # A file that does not say holds an average all the same, or none (`GeneratorAverage`).
            self.averaged.assign(store[AVERAGED_KEY] if counted else 1)
        elif counted:
            warnings.warn(
                "The file holds the running average of a generator's weights, but the model keeps "
                "none, so that it generates with the latest weights. Build it with the "
                "`ema_momentum` of the saved model to generate with the average.",
                UserWarning,
                stacklevel=2,
            )


def _portable(optimizer: keras.optimizers.Optimizer) -> dict[str, Any]:
    """Returns an optimizer's serialized form under a name that every backend knows."""
    config: dict[str, Any] = keras.saving.serialize_keras_object(optimizer)
    if str(config["module"]).startswith("keras.src.backend."):
        # Keras replaces some optimizers by a class of the backend and saves the name of that class.
        config["module"] = "keras.optimizers"
    return config


def _uncompiled(config: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments of `compile` without those that compile steps."""
    plain = {"jit_compile": "auto", "steps_per_execution": 1}
    changed = [
        name for name, value in plain.items() if config.get(name, value) not in (value, False)
    ]
    if changed:
        warnings.warn(
            f"The model was saved with {' and '.join(f'{name}={config[name]}' for name in changed)}"
            ", which PyTorch cannot do; it is loaded without. The numbers are the same.",
            UserWarning,
            stacklevel=3,
        )
    return {**config, **{name: plain[name] for name in changed}}
