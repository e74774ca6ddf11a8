"""Tests of both tasks: loading, evaluation, and samples in the units of the data."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

from keras_wgan.data import (
    Frequency,
    ImageFacts,
    PriceFormat,
    ReturnsFacts,
    Scaler,
    Source,
    load_images,
    load_prices,
    log_returns,
)
from keras_wgan.experiments.tasks import image_evaluation
from keras_wgan.experiments.tasks.images import Images, export_images
from keras_wgan.experiments.tasks.one_asset import measure, per_asset, verdict
from keras_wgan.experiments.tasks.returns import Returns
from keras_wgan.experiments.tasks.returns_export import export_returns
from keras_wgan.extractors import mnist_classifier, scoring
from keras_wgan.metrics import Measurement, ReturnMoments
from keras_wgan.report import scenario_table

from helpers.tiny_recipes import SHORT, BrightnessExtractor

FACTS = ReturnsFacts(
    source="prices.csv",
    tickers=("AA",),
    first_day="2023-10-02",
    last_day="2023-12-29",
    last_prices=(50.0,),
    returns=64,
    windows=5,
    scaler=Scaler((0.0,), (0.1,)),
)
SCALED = np.array([[[0.0], [0.5]], [[-1.0], [1.0]]], dtype="float32")
LOG_RETURNS = np.array([[0.0, 0.05], [-0.1, 0.1]])


class Maker:
    """Stands in for a trained model: returns the same samples, as many as requested."""

    def __init__(self, samples):
        self.samples = samples

    def generate(self, count, seed=None):
        """Returns `count` samples, the same ones again where there are fewer."""
        return self.samples[np.arange(count) % len(self.samples)]


# ---- Returns ---------------------------------------------------------------------------------


def test_the_bundled_year_2018_has_these_facts():
    facts = Returns().load(SHORT).facts
    assert facts == ReturnsFacts(
        source="bundled",
        tickers=("^GSPC",),
        first_day="2018-01-03",
        last_day="2018-12-31",
        last_prices=(pytest.approx(2506.850098, abs=1e-6),),
        returns=250,
        windows=191,
        scaler=facts.scaler,
        fingerprint=facts.fingerprint,
    )


def test_without_dates_the_returns_are_those_of_the_decks_years_that_are_bundled():
    facts = Returns().load(Source("bundled")).facts
    assert (facts.first_day, facts.last_day) == ("2000-01-04", "2018-12-31")
    assert (facts.returns, facts.windows) == (4778, 4719)


def test_scaled_windows_reach_exactly_from_minus_one_to_one():
    samples = Returns().load(SHORT).samples
    assert samples.shape == (191, 60, 1)
    assert samples.dtype == np.float32
    assert (samples.min(), samples.max()) == (-1.0, 1.0)


def test_units_come_back_from_the_scaled_windows():
    data = Returns().load(SHORT)
    returns = log_returns(load_prices("^GSPC", SHORT.start, SHORT.end, source="bundled"))
    expected = np.lib.stride_tricks.sliding_window_view(returns.to_numpy(), 60)
    np.testing.assert_allclose(data.returns[..., 0], expected, rtol=0, atol=1e-6)


def test_a_file_of_prices_is_read_by_its_path(tmp_path):
    days = pd.bdate_range("2020-01-01", periods=100)
    prices = 100.0 + np.arange(100.0) % 7  # six rises and a fall, again and again
    path = tmp_path / "prices.csv"
    pd.DataFrame({"Date": days, "Close": prices}).to_csv(path, index=False)
    facts = Returns().load(Source(str(path))).facts
    assert (facts.returns, facts.windows, facts.last_prices) == (99, 40, (101.0,))
    assert facts.tickers == ("prices",)


def test_a_file_of_returns_is_read_as_its_format_says(tmp_path):
    percent = np.tile([1.0, -0.5, 0.25, -0.75], 30)
    days = pd.bdate_range("2020-01-01", periods=len(percent)).strftime("%d/%m/%Y")
    cells = [f"{each:.2f}".replace(".", ",") for each in percent]
    path = tmp_path / "fund.csv"
    pd.DataFrame({"Datum": days, "Rendite": cells}).to_csv(path, index=False, sep=";")
    data = Returns().load(Source(str(path), price_format=PriceFormat(returns="percent")))
    assert data.facts.tickers == ("fund",)
    np.testing.assert_allclose(data.history["fund"], np.log1p(percent / 100), atol=1e-12)


def test_weekly_prices_are_counted_continued_and_written_as_weeks(tmp_path):
    weeks = pd.date_range("2015-01-02", periods=200, freq="7D")
    returns = 0.02 * np.random.default_rng(0).normal(size=200)
    path = tmp_path / "weekly.csv"
    pd.DataFrame({"Date": weeks, "Close": 50.0 * np.exp(returns.cumsum())}).to_csv(path)
    data = Returns().load(Source(str(path)))
    assert data.facts.frequency == Frequency("week")
    export_returns([data.samples[:2]], data.facts, tmp_path / "out.csv")
    dates = pd.read_csv(tmp_path / "out.csv", parse_dates=["date"])["date"]
    assert (dates[:60].diff().dropna() == pd.Timedelta(days=7)).all()
    assert dates[0] == weeks[-1] + pd.Timedelta(days=7)
    (asset,) = per_asset(data, data.returns)
    lines = measure(asset, seed=0).lines
    assert lines[0].startswith("Log returns per week") and "60 weeks" in lines[0]


def test_a_file_is_used_completely_beyond_the_years_of_the_classic_experiment(tmp_path):
    days = pd.date_range("2023-10-02", periods=120, freq="B")
    prices = 100 * np.exp(np.cumsum(0.01 * np.random.default_rng(1).normal(size=120)))
    pd.DataFrame({"Date": days, "Close": prices}).to_csv(tmp_path / "own.csv", index=False)
    facts = Returns().load(Source(str(tmp_path / "own.csv"))).facts
    assert (facts.returns, facts.last_day) == (119, str(days[-1].date()))


def test_too_short_a_file_is_named_with_its_dates(tmp_path):
    days = pd.date_range("2024-01-01", periods=30, freq="B")
    pd.DataFrame({"Date": days, "Close": np.arange(1.0, 31.0)}).to_csv(
        tmp_path / "short.csv", index=False
    )
    with pytest.raises(ValueError, match=r"short\.csv: .*at least 61 prices.*2024-01-01"):
        Returns().load(Source(str(tmp_path / "short.csv")))


def test_too_few_windows_to_tell_tails_by_are_refused_by_count():
    data = Returns().load(SHORT)
    with pytest.raises(ValueError, match="`count` must be at least 100.*Received: count=99"):
        Returns().evaluate(data, Maker(data.samples), count=99, seed=0)


def test_the_real_windows_themselves_are_at_distance_zero_and_pass_the_verdict():
    data = Returns().load(SHORT)
    evaluation = Returns().evaluate(data, Maker(data.samples), count=191, seed=7)
    assert evaluation.metrics["moment_distance"] == 0.0
    assert evaluation.metrics["real"] == evaluation.metrics["generated"]
    assert evaluation.metrics["protocol"] == {"windows": 191, "real_windows": 191, "seed": 7}
    assert evaluation.lines[-1].startswith("The pooled moments and the clustering are close")


def test_the_printed_table_holds_real_next_to_generated():
    data = Returns().load(SHORT)
    lines = Returns().evaluate(data, Maker(data.samples), count=191, seed=0).lines
    std = next(line for line in lines if line.startswith("Std"))
    returns = log_returns(load_prices("^GSPC", SHORT.start, SHORT.end, source="bundled"))
    pooled = np.lib.stride_tricks.sliding_window_view(returns.to_numpy(), 60).std()
    assert std.split()[1:] == [f"{pooled:.6f}"] * 2
    assert "191 real and 191 generated windows of 60 days" in lines[0]


def moments(mean=0.0, std=0.01, kurtosis=8.0, clustering=0.2):
    """Returns moments as a market would have them, but for what is given."""
    lags = np.full(20, clustering)
    return ReturnMoments(mean, std, 0.0, kurtosis, np.zeros(20), lags)


@pytest.mark.parametrize(
    ("generated", "sentence"),
    [
        (moments(kurtosis=0.3), "tails are thin: excess kurtosis 0.30 against 8.00"),
        (moments(kurtosis=17.0), "tails are too fat: excess kurtosis 17.00 against 8.00"),
        (moments(std=0.02), "volatility is 200% of the real one (0.0200 against 0.0100 a day)"),
        (moments(std=0.005), "volatility is 50% of the real one (0.0050 against 0.0100 a day)"),
        (moments(mean=-0.002), "prices drift: mean log return -0.0020 a day against 0.0000"),
        (moments(clustering=0.05), "volatility clusters too little: mean autocorrelation of |r|"),
    ],
)
def test_the_verdict_names_the_one_thing_that_is_wrong(generated, sentence):
    said = verdict(moments(), generated)
    assert said[0] == "These scenarios differ from the real returns:"
    assert [line[: len(sentence) + 4] for line in said[1:]] == [f"  - {sentence}"]


def test_the_verdict_on_gaussian_returns_names_their_tails_and_missing_clusters():
    said = " ".join(verdict(moments(), moments(kurtosis=0.02, clustering=0.0)))
    assert "tails are thin" in said
    assert "clusters too little" in said
    assert "too fat" not in said


def test_the_verdict_on_returns_near_the_real_ones_is_one_sentence():
    assert verdict(moments(), moments(0.0005, 0.0105, 7.0, 0.15)) == [
        "The pooled moments and the clustering are close to the real ones."
    ]


@pytest.mark.parametrize("suffix", Returns.suffixes)
def test_scenarios_are_written_with_date_log_return_and_price(tmp_path, suffix):
    path = tmp_path / f"scenarios{suffix}"
    export_returns([SCALED], FACTS, path)
    table = read_table(path)
    assert list(table.columns) == ["scenario", "date", "day", "asset", "log_return", "price"]
    assert table["asset"].tolist() == ["AA"] * 4
    assert table["scenario"].tolist() == [0, 0, 1, 1]
    assert table["day"].tolist() == [1, 2, 1, 2]
    # The Monday and the Tuesday after that Friday.
    assert [str(date)[:10] for date in table["date"]] == ["2024-01-01", "2024-01-02"] * 2
    np.testing.assert_allclose(table["log_return"], LOG_RETURNS.ravel(), atol=1e-7)
    prices = 50.0 * np.exp(np.cumsum(LOG_RETURNS, axis=1))
    np.testing.assert_allclose(table["price"], prices.ravel(), rtol=1e-6)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_scenarios_are_anchored_to_a_mean_and_a_volatility_exactly(tmp_path):
    anchor = {"mean": 0.0002, "volatility": 0.01}
    export_returns([SCALED], FACTS, tmp_path / "scenarios.npz", anchor=anchor)
    returns = np.load(tmp_path / "scenarios.npz")["log_return"]
    assert returns.mean() == pytest.approx(0.0002, abs=1e-12)
    assert returns.std() == pytest.approx(0.01, rel=1e-12)


def read_table(path):
    """Returns the table that a scenario file holds."""
    if path.suffix == ".csv":
        return pd.read_csv(path)
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    with np.load(path) as archive:
        prices = dict.fromkeys(archive["asset"], 1.0)
        table = scenario_table(archive["log_return"], prices, pd.DatetimeIndex(archive["date"]))
        return table.assign(price=archive["price"].ravel())


# ---- Images ----------------------------------------------------------------------------------


@pytest.fixture
def quick_extractor(monkeypatch):
    """Judges images by the brightness of their halves instead of by a trained classifier."""
    monkeypatch.setattr(image_evaluation, "DigitClassifier", BrightnessExtractor)


def test_the_digits_are_1500_images_of_28_by_28():
    data = Images().load(Source("digits"))
    assert data.facts == ImageFacts("digits", 1500, (28, 28, 1))
    assert (data.samples.min(), data.samples.max()) == (-1.0, 1.0)
    assert data.labels[:5].tolist() == [0, 1, 2, 3, 4]


def test_a_file_of_images_is_read_by_its_path(tmp_path):
    path = tmp_path / "two.npz"
    pixels = np.stack([np.zeros((4, 4)), np.full((4, 4), 255)]).astype("uint8")
    labels = np.array([3, 5])
    np.savez(path, x_train=pixels, y_train=labels, x_test=pixels, y_test=labels)
    data = Images().load(Source(str(path)))
    assert (data.samples[0] == -1.0).all()
    assert (data.samples[1] == 1.0).all()
    assert data.labels.tolist() == [3, 5]


@pytest.mark.parametrize("name", ["ticker", "start", "end"])
def test_what_is_only_for_returns_is_refused_with_images(name):
    with pytest.raises(ValueError, match=f"`{name}` is for returns.*Received: {name}=2018-01-01"):
        Images().load(Source("digits", **{name: "2018-01-01"}))


def test_images_that_are_the_floor_stand_at_once_the_floor(quick_extractor):
    data = Images().load(Source("digits"))
    others = scoring.random_subset(data.samples, 200, seed=3)
    metrics = Images().evaluate(data, Maker(others), count=200, seed=3).metrics
    assert metrics["fid"] == pytest.approx(metrics["floor"], rel=1e-9)
    found = Measurement.from_dict(metrics["measured"])
    assert found.times_floor == pytest.approx(1.0)
    assert found.standard_error == pytest.approx(0.0, abs=1e-12)
    protocol = found.protocol
    assert (protocol.extractor, protocol.split) == ("brightness", "test")
    assert (protocol.real, protocol.generated, protocol.seed) == (200, 200, 3)


def test_too_few_images_for_neighbours_are_refused_by_count_before_the_work():
    with pytest.raises(ValueError, match="`count` must be at least 6.*Received: count=5"):
        Images().evaluate(None, None, count=5, seed=0)


def test_black_images_are_at_the_distance_of_their_brightness(quick_extractor):
    # All features of the samples are -1, so the distance is |mean + 1|^2 + trace of the covariance.
    data = Images().load(Source("digits"))
    black = np.full((200, 28, 28, 1), -1.0, dtype="float32")
    evaluation = Images().evaluate(data, Maker(black), count=200, seed=3)
    compared = scoring.random_subset(load_images("digits", split="test")[0], 200, seed=3)
    features = BrightnessExtractor(None, None)(compared).astype("float64")
    spread = np.trace(np.cov(features, rowvar=False))
    expected = np.sum((features.mean(axis=0) + 1.0) ** 2) + spread
    assert evaluation.metrics["fid"] == pytest.approx(expected, rel=1e-5)
    assert evaluation.metrics["floor"] < 0.05 * expected
    assert evaluation.metrics["recall"] == evaluation.metrics["precision"] == 0.0


def test_samples_that_are_not_finite_are_infinitely_far_and_no_error(quick_extractor):
    data = Images().load(Source("digits"))
    broken = np.full((200, 28, 28, 1), np.nan, dtype="float32")
    metrics = Images().evaluate(data, Maker(broken), count=200, seed=3).metrics
    assert metrics["fid"] == np.inf and "recall" not in metrics


@pytest.mark.parametrize(
    ("has_test_part", "compared", "split"), [(True, 12, "test"), (False, 10, "half of train")]
)
def test_no_more_images_are_compared_than_there_are(
    tmp_path, quick_extractor, has_test_part, compared, split
):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 4, 4)).astype("uint8")
    arrays = {"x_train": pixels, "y_train": np.zeros(20, "int64")}
    if has_test_part:
        arrays |= {"x_test": pixels[:12], "y_test": np.zeros(12, "int64")}
    np.savez(tmp_path / "few.npz", **arrays)
    data = Images().load(Source(str(tmp_path / "few.npz")))
    evaluation = Images().evaluate(data, Maker(data.samples), count=5000, seed=0)
    protocol = evaluation.metrics["measured"]["protocol"]
    assert (protocol["real"], protocol["split"]) == (compared, split)
    said = "\n".join(evaluation.lines)
    assert f"{compared} generated to {compared} real images" in said


def write_digits(path):
    """Writes the offline digits in Keras' format."""
    digits, labels = load_images("digits")
    np.savez(path, x_train=np.rint((digits[..., 0] + 1.0) * 127.5).astype("uint8"), y_train=labels)


def metric_of_file(path):
    """Returns the protocol of the metric that watches the training on a file."""
    data = Images().load(Source(str(path)))
    return Images().metric_callback(data, every=1, samples=50).protocol


def test_the_same_arrays_under_two_names_are_measured_by_the_same_classifier(tmp_path, capsys):
    for name in ("mnist.npz", "shoes.npz"):
        write_digits(tmp_path / name)
    mnist, shoes = (metric_of_file(tmp_path / name) for name in ("mnist.npz", "shoes.npz"))
    assert mnist == shoes
    assert mnist.extractor.startswith("digit-classifier-")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0] == lines[1]
    assert (
        f"trained on the training images, because they are not MNIST's ({mnist.extractor})"
        in (lines[0])
    )


def test_mnist_under_any_name_is_measured_by_the_classifier_of_the_package(
    tmp_path, monkeypatch, capsys
):
    digits, _ = load_images("digits")
    monkeypatch.setattr(mnist_classifier, "COUNT", len(digits))
    monkeypatch.setattr(mnist_classifier, "INK", mnist_classifier.ink_hash(digits[::-1]))
    write_digits(tmp_path / "shoes.npz")
    protocol = metric_of_file(tmp_path / "shoes.npz")
    assert (protocol.extractor, protocol.split) == ("mnist-classifier", "train")
    assert "because the images are MNIST's (mnist-classifier)" in capsys.readouterr().out


def test_an_evaluation_names_its_classifier(quick_extractor):
    data = Images().load(Source("digits"))
    lines = Images().evaluate(data, Maker(data.samples), count=50, seed=0).lines
    assert any("not MNIST's (brightness)" in line for line in lines)


def test_images_are_written_as_the_bytes_that_their_pixels_were(tmp_path):
    samples = np.array([-1.0, 0.0, 1.0, 1.2], dtype="float32").reshape(1, 2, 2, 1)
    export_images([samples], tmp_path / "images.npz", count=1)
    with np.load(tmp_path / "images.npz") as archive:
        assert archive["images"].dtype == np.uint8
        assert archive["images"].ravel().tolist() == [0, 128, 255, 255]


def test_loaded_pixels_come_back_as_the_same_bytes(tmp_path):
    pixels = np.arange(256, dtype="uint8").reshape(1, 16, 16)
    path = tmp_path / "all.npz"
    labels = np.array([0])
    np.savez(path, x_train=pixels, y_train=labels, x_test=pixels, y_test=labels)
    loaded = Images().load(Source(str(path))).samples
    export_images([loaded], tmp_path / "again.npz", count=1)
    with np.load(tmp_path / "again.npz") as archive:
        np.testing.assert_array_equal(archive["images"][..., 0], pixels)


@pytest.mark.pictures
def test_images_are_written_as_one_picture_with_black_where_they_are_black(tmp_path):
    samples = np.full((4, 28, 28, 1), -1.0, dtype="float32")
    samples[3] = 1.0
    export_images([samples], tmp_path / "grid.png", count=4)
    picture = imread(tmp_path / "grid.png")
    height, width = picture.shape[:2]
    assert picture[height // 4, width // 4, :3].tolist() == [0.0, 0.0, 0.0]
    assert picture[3 * height // 4, 3 * width // 4, :3].tolist() == [1.0, 1.0, 1.0]


def test_more_images_than_a_picture_holds_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at most 1024 images.*Received: 1025 images"):
        export_images([], tmp_path / "grid.png", count=1025)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_of_images_is_compressed_and_written_in_pieces(tmp_path):
    black = np.full((5, 28, 28, 1), -1.0, "float32")
    export_images(iter([black, black]), tmp_path / "images.npz", count=10)
    with np.load(tmp_path / "images.npz") as archive:
        np.testing.assert_array_equal(archive["images"], np.zeros((10, 28, 28, 1)))
    assert (tmp_path / "images.npz").stat().st_size < 1000
