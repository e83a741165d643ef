package org.imageperformer.tools.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imageperformer.tools.Cli;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is checked before a checkpoint is read; the tests of flows have the rest. */
class ExportCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"other/saved_model", "link", "other/checkpoints/new/model"})
  void replacesNoOtherRunsModel(String output) throws IOException {
    Path other = folder.toRealPath().resolve("other");
    Path model = other.resolve("saved_model");
    Files.createDirectories(model.resolve("assets.extra"));
    Files.writeString(model.resolve("saved_model.pb"), "model");
    Files.writeString(model.resolve("assets.extra/model.json"), "{}");
    Files.writeString(other.resolve("hparams.json"), "{}");
    Files.createSymbolicLink(folder.resolve("link"), model);
    Path target = folder.resolve(output);

    Cli result = Cli.run("export", "../pretrained/performer-mnist", "--output", target.toString());

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "error: cannot write "
                + target
                + ": it is one of the own files of the run "
                + other
                + ", choose another --output\n");
    assertThat(model.resolve("saved_model.pb")).hasContent("model");
  }
}
