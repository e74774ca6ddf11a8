"""Runs the JavaScript of a page in Node, or in Chromium where there is no Node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from keras_wgan.report.browser.script import MARKET

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def chromium():
    """Returns the path of an installed Chromium or Chrome, or `None`."""
    found = (shutil.which(name) for name in BROWSERS)
    return next((path for path in found if path), None)


def answer(expression, folder, program=MARKET, **given):
    """Returns the value of an expression that may use all modules and the given values."""
    values = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    text = program.text(f"{values}globalThis.answer = JSON.stringify({expression});")
    if node := shutil.which("node"):
        code = f"{text}console.log(globalThis.answer);"
        done = subprocess.run([node, "-"], input=code, capture_output=True, text=True, check=False)
    elif browser := chromium():
        page = Path(folder) / "answer.html"
        page.write_text(f"<script>{text}document.write(globalThis.answer)</script>", "utf-8")
        arguments = ["--headless", "--no-sandbox", "--dump-dom", page.as_uri()]
        done = subprocess.run([browser, *arguments], capture_output=True, text=True, check=False)
        done.stdout = done.stdout.partition("</script>")[2].partition("</")[0]
    else:
        pytest.skip("neither Node nor Chromium is installed, which run the page's JavaScript")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
