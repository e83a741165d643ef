package org.imageperformer.tools.authors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder of a run, its files, and what may be wrong with them. */
class RunLayoutTest {
  @TempDir private Path temp;
  private RunFolder run;

  @BeforeEach
  void makeRun() throws IOException {
    run =
        new RunFolder(temp.resolve("run"))
            .pickle(Pickled.checkpointOf("ByteStorage", "0", 3, 0, new long[] {3}, new long[] {1}))
            .storage("0", new byte[] {1, 2, 3});
  }

  @Test
  void missingFolder() {
    assertRefused(
        temp.resolve("none"),
        temp.resolve("none")
            + ": not a folder; expected the folder of a run of the authors' program, with"
            + " hparams.yaml and checkpoints/*.ckpt");
  }

  @Test
  void missingHparams() throws IOException {
    Files.delete(run.directory().resolve("hparams.yaml"));
    assertRefused(
        run.directory(),
        run.directory()
            + ": no hparams.yaml; expected the folder of a run of the authors' program, with"
            + " hparams.yaml and checkpoints/*.ckpt");
  }

  @Test
  void missingCheckpointsFolder() throws IOException {
    Files.delete(run.directory().resolve("checkpoints"));
    assertRefused(
        run.directory(),
        run.directory()
            + ": no folder checkpoints; expected checkpoints/*.ckpt as PyTorch Lightning writes");
  }

  @Test
  void missingCheckpoint() throws IOException {
    Files.writeString(run.directory().resolve("checkpoints").resolve("readme.txt"), "");
    assertRefused(
        run.directory(),
        run.directory().resolve("checkpoints") + ": no file *.ckpt; nothing to import");
  }

  @ParameterizedTest
  @CsvSource({
    "epoch=9-step=999.ckpt epoch=10-step=99.ckpt, epoch=10-step=99.ckpt",
    "epoch=2-step=9.ckpt epoch=2-step=10.ckpt, epoch=2-step=10.ckpt",
    "epoch=2-step=9-v1.ckpt epoch=2-step=9.ckpt epoch=2-step=9-v0.ckpt, epoch=2-step=9-v1.ckpt",
    "epoch=3.ckpt epoch=2.ckpt, epoch=3.ckpt",
  })
  void newestIsThatOfTheHighestEpochAndStep(String names, String newest) throws IOException {
    int age = 0;
    for (String name : names.split(" ", -1)) {
      copyCheckpoint(name, age++);
    }
    AuthorsRun read = AuthorsRun.read(run.directory());

    assertThat(read.checkpoint()).hasFileName(newest);
    assertThat(read.checkpointRule()).isEqualTo(CheckpointRule.NAME);
    assertThat(read.checkpointRule()).hasToString("the highest epoch and step in its name");
  }

  @Test
  void newestOfOtherNamesIsTheLastModified() throws IOException {
    copyCheckpoint("epoch=9-step=9.ckpt", 5);
    copyCheckpoint("last.ckpt", 2);
    copyCheckpoint("epoch=8-step=9.ckpt", 7);

    AuthorsRun read = AuthorsRun.read(run.directory());

    assertThat(read.checkpoint()).hasFileName("last.ckpt");
    assertThat(read.checkpointRule()).isEqualTo(CheckpointRule.MODIFICATION_TIME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"._epoch=99-step=99.ckpt", "._last.ckpt", ".ckpt", ".hidden.ckpt"})
  void hiddenFilesAreNoCheckpoints(String name) throws IOException {
    Path file = run.write();
    Files.writeString(file.resolveSibling(name), "no checkpoint");

    assertThat(AuthorsRun.read(run.directory()).checkpoint()).isEqualTo(file);
  }

  @ParameterizedTest
  @CsvSource({
    "module., w b, w b",
    "_orig_mod., w b, w b",
    "module._orig_mod., w b, w b",
    "_orig_mod.module., w b, w b",
    "'', module.w b, module.w b",
  })
  void wrappersOfAllNamesAreLeftOut(String prefix, String names, String left) throws IOException {
    Pickled state = new Pickled().op(Opcodes.EMPTY_DICT).text("state_dict").op(Opcodes.EMPTY_DICT);
    for (String name : names.split(" ", -1)) {
      state
          .text(prefix + name)
          .tensor("ByteStorage", "0", 3, 0, new long[] {3}, new long[] {1})
          .op(Opcodes.SETITEM);
    }
    run.pickle(state.op(Opcodes.SETITEM).stop());

    Checkpoint checkpoint = Checkpoint.read(run.write(), ReadLimits.standard());

    assertThat(checkpoint.tensors()).containsOnlyKeys(left.split(" ", -1));
  }

  @Test
  void hyperparametersOfAllSpellings() throws IOException {
    run.hparams(
        """
        learning_rate: 5.0e-05
        warmup: 1e-3
        max_steps: null
        gpus: ~
        no_projection: true
        seed: 12345678901
        model: 'yes'
        extra_key: [1, two]
        nested: {a: 1}
        """);

    Map<String, Object> expected = new HashMap<>();
    expected.put("learning_rate", 5e-5);
    expected.put("warmup", 1e-3);
    expected.put("max_steps", null);
    expected.put("gpus", null);
    expected.put("no_projection", true);
    expected.put("seed", 12345678901L);
    expected.put("model", "yes");
    expected.put("extra_key", List.of(1, "two"));
    expected.put("nested", Map.of("a", 1));
    assertThat(run.read().hparams()).isEqualTo(expected);
  }

  @Test
  void checkpointAddsHyperparametersThatTheFileLacks() throws IOException {
    Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK);
    pickle.text("epoch").number(4).text("global_step").number(1L << 33);
    pickle.text("hyper_parameters");
    pickle.global("pytorch_lightning.utilities.parsing", "AttributeDict");
    pickle.op(Opcodes.EMPTY_TUPLE, Opcodes.NEWOBJ, Opcodes.MARK);
    pickle.text("model").text("other").text("heads").number(3).text("seed").number(5);
    pickle.text("device").op(Opcodes.EMPTY_LIST).op(Opcodes.SETITEMS);
    pickle.text("state_dict").op(Opcodes.EMPTY_DICT).text("w");
    pickle.tensor("ByteStorage", "0", 3, 0, new long[] {3}, new long[] {1}).op(Opcodes.SETITEM);
    run.pickle(pickle.op(Opcodes.SETITEMS).stop()).hparams("model: Performer\nseed: null\n");

    AuthorsRun read = run.read();

    assertThat(read.hparams().keySet()).containsExactly("model", "seed", "heads");
    assertThat(read.hparams())
        .containsEntry("model", "Performer")
        .containsEntry("seed", null)
        .containsEntry("heads", 3L);
    assertThat(read.epoch()).hasValue(4);
    assertThat(read.globalStep()).hasValue(1L << 33);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- a                | expected one \"name: value\" a line, found something else",
        "''                 | expected one \"name: value\" a line, found something else",
        "1: a               | a name is expected before every colon, found something else",
        "a: &x [*x]         | the value of \"a\" is nested or long beyond any hyperparameter",
      })
  void hparamsThatAreNone(String yaml, String reason) throws IOException {
    run.hparams(yaml);
    run.write();
    assertRefused(run.directory(), run.directory().resolve("hparams.yaml") + ": " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: !!python/object/apply:os.system [ls] | python/object/apply:os.system",
        "a: !!java.net.URL [http://x]            | java.net.URL",
        "{a: 1, a: 2}                            | duplicate key",
        "a: [                                    | expected",
      })
  void hparamsWithTagsOrMistakes(String yaml, String mentioned) throws IOException {
    run.hparams(yaml);
    run.write();
    assertThatThrownBy(() -> AuthorsRun.read(run.directory()))
        .isInstanceOf(AuthorsRunException.class)
        .hasMessageStartingWith(run.directory().resolve("hparams.yaml") + ": not valid YAML: ")
        .hasMessageContaining(mentioned)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void hparamsThatTakeTimeOrMemory() throws IOException {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      laughs.append("a%1$d: &a%1$d [*a%2$d, *a%2$d]\n".formatted(i, i - 1));
    }
    for (String yaml :
        List.of(laughs.toString(), "a: " + "[".repeat(60_000), "a: " + "{a: ".repeat(15_000))) {
      run.hparams(yaml);
      run.write();
      assertThatThrownBy(() -> AuthorsRun.read(run.directory()))
          .isInstanceOf(AuthorsRunException.class)
          .hasMessageContaining("not valid YAML: ");
    }
    run.hparams("a: " + "x".repeat(70_000));
    assertRefused(
        run.directory(),
        run.directory().resolve("hparams.yaml")
            + ": longer than 65536 bytes, expected hyperparameters");
    Files.write(run.directory().resolve("hparams.yaml"), new byte[] {'a', ':', (byte) 0xff});
    assertRefused(run.directory(), run.directory().resolve("hparams.yaml") + ": not UTF-8 text");
  }

  @Test
  void otherKindsOfFiles() throws IOException {
    Files.writeString(run.checkpoint(), "hello");
    assertCheckpointRefused(
        "not a PyTorch checkpoint: expected the zip that torch.save writes, found another kind of"
            + " file");
    Files.write(run.checkpoint(), new byte[0]);
    assertCheckpointRefused(
        "not a PyTorch checkpoint: expected the zip that torch.save writes, found another kind of"
            + " file");
  }

  @Test
  void formatBeforePytorch16() throws IOException {
    // What torch.save(..., _use_new_zipfile_serialization=False) begins with, then protocol 1001.
    Pickled legacy = new Pickled().op(Opcodes.LONG1).raw(10);
    legacy.raw(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19).op(Opcodes.STOP);
    Files.write(run.checkpoint(), legacy.op(Opcodes.PROTO, 2, Opcodes.BININT2, 0xe9, 3).stop());
    assertCheckpointRefused(
        "this is the format of PyTorch before 1.6, which is not a zip. Convert it with a newer"
            + " PyTorch (1.13 or later): python -c \"import torch; f = 'FILE.ckpt';"
            + " torch.save(torch.load(f, map_location='cpu', weights_only=False), f)\"");
  }

  @Test
  void truncatedZip() throws IOException {
    byte[] whole = Files.readAllBytes(run.write());
    Files.write(run.checkpoint(), Arrays.copyOf(whole, whole.length / 2));
    assertCheckpointRefused(
        "its zip directory cannot be read (zip END header not found): the file is truncated or"
            + " damaged");
  }

  @Test
  void damagedStorage() throws IOException {
    byte[] whole = Files.readAllBytes(run.write());
    for (int i = 0; i + 2 < whole.length; i++) {
      if (whole[i] == 1 && whole[i + 1] == 2 && whole[i + 2] == 3) {
        whole[i] = 9;
      }
    }
    Files.write(run.checkpoint(), whole);
    assertCheckpointRefused("the entry \"archive/data/0\" is damaged: its checksum does not match");
  }

  @Test
  void zipsWithoutOnePickle() throws IOException {
    new RunFolder(run.directory()).entry("archive/readme", new byte[1]).write();
    assertCheckpointRefused("the zip holds no data.pkl: it is not a PyTorch checkpoint");
    run.entry("other/data.pkl", new byte[1]).write();
    assertCheckpointRefused("the zip holds more than one data.pkl: it is not a PyTorch checkpoint");
  }

  @Test
  void prefixesOfAllKinds() throws IOException {
    byte[] pickle = Pickled.checkpointOf("ByteStorage", "0", 1, 0, new long[] {1}, new long[] {1});
    for (String prefix : List.of("", "a/b/", "../../etc/", "epoch=0-step=7/")) {
      RunFolder other =
          new RunFolder(temp.resolve("prefix"))
              .entry(prefix + "data.pkl", pickle)
              .entry(prefix + "data/0", new byte[] {7});
      assertThat(other.read().tensors().get("w").values()).containsExactly(7);
    }
  }

  @Test
  void missingStorage() throws IOException {
    run.pickle(Pickled.checkpointOf("ByteStorage", "1", 3, 0, new long[] {3}, new long[] {1}));
    run.write();
    assertCheckpointRefused(
        "there is no entry \"archive/data/1\" for a storage of 3 bytes: the file is incomplete");
  }

  @Test
  void storagesOfAnotherLength() throws IOException {
    run.storage("0", new byte[2]).write();
    assertCheckpointRefused(
        "the entry \"archive/data/0\" has 2 bytes, expected 3: the file is damaged");
    run.compressed().storage("0", new byte[50_000_000]).write();
    assertCheckpointRefused(
        "the entry \"archive/data/0\" has 50000000 bytes, expected 3: the file is damaged");
  }

  @Test
  void compressedEntryThatHoldsMoreThanItsDirectorySays() throws IOException {
    run.compressed().storage("0", new byte[50_000]).write();
    byte[] whole = Files.readAllBytes(run.checkpoint());
    // The size 50,000 in the directory and in the data descriptor becomes 3.
    for (int i = 0; i + 3 < whole.length; i++) {
      if (whole[i] == (byte) 0x50 && whole[i + 1] == (byte) 0xc3 && whole[i + 2] == 0) {
        whole[i] = 3;
        whole[i + 1] = 0;
      }
    }
    Files.write(run.checkpoint(), whole);
    assertCheckpointRefused("the entry \"archive/data/0\" does not have the 3 bytes it should");
  }

  @Test
  void weightTensorsCheckTheirShapeAndCompareByContent() {
    assertThatThrownBy(() -> new WeightTensor("w", new int[] {2, 3}, new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor w of shape [2, 3] needs 6 values, found 5");
    WeightTensor tensor = new WeightTensor("w", new int[] {1}, new float[] {2});
    assertThat(tensor).isEqualTo(new WeightTensor("w", new int[] {1}, new float[] {2}));
    assertThat(tensor).hasSameHashCodeAs(new WeightTensor("w", new int[] {1}, new float[] {2}));
    assertThat(tensor).isNotEqualTo(new WeightTensor("w", new int[] {1}, new float[] {3}));
    assertThat(tensor).isNotEqualTo(new WeightTensor("w", new int[] {1, 1}, new float[] {2}));
    tensor.shape()[0] = 9;
    assertThat(tensor.shape()).containsExactly(1);
  }

  private void copyCheckpoint(String name, int hoursOld) throws IOException {
    Path source = run.write();
    byte[] bytes = Files.readAllBytes(source);
    Files.delete(source);
    Path copy = source.resolveSibling(name);
    Files.write(copy, bytes);
    Files.setLastModifiedTime(
        copy, FileTime.fromMillis(1_600_000_000_000L - hoursOld * 3_600_000L));
  }

  private void assertCheckpointRefused(String reason) {
    assertRefused(run.directory(), run.checkpoint() + ": " + reason);
  }

  private static void assertRefused(Path directory, String message) {
    assertThatThrownBy(() -> AuthorsRun.read(directory))
        .isInstanceOf(AuthorsRunException.class)
        .hasMessage(message);
  }
}
