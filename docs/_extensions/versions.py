"""The links to other versions of these pages: names in DOCS_VERSIONS, this one in DOCS_VERSION."""

import os


def setup(app):
    """Lets the page `versions` list them."""
    app.connect("source-read", list_versions)
    return {"parallel_read_safe": True}


def list_versions(app, name, source):
    """Adds a line for each other version to its page.

    The pages of today have no name of their own; those of a release lie in a folder below them.
    """
    if name == "versions":
        here, top = os.environ.get("DOCS_VERSION", ""), "of today"
        up = "../" if here else ""
        places = {top: f"{up}index.html"} if here else {}
        for version in os.environ.get("DOCS_VERSIONS", "").split():
            if version != here:
                places[version] = f"{up}{version}/index.html"
        links = [f'- <a href="{place}">{version}</a>' for version, place in places.items()]
        source[0] += "\n".join(links or ["- none in this build"]) + "\n"
