package org.imageperformer.tools.authors;

import java.nio.ByteBuffer;
import java.util.List;

/** How PyTorch stores one number, and how it becomes a float32. */
enum ElementType {
  FLOAT64("DoubleStorage", 8, "float64", "double", (b, at) -> narrowed(b.getDouble(at))),
  FLOAT32("FloatStorage", 4, "float32", "float", ByteBuffer::getFloat),
  FLOAT16("HalfStorage", 2, "float16", "half", (b, at) -> halfToFloat(b.getShort(at))),
  /** The upper half of a float32. */
  BFLOAT16(
      "BFloat16Storage",
      2,
      "bfloat16",
      "bfloat16",
      (b, at) -> Float.intBitsToFloat(b.getShort(at) << 16)),
  INT64("LongStorage", 8, "int64", "long", (b, at) -> exact(b.getLong(at))),
  INT32("IntStorage", 4, "int32", "int", (b, at) -> exact(b.getInt(at))),
  INT16("ShortStorage", 2, "int16", "short", ByteBuffer::getShort),
  INT8("CharStorage", 1, "int8", "int8", ByteBuffer::get),
  UINT8("ByteStorage", 1, "uint8", "uint8", (b, at) -> Byte.toUnsignedInt(b.get(at))),
  BOOL("BoolStorage", 1, "bool", "bool", (b, at) -> b.get(at) == 0 ? 0 : 1);

  /** Takes one element out of a buffer. */
  private interface Reader {
    float read(ByteBuffer bytes, int at);
  }

  private final String storageName;
  private final int bytes;
  private final String typeName;
  private final String alias;

  @SuppressWarnings("ImmutableEnumChecker") // a function of its arguments alone
  private final Reader reader;

  ElementType(String storageName, int bytes, String typeName, String alias, Reader reader) {
    this.storageName = storageName;
    this.bytes = bytes;
    this.typeName = typeName;
    this.alias = alias;
    this.reader = reader;
  }

  /** The element at a byte position, in the byte order of the buffer. */
  float read(ByteBuffer buffer, int at) {
    return reader.read(buffer, at);
  }

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

  private static float narrowed(double value) {
    float rounded = (float) value;
    if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
      throw new RefusedException("holds " + value + ", which is beyond float32");
    }
    return rounded;
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
