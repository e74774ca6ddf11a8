"""Linear algebra runs on one thread inside, and on as many as before afterward."""

from threadpoolctl import threadpool_info, threadpool_limits

from keras_wgan.metrics.images.blas_threads import one_blas_thread


def threads():
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


def test_linear_algebra_has_one_thread_inside_and_two_again_after():
    with threadpool_limits(2, user_api="blas"):
        with one_blas_thread():
            assert threads() == {1}
        assert threads() == {2}
