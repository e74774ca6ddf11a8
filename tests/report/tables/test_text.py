"""Tables of any width fit a terminal of 80 columns, and lose no cell."""

import pandas as pd

from keras_wgan.report.tables.text import frame_lines, shorten_inside, shorten_name, table_lines


def test_a_narrow_table_is_aligned_to_the_right_of_its_names():
    lines = table_lines(["", "PDV", "GARCH"], [["mean", "1.2", "10.25"], ["n", "3", "4"]])
    assert lines == ["       mean n", "PDV     1.2 3", "GARCH 10.25 4"]


def test_a_wide_table_continues_below_itself_with_its_names():
    table = pd.DataFrame({f"model {n}": [f"{n}.25"] * 2 for n in range(20)}, index=["a", "b"])
    lines = frame_lines(table, corner="better")
    assert max(map(len, lines)) <= 80
    assert lines.count("") == 2 and sum(line.startswith("better") for line in lines) == 3
    words = " ".join(lines).split()
    assert all(words.count(f"{n}.25") == 2 for n in range(20))


def test_a_long_name_ends_in_an_ellipsis():
    assert (shorten_name("EGARCH", 6), shorten_name("EGARCH-skewt", 6)) == ("EGARCH", "EGARC…")


def test_names_that_begin_alike_are_cut_in_the_middle_and_stay_apart():
    names = [f"plant 7, turbine hall, temperature of bearing {at}" for at in (1, 2)]
    shown = [shorten_inside(name, 15) for name in names]
    assert shown == ["plant 7…aring 1", "plant 7…aring 2"]
    assert shorten_inside("load", 4) == "load"
