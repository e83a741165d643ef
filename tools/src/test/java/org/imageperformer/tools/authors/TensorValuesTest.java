package org.imageperformer.tools.authors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Consumer;
import net.razorvine.pickle.Opcodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Element types, views and byte orders, in files made for the purpose. */
class TensorValuesTest {
  @TempDir private Path temp;
  private RunFolder run;

  @BeforeEach
  void makeRun() throws IOException {
    run = new RunFolder(temp.resolve("run"));
  }

  @Test
  void float32() throws IOException {
    assertThat(
            vector(
                "FloatStorage", 3, b -> b.putFloat(1.5f).putFloat(-0f).putFloat(Float.MIN_VALUE)))
        .containsExactly(1.5f, -0f, Float.MIN_VALUE);
  }

  @Test
  void float64IsRounded() throws IOException {
    assertThat(
            vector(
                "DoubleStorage",
                3,
                b -> b.putDouble(0.1).putDouble(Double.NEGATIVE_INFINITY).putDouble(Double.NaN)))
        .containsExactly(0.1f, Float.NEGATIVE_INFINITY, Float.NaN);
  }

  @Test
  void float64BeyondFloat32IsRefused() {
    assertRefused(
        () -> vector("DoubleStorage", 1, b -> b.putDouble(1e300)),
        "the tensor \"w\" holds 1.0E300, which is beyond float32");
  }

  @ParameterizedTest
  @CsvSource({
    "0000, 0", "8000, -0.0", "0001, 5.9604645E-8", "8001, -5.9604645E-8", "03ff, 6.097555E-5",
    "0400, 6.1035156E-5", "3555, 0.33325195", "3c00, 1", "c000, -2", "7bff, 65504",
    "7c00, Infinity", "fc00, -Infinity", "7e00, NaN"
  })
  void float16(String bits, float expected) throws IOException {
    short half = (short) Integer.parseInt(bits, 16);
    assertThat(vector("HalfStorage", 1, b -> b.putShort(half))).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"3f80, 1", "c040, -3", "7f80, Infinity", "8000, -0.0", "3eab, 0.33398438"})
  void bfloat16(String bits, float expected) throws IOException {
    short upper = (short) Integer.parseInt(bits, 16);
    assertThat(vector("BFloat16Storage", 1, b -> b.putShort(upper))).containsExactly(expected);
  }

  @Test
  void wholeNumbers() throws IOException {
    assertThat(vector("LongStorage", 2, b -> b.putLong(-7).putLong(1L << 40)))
        .containsExactly(-7, 0x1p40f);
    assertThat(vector("IntStorage", 2, b -> b.putInt(-7).putInt(1 << 24)))
        .containsExactly(-7, 1 << 24);
    assertThat(vector("ShortStorage", 1, b -> b.putShort((short) -300))).containsExactly(-300);
    assertThat(vector("CharStorage", 1, b -> b.put((byte) -3))).containsExactly(-3);
    assertThat(vector("ByteStorage", 1, b -> b.put((byte) -3))).containsExactly(253);
    assertThat(vector("BoolStorage", 2, b -> b.put((byte) 1).put((byte) 0))).containsExactly(1, 0);
  }

  @ParameterizedTest
  @CsvSource({"16777217", "-16777217", "9223372036854775807"})
  void wholeNumbersThatFloat32CannotHoldAreRefused(long value) {
    assertRefused(
        () -> vector("LongStorage", 1, b -> b.putLong(value)),
        "the tensor \"w\" holds the integer " + value + ", which float32 cannot hold exactly");
  }

  @Test
  void bigEndianStoragesAreRead() throws IOException {
    run.byteOrder("big\n").pickle(Pickled.checkpointOf("FloatStorage", "0", 2, 0, a(2), a(1)));
    run.storage("0", ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-2.25f).array());

    assertThat(run.read().tensors().get("w").values()).containsExactly(1.5f, -2.25f);
  }

  @Test
  void unknownByteOrderIsRefused() {
    run.byteOrder("middle").pickle(Pickled.checkpointOf("ByteStorage", "0", 1, 0, a(1), a(1)));
    run.storage("0", new byte[1]);

    assertRefused(run::read, "its byteorder is \"middle\", expected little or big");
  }

  @Test
  void transposedViewWithAnOffset() throws IOException {
    // Element (i, j) of [3, 2] is element 1 + i + 3 j.
    assertThat(view(7, 1, a(3, 2), a(1, 3))).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void viewWithGapsInThreeDimensions() throws IOException {
    assertThat(view(60, 4, a(2, 1, 3), a(30, 99, 5))).containsExactly(4, 9, 14, 34, 39, 44);
  }

  @Test
  void expandedView() throws IOException {
    assertThat(view(2, 0, a(2, 3), a(1, 0))).containsExactly(0, 0, 0, 1, 1, 1);
  }

  @Test
  void emptyTensorNeedsNoStorage() throws IOException {
    WeightTensor empty =
        run.pickle(Pickled.checkpointOf("FloatStorage", "0", 0, 0, a(3, 0), a(1, 1)))
            .read()
            .tensors()
            .get("w");

    assertThat(empty).isEqualTo(new WeightTensor("w", new int[] {3, 0}, new float[0]));
  }

  @Test
  void storagesAreShared() throws IOException {
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT).text("state_dict").op(Opcodes.EMPTY_DICT);
    pickle.op(Opcodes.MARK);
    pickle.text("late").tensor("ByteStorage", "9", 4, 2, a(2), a(1));
    pickle.text("other").tensor("ByteStorage", "1", 1, 0, a(), a());
    pickle.text("early").tensor("ByteStorage", "9", 4, 0, a(3), a(1));
    run.pickle(pickle.op(Opcodes.SETITEMS, Opcodes.SETITEM).stop());
    run.storage("9", new byte[] {10, 11, 12, 13}).storage("1", new byte[] {5});

    assertThat(run.read().tensors().values())
        .containsExactly(
            new WeightTensor("late", new int[] {2}, new float[] {12, 13}),
            new WeightTensor("other", new int[0], new float[] {5}),
            new WeightTensor("early", new int[] {3}, new float[] {10, 11, 12}));
  }

  @Test
  void parametersAndTypedBytesAndBareDictionaries() throws IOException {
    // _rebuild_parameter(_rebuild_tensor_v3(untyped storage, ..., torch.int16, {}), True, {})
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT).text("w");
    pickle.global("torch._utils", "_rebuild_parameter").op(Opcodes.MARK);
    pickle.global("torch._utils", "_rebuild_tensor_v3").op(Opcodes.MARK);
    pickle.storage("torch.storage", "UntypedStorage", "0", 4).number(0).tuple(2).tuple(1);
    pickle.op(Opcodes.NEWFALSE, Opcodes.EMPTY_DICT).global("torch", "int16");
    pickle.op(Opcodes.EMPTY_DICT, Opcodes.TUPLE, Opcodes.REDUCE);
    pickle.op(Opcodes.NEWTRUE, Opcodes.EMPTY_DICT, Opcodes.TUPLE, Opcodes.REDUCE);
    run.pickle(pickle.op(Opcodes.SETITEM).stop()).storage("0", new byte[] {1, 1, -1, -1});

    AuthorsRun read = run.read();

    assertThat(read.tensors().get("w").values()).containsExactly(257, -1);
    assertThat(read.epoch()).isEmpty();
    assertThat(read.globalStep()).isEmpty();
  }

  @Test
  void attributesOfTheDictionaryAreSkippedAndNewerPicklesAreRead() throws IOException {
    // Protocol 4: STACK_GLOBAL, MEMOIZE, FRAME, short strings; BUILD gives _metadata.
    Pickled pickle = new Pickled().op(Opcodes.FRAME).raw(0, 0, 0, 0, 0, 0, 0, 0);
    pickle.op(Opcodes.EMPTY_DICT, Opcodes.MEMOIZE).op(Opcodes.SHORT_BINUNICODE).raw(10);
    pickle.raw("state_dict".chars().toArray());
    pickle.text("collections").text("OrderedDict").op(Opcodes.STACK_GLOBAL, Opcodes.MEMOIZE);
    pickle.op(Opcodes.EMPTY_TUPLE, Opcodes.REDUCE);
    pickle.text("w").tensor("ByteStorage", "0", 1, 0, a(1), a(1)).op(Opcodes.SETITEM);
    pickle.op(Opcodes.EMPTY_DICT).text("_metadata").op(Opcodes.EMPTY_DICT, Opcodes.SETITEM);
    pickle.op(Opcodes.BUILD, Opcodes.SETITEM);
    run.pickle(pickle.stop()).storage("0", new byte[] {42});

    assertThat(run.read().tensors().get("w").values()).containsExactly(42);
  }

  @Test
  void compressedEntriesAreRead() throws IOException {
    run.compressed().pickle(Pickled.checkpointOf("ByteStorage", "0", 99, 98, a(1), a(1)));
    run.storage("0", new byte[99]);

    assertThat(run.read().tensors().get("w").values()).containsExactly(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4 | 0 | 5 | 1 | a tensor reaches element 4 of storage \"0\", which has 4 elements",
        "4 | 3 | 2 | 1 | a tensor reaches element 4 of storage \"0\", which has 4 elements",
        "4 | 0 | 3 | 2 | a tensor reaches element 4 of storage \"0\", which has 4 elements",
        "4 | -1 | 1 | 1 | the storage offset of a tensor is -1, expected a whole number from 0 to 2^63 - 1",
        "4 | 0 | -2 | 1 | a size of a tensor is -2, expected a whole number from 0 to 2^63 - 1",
        "4 | 0 | 2 | -1 | a stride of a tensor is -1, expected a whole number from 0 to 2^63 - 1",
        "-4 | 0 | 2 | 1 | the length of a storage is -4, expected a whole number from 0 to 2^63 - 1",
        "4 | 0 | 4294967296 | 0 | the sizes or strides of a tensor are too large",
        "4 | 0 | 3 | 9223372036854775807 | the sizes or strides of a tensor are too large",
        "4 | 9223372036854775807 | 2 | 1 | the sizes or strides of a tensor are too large",
      })
  void impossibleViewsAreRefused(long count, long offset, long size, long stride, String message) {
    run.pickle(Pickled.checkpointOf("ByteStorage", "0", count, offset, a(size), a(stride)));
    run.storage("0", new byte[4]);

    assertRefused(run::read, message);
  }

  @Test
  void moreWeightsThanMemoryAreRefusedBeforeTheyAreRead() {
    long[] shape = a(1 << 20, 1 << 20);
    run.pickle(Pickled.checkpointOf("ByteStorage", "0", 1, 0, shape, a(0, 0)));
    run.storage("0", new byte[1]);

    assertRefused(
        () -> run.read(new ReadLimits(1 << 20, 64 << 20)),
        "its weights need 4194305 MiB of memory, at most 64 MiB are given to them (half of Java's"
            + " heap, 2 GiB at most)");
  }

  @Test
  void storageThatAnnouncesMoreThanMemoryIsRefused() {
    run.pickle(Pickled.checkpointOf("ByteStorage", "0", 1L << 62, 0, a(1), a(1)));
    run.storage("0", new byte[1]);

    assertThatThrownBy(run::read).hasMessageContaining("MiB of memory, at most");
  }

  private float[] vector(String storage, int count, Consumer<ByteBuffer> content)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    content.accept(bytes);
    byte[] exact = new byte[bytes.position()];
    bytes.flip().get(exact);
    run.pickle(Pickled.checkpointOf(storage, "0", count, 0, a(count), a(1))).storage("0", exact);
    WeightTensor tensor = run.read().tensors().get("w");
    assertThat(tensor.shape()).containsExactly(count);
    return tensor.values();
  }

  /** A view of the bytes 0, 1, 2, ... */
  private float[] view(int count, long offset, long[] shape, long[] strides) throws IOException {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    run.pickle(Pickled.checkpointOf("ByteStorage", "0", count, offset, shape, strides));
    return run.storage("0", bytes).read().tensors().get("w").values();
  }

  private void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable read, String reason) {
    assertThatThrownBy(read)
        .isInstanceOf(AuthorsRunException.class)
        .hasMessage(run.checkpoint() + ": " + reason);
  }

  private static long[] a(long... values) {
    return values;
  }
}
