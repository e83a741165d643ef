package org.imageperformer.serve.tensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.imageperformer.serve.tensors.RefusedRequestException.Reason;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TString;

/** A tensor on the heap: its type, shape and values in row-major order. */
public final class TensorValues {
  private final ElementType type;
  private final long[] shape;

  /** Elements one after the other, in the machine's byte order; null for strings. */
  private final byte[] bytes;

  /** Elements; null for all but strings. */
  private final byte[][] strings;

  private TensorValues(ElementType type, long[] shape, byte[] bytes, byte[][] strings) {
    this.type = type;
    this.shape = shape;
    this.bytes = bytes;
    this.strings = strings;
  }

  static TensorValues of(ElementType type, long[] shape, byte[] bytes) {
    return new TensorValues(type, shape, bytes, null);
  }

  static TensorValues ofStrings(long[] shape, byte[][] strings) {
    return new TensorValues(ElementType.STRING, shape, null, strings);
  }

  /**
   * Copies a tensor.
   *
   * @throws RefusedRequestException when its type has no form here
   */
  public static TensorValues copyOf(Tensor tensor) {
    ElementType type =
        ElementType.find(tensor.dataType())
            .orElseThrow(
                () ->
                    new RefusedRequestException(
                        Reason.UNIMPLEMENTED,
                        "an output is of the type "
                            + tensor.dataType()
                            + ", which has no form in JSON"));
    long[] shape = tensor.shape().asArray();
    if (type == ElementType.STRING) {
      return ofStrings(shape, stringsOf(((TString) tensor).asBytes(), tensor.shape()));
    }
    byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
    tensor.asRawTensor().data().read(bytes);
    return of(type, shape, bytes);
  }

  private static byte[][] stringsOf(NdArray<byte[]> tensor, Shape shape) {
    byte[][] strings = new byte[Math.toIntExact(shape.size())][];
    if (shape.numDimensions() == 0) {
      strings[0] = tensor.getObject();
    } else if (strings.length > 0) {
      int next = 0;
      for (NdArray<byte[]> scalar : tensor.scalars()) {
        strings[next++] = scalar.getObject();
      }
    }
    return strings;
  }

  /** Returns the tensor, to be closed. */
  public Tensor toTensor() {
    if (type == ElementType.STRING) {
      return TString.tensorOfBytes(Shape.of(shape), DataBuffers.of(strings, true, false));
    }
    return Tensor.of(type.tensorClass(), Shape.of(shape), DataBuffers.of(bytes, true, false));
  }

  ElementType type() {
    return type;
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /**
   * Returns the size of a dimension.
   *
   * @param dimension from 0
   */
  public long size(int dimension) {
    return shape[dimension];
  }

  /**
   * Returns whether the rows of two tensors, their slices in the first dimension, have the same
   * type and shape.
   */
  public boolean hasRowsLike(TensorValues other) {
    return type == other.type
        && shape.length == other.shape.length
        && Arrays.equals(shape, 1, shape.length, other.shape, 1, shape.length);
  }

  /** The elements of a row. */
  int rowElements() {
    long elements = 1;
    for (int i = 1; i < shape.length; i++) {
      elements *= shape[i];
    }
    return Math.toIntExact(elements);
  }

  /** Number of elements. */
  int elements() {
    return type == ElementType.STRING ? strings.length : bytes.length / type.bytes();
  }

  /** All elements that are not strings. */
  ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  /** An element of a tensor of strings. */
  byte[] string(int index) {
    return strings[index];
  }

  /**
   * Returns some of the rows.
   *
   * @param from the first one
   * @param to the one after the last
   */
  public TensorValues rows(int from, int to) {
    if (from == 0 && to == shape[0]) {
      return this;
    }
    long[] part = shape.clone();
    part[0] = (long) to - from;
    int row = rowElements();
    return type == ElementType.STRING
        ? ofStrings(part, Arrays.copyOfRange(strings, from * row, to * row))
        : of(
            type,
            part,
            Arrays.copyOfRange(bytes, from * row * type.bytes(), to * row * type.bytes()));
  }

  /**
   * Returns the rows of several tensors in one.
   *
   * @param parts 1 or more, {@linkplain #hasRowsLike with rows like each other's}
   */
  public static TensorValues concat(List<TensorValues> parts) {
    TensorValues first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    long[] shape = first.shape.clone();
    shape[0] = parts.stream().mapToLong(part -> part.shape[0]).sum();
    if (first.type == ElementType.STRING) {
      return ofStrings(
          shape,
          parts.stream().flatMap(part -> Arrays.stream(part.strings)).toArray(byte[][]::new));
    }
    byte[] all = new byte[parts.stream().mapToInt(part -> part.bytes.length).sum()];
    int next = 0;
    for (TensorValues part : parts) {
      System.arraycopy(part.bytes, 0, all, next, part.bytes.length);
      next += part.bytes.length;
    }
    return of(first.type, shape, all);
  }

  /** The type and shape as messages show them. */
  @Override
  public String toString() {
    return type.label() + " " + Arrays.toString(shape);
  }
}
