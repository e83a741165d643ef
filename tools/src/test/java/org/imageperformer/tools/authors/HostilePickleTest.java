package org.imageperformer.tools.authors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.Unpickler;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that want something executed, or all of the time or memory. */
class HostilePickleTest {
  private static final int MANY = 1_000_000;

  private static final String HINT =
      "; nothing was executed. If you trust the file, copy the run and keep the plain weights"
          + " (PyTorch 1.13 or newer): python -c \"import torch; f = 'FILE.ckpt'; c = torch.load(f,"
          + " map_location='cpu', weights_only=False); torch.save({'epoch': c.get('epoch'),"
          + " 'global_step': c.get('global_step'), 'state_dict': {k: v.detach().float() for k, v in"
          + " c['state_dict'].items()}}, f)\"";

  @TempDir private Path temp;
  private RunFolder run;

  @BeforeEach
  void makeRun() throws IOException {
    run = new RunFolder(temp.resolve("run"));
  }

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "subprocess, Popen",
    "builtins, eval",
    "builtins, exec",
    "builtins, getattr",
    "__builtin__, eval",
    "operator, attrgetter",
    "torch, load",
    "torch.hub, load",
    "torch._utils, _rebuild_device_tensor_from_numpy",
    "torch.jit._pickle, restore_type_tag",
    "pytorch_lightningx, Evil",
    "java.lang, Runtime",
    "java.net, URL",
    // Those that the library itself would build:
    "decimal, Decimal",
    "datetime, datetime",
    "array, array",
    "pytz, timezone",
    "copy_reg, _reconstructor",
    "_codecs, encode",
    "builtins, ValueError",
    "exceptions, Exception",
  })
  void unknownNamesAreNeverExecutedAndRefusedWhereTheyAreNeeded(String module, String name)
      throws IOException {
    String full = '"' + module + "." + name + '"';
    Pickled call = new Pickled().global(module, name).text("echo").op(Opcodes.TUPLE1);
    assertRefusedByName(call.op(Opcodes.REDUCE), "found an object of " + full);
    Pickled state = new Pickled().op(Opcodes.EMPTY_DICT).text("state_dict").global(module, name);
    state.text("echo").op(Opcodes.TUPLE1, Opcodes.REDUCE, Opcodes.SETITEM);
    assertRefusedByName(state, "its state_dict is an object of " + full);
    Pickled tensor = new Pickled().op(Opcodes.EMPTY_DICT).text("state_dict");
    tensor.op(Opcodes.EMPTY_DICT).text("w").text(module).text(name).op(Opcodes.STACK_GLOBAL);
    tensor.text("echo").op(Opcodes.TUPLE1, Opcodes.NEWOBJ, Opcodes.SETITEM, Opcodes.SETITEM);
    assertRefusedByName(tensor, "the entry \"w\" of its state_dict is an object of " + full);

    Pickled beside = new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("callbacks");
    beside.global(module, name).text("echo").op(Opcodes.TUPLE1, Opcodes.REDUCE);
    beside.op(Opcodes.EMPTY_DICT, Opcodes.BUILD);
    assertReads(beside);
  }

  @Test
  void constructorsThatOthersRegisterAreNotUsed() {
    Unpickler.registerConstructor(
        "collections", "deque", (IObjectConstructor) args -> Assertions.fail("called"));

    Pickled call = new Pickled().global("collections", "deque").op(Opcodes.EMPTY_TUPLE);
    assertRefusedByName(call.op(Opcodes.REDUCE), "found an object of \"collections.deque\"");
  }

  @Test
  void namesAreShownOnOneLineAndShortened() {
    assertThatThrownBy(
            () ->
                run.pickle(
                        new Pickled()
                            .text("\u001b[31mos\n\u202e")
                            .text("x".repeat(MANY))
                            .op(Opcodes.STACK_GLOBAL, Opcodes.EMPTY_TUPLE, Opcodes.REDUCE)
                            .stop())
                    .read())
        .hasMessageContaining("of \"?[31mos??.xxx")
        .hasMessageContaining("xxx...\"; nothing was executed")
        .message()
        .hasSizeLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FloatStorage", "float32"})
  void storagesAndTypesAreNotCalled(String name) {
    assertRefused(
        new Pickled().global("torch", name).op(Opcodes.EMPTY_TUPLE, Opcodes.REDUCE),
        "its pickle calls torch." + name + ", which is nothing to call");
  }

  @ParameterizedTest
  @CsvSource({"torch, float32", "torch, Size", "torch.storage, TypedStorage"})
  void storagesWithoutAnElementTypeAreRefused(String module, String name) {
    assertRefused(
        new Pickled().storage(module, name, "0", 1),
        "expected a dictionary with a state_dict, found a storage of the class or function \""
            + module
            + "."
            + name
            + "\""
            + HINT);
  }

  @Test
  void plainValuesAreNotCalled() {
    assertRefused(
        new Pickled().text("os.system").op(Opcodes.EMPTY_TUPLE, Opcodes.REDUCE),
        "its data.pkl is damaged: text where a class or function is expected");
  }

  @Test
  void stateIsNotSetOnObjects() {
    // The library would look for a method __setstate__ by reflection.
    Pickled onTensor = new Pickled().tensor("FloatStorage", "0", 1, 0, new long[0], new long[0]);
    assertRefused(
        onTensor.op(Opcodes.EMPTY_DICT, Opcodes.BUILD),
        "its data.pkl is damaged: a tensor where a dictionary is expected");
    assertRefused(
        new Pickled().text("bean").op(Opcodes.EMPTY_DICT, Opcodes.BUILD),
        "its data.pkl is damaged: text where a dictionary is expected");
    assertRefused(
        new Pickled().global("torch", "Size").op(Opcodes.EMPTY_DICT, Opcodes.BUILD),
        "its data.pkl is damaged: the class or function \"torch.Size\" where a dictionary is expected");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Opcodes.INST,
        Opcodes.OBJ,
        Opcodes.DUP,
        Opcodes.PERSID,
        Opcodes.INT,
        Opcodes.LONG,
        Opcodes.FLOAT,
        Opcodes.STRING,
        Opcodes.UNICODE,
        Opcodes.GET,
        Opcodes.PUT,
        Opcodes.DICT,
        Opcodes.LIST,
        Opcodes.EXT1,
        Opcodes.EXT2,
        Opcodes.EXT4,
        Opcodes.NEXT_BUFFER,
        Opcodes.READONLY_BUFFER,
        0xff
      })
  void opcodesThatPytorchDoesNotWriteAreRefused(int opcode) {
    assertRefused(
        new Pickled().op(Opcodes.MARK, opcode).raw('1', '\n', '1', '\n'),
        "its data.pkl uses the pickle opcode 0x"
            + Integer.toHexString(opcode)
            + ", which PyTorch does not write: it is damaged or no checkpoint");
  }

  /** numpy.core.multiarray.scalar(dtype('f8', False, True), encode('...', 'latin1')). */
  @ParameterizedTest
  @ValueSource(strings = {"numpy.core.multiarray", "numpy._core.multiarray"})
  void scalarsOfNumpyAmongCallbacksArePassedOver(String module) throws IOException {
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("callbacks");
    pickle.op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("best").global(module, "scalar");
    pickle.global("numpy", "dtype").op(Opcodes.MARK).text("f8");
    pickle.op(Opcodes.NEWFALSE, Opcodes.NEWTRUE, Opcodes.TUPLE, Opcodes.REDUCE);
    pickle.tuple(3, 1).op(Opcodes.BUILD).global("_codecs", "encode").text("x").text("latin1");
    pickle.op(Opcodes.TUPLE2, Opcodes.REDUCE, Opcodes.TUPLE2, Opcodes.REDUCE);
    // An object with items and elements of its own, of a later protocol.
    pickle.text("seen").global("x", "Y").op(Opcodes.EMPTY_TUPLE, Opcodes.EMPTY_DICT);
    pickle.op(Opcodes.NEWOBJ_EX, Opcodes.MARK).number(1).op(Opcodes.APPENDS).number(2);
    pickle.op(Opcodes.APPEND).text("k").number(3).op(Opcodes.SETITEM);
    pickle.text("popped").op(Opcodes.MARK, Opcodes.NONE, Opcodes.POP_MARK, Opcodes.NONE);
    pickle.op(Opcodes.POP, Opcodes.MARK, Opcodes.FROZENSET, Opcodes.SETITEMS);
    assertReads(pickle);
  }

  /** What says that no tensor of known elements lies there is no harm in an optimizer's state. */
  @Test
  void tensorsOfUnknownTypesArePassedOver() throws IOException {
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("optimizer_states");
    pickle.tensor("QInt8Storage", "9", 1, 0, new long[0], new long[0]).text("parameter");
    pickle.global("torch._utils", "_rebuild_parameter");
    pickle.tensor("QInt8Storage", "9", 1, 0, new long[0], new long[0]).op(Opcodes.TUPLE1);
    assertReads(pickle.op(Opcodes.REDUCE));

    assertRefusedByName(
        new Pickled()
            .op(Opcodes.EMPTY_DICT)
            .text("state_dict")
            .op(Opcodes.EMPTY_DICT)
            .text("w")
            .tensor("QInt8Storage", "0", 1, 0, new long[0], new long[0])
            .op(Opcodes.SETITEM, Opcodes.SETITEM),
        "is a tensor in a storage of the class or function \"torch.QInt8Storage\"");
  }

  @ParameterizedTest
  @CsvSource({
    "argparse, Namespace, true",
    "pytorch_lightning.utilities.parsing, AttributeDict, false",
    "lightning.fabric.utilities.data, AttributeDict, false",
    "lightning_fabric.utilities.data, AttributeDict, false",
    "lightning.pytorch.utilities.parsing, AttributeDict, true",
    "easydict, EasyDict, false",
  })
  void hyperparametersOfAllClassesAreRead(String module, String name, boolean attributes)
      throws IOException {
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("hyper_parameters");
    pickle.global(module, name).op(Opcodes.EMPTY_TUPLE, Opcodes.NEWOBJ);
    if (attributes) {
      pickle.op(Opcodes.EMPTY_DICT).text("heads").number(3).op(Opcodes.SETITEM, Opcodes.BUILD);
    } else {
      pickle.text("heads").number(3).op(Opcodes.SETITEM);
    }
    assertReads(pickle);
    assertThat(run.read().hparams()).containsEntry("heads", 3L);
  }

  @Test
  void aDefaultdictIsADictionary() throws IOException {
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("hyper_parameters");
    pickle.global("collections", "defaultdict").global("builtins", "int");
    pickle.op(Opcodes.TUPLE1, Opcodes.REDUCE).text("heads").number(3).op(Opcodes.SETITEM);
    assertReads(pickle);
    assertThat(run.read().hparams()).containsEntry("heads", 3L);
  }

  @Test
  void aTensorWithinItselfEndsAtOnce() throws IOException {
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("optimizer_states");
    pickle.global("torch._tensor", "_rebuild_from_type_v2").op(Opcodes.BINPUT).raw(0);
    pickle.op(Opcodes.BINGET).raw(0).op(Opcodes.NONE, Opcodes.EMPTY_TUPLE, Opcodes.TUPLE3);
    for (int i = 0; i < 100_000; i++) {
      pickle.op(Opcodes.BINPUT).raw(1).op(Opcodes.POP, Opcodes.BINGET).raw(0).op(Opcodes.NONE);
      pickle.op(Opcodes.BINGET).raw(1).op(Opcodes.TUPLE3);
    }
    assertReads(pickle.op(Opcodes.REDUCE));
  }

  @Test
  void classesOfLightningAreOnlyNames() throws IOException {
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK);
    pickle.global("pytorch_lightning.callbacks", "Evil").number(1);
    pickle.text("callback").global("pytorch_lightning", "os").text("rm").op(Opcodes.TUPLE1);
    pickle.op(Opcodes.REDUCE).text("state").op(Opcodes.BUILD);
    pickle.text("state_dict").op(Opcodes.EMPTY_DICT).text("w");
    pickle.tensor("ByteStorage", "0", 1, 0, new long[0], new long[0]).op(Opcodes.SETITEM);
    run.pickle(pickle.op(Opcodes.SETITEMS).stop()).storage("0", new byte[] {3});

    assertThat(run.read().tensors().get("w").values()).containsExactly(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINBYTES, Opcodes.LONG4})
  void announcedLengthsTakeNoMemory(int opcode) {
    assertRefused(
        new Pickled().op(opcode).int32(0x7fffffff),
        "its data.pkl is damaged: it announces 2147483647 bytes where 1 are left");
    assertRefused(
        new Pickled().op(opcode).int32(-1),
        "its data.pkl is damaged: it announces 4294967295 bytes where 1 are left");
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.BINUNICODE8, Opcodes.BINBYTES8})
  void announcedLongLengthsTakeNoMemory(int opcode) {
    assertRefused(
        new Pickled().op(opcode).int32(-1).int32(-1),
        "its data.pkl is damaged: it announces 18446744073709551615 bytes where 1 are left");
  }

  @Test
  void hugeIntegersAreRefused() {
    Pickled pickle = new Pickled().op(Opcodes.LONG4).int32(MANY).raw(new int[MANY]);
    assertRefused(pickle, "its data.pkl holds an integer of absurd length");
  }

  @Test
  void pickleBeyondTheLimitIsRefused() {
    run.pickle(new Pickled().raw(new int[100]).stop());

    assertThatThrownBy(() -> run.read(new ReadLimits(100, 1 << 20)))
        .hasMessage(run.checkpoint() + ": its data.pkl has 103 bytes, expected at most 100");
  }

  @Test
  void deepNestingIsNoProblem() {
    // [[[...]]], a million deep, as the value of an unused key.
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT).text("deep");
    for (int i = 0; i < MANY; i++) {
      pickle.op(Opcodes.EMPTY_LIST);
    }
    for (int i = 1; i < MANY; i++) {
      pickle.op(Opcodes.APPEND);
    }
    assertRefused(
        pickle.op(Opcodes.SETITEM),
        "it has no state_dict, and is not itself a dictionary of tensors");
  }

  @Test
  void exponentialListsAreNoProblem() {
    // x = [x, x] a thousand times over: 2^1000 leaves, for whoever walks them.
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT).text("hyper_parameters");
    pickle.op(Opcodes.EMPTY_DICT).text("x").op(Opcodes.EMPTY_LIST);
    for (int i = 0; i < 1000; i++) {
      pickle.op(Opcodes.BINPUT).raw(0).op(Opcodes.TUPLE1);
      pickle.op(Opcodes.BINPUT).raw(1).op(Opcodes.EMPTY_LIST, Opcodes.MARK, Opcodes.BINGET).raw(0);
      pickle.op(Opcodes.BINGET).raw(1).op(Opcodes.APPENDS);
      pickle.op(Opcodes.BINPUT).raw(2).op(Opcodes.TUPLE2);
    }
    assertRefused(
        pickle.op(Opcodes.SETITEM, Opcodes.SETITEM),
        "it has no state_dict, and is not itself a dictionary of tensors");
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.EMPTY_LIST, Opcodes.EMPTY_DICT, Opcodes.EMPTY_SET})
  void containersAreNoKeys(int container) {
    // Hashing a list that holds itself would never end.
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT, container, Opcodes.NONE);
    String kind = container == Opcodes.EMPTY_DICT ? "dictionary" : "list";
    assertRefused(
        pickle.op(Opcodes.SETITEM), "its data.pkl is damaged: a dictionary key is a " + kind);
  }

  @Test
  void repeatedWorkOnOneLargeContainerIsLinear() {
    // Half a million calls and updates that would each copy a list of half a million.
    int half = MANY / 2;
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_LIST, Opcodes.MARK);
    for (int i = 0; i < half; i++) {
      pickle.op(Opcodes.NONE);
    }
    pickle.op(Opcodes.APPENDS, Opcodes.BINPUT).raw(0).op(Opcodes.TUPLE1, Opcodes.BINPUT).raw(1);
    pickle.global("builtins", "set").op(Opcodes.BINPUT).raw(2);
    for (int i = 0; i < half; i++) {
      pickle.op(Opcodes.BINGET).raw(1).op(Opcodes.REDUCE);
      pickle.op(Opcodes.MARK, Opcodes.APPENDS).op(Opcodes.TUPLE1, Opcodes.BINPUT).raw(1);
      pickle.op(Opcodes.BINGET).raw(2);
    }
    byte[] bytes = pickle.stop();
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> run.pickle(bytes).read(new ReadLimits(1 << 24, 1 << 20)))
                .isInstanceOf(AuthorsRunException.class)
                .hasMessageEndingWith(
                    "expected a dictionary with a state_dict, found the class or function"
                        + " \"builtins.set\""));
  }

  @Test
  void damageIsReportedAsSuch() {
    assertRefused(
        new Pickled().op(Opcodes.TUPLE),
        "its data.pkl is damaged: Index -1 out of bounds for length 0");
    assertRefused(
        new Pickled().op(Opcodes.BINGET).raw(3), "its data.pkl is damaged: invalid memo key");
    assertRefused(
        new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK, Opcodes.NONE, Opcodes.SETITEMS),
        "its data.pkl is damaged: a dictionary has a key without a value");
    assertRefused(
        new Pickled().op(Opcodes.NONE, Opcodes.BINPERSID),
        "its data.pkl refers to outside data that is no storage");
    assertRefused(
        new Pickled().raw(Opcodes.EMPTY_DICT, Opcodes.PROTO, 77),
        "its data.pkl is damaged: unsupported pickle protocol: 77");
  }

  @Test
  void pickleThatEndsEarlyIsRefused() {
    run.pickle(new byte[] {(byte) 0x80, 2, '}'});

    assertThatThrownBy(run::read)
        .isInstanceOf(AuthorsRunException.class)
        .hasMessage(run.checkpoint() + ": its data.pkl is damaged: premature end of file");
  }

  @Test
  void otherContentsAreRefused() {
    assertRefused(
        new Pickled().op(Opcodes.EMPTY_LIST),
        "expected a dictionary with a state_dict, found a list");
    assertRefused(new Pickled().op(Opcodes.EMPTY_DICT), "its state_dict holds no tensors");
    assertRefused(
        new Pickled()
            .op(Opcodes.EMPTY_DICT)
            .text("state_dict")
            .op(Opcodes.EMPTY_DICT)
            .text("w")
            .op(Opcodes.NONE, Opcodes.SETITEM, Opcodes.SETITEM),
        "the entry \"w\" of its state_dict is None, expected a tensor with a name");
  }

  private void assertRefusedByName(Pickled pickle, String part) {
    run.pickle(pickle.stop());
    assertThatThrownBy(run::read)
        .isInstanceOf(AuthorsRunException.class)
        .hasMessageContaining(part)
        .hasMessageEndingWith(HINT);
  }

  /** With a tensor after an open dictionary's entries. */
  private void assertReads(Pickled pickle) throws IOException {
    pickle.text("state_dict").op(Opcodes.EMPTY_DICT).text("w");
    pickle.tensor("ByteStorage", "0", 1, 0, new long[0], new long[0]).op(Opcodes.SETITEM);
    run.pickle(pickle.op(Opcodes.SETITEMS).stop()).storage("0", new byte[] {3});

    assertThat(run.read().tensors().get("w").values()).containsExactly(3);
  }

  private void assertRefused(Pickled pickle, String reason) {
    run.pickle(pickle.stop());
    assertThatThrownBy(run::read)
        .isInstanceOf(AuthorsRunException.class)
        .hasMessage(run.checkpoint() + ": " + reason);
  }
}
