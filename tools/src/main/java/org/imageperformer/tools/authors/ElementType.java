package org.imageperformer.tools.authors;

import java.nio.ByteBuffer;
import java.util.List;

/** How PyTorch stores one number, and how it becomes a float32. */
enum ElementType {
  FLOAT64("DoubleStorage", 8, "float64", "double") {
    @Override
    float read(ByteBuffer bytes, int at) {
      double value = bytes.getDouble(at);
      float rounded = (float) value;
      if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
        throw new RefusedException("holds " + value + ", which is beyond float32");
      }
      return rounded;
    }
  },
  FLOAT32("FloatStorage", 4, "float32", "float") {
    @Override
    float read(ByteBuffer bytes, int at) {
      return bytes.getFloat(at);
    }
  },
  FLOAT16("HalfStorage", 2, "float16", "half") {
    @Override
    float read(ByteBuffer bytes, int at) {
      return halfToFloat(bytes.getShort(at));
    }
  },
  BFLOAT16("BFloat16Storage", 2, "bfloat16", "bfloat16") {
    @Override
    float read(ByteBuffer bytes, int at) {
      // bfloat16 is the upper half of a float32.
      return Float.intBitsToFloat(bytes.getShort(at) << 16);
    }
  },
  INT64("LongStorage", 8, "int64", "long") {
    @Override
    float read(ByteBuffer bytes, int at) {
      return exact(bytes.getLong(at));
    }
  },
  INT32("IntStorage", 4, "int32", "int") {
    @Override
    float read(ByteBuffer bytes, int at) {
      return exact(bytes.getInt(at));
    }
  },
  INT16("ShortStorage", 2, "int16", "short") {
    @Override
    float read(ByteBuffer bytes, int at) {
      return bytes.getShort(at);
    }
  },
  INT8("CharStorage", 1, "int8", "int8") {
    @Override
    float read(ByteBuffer bytes, int at) {
      return bytes.get(at);
    }
  },
  UINT8("ByteStorage", 1, "uint8", "uint8") {
    @Override
    float read(ByteBuffer bytes, int at) {
      return Byte.toUnsignedInt(bytes.get(at));
    }
  },
  BOOL("BoolStorage", 1, "bool", "bool") {
    @Override
    float read(ByteBuffer bytes, int at) {
      return bytes.get(at) == 0 ? 0 : 1;
    }
  };

  private final String storageName;
  private final int bytes;
  private final String typeName;
  private final String alias;

  ElementType(String storageName, int bytes, String typeName, String alias) {
    this.storageName = storageName;
    this.bytes = bytes;
    this.typeName = typeName;
    this.alias = alias;
  }

  /** The element at a byte position, in the byte order of the buffer. */
  abstract float read(ByteBuffer bytes, int at);

  /** Its size in bytes. */
  int bytes() {
    return bytes;
  }

  /** The name of its storage class in the module {@code torch}. */
  String storageName() {
    return storageName;
  }

  /** The name of its dtype in the module {@code torch}, and the other name where it has one. */
  List<String> typeNames() {
    return List.of(typeName, alias);
  }

  private static float exact(long value) {
    float rounded = (float) value;
    // (long) of 2^63 saturates at Long.MAX_VALUE, which would pass the comparison wrongly.
    if ((long) rounded != value || value == Long.MAX_VALUE) {
      throw new RefusedException(
          "holds the integer " + value + ", which float32 cannot hold exactly");
    }
    return rounded;
  }

  private static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f; // zero and the subnormal numbers
      return sign == 0 ? magnitude : -magnitude;
    }
    int widened = exponent == 0x1f ? 0xff : exponent + 112; // the biases are 15 and 127
    return Float.intBitsToFloat(sign | widened << 23 | fraction << 13);
  }
}
