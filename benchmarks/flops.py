"""The number of floating-point operations in the matrix products and convolutions of a graph.

A product of m x k and k x n numbers has 2 m n k operations: as many multiplications as additions.
First and second derivatives count too; element-wise operations do not, because the counts are
compared with the machine's rate of matrix products.
"""

from typing import Any

import tensorflow as tf

PRODUCTS = ("MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3")
FORWARD, INPUT, FILTER = "Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"
HIDDEN = ("PartitionedCall", "StatefulPartitionedCall", "If", "StatelessIf", "While")


def matrix_flops(function: Any) -> int:
    """Returns the count for a `tf.function` that was traced on a batch of a fixed size.

    Args:
        function: The result of `get_concrete_function`.

    Raises:
        ValueError: If a part of the graph is hidden in a function inside it, or a size is unknown.
    """
    return sum(operation_flops(operation) for operation in function.graph.get_operations())


def operation_flops(operation: Any) -> int:
    """Returns the count for one operation, zero where it is no product."""
    if operation.type in PRODUCTS:
        first, transposed = operation.inputs[0].shape, _first_is_transposed(operation)
        inner = first[-2] if transposed else first[-1]
        return 2 * _size(operation.outputs[0].shape, operation) * inner
    if operation.type in (FORWARD, INPUT):
        # An output of the forward pass, or the gradient at it, is a product with the whole kernel.
        outputs = operation.outputs[0] if operation.type == FORWARD else operation.inputs[2]
        kernel = operation.inputs[1].shape
        return 2 * _size(outputs.shape, operation) * _size(kernel[:-1], operation)
    if operation.type == FILTER:
        kernel, gradient = _kernel_shape(operation), operation.inputs[2].shape
        return 2 * _size(gradient, operation) * _size(kernel[:-1], operation)
    if operation.type in HIDDEN:
        raise ValueError(f"The operations inside {operation.name} cannot be counted.")
    return 0


def _first_is_transposed(operation: Any) -> bool:
    name = "transpose_a" if operation.type == "MatMul" else "adj_x"
    return bool(operation.get_attr(name))


def _kernel_shape(operation: Any) -> tf.TensorShape:
    """Returns the shape of the kernel whose gradient the operation computes."""
    sizes = operation.inputs[1]
    if sizes.op.type in ("Shape", "ShapeN"):
        return sizes.op.inputs[sizes.value_index].shape
    return tf.TensorShape(tf.get_static_value(sizes))


def _size(shape: tf.TensorShape, operation: Any) -> int:
    size = shape.num_elements()
    if size is None:
        raise ValueError(f"The size of {operation.name} is not known: {shape}")
    return int(size)
