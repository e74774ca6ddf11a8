"""Formulas as MathML, which browsers draw themselves: no script, and nothing from elsewhere."""

from docutils import nodes
from latex2mathml.converter import convert


def setup(app):
    """Adds the renderer `mathml`."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(draw_inline, None), block_renderers=(draw_block, None)
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def draw_inline(writer, node):
    """Writes a formula inside a line."""
    writer.body.append(convert(node.astext()))
    raise nodes.SkipNode


def draw_block(writer, node):
    """Writes a formula in a line of its own, which scrolls where the page is narrow."""
    formula = convert(node.astext().strip(), display="block")
    writer.body.append(f'<div class="math" tabindex="0">{formula}</div>\n')
    raise nodes.SkipNode
