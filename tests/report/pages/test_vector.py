"""Pictures of pages: short texts that look the same."""

import base64
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from keras_wgan.report import dependence_picture
from keras_wgan.report.pages.vector import as_data_address, compact

WRITTEN = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg>
 <metadata>
  <by>Matplotlib</by>
 </metadata>
 <!-- a letter -->
 <g id="text_1" transform="translate(38.826639 2) scale(0.015625)">
  <path id="letter" d="M 1.23456 -2 
L 30.5 44 
z
"/>
 </g>
</svg>
"""


def test_a_drawing_keeps_its_numbers_to_a_hundredth_of_a_point_and_its_scales():
    assert compact(WRITTEN) == (
        '<svg><g transform="translate(38.82 2) scale(0.015625)">'
        '<path id="letter" d="M1.23 -2L30.5 44z"/></g></svg>'
    )


def test_a_cloud_of_days_is_one_picture_of_pixels_and_not_thousands_of_marks():
    days = 0.01 * np.random.default_rng(0).normal(size=(3000, 2))
    history = pd.DataFrame(days, columns=["SPY", "TLT"])
    address = as_data_address(dependence_picture(history, days.reshape(50, 60, 2)))
    svg = base64.b64decode(address.partition(",")[2]).decode()
    names = [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()]
    assert names.count("image") == 2
    assert names.count("use") < 1000 and len(address) < 400_000
