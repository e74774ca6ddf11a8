"""Results of torch-fidelity on features that NumPy reproduces from a seed.

    pip install torch torchvision torch-fidelity==0.4.0
    PYTHONPATH=tests python -m helpers.fidelity_cases

writes `saved/fidelity.json`. The tests compare with the file and not with the package, which would
bring PyTorch with it wherever the tests run.
"""

import json

import numpy as np

from helpers.paths import TESTS

SHAPES = [(200, 8), (64, 64), (16, 48), (2000, 128)]
FILE = TESTS / "saved" / "fidelity.json"


def saved_cases():
    """Returns one dict a case: `n`, `dim` and torch-fidelity's numbers by name."""
    return json.loads(FILE.read_text())["cases"]


def clouds(n, dim):
    """Returns real and generated features like a ReLU's: skewed, and of unlike widths."""
    rng = np.random.default_rng([n, dim])
    scales = np.exp(-np.arange(dim) / (dim / 4))
    real = np.maximum(rng.normal(size=(n, dim)) @ rng.normal(size=(dim, dim)) / dim**0.5, 0)
    made = np.maximum(rng.normal(size=(n, dim)) @ rng.normal(size=(dim, dim)) / dim**0.5, 0)
    return real * scales, (made + 0.1) * scales


def dealt_in_halves(cloud, rng):
    """Returns the two halves of a shuffled cloud, as `kernel_distance` deals two blocks."""
    return np.array_split(cloud[rng.permutation(len(cloud))], 2)


def numbers(n, dim):
    """Returns each metric of torch-fidelity on two clouds."""
    import torch
    from torch_fidelity import metric_fid, metric_isc, metric_kid, metric_prc

    real, made = clouds(n, dim)
    tensors = [torch.from_numpy(cloud) for cloud in (real, made)]
    statistics = [metric_fid.fid_features_to_statistics(cloud) for cloud in tensors]
    near = metric_prc.prc_features_to_metric(
        tensors[1], tensors[0], prc_neighborhood=3, prc_batch_size=10000, save_cpu_ram=False
    )
    rng = np.random.default_rng(0)
    halves = zip(dealt_in_halves(real, rng), dealt_in_halves(made, rng), strict=True)
    kernel = {"kid_kernel": "poly", "kid_kernel_poly_degree": 3, "kid_kernel_poly_coef0": 1.0}
    kernels = [float(metric_kid.kernel_mmd(*pair, **kernel)) for pair in halves]
    score = metric_isc.isc_features_to_metric(tensors[1], splits=4, shuffle=False)
    frechet = metric_fid.fid_statistics_to_metric(*statistics, verbose=False)
    return {
        "n": n,
        "dim": dim,
        "frechet": frechet["frechet_inception_distance"],
        "kernels": kernels,
        "precision": near["precision"],
        "recall": near["recall"],
        "classifier_score": score["inception_score_mean"],
        "classifier_score_std": score["inception_score_std"],
    }


if __name__ == "__main__":
    import torch_fidelity

    cases = [numbers(*shape) for shape in SHAPES]
    found = {"torch_fidelity": torch_fidelity.__version__, "cases": cases}
    FILE.write_text(json.dumps(found, indent=2) + "\n")
