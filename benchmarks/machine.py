"""The machine of a measurement: processor, threads, versions and load."""

import importlib.metadata
import os
import platform
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
PACKAGES = ("keras", "tensorflow", "jax", "torch", "numpy", "scipy", "arch", "torch-fidelity")
EXTENSIONS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")  # for fast matrix products


def facts() -> dict[str, str]:
    """Returns the facts that every measured number is published with, by name."""
    found = {
        "processor": processor(),
        "cores": str(cores()),
        "threads": ", ".join(f"{name}={os.environ.get(name, 'unset')}" for name in THREADS),
        "python": platform.python_version(),
    }
    for package in PACKAGES:
        if version := installed(package):
            found[package] = version
    return {**found, "load at the start": f"{os.getloadavg()[0]:.1f}"}


def processor() -> str:
    """Returns the processor's name and its fast instructions."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return platform.processor() or platform.machine()
    said = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = set(said.get("flags", "").split())
    has = [name for name in EXTENSIONS if name in flags]
    return f"{said.get('model name', platform.machine())} ({', '.join(has)})"


def cores() -> int:
    """Returns how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def installed(package: str) -> str:
    """Returns the version of a package, or nothing where it is missing."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
