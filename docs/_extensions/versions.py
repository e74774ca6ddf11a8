"""What a page says of versions, and where the pages lie.

DOCS_VERSIONS names the other versions and DOCS_VERSION this one; DOCS_BASE is the path of the site
on its host, such as /keras-wgan/.
"""

import os
from pathlib import Path

CHANGES = Path(__file__).parents[2] / "CHANGELOG.md"


def setup(app):
    """Fills the pages `versions` and `changelog`, and lets the page 404 be shown at any address."""
    app.connect("source-read", list_versions)
    app.connect("source-read", show_changes)
    app.connect("html-page-context", begin_at_the_base)
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


def show_changes(app, name, source):
    """Puts the change log of the repository on its page, below the page's own title."""
    if name == "changelog":
        app.env.note_dependency(str(CHANGES))
        source[0] += CHANGES.read_text("utf-8").partition("\n")[2]


def begin_at_the_base(app, name, template, context, doctree):
    """Makes the links of 404, which is shown at any address, begin at the root of the site."""
    if name == "404" and (base := os.environ.get("DOCS_BASE")):
        context["metatags"] = f'<base href="{base}">' + context.get("metatags", "")
