"""Tests of items that are made one ahead."""

import threading

import pytest

from keras_wgan.market.one_ahead import one_ahead


def test_all_items_come_in_their_order_from_another_thread():
    makers = []

    def made():
        for number in range(5):
            makers.append(threading.current_thread())
            yield number

    assert list(one_ahead(made())) == [0, 1, 2, 3, 4]
    assert threading.current_thread() not in makers


def test_no_more_than_one_item_waits():
    begun = []

    def made():
        for number in range(9):
            begun.append(number)
            yield number

    ahead = one_ahead(made())
    assert [next(ahead), next(ahead)] == [0, 1]
    ahead.close()  # waits for the thread
    assert begun == [0, 1, 2]


def test_an_error_is_raised_after_the_items_before_it():
    def made():
        yield "the first"
        raise KeyError("the second")

    ahead = one_ahead(made())
    assert next(ahead) == "the first"
    with pytest.raises(KeyError, match="the second"):
        next(ahead)


def test_nothing_comes_of_nothing():
    assert list(one_ahead([])) == []
