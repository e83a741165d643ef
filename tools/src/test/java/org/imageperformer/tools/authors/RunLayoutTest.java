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
            + " hparams.yaml and checkpoints/*.ckpt, or a file .ckpt");
  }

  @Test
  void missingHparams() throws IOException {
    run.write();
    Files.delete(run.directory().resolve("hparams.yaml"));
    assertRefused(
        run.directory(),
        run.directory()
            + ": no hparams.yaml, and no hyperparameters in "
            + run.checkpoint()
            + "; expected the folder of a run of the authors' program, with"
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

  /** Names lie, and all of these have the same time, or one that a copy gave them. */
  @ParameterizedTest
  @CsvSource({
    "last.ckpt 3 30 epoch=2-step=29.ckpt 2 29, last.ckpt, INSIDE",
    "last.ckpt 2 29 epoch=3-step=30.ckpt 3 30, epoch=3-step=30.ckpt, INSIDE",
    "epoch=9-step=99.ckpt 1 10 epoch=1-step=9.ckpt 2 20, epoch=1-step=9.ckpt, INSIDE",
    "a.ckpt 2 30 b.ckpt 2 29, a.ckpt, INSIDE",
    "best.ckpt 10 100 last.ckpt 9 90, best.ckpt, INSIDE",
    "epoch=2-step=9.ckpt 3 10 epoch=2-step=9-v1.ckpt 3 10, epoch=2-step=9-v1.ckpt, INSIDE_OF_EQUALS",
    "epoch=2-step=9.ckpt 3 10 last.ckpt 3 10, epoch=2-step=9.ckpt, INSIDE_OF_EQUALS",
    "a.ckpt 3 10 b.ckpt 3 10 c.ckpt 3 9, b.ckpt, INSIDE_OF_EQUALS",
    "a.ckpt 3 9 b.ckpt 3 9 c.ckpt 3 10, c.ckpt, INSIDE",
  })
  void epochAndStepInsideDecide(String files, String newest, CheckpointRule rule)
      throws IOException {
    List<String> words = List.of(files.split(" ", -1));
    for (int sign : new int[] {0, 1, -1}) {
      for (int i = 0; i < words.size(); i += 3) {
        Pickled pickle = new Pickled().op(Opcodes.EMPTY_DICT, Opcodes.MARK);
        pickle.text("epoch").number(Long.parseLong(words.get(i + 1)));
        pickle.text("global_step").number(Long.parseLong(words.get(i + 2)));
        pickle.text("state_dict").op(Opcodes.EMPTY_DICT).text("w");
        pickle.tensor("ByteStorage", "0", 3, 0, new long[] {3}, new long[] {1});
        run.pickle(pickle.op(Opcodes.SETITEM, Opcodes.SETITEMS).stop());
        copyCheckpoint(words.get(i), sign * i);
      }
      AuthorsRun read = AuthorsRun.read(run.directory());

      assertThat(read.checkpoint()).hasFileName(newest);
      assertThat(read.checkpointRule()).isEqualTo(rule);
      assertThat(read.checkpointRule().toString().contains("several"))
          .isEqualTo(rule == CheckpointRule.INSIDE_OF_EQUALS);
    }
  }

  @Test
  void whereNothingSaysAnAgeNoneIsTaken() throws IOException {
    copyCheckpoint("epoch=9-step=9.ckpt", 5);
    copyCheckpoint("last.ckpt", 2);

    assertRefused(
        run.directory(),
        run.directory().resolve("checkpoints/epoch=9-step=9.ckpt")
            + ": says no epoch inside, so which of 2 checkpoints is the newest cannot be known:"
            + " --checkpoint FILE names the one to import");
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
    "model., w b, w b",
    "model._orig_mod., w b, w b",
    "'', a._orig_mod.w b, a.w b",
    "'', layers.0._fsdp_wrapped_module._checkpoint_wrapped_module.w b, layers.0.w b",
    "_forward_module._original_module., w b, w b",
    "'', a_orig_mod.w b, a_orig_mod.w b",
    "'', n_averaged module.w module.b, w b",
    "'', n_averaged w b, n_averaged w b",
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
  void namesThatWrappersAloneTellApartAreRefused() throws IOException {
    Pickled state = new Pickled().op(Opcodes.EMPTY_DICT).text("state_dict").op(Opcodes.EMPTY_DICT);
    for (String name : List.of("a.w", "_orig_mod.a.w")) {
      state
          .text(name)
          .tensor("ByteStorage", "0", 3, 0, new long[] {3}, new long[] {1})
          .op(Opcodes.SETITEM);
    }
    run.pickle(state.op(Opcodes.SETITEM).stop());
    Path file = run.write();

    assertThatThrownBy(() -> Checkpoint.read(file, ReadLimits.standard()))
        .hasMessage(file + ": two of its tensors are named \"a.w\" without the names of wrappers");
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
        """);

    Map<String, Object> expected = new HashMap<>();
    expected.put("learning_rate", 5e-5);
    expected.put("warmup", "1e-3");
    expected.put("max_steps", null);
    expected.put("gpus", null);
    expected.put("no_projection", true);
    expected.put("seed", 12345678901L);
    expected.put("model", "yes");
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

    assertThat(read.hparams().keySet()).containsExactly("model", "seed", "heads", "device");
    assertThat(read.hparams())
        .containsEntry("model", "Performer")
        .containsEntry("seed", null)
        .containsEntry("heads", 3L);
    assertThat(read.epoch()).hasValue(4);
    assertThat(read.globalStep()).hasValue(1L << 33);
  }

  /** Seen with PyYAML 6.0: {@code yaml.safe_load}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yes | true",
        "Off | false",
        "ON | true",
        "y | text",
        "yEs | text",
        "010 | 8",
        "-0x1F | -31",
        "0b101 | 5",
        "0o17 | text",
        "1_000 | 1000",
        "1:30 | 90",
        "1:30.5 | 90.5",
        "1e-3 | text",
        "1.0e5 | text",
        "1.0e+5 | 100000.0",
        "5.0e-05 | 5.0E-5",
        ".5 | 0.5",
        "-.inf | -Infinity",
        "NULL | null",
        "\"yes\" | text",
        "!!str 5 | text",
        "!!int '5' | 5",
        "!!python/unicode x | text",
        "!!python/long 7 | 7",
      })
  void valuesAreThoseOfPyYaml(String yaml, String value) throws IOException {
    run.hparams("a: " + yaml + "\n");

    Object read = run.read().hparams().get("a");

    assertThat(read instanceof String ? "text" : String.valueOf(read)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: !!python/tuple [1, 2]",
        "a: !!python/name:torch.nn.ReLU",
        "a: !!python/object/apply:numpy.core.multiarray.scalar [x, !!binary aGVsbG8=]",
        "a: !!python/object/apply:os.system [ls]",
        "a: !!python/object:argparse.Namespace {b: 1}",
        "a: !!python/object/new:collections.defaultdict {dictitems: {b: 1}}",
        "a: !!java.net.URL [http://x]",
        "a: !local x",
        "a: [1, two]",
        "a: &x [*x]",
        "a: {b: 1}",
        "a: 2021-02-14",
        "a: !!set {x}",
        "{a: 1, a: 2}",
      })
  void whatIsNotNeededIsNotUnderstood(String yaml) throws IOException {
    run.hparams(yaml.startsWith("{") ? yaml : yaml + "\nmodel: Performer\n1: number\n");

    assertThat(run.read().hparams().get("a")).isInstanceOf(Opaque.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!python/object:argparse.Namespace\nheads: 3\n",
        "!!python/object/new:lightning_fabric.utilities.data.AttributeDict\ndictitems:\n  heads: 3\n",
        "!!python/object/new:x.Y\nstate:\n  heads: 3\n",
        "%YAML 1.1\n---\nbase: &b {heads: 3}\n<<: *b\n",
        "base: &b {heads: 4}\n<<: *b\nheads: 3\n",
        "all: [&x {heads: 3}, &y {heads: 4}]\n<<: [*x, *y]\n",
      })
  void documentsThatAreObjectsAndMergedOnesAreRead(String yaml) throws IOException {
    run.hparams(yaml);

    assertThat(run.read().hparams()).containsEntry("heads", 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- a | expected one \"name: value\" a line, found a list",
        "a   | expected one \"name: value\" a line, found a single value",
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
