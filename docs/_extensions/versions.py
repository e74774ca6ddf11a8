"""The links to other versions of these pages, whose names the environment's DOCS_VERSIONS holds."""

import os


def setup(app):
    """Lets the page `versions` list them."""
    app.connect("source-read", list_versions)
    return {"parallel_read_safe": True}


def list_versions(app, name, source):
    """Adds a line for each version to its page."""
    if name == "versions":
        versions = os.environ.get("DOCS_VERSIONS", "").split()
        links = [f'- <a href="{version}/index.html">{version}</a>' for version in versions]
        source[0] += "\n".join(links or ["- none in this build"]) + "\n"
