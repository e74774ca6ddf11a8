"""Benchmarks count, compare and tabulate correctly; speed itself is not tested."""

import contextlib
import json
import sys

import numpy as np
import pytest
import tensorflow as tf


def test_contenders_take_turns_and_every_second_round_runs_backwards(benchmark):
    order = []

    def contender(name, seconds):
        return lambda: order.append(name) or seconds

    seconds = benchmark("timing").in_turn({"a": contender("a", 1.0), "b": contender("b", 2.0)}, 3)
    assert "".join(order) == "ab" + "ab" + "ba" + "ab"  # the first two are not counted
    assert seconds == {"a": [1.0, 1.0, 1.0], "b": [2.0, 2.0, 2.0]}


def test_a_ratio_is_the_median_of_the_rounds_ratios_and_not_the_ratio_of_medians(benchmark):
    seconds = {"ours": [1.0, 4.0, 9.0], "theirs": [1.0, 8.0, 3.0]}
    row = benchmark("timing").ratio_row(seconds, "ours", "theirs", "<= 1.00")
    assert [row["ratio"], row["lowest"], row["highest"]] == [1.0, 0.5, 3.0]
    assert row["target"] == "<= 1.00"


def test_a_row_of_times_is_in_milliseconds(benchmark):
    row = benchmark("timing").time_row("step", [0.003, 0.001, 0.002])
    assert [row["what"], row["ms"], row["fastest"], row["slowest"]] == ["step", 2.0, 1.0, 3.0]


def test_a_table_becomes_markdown_with_numbers_to_the_right(benchmark):
    rows = [{"what": "a|b", "ms": 1234.5}, {"what": "c", "ms": 0.012345, "target": "<= 1"}]
    text = benchmark("tables").Table("Times", rows, ["A note."]).markdown()
    assert text.splitlines() == [
        "**Times**",
        "",
        "| what | ms | target |",
        "| --- | --: | --- |",
        "| a\\|b | 1,234 |  |",
        "| c | 0.0123 | <= 1 |",
        "",
        "A note.",
    ]


def test_a_part_is_written_as_markdown_and_as_json_with_machine_and_command(benchmark, tmp_path):
    tables = benchmark("tables")
    table = tables.Table("Times", [{"what": "a", "ms": float("nan")}])
    text = tables.write(tmp_path, "step", [table], {"cores": "2"}, "python -m benchmarks step")
    assert (tmp_path / "speed_step.md").read_text() == text
    assert text.startswith("# Speed: step\n")  # a page of the docs as it is
    assert "cores 2" in text and "python -m benchmarks step" in text
    content = json.loads((tmp_path / "speed_step.json").read_text())
    assert content["tables"][0]["rows"] == [{"what": "a", "ms": None}]


def test_the_slope_of_a_line_is_found_with_no_error(benchmark):
    slope, error = benchmark("memory").line_slope(3.0 + 2.0 * np.arange(10))
    assert slope == pytest.approx(2.0) and error == pytest.approx(0.0, abs=1e-12)


def test_the_slope_of_scattered_values_has_the_textbook_error(benchmark):
    values = np.random.default_rng(0).normal(size=20)
    design = np.stack([np.ones(20), np.arange(20)], axis=1)
    best, squares, *_ = np.linalg.lstsq(design, values)
    expected = np.sqrt(squares[0] / 18 * np.linalg.inv(design.T @ design)[1, 1])
    assert benchmark("memory").line_slope(values) == pytest.approx((best[1], expected))


def test_the_share_of_the_machines_rate_is_that_of_operations_a_second(benchmark):
    # 10 operations in 2 s against 2 * 5^3 = 250 in 10 s: 5 a second against 25.
    row = benchmark("matrix").share_row("float32", 10, [2.0], [10.0], 5)
    assert row["share"] == pytest.approx(5 / 25)


MAKERS = "tests.helpers.child_makers"  # as a child finds them, from the repository's folder


def test_a_child_works_once_when_it_starts_and_again_when_asked(benchmark):
    with benchmark("child").Child(f"{MAKERS}:counting", {"first": 7}) as child:
        assert [child.first, child.ask(), child.ask()] == [7, 8, 9]


def test_a_child_says_in_a_line_what_went_wrong(benchmark):
    child = benchmark("child")
    with pytest.raises(child.ChildError, match="^ValueError: no networks$"):
        child.Child(f"{MAKERS}:failing", {})


def test_those_who_cannot_start_are_named_and_the_others_run(benchmark):
    asked = {
        "good": (f"{MAKERS}:counting", {"first": 1}, {}),
        "bad": (f"{MAKERS}:failing", {}, {}),
    }
    with contextlib.ExitStack() as stack:
        rounds, failed = benchmark("child").start_all(stack, asked)
        assert {name: one_round() for name, one_round in rounds.items()} == {"good": 2}
    assert failed == ["bad failed: ValueError: no networks"]


def traced(function, *shapes):
    """Returns the graph of a function of float32 tensors."""
    specs = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
    return tf.function(function, autograph=False).get_concrete_function(*specs)


@pytest.mark.parametrize(
    ("function", "shapes"),
    [
        (tf.matmul, [(2, 3), (3, 5)]),
        (lambda a, b: tf.matmul(a, b, transpose_a=True, transpose_b=True), [(3, 2), (5, 3)]),
    ],
)
def test_a_product_of_matrices_has_two_m_n_k_operations(benchmark, function, shapes):
    assert benchmark("flops").matrix_flops(traced(function, *shapes)) == 2 * 2 * 5 * 3


def test_products_of_many_matrices_add_up(benchmark):
    graph = traced(tf.matmul, (7, 2, 3), (7, 3, 5))
    assert benchmark("flops").matrix_flops(graph) == 7 * 2 * 2 * 5 * 3


KERNEL, OUTPUTS = 3 * 3 * 4 * 5, 2 * 6 * 6  # 4 channels to 5, batch of 2, 12 x 12 by stride 2


def convolved(images, kernel):
    return tf.nn.conv2d(images, kernel, strides=2, padding="SAME")


def test_a_convolution_is_a_product_with_its_kernel_at_every_place(benchmark):
    graph = traced(convolved, (2, 12, 12, 4), (3, 3, 4, 5))
    assert benchmark("flops").matrix_flops(graph) == 2 * OUTPUTS * KERNEL


def test_both_gradients_of_a_convolution_count_as_much_as_itself(benchmark):
    def gradients(images, kernel):
        return tf.gradients(convolved(images, kernel), [images, kernel])

    graph = traced(gradients, (2, 12, 12, 4), (3, 3, 4, 5))
    assert benchmark("flops").matrix_flops(graph) == 3 * 2 * OUTPUTS * KERNEL


def test_a_transposed_convolution_counts_as_the_one_that_it_transposes(benchmark):
    def transposed(images, kernel):
        return tf.nn.conv2d_transpose(images, kernel, (2, 12, 12, 4), strides=2)

    graph = traced(transposed, (2, 6, 6, 5), (3, 3, 4, 5))
    assert benchmark("flops").matrix_flops(graph) == 2 * OUTPUTS * KERNEL


def test_a_batch_of_unknown_size_and_a_hidden_function_cannot_be_counted(benchmark):
    count = benchmark("flops").matrix_flops
    with pytest.raises(ValueError, match="not known"):
        count(traced(tf.matmul, (None, 3), (3, 5)))
    inner = tf.function(tf.matmul, autograph=False)
    with pytest.raises(ValueError, match="cannot be counted"):
        count(traced(lambda a, b: inner(a, b), (2, 3), (3, 5)))


def test_the_default_images_have_the_classic_channels(benchmark):
    cases = benchmark("cases")

    def channels(network):
        return [layer.filters for layer in network.layers if hasattr(layer, "filters")]

    classic, default = (
        cases.Case(recipe("images"), 1, 1).networks() for recipe in (cases.classic, cases.default)
    )
    # A convolution more at each size, and pixels that are channels at the ends.
    assert [channels(network) for network in default] == [[256, 128, 128, 4], [64, 128, 128, 128]]
    assert [channels(network) for network in classic] == [[128, 1], [64, 128]]


def test_a_sample_of_the_largest_batch_is_what_smaller_batches_are_held_against(benchmark):
    rows = benchmark("work").batch_rows("mnist", {"32": [0.064], "64": [0.064]})
    assert [row["us a sample"] for row in rows] == pytest.approx([2000.0, 1000.0])
    assert [row["over the largest batch's"] for row in rows] == pytest.approx([2.0, 1.0])


def test_every_part_opens_with_a_sentence_for_its_title(benchmark):
    for module in benchmark("__main__").PARTS.values():
        title = benchmark(module.removeprefix("benchmarks.")).__doc__.splitlines()[0]
        assert len(title.split()) > 3 and title.endswith(".")


def test_a_part_that_does_not_exist_is_refused_with_those_that_do(benchmark, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "speed"])
    with pytest.raises(SystemExit):
        benchmark("__main__").arguments()
    assert "step, matrix, fit" in capsys.readouterr().err
