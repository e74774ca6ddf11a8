"""What Sphinx leaves out for readers without a mouse or without sight."""

import re

# The arguments of a long signature, a line each: a list of definitions without a term.
SIGNATURE = re.compile(r'<dl>\s*(<dd><em class="sig-param">.*?)</dl>', re.DOTALL)
ADDED = {
    # The captions of the sidebar are headings; they come below the title of the site.
    'role="heading">': 'role="heading" aria-level="2">',
    # What may be wider than the page can be scrolled with the arrow keys.
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
}


def setup(app):
    """Adds it to each page."""
    # After furo, whose priority is the usual 500, has drawn the sidebar.
    app.connect("html-page-context", complete, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def complete(app, name, template, context, doctree):
    """Adds attributes to the sidebar and to the text."""
    for part in ("furo_navigation_tree", "body"):
        for given, wanted in ADDED.items():
            context[part] = context.get(part, "").replace(given, wanted)
    context["body"] = SIGNATURE.sub(_as_lines, context["body"])


def _as_lines(found):
    lines = found[1].replace("<dd>", "<span>").replace("</dd>", "</span>")
    return f'<span class="sig-lines">{lines}</span>'
