"""The level of the captions in the sidebar, which Sphinx gives the role of headings without one."""


def setup(app):
    """Adds the level to each page."""
    # After furo, whose priority is the usual 500, has drawn the sidebar.
    app.connect("html-page-context", add_level, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_level(app, name, template, context, doctree):
    """Says that captions are of the second level, below the title of the site."""
    for part in ("furo_navigation_tree", "body"):
        if part in context:
            context[part] = context[part].replace(
                'role="heading">', 'role="heading" aria-level="2">'
            )
