"""All pictures are public, those of markets like those of images."""

import ast

from keras_wgan import report

from helpers.paths import ROOT


def test_every_function_that_draws_a_picture_is_public():
    drawn = {
        node.name
        for path in (ROOT / "keras_wgan" / "report" / "plots").glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.returns is not None
        and ast.unparse(node.returns) == "Figure"
    }
    assert {"fan_picture", "regime_picture", "image_grid"} <= drawn
    assert drawn - {"new_figure"} <= set(dir(report))
