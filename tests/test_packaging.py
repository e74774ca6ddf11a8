"""Packaging: setup.cfg lists what the folders hold and what the code imports."""

import ast
import configparser
import io
import re
import subprocess
import sys
import tokenize
import tomllib

import pytest

from helpers.paths import ROOT

CONFIG = configparser.ConfigParser()
CONFIG.read(ROOT / "setup.cfg")
BACKENDS = re.compile(r"\b(tensorflow|tf|jax|torch)\b")
# Names with a backend in them that are no backend: a data library, a variable of the environment,
# and the address of the former's documentation.
ALLOWED = re.compile(r"tensorflow[-_]datasets|tensorflow\.org/datasets|TF_CPP_MIN_LOG_LEVEL")


def python_files(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_the_listed_packages_are_the_folders():
    folders = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in [*ROOT.glob("keras_wgan/**/__init__.py")]
    } | {"keras_wgan.callbacks"}
    assert set(CONFIG["options"]["packages"].split()) == folders


def test_every_module_lies_in_a_listed_package():
    for path in python_files("keras_wgan", "callbacks"):
        assert (path.parent / "__init__.py").exists(), path


@pytest.mark.parametrize(
    "path",
    [p for p in python_files("keras_wgan", "callbacks") if "backends" not in p.parts],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_nothing_outside_backends_names_a_backend(path):
    source = path.read_text()
    docstrings = {
        node.body[0].value.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node) is not None
    }
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_prose = token.type == tokenize.COMMENT or token.start[0] in docstrings
        if not is_prose:
            assert not BACKENDS.search(ALLOWED.sub("", token.string)), (path, token)


# Names under which a package is imported, where they are not its own.
IMPORTED_AS = {"sklearn": "scikit-learn", "PIL": "pillow", "grpc": "grpcio"}
OWN = {"keras_wgan", "callbacks", *sys.stdlib_module_names}


def imported(*folders):
    """Yields the first names of all that is imported from elsewhere."""
    for path in python_files(*folders):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield node.module.split(".")[0]


def named_in_setup(*extras):
    """Returns the packages that setup.cfg asks for, as modules are written."""
    asked = CONFIG["options"]["install_requires"].split("\n")
    for extra in extras:
        asked += CONFIG["options.extras_require"][extra].split("\n")
    names = [re.match(r"[A-Za-z0-9_.-]*", line).group() for line in asked if "#" not in line]
    return {name.replace("-", "_").lower() for name in names if name}


def test_all_that_is_imported_is_named_in_setup_cfg():
    known = named_in_setup(
        "jax", "torch", "excel", "onnx", "parquet", "skfolio", "streaming", "dask"
    )
    for name in set(imported("keras_wgan", "callbacks")) - OWN:
        package = IMPORTED_AS.get(name, name)
        assert package.replace("-", "_").lower() in known, name


def test_all_that_is_asked_for_is_imported_or_says_why_not():
    used = {
        (IMPORTED_AS.get(name, name)).replace("-", "_").lower()
        for name in imported("keras_wgan", "callbacks")
    }
    # The default backend, which Keras imports, and what tensorflow-datasets forgets to ask for.
    assert named_in_setup() - used == {"importlib_resources"}


def test_every_package_has_an_oldest_version_that_ci_can_install():
    code = [sys.executable, ROOT / ".ci" / "lower_bounds"]
    bounds = subprocess.run(code, capture_output=True, text=True, check=True).stdout.split()
    oldest = {bound.partition("==")[0].replace("-", "_").lower() for bound in bounds}
    assert oldest == named_in_setup(
        "jax", "torch", "excel", "onnx", "parquet", "skfolio", "streaming", "dask", "tensorboard"
    )


def test_callbacks_refuse_to_be_imported_under_another_name():
    code = "import callbacks"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "Import `keras_wgan.callbacks` instead" in run.stderr


@pytest.mark.slow
def test_importing_the_package_chooses_no_backend():
    code = (
        "import sys, keras_wgan, keras_wgan.cli.app, keras_wgan.data, keras_wgan.metrics\n"
        "found = [m for m in ('keras', 'matplotlib', 'sklearn', 'arch') if m in sys.modules]\n"
        "assert not found, found\n"
        "import logging; assert not logging.getLogger().handlers"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_tool_settings_point_to_folders_that_exist():
    for folder in CONFIG["coverage:run"]["source"].split():
        assert (ROOT / folder).is_dir()
    assert (ROOT / CONFIG["tool:pytest"]["testpaths"]).is_dir()
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]
    assert ruff["target-version"] == "py311"


def test_the_version_has_an_entry_in_the_changelog():
    assert f"## [{CONFIG['metadata']['version']}]" in (ROOT / "CHANGELOG.md").read_text()


def test_citation_and_package_have_one_version():
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    bibtex = re.search(r"version = \{(.+)\}", (ROOT / "docs" / "comparison.md").read_text())
    assert cited[1] == bibtex[1] == CONFIG["metadata"]["version"]


def test_the_classifiers_name_the_versions_of_python_that_ci_tests():
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    tested = re.findall(
        r'"(3\.\d+)"', re.search(r"^ *python: \[(.+)\]$", workflow, re.MULTILINE)[1]
    )
    named = re.findall(r"Python :: (3\.\d+)", CONFIG["metadata"]["classifiers"])
    assert tested == named


def test_the_readme_of_the_package_index_has_no_relative_link():
    command = ["bash", str(ROOT / ".ci" / "absolute_links"), "https://example.org/a/b", "v1"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "(https://example.org/a/b/raw/v1/docs/pictures/" in text
    assert "(https://example.org/a/b/blob/v1/docs/promises.md)" in text
    assert not re.findall(r"\]\((?!https?://)", text)
