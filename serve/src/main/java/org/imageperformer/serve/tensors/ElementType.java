package org.imageperformer.serve.tensors;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** The types of tensors that have a form in JSON and in TensorFlow Java. */
enum ElementType {
  BOOL(DataType.DT_BOOL, TBool.class, 1),
  UINT8(DataType.DT_UINT8, TUint8.class, 1),
  UINT16(DataType.DT_UINT16, TUint16.class, 2),
  INT32(DataType.DT_INT32, TInt32.class, 4),
  INT64(DataType.DT_INT64, TInt64.class, 8),
  FLOAT(DataType.DT_FLOAT, TFloat32.class, 4),
  DOUBLE(DataType.DT_DOUBLE, TFloat64.class, 8),
  /** Byte strings, which have no fixed size. */
  STRING(DataType.DT_STRING, null, 0);

  private final DataType dataType;
  private final Class<? extends TType> tensorClass;
  private final int bytes;

  ElementType(DataType dataType, Class<? extends TType> tensorClass, int bytes) {
    this.dataType = dataType;
    this.tensorClass = tensorClass;
    this.bytes = bytes;
  }

  /** The element type of a TensorFlow type; empty if it has no form here. */
  static Optional<ElementType> find(DataType dataType) {
    return Stream.of(values()).filter(type -> type.dataType == dataType).findFirst();
  }

  /** The class of tensors of numbers and truth values. */
  Class<? extends TType> tensorClass() {
    return tensorClass;
  }

  /** Bytes of an element, 0 for strings. */
  int bytes() {
    return bytes;
  }

  /** As TensorFlow writes it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
