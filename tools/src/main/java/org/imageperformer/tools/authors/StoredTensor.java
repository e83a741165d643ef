package org.imageperformer.tools.authors;

import java.nio.ByteBuffer;
import org.imageperformer.savedmodels.OneLine;

/**
 * A tensor as the pickle describes it: a view of a storage. Element {@code (i, j, ...)} is element
 * {@code offset + i * strides[0] + j * strides[1] + ...} of the storage.
 */
final class StoredTensor {
  private static final int MOST_DIMENSIONS = 8;

  private final StorageReference storage;
  private final long offset;
  private final int[] shape;
  private final long[] strides;
  private final long count;

  /** A view that stays within the count of elements that the storage announces. */
  StoredTensor(StorageReference storage, Object offset, Object[] shape, Object[] strides) {
    if (shape.length != strides.length || shape.length > MOST_DIMENSIONS) {
      throw new RefusedException(
          "a tensor has "
              + shape.length
              + " sizes and "
              + strides.length
              + " strides, expected as many of both, at most "
              + MOST_DIMENSIONS);
    }
    this.storage = storage;
    this.offset = Numbers.natural(offset, "the storage offset of a tensor");
    this.shape = new int[shape.length];
    this.strides = new long[shape.length];
    long elements = 1;
    long last = this.offset;
    try {
      for (int i = 0; i < shape.length; i++) {
        long size = Numbers.natural(shape[i], "a size of a tensor");
        this.shape[i] = Math.toIntExact(size);
        this.strides[i] = Numbers.natural(strides[i], "a stride of a tensor");
        elements = Math.multiplyExact(elements, size);
        last = Math.addExact(last, Math.multiplyExact(Math.max(size - 1, 0), this.strides[i]));
      }
    } catch (ArithmeticException e) {
      throw new RefusedException("the sizes or strides of a tensor are too large", e);
    }
    this.count = elements;
    if (elements > 0 && last >= storage.count()) {
      throw new RefusedException(
          "a tensor reaches element "
              + last
              + " of storage "
              + OneLine.quoted(storage.key())
              + ", which has "
              + storage.count()
              + " elements");
    }
  }

  StorageReference storage() {
    return storage;
  }

  /** Number of elements. */
  long count() {
    return count;
  }

  int[] shape() {
    return shape.clone();
  }

  /** The elements in row-major order. */
  float[] read(ByteBuffer bytes) {
    float[] values = new float[Math.toIntExact(count)];
    int[] index = new int[shape.length];
    int size = storage.type().bytes();
    long position = offset;
    for (int i = 0; i < values.length; i++) {
      values[i] = storage.type().read(bytes, Math.toIntExact(position * size));
      // Count up like an odometer, the last axis fastest.
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        position += strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        position -= strides[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return values;
  }
}
