"""The scripts and the style of generators in web pages, from their files in this folder."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

STYLE = "play.css"
# The security policy of a page that fetches nothing and runs nothing.
WITHOUT_SCRIPTS = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (function|class|const) (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class PageProgram:
    """The script of a section of a page.

    Args:
        section: Name of the class of the section.
        files: Its files in the order in which one uses the other; the last one exports `start`.
    """

    section: str
    files: tuple[str, ...]

    def text(self, last: str | None = None) -> str:
        """Returns all files as one script that a page can hold; `last` begins it.

        Modules of a page would have to be loaded, so each file becomes a function that returns what
        it exports.
        """
        begin = f"""
const section = document.querySelector(".{self.section}");
const data = JSON.parse(section.querySelector(".play-data").textContent);
modules["{self.files[-1]}"].start(section, data);
"""
        parts = ["{", "const modules = {};", *map(_as_function, self.files), last or begin, "}"]
        return "\n".join(parts)


MARKET = PageProgram(
    "market",
    (
        "noise.js",
        "matrix.js",
        "shocks.js",
        "single_generator.js",
        "joint_generator.js",
        "shock_memory_generator.js",
        "generator.js",
        "simulation.js",
        "statistics.js",
        "table.js",
        "svg.js",
        "fan.js",
        "distribution.js",
        "market_controls.js",
    ),
)
IMAGES = PageProgram("images", ("noise.js", "matrix.js", "image_generator.js", "image_controls.js"))


def program_parts(program: PageProgram, data: Mapping[str, Any], instead: str) -> dict[str, Any]:
    """Returns what the template of a section needs; `instead` is for readers without JavaScript."""
    text = program.text()
    return {
        "play_data": _as_json(data),
        "play_script": text,
        "play_style": _read(STYLE),
        "without_script": instead,
        "policy": content_policy(text),
    }


def content_policy(script: str) -> str:
    """Returns the security policy of a page that runs this script, and loads nothing."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return f"{WITHOUT_SCRIPTS}; script-src 'sha256-{digest}'"


def _as_json(data: Mapping[str, Any]) -> str:
    """Returns JSON that no tag can end."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _as_function(name: str) -> str:
    text = _read(name)
    exported = ", ".join(found[2] for found in _EXPORT.finditer(text))
    text = _IMPORT.sub(r'const \1 = modules["\2"];', _EXPORT.sub(r"\1 \2", text))
    return f'modules["{name}"] = (() => {{\n"use strict";\n{text}return {{ {exported} }};\n}})();'


def _read(name: str) -> str:
    return (resources.files("keras_wgan.report.browser") / name).read_text(encoding="utf-8")
