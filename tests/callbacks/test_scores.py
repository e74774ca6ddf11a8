"""The scores in `logs` are right in every epoch, on `WGANGP` and on other models."""

import copy
import math
import weakref

import keras
import numpy as np
import pytest

from keras_wgan._sampling import draw_samples
from keras_wgan.callbacks import FID, Moments, SampleImages, SamplePaths
from keras_wgan.callbacks.score import SampleScore
from keras_wgan.metrics import feature_statistics, frechet_distance, moment_distance, return_moments

from helpers.tiny import table_data, table_model

layers = keras.layers
MIXING = np.random.default_rng(7).normal(size=(2, 3)).astype("float32")


def mixed(samples):
    return samples @ MIXING


def network():
    """A Keras model that computes what `mixed` does."""
    made = keras.Sequential([keras.Input((2,)), layers.Dense(3, use_bias=False)], name="mixer")
    made.set_weights([MIXING])
    return made


def distance(real, generated, features=mixed):
    return frechet_distance(
        feature_statistics(features(real)), feature_statistics(features(generated))
    )


class Drawn(keras.callbacks.Callback):
    """Draws from the model after each epoch, as a user could by hand."""

    def __init__(self, count, seed=0):
        super().__init__()
        self.count, self.seed, self.samples = count, seed, []

    def on_epoch_end(self, epoch, logs=None):
        self.samples.append(self.model.generate(self.count, seed=self.seed))


def fit(model, real, epochs, callbacks):
    history = model.fit(real, batch_size=20, epochs=epochs, callbacks=callbacks, verbose=0)
    return history.history


def run(score, epochs, model=None):
    """Runs a callback without any training; returns what it wrote into `logs` in each epoch."""
    score.set_model(model or keras.Sequential())
    score.on_train_begin()
    written = [{} for _ in range(epochs)]
    for epoch, logs in enumerate(written):
        score.on_epoch_end(epoch, logs)
    return written


def shifted(*shifts):
    """A sampler of normal numbers around 1 plus the next of these shifts at each call."""
    remaining = iter(shifts)

    def sampler(model, count, seed):
        return table_data(count, seed=seed + 1) + next(remaining)

    return sampler


# ---- The number --------------------------------------------------------------------------------


def test_fid_is_the_distance_of_what_the_model_generates_after_each_epoch():
    model, real, drawn = table_model(), table_data(60), Drawn(50)
    fid = FID(real, mixed, samples=50)
    logged = fit(model, real, 3, [fid, drawn])
    expected = [distance(real, samples) for samples in drawn.samples]
    assert logged["fid"] == pytest.approx(expected, rel=1e-4)
    assert logged["fid_fresh"] == [1.0, 1.0, 1.0]
    assert len(set(logged["fid"])) == 3  # the weights of each epoch were seen
    assert logged["fid"][-1] == pytest.approx(distance(real, model.generate(50, seed=0)), rel=1e-4)


def test_a_keras_model_extracts_the_features_that_a_callable_does():
    real = table_data(60)
    extractors = network(), mixed
    scores = [
        run(FID(real, extractor, samples=50, batch_size=32, sampler=shifted(1)), 1)[0]["fid"]
        for extractor in extractors
    ]
    expected = distance(real, table_data(50, seed=1) + 1)
    assert scores == pytest.approx([expected, expected], rel=1e-4)


def windows(count, seed=0):
    return 0.01 * np.random.default_rng(seed).standard_t(5, size=(count, 25)).astype("float32")


def test_moments_are_those_of_what_the_model_generates_after_each_epoch():
    model, real, drawn = table_model(width=25), windows(120), Drawn(100)
    score = Moments(real, inverse=lambda samples: samples / 50, samples=100)
    logged = fit(model, 50 * real, 2, [score, drawn])
    for epoch, samples in enumerate(drawn.samples):
        found = return_moments(samples / 50)
        expected = {
            "moment_distance": moment_distance(return_moments(real), found),
            "generated_mean": found.mean,
            "generated_std": found.std,
            "generated_skew": found.skew,
            "generated_kurtosis": found.excess_kurtosis,
            "moment_distance_fresh": 1.0,
        }
        assert {name: logged[name][epoch] for name in expected} == pytest.approx(expected, rel=1e-6)
    assert score.generated.to_dict() == found.to_dict()
    assert score.real.to_dict() == return_moments(real).to_dict()


def test_another_seed_scores_other_samples():
    model, real = table_model(compiled=False), table_data(60)
    scores = [run(FID(real, mixed, samples=50, seed=seed), 1, model)[0]["fid"] for seed in (0, 1)]
    expected = [distance(real, model.generate(50, seed=seed)) for seed in (0, 1)]
    assert scores == pytest.approx(expected, rel=1e-4)
    assert scores[0] != pytest.approx(scores[1], rel=1e-3)


def test_features_of_any_shape_are_flattened():
    real = np.random.default_rng(1).normal(size=(40, 2, 3)).astype("float32")
    fid = FID(real, lambda x: x, samples=30, sampler=lambda model, n, seed: real[:n] + 1)
    expected = distance(real.reshape(40, 6), real[:30].reshape(30, 6) + 1, features=np.asarray)
    assert run(fid, 1)[0]["fid"] == pytest.approx(expected, rel=1e-5)


def test_a_callable_extractor_sees_at_most_one_batch_at_a_time():
    sizes = []

    def extractor(samples):
        sizes.append(len(samples))
        return mixed(samples)

    run(FID(table_data(50), extractor, samples=30, batch_size=20, sampler=shifted(0)), 1)
    assert sizes == [20, 20, 10, 20, 10]


def test_the_protocol_names_what_the_number_depends_on():
    protocol = FID(table_data(50), network(), samples=30, seed=4).protocol
    assert (protocol.extractor, protocol.split) == ("mixer", "unnamed")
    assert (protocol.real, protocol.generated, protocol.seed) == (50, 30, 4)
    assert FID(table_data(50), mixed, split="test").protocol.extractor == "mixed"
    assert FID(table_data(50), mixed, split="test").protocol.split == "test"


class InPieces(keras.Model):
    """Generates in batches alone, and holds no more than one of them."""

    def __init__(self, real):
        super().__init__()
        self.real, self.handed_out = real, []

    def generate_batches(self, n, seed, batch_size):
        for start in range(0, n, batch_size):
            batch = self.real[start : min(start + batch_size, n)] + 1.0
            self.handed_out.append(weakref.ref(batch))
            yield batch
            del batch
            assert sum(one() is not None for one in self.handed_out) <= 1


def test_generated_samples_are_looked_at_in_batches_and_none_is_kept():
    real = table_data(1000)
    model = InPieces(real)
    fid = FID(real, mixed, samples=900, batch_size=100)
    found = run(fid, 3, model)[-1]["fid"]
    assert found == pytest.approx(distance(real, real[:900] + 1.0), rel=1e-6)
    assert len(model.handed_out) == 27
    assert not any(one() is not None for one in model.handed_out)


@pytest.mark.parametrize("batch_size", [7, 64, 5000])
def test_the_batch_size_changes_neither_latents_nor_distance(batch_size):
    real, model = table_data(300), table_model(ema_momentum=0.9)
    fid = FID(real, mixed, samples=200, batch_size=batch_size)
    expected = distance(real, model.generate(200, seed=0))
    assert run(fid, 1, model)[0]["fid"] == pytest.approx(expected, rel=1e-4)


def test_the_statistics_of_the_real_samples_serve_all_copies():
    calls = []

    def counted(samples):
        calls.append(len(samples))
        return samples

    fid = FID(table_data(50), counted, samples=30, sampler=lambda model, n, seed: table_data(n))
    for twin in (copy.deepcopy(fid), copy.deepcopy(fid)):
        run(twin, 1)
    assert calls == [50, 30, 30]


# ---- In every epoch ----------------------------------------------------------------------------


def test_between_measurements_the_latest_number_is_carried_forward():
    real = table_data(60)
    fid = FID(real, mixed, samples=50, every=3, sampler=shifted(1, 5))
    written = run(fid, 7)
    first, second = (distance(real, table_data(50, seed=1) + shift) for shift in (1, 5))
    expected = [math.inf, math.inf, first, first, first, second, second]
    assert [logs["fid"] for logs in written] == pytest.approx(expected, rel=1e-4)
    assert [logs["fid_fresh"] for logs in written] == [0, 0, 1, 0, 0, 1, 0]


def test_every_name_of_moments_is_carried_forward():
    draws = iter([windows(100, seed=1)])
    score = Moments(windows(100), samples=100, every=2, sampler=lambda *_: next(draws))
    before, fresh, after = run(score, 3)
    assert set(score.names) == set(fresh) - {"moment_distance_fresh"}
    assert all(before[name] == math.inf for name in score.names)
    assert all(math.isfinite(fresh[name]) for name in score.names)
    assert after == {**fresh, "moment_distance_fresh": 0.0}


def test_a_second_training_does_not_begin_with_the_first_ones_number():
    fid = FID(table_data(60), mixed, samples=50, every=2, sampler=shifted(1, 2))
    assert math.isfinite(run(fid, 2)[1]["fid"])
    assert run(fid, 1)[0]["fid"] == math.inf


def scores_of(sampler, inverse=None):
    return [
        FID(windows(100), lambda x: x, samples=100, sampler=sampler),
        Moments(windows(100), samples=100, sampler=sampler, inverse=inverse),
    ]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", [0, 1], ids=["FID", "Moments"])
def test_samples_that_are_not_finite_score_infinity_until_they_are_again(kind, value):
    broken = windows(100, seed=1)
    broken[3, 4] = value
    draws = iter([windows(100, seed=1), broken, windows(100, seed=1)])
    score = scores_of(lambda *_: next(draws))[kind]
    good, bad, again = (logs[score.names[0]] for logs in run(score, 3))
    assert bad == math.inf
    assert math.isfinite(good) and again == good


def test_a_generator_whose_weights_became_nan_scores_infinity():
    model = table_model(compiled=False)
    model.generator.set_weights([np.full_like(w, np.nan) for w in model.generator.get_weights()])
    assert run(FID(table_data(60), mixed, samples=50), 1, model)[0]["fid"] == math.inf


def test_a_collapsed_generator_scores_infinity_where_its_moments_do_not_exist():
    score = scores_of(lambda *_: np.full((100, 25), 0.1))[1]
    (logs,) = run(score, 1)
    assert logs["moment_distance"] == logs["generated_kurtosis"] == math.inf
    assert (logs["generated_mean"], logs["generated_std"]) == (pytest.approx(0.1), 0.0)


def test_features_that_are_not_finite_score_infinity():
    def overflow(samples):
        return np.where(samples > 1e3, np.inf, samples)

    fid = FID(table_data(60), overflow, samples=50, sampler=shifted(1e6))
    assert run(fid, 1)[0]["fid"] == math.inf


def test_returns_that_only_their_inverse_makes_infinite_score_infinity():
    score = scores_of(lambda *_: windows(100), inverse=lambda samples: samples * np.inf)[1]
    assert run(score, 1)[0]["moment_distance"] == math.inf


# ---- With other callbacks ----------------------------------------------------------------------


def test_early_stopping_stops_where_the_score_stops_falling():
    model, real = table_model(), table_data(60)
    fid = FID(real, mixed, samples=50, sampler=shifted(5, 1, 2, 3, 4))
    stopping = keras.callbacks.EarlyStopping(
        monitor="fid", mode="min", patience=2, restore_best_weights=True
    )
    best = []

    class Noted(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            best.append(self.model.generate(10, seed=3))

    logged = fit(model, real, 5, [fid, stopping, Noted()])
    assert len(logged["fid"]) == 4 and stopping.best_epoch == 1
    np.testing.assert_allclose(model.generate(10, seed=3), best[1], rtol=1e-5)
    assert not np.allclose(best[1], best[3], rtol=1e-3)


def test_a_checkpoint_keeps_the_model_of_the_best_score(tmp_path):
    model, real, drawn = table_model(), table_data(60), Drawn(10)
    fid = FID(real, mixed, samples=50, sampler=shifted(5, 1, 2))
    checkpoint = keras.callbacks.ModelCheckpoint(
        tmp_path / "best.keras", monitor="fid", mode="min", save_best_only=True
    )
    fit(model, real, 3, [fid, checkpoint, drawn])
    kept = keras.saving.load_model(tmp_path / "best.keras").generate(10, seed=0)
    np.testing.assert_allclose(kept, drawn.samples[1], rtol=1e-5)
    assert not np.allclose(kept, drawn.samples[2], rtol=1e-3)


def test_real_features_are_extracted_once_for_all_trainings():
    real, seen = table_data(60), []

    def extractor(samples):
        seen.append(np.array_equal(samples, real))
        return mixed(samples)

    fid = FID(real, extractor, samples=50, sampler=shifted(1, 2, 3))
    assert seen == []  # nothing before training begins
    targets = np.zeros((20, 2), "float32")
    for epochs in (2, 1):
        trained_decoder([layers.Dense(2)], targets, [fid], epochs=epochs)
    assert seen == [True, False, False, False]


# ---- Copies, as KerasTuner makes them ----------------------------------------------------------


class OnePiece(list):
    """A list that cannot be copied."""

    def __deepcopy__(self, memo):
        raise AssertionError("copied")


@pytest.mark.parametrize("trained", [False, True])
def test_a_copy_shares_what_is_read_only_and_leaves_the_model_behind(trained):
    fid = FID(table_data(60), mixed, samples=50, sampler=shifted(1))
    model = keras.Sequential()
    if trained:
        run(fid, 1, model)
    else:
        fid.set_model(model)
    twin = copy.deepcopy(fid)
    assert twin.reference is fid.reference  # real samples, extractor and statistics
    assert ("statistics" in vars(twin.reference)) == trained
    assert twin.model is None and fid.model is model
    assert (twin.samples, twin.every, twin.seed) == (50, 1, 0)


def test_a_copy_of_moments_shares_the_real_moments():
    score = Moments(windows(100), samples=100, inverse=OnePiece.copy)
    twin = copy.deepcopy(score)
    assert twin.real is score.real and twin.inverse is score.inverse


def test_a_copy_keeps_numbers_of_its_own():
    fid = FID(table_data(60), mixed, samples=50, every=2, sampler=shifted(1, 2))
    run(fid, 2)
    twin = copy.deepcopy(fid)
    before = dict(fid.latest)
    assert twin.latest == before
    run(twin, 2)
    assert fid.latest == before != twin.latest


def test_a_copy_scores_another_model():
    real = table_data(60)
    twin = copy.deepcopy(FID(real, mixed, samples=50))
    model = table_model(compiled=False)
    expected = distance(real, model.generate(50, seed=0))
    assert run(twin, 1, model)[0]["fid"] == pytest.approx(expected, rel=1e-4)


# ---- A model that the package does not know ----------------------------------------------------


class Decoder(keras.Model):
    """A generative model of another package: no `generate`, and trained by a plain loss."""

    def __init__(self, *last):
        super().__init__()
        self.generator = keras.Sequential([keras.Input((3,)), *last])

    def call(self, latents):
        return self.generator(latents)


def decode(model, count, seed):
    latents = np.random.default_rng(seed).normal(size=(count, 3)).astype("float32")
    return model.generator(latents)  # a tensor of the backend, not NumPy


def trained_decoder(last, targets, callbacks, epochs=2):
    model = Decoder(*last)
    model.compile("adam", "mse")
    latents = np.random.default_rng(1).normal(size=(len(targets), 3)).astype("float32")
    history = model.fit(latents, targets, epochs=epochs, callbacks=callbacks, verbose=0)
    return keras.ops.convert_to_numpy(decode(model, 100, 0)), history.history


def test_scores_know_any_model_through_a_sampler():
    real = windows(100)
    fid = FID(real, lambda samples: samples[:, :3], samples=100, sampler=decode)
    moments = Moments(real, samples=100, sampler=decode)
    samples, logged = trained_decoder([layers.Dense(25)], real, [fid, moments])
    expected = distance(real, samples, features=lambda samples: samples[:, :3])
    assert logged["fid"][-1] == pytest.approx(expected, rel=1e-4)
    expected = moment_distance(return_moments(real), return_moments(samples))
    assert logged["moment_distance"][-1] == pytest.approx(expected, rel=1e-5)


def test_pictures_know_any_model_through_a_sampler(tmp_path):
    grid = SampleImages(tmp_path / "images", rows=2, columns=2, every=2, sampler=decode)
    images = [layers.Dense(16, activation="tanh"), layers.Reshape((4, 4, 1))]
    trained_decoder(images, np.zeros((20, 4, 4, 1), "float32"), [grid])
    paths = SamplePaths(tmp_path / "paths", windows(20), samples=10, every=2, sampler=decode)
    trained_decoder([layers.Dense(25)], windows(20), [paths])
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))
    assert written == ["images/epoch_0002.png", "paths/epoch_0002.png"]


# ---- Errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["samples", "every"])
@pytest.mark.parametrize("value", [0, -1, 100.5])
def test_counts_that_are_not_whole_numbers_are_refused(name, value):
    with pytest.raises(ValueError, match=rf"`{name}` must be a whole number.*{name}={value}"):
        FID(table_data(60), mixed, **{name: value})
    with pytest.raises(ValueError, match=rf"`{name}` must be a whole number.*{name}={value}"):
        Moments(windows(100), **{name: value})


def test_a_single_real_sample_is_refused():
    with pytest.raises(ValueError, match=r"`real` must hold at least two.*Received: 1 samples"):
        FID(table_data(1), mixed)


def test_moments_of_few_windows_are_refused_on_either_side():
    with pytest.raises(ValueError, match=r"`samples` must be at least 100 windows.*samples=99"):
        Moments(windows(100), samples=99)
    with pytest.raises(ValueError, match=r"`windows` must hold at least 100.*\(99, 25\)"):
        Moments(windows(99))


def test_a_model_that_cannot_generate_needs_a_sampler():
    with pytest.raises(TypeError, match=r"`sampler` is needed.*generate.*Received.*Decoder"):
        draw_samples(Decoder(layers.Dense(2)), 5, 0)


def test_a_sampler_that_returns_another_number_of_samples_is_refused():
    with pytest.raises(ValueError, match=r"as many samples as it is asked for, 5.*\(4, 2\)"):
        draw_samples(keras.Sequential(), 5, 0, lambda model, count, seed: np.zeros((4, 2)))


def test_a_score_of_ones_own_must_say_what_it_measures():
    class Own(SampleScore):
        names = ("own",)

    with pytest.raises(NotImplementedError, match="override `measure`"):
        run(Own(samples=5, every=1, seed=0, sampler=shifted(0)), 1)
