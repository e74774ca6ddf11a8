"""Arbitrary contents for files and arguments, and the check that they are read or refused."""

import warnings

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# The inputs are the same in every run. Each example overwrites the same file in one folder.
EXAMPLES = settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LONGEST = 1500  # characters that a person may have to read

ODD_TEXTS = st.sampled_from(
    [
        "",
        " ",
        "NA",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "1e-400",
        "-1",
        "0",
        "-0.0",
        "0x10",
        "True",
        "9" * 400,
        "1_000",
        "1,000",
        "\u0663",
        "\u2212\u0035",
        "\x00",
        "\ufeff",
        "\ud7ff",
        "None",
        "now",
        "today",
        "NaT",
        "0001-01-01",
        "99999-01-01",
        "-2000-01-01",
        "2262-04-12",
        "2000-W01-1",
        "2000-01-03T16:00-05:00",
        "2000-01-03 24:00",
        "2000-01-03+99:99",
        "2000-01-03T16+05",
        "2000-02-30",
        "2000-13-01",
        "12:00",
        "../../x",
        "a" * 300,
        "\U0001f4a5",
        "yes\nno",
    ]
)
ODD_NUMBERS = st.sampled_from([0, -1, True, 10**30, 10**400, -(10**400), 1e308, 5e-324, 1.5, 2**63])
JSON_VALUES = st.recursive(
    st.none() | ODD_NUMBERS | ODD_TEXTS | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


def works_or_says_why(call, *names):
    """Calls; returns what came, or the sentence that names a file or an argument."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # ours, about rows that were left out
        try:
            return call()
        except (ValueError, OSError, ImportError) as error:
            sentence = str(error)
    assert any(name in sentence for name in names), sentence
    assert len(sentence) < LONGEST, f"{len(sentence)} characters: {sentence[:200]}"
    return sentence


@st.composite
def damaged(draw, whole):
    """Draws a file's bytes cut short, with some overwritten, or with some put in between."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, len(content)))
        change = draw(st.sampled_from(["cut", "overwrite", "insert"]))
        if change == "cut":
            del content[first:]
        else:
            new = draw(st.binary(min_size=1, max_size=8))
            content[first : first + len(new) * (change == "overwrite")] = new
    return bytes(content)
