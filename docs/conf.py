"""Settings of the pages: Sphinx with MyST, and docstrings translated from Markdown to reST.

Build them with `sphinx-build -W -n -b html docs docs/_build/html`.
"""

import importlib.metadata
import pathlib
import re
import sys

import sphinx.util.inspect

project = "keras-wgan"
copyright = "the authors of keras-wgan"
release = version = importlib.metadata.version("keras-wgan")

sys.path.insert(0, str(pathlib.Path(__file__).parent / "_extensions"))
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "accessible",
    "mathml",
    "versions",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/icon.svg"
html_title = f"keras-wgan {release}"
pygments_dark_style = "monokai"

myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
html_math_renderer = "mathml"
nb_execution_mode = "off"  # tutorials are committed with their outputs

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 80
napoleon_numpy_docstring = False
napoleon_use_rtype = False
napoleon_custom_sections = [("Reference", "notes_style")]

nitpicky = True
# Names of other libraries, and of types that only a signature shows: there is no page to link to.
nitpick_ignore_regex = [
    ("py:.*", r"(keras|keras_tuner|np|numpy|pa|pd|pandas)\..*"),
    ("py:.*", r"(os|datetime|collections|pathlib|typing)\..*"),
    ("py:.*", r"keras_wgan\.\w+\.\w+\..*"),  # deeper than one folder is not public
    ("py:.*", r"keras_wgan\.(backends|wgan_gp|_\w+)\..*"),
    ("py:.*", r"(Any|Callable|Path|Sequence|NDArray|ArrayLike|Self|Literal|optional)"),
    ("py:.*", r"(Figure|Tensor|Seed|Source|TrainingData|Task|Memory|Extractor|Networks|Images)"),
    ("py:.*", r"(Client|Optimizer|Result|SyntheticData)"),
    ("py:exc", r"[A-Z]\w*Error"),
]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)]+)\)")
SPECIAL = re.compile(r"[\\|*]|(?<=\w)_(?=\W|$)")  # markup in reST


def setup(app):
    """Translates docstrings before napoleon reads them, which has priority 500."""
    app.connect("autodoc-process-docstring", markdown_to_rest, priority=400)
    app.connect("autodoc-process-signature", signature_of_init)
    app.connect("build-finished", write_llms_txt)
    return {"parallel_read_safe": True}


def markdown_to_rest(app, what, name, obj, options, lines):
    """Turns a docstring's fences, code spans and links into reST, in place."""
    text, parts, position = "\n".join(lines), [], 0
    for fence in FENCE.finditer(text):
        parts += [_prose(text[position : fence.start()]), _code_block(*fence.groups())]
        position = fence.end()
    parts.append(_prose(text[position:]))
    lines[:] = "".join(parts).splitlines()
    if what == "property":
        # Otherwise napoleon takes the text before a colon in the first line for the type.
        lines.insert(0, "\\ ")


def signature_of_init(app, what, name, obj, options, signature, returns):
    """Shows the arguments of a Keras class, which its `__new__(*args, **kwargs)` hides."""
    if what == "class" and signature == "(*args, **kwargs)":
        shown = sphinx.util.inspect.signature(obj.__init__, bound_method=True)
        text = sphinx.util.inspect.stringify_signature(
            shown, show_return_annotation=False, unqualified_typehints=True
        )
        return text, None
    return None


def write_llms_txt(app, exception):
    """Writes `llms.txt`, the list of all pages that language models look for."""
    if exception is not None or app.builder.format != "html":
        return
    lines = [f"# {project}", "", f"> {importlib.metadata.metadata(project)['Summary']}.", ""]
    for name in sorted(app.env.found_docs - {"404", "index"}):
        lines.append(f"- [{app.env.titles[name].astext()}]({name}.html)")
    (pathlib.Path(app.outdir) / "llms.txt").write_text("\n".join(lines) + "\n")


def _code_block(language, code):
    # Indented, so that napoleon takes the block for the content of its section.
    body = "".join(f"        {line}".rstrip() + "\n" for line in code.splitlines())
    return f"\n    .. code-block:: {language or 'text'}\n\n{body}\n"


def _prose(text):
    kept = []

    def keep(markup):
        kept.append(markup)
        return f"\0{len(kept) - 1}\0"

    text = LINK.sub(lambda found: keep(f"`{found[1]} <{found[2]}>`__"), text)
    text = CODE.sub(lambda found: keep(f"``{' '.join(found[1].split())}``"), text)
    text = SPECIAL.sub(lambda found: "\\" + found[0], text)
    return re.sub("\0(\\d+)\0", lambda found: kept[int(found[1])], text)
