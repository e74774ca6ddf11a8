"""A fuzz run: the readers read or refuse every file and command line.

The property tests (`test_untrusted_*.py`) make up a few dozen inputs that look like good ones. This
lets `atheris` look for more as long as there is time, led by which lines of the package they reach:

    PYTHONPATH=tests python -m long.fuzzing --seconds 600
    PYTHONPATH=tests python -m long.fuzzing --seconds 60 csv config

An input that fails is kept as `crash-*` in the working folder, one that hangs as `timeout-*`.
"""

import argparse
import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from helpers.paths import load, program, program_environment

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

READERS = (
    "csv",
    "parquet",
    "images",
    "statistics",
    "config",
    "history",
    "leaderboard",
    "measured",
    "settings",
    "arguments",
)
SLOWEST = 60  # seconds for one input, after which it counts as a hang
MAX_MEMORY = 4096  # MiB with the backend, after which it counts as a memory blow-up
LONGEST = 100_000  # bytes of one input


def reader(name, folder):
    """Returns what takes an input, good inputs to begin with, and names that a refusal may hold."""
    arrays = load("io/test_untrusted_arrays.py")
    configs = load("experiments/test_untrusted_configs.py")
    prices = load("data/test_untrusted_prices.py")
    runs = load("experiments/test_untrusted_runs.py")

    from keras_wgan.cli import app as cli
    from keras_wgan.cli.options import changed_settings
    from keras_wgan.data import load_price_table, load_prices
    from keras_wgan.experiments.config import RunConfig
    from keras_wgan.experiments.run import Run
    from keras_wgan.io.json import strict_json
    from keras_wgan.metrics import Measurement
    from keras_wgan.report.pages import leaderboard

    run = Run(folder)

    def from_file(file, read, *good):
        def take(content):
            (folder / file).write_bytes(content)
            read(folder / file)

        return take, good, (file, "`start`", "`tickers`")

    def both(path):
        with contextlib.suppress(ValueError):  # what is refused as one may be read as two
            load_prices("A", None, None, path)
        load_price_table(["A", "B"], None, None, path)

    def set_options(content):
        configs.RECIPE.with_settings(
            changed_settings(content.decode(errors="replace").splitlines())
        )

    def generate(content):
        # The folder is no run, so that nothing comes of it but what is said.
        words = ["generate", str(folder / "none"), *content.decode(errors="replace").split()]
        quiet, ends = io.StringIO(), contextlib.suppress(SystemExit)
        with contextlib.redirect_stderr(quiet), contextlib.redirect_stdout(quiet), ends:
            cli.app(words)

    table = prices.PRICES.assign(A=[1.0, 2.0], B=[3.0, 4.0])
    match name:
        case "csv":
            return from_file("f.csv", both, table.to_csv(index=False).encode())
        case "parquet":
            return from_file("f.parquet", both, table.to_parquet(index=False))
        case "images":
            return from_file("f.npz", arrays.read_images, arrays.save(arrays.IMAGES))
        case "statistics":
            return from_file("f.npz", arrays.read_arrays, arrays.save(arrays.STATISTICS))
        case "config":
            good = [strict_json(config) for config in (configs.ONE, configs.SEVERAL)]
            return from_file("config.json", RunConfig.read, *good)
        case "history":
            good = runs.HISTORY.to_csv(index=False).encode()
            return from_file("history.csv", lambda _: run.history(), good)
        case "leaderboard":
            leaderboard._picture = lambda *_: ""  # takes longest, and reads nothing new
            good = strict_json(runs.BOARD.to_dict())
            return from_file("f.json", leaderboard.read_section, good)
        case "measured":
            good = [runs.MEASURED.to_json().encode()]
            return (
                lambda content: Measurement.from_json(content.decode(errors="replace")),
                good,
                ("`content`", "`text`"),
            )
        case "settings":
            names = ("--set", "once", "settings", *configs.ONE["settings"])
            return set_options, [b"epochs=3\ngp_weight=5"], names
        case _:
            names = ("--", "run folder", "path", "Give one of")
            return generate, [b"--count 3 --out x.csv --regime calm", b"--seed 1 --days 5"], names


def fuzz(name, seconds):
    """Feeds one reader; the process ends with it, and with another status than 0 at a failure."""
    import atheris

    with atheris.instrument_imports(include=["keras_wgan"]):
        import keras_wgan.cli.app
        import keras_wgan.experiments.training  # noqa: F401
    from helpers.hostile import works_or_says_why

    with tempfile.TemporaryDirectory() as work:
        for inner in ("inputs", "files"):
            (Path(work) / inner).mkdir()
        take, good, names = reader(name, Path(work) / "files")
        for number, content in enumerate(good):
            (Path(work) / "inputs" / str(number)).write_bytes(content)

        def one(content):
            works_or_says_why(lambda: take(content), *names)

        options = {
            "max_total_time": seconds,
            "timeout": SLOWEST,
            "rss_limit_mb": MAX_MEMORY,
            "max_len": LONGEST,
            "seed": 1,
        }
        flags = [f"-{option}={value}" for option, value in options.items()]
        atheris.Setup([sys.argv[0], *flags, str(Path(work) / "inputs")], one)
        atheris.Fuzz()


def main():
    """Feeds one reader after the other, each in a separate process, and prints the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("readers", nargs="*", default=[], help=f"of {', '.join(READERS)}")
    parser.add_argument("--seconds", type=int, default=600, help="in all")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        return fuzz(asked.one, asked.seconds)
    failed, chosen = [], asked.readers or READERS
    for name in chosen:
        each = max(1, asked.seconds // len(chosen))
        command = [*program("long.fuzzing"), "--one", name, "--seconds", str(each)]
        done = subprocess.run(
            command, env=program_environment(), stderr=subprocess.PIPE, text=True, errors="replace"
        )
        ran = re.findall(r"Done (\d+) runs in (\d+) second", done.stderr)
        if done.returncode or not ran:
            failed.append(name)
            print(done.stderr[-3000:])
        outcome = "{} inputs in {} s".format(*ran[-1]) if ran else "failed"
        print(f"{name}: {outcome}", flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}. The inputs are kept in {Path.cwd()}.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
