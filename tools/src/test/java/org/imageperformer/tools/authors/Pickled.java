package org.imageperformer.tools.authors;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.razorvine.pickle.Opcodes;

/** Writes pickles opcode by opcode, honest and hostile ones. */
final class Pickled {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Pickled() {
    op(Opcodes.PROTO).raw(2);
  }

  Pickled op(int... opcodes) {
    return raw(opcodes);
  }

  Pickled raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  Pickled text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    op(Opcodes.BINUNICODE).int32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  Pickled global(String module, String name) {
    op(Opcodes.GLOBAL);
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Pickled number(long value) {
    op(Opcodes.LONG1).raw(8);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  Pickled tuple(long... values) {
    op(Opcodes.MARK);
    for (long value : values) {
      number(value);
    }
    return op(Opcodes.TUPLE);
  }

  Pickled int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  Pickled storage(String module, String className, String key, long count) {
    return op(Opcodes.MARK)
        .text("storage")
        .global(module, className)
        .text(key)
        .text("cpu")
        .number(count)
        .op(Opcodes.TUPLE, Opcodes.BINPERSID);
  }

  /** A tensor as PyTorch writes it. */
  Pickled tensor(
      String storageClass, String key, long count, long offset, long[] shape, long[] strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .op(Opcodes.MARK)
        .storage("torch", storageClass, key, count)
        .number(offset)
        .tuple(shape)
        .tuple(strides)
        .op(Opcodes.NEWFALSE)
        .global("collections", "OrderedDict")
        .op(Opcodes.EMPTY_TUPLE, Opcodes.REDUCE, Opcodes.TUPLE, Opcodes.REDUCE);
  }

  /** Ends a checkpoint whose value of "state_dict" lies on the stack, above an open dictionary. */
  byte[] stop() {
    op(Opcodes.STOP);
    return out.toByteArray();
  }

  /** {"state_dict": {"w": the tensor}}. */
  static byte[] checkpointOf(
      String storageClass, String key, long count, long offset, long[] shape, long[] strides) {
    return new Pickled()
        .op(Opcodes.EMPTY_DICT)
        .text("state_dict")
        .op(Opcodes.EMPTY_DICT)
        .text("w")
        .tensor(storageClass, key, count, offset, shape, strides)
        .op(Opcodes.SETITEM, Opcodes.SETITEM)
        .stop();
  }
}
