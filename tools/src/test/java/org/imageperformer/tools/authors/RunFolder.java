package org.imageperformer.tools.authors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A run's folder made for a test. */
final class RunFolder {
  static final String NAME = "epoch=0-step=7.ckpt";

  private final Path directory;
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private boolean compressed;

  RunFolder(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory.resolve("checkpoints"));
    Files.writeString(directory.resolve("hparams.yaml"), "model: Performer\n");
  }

  /** The files of a golden case. */
  static Path golden(String name) {
    return Path.of("src/test/resources/golden", name);
  }

  Path directory() {
    return directory;
  }

  Path checkpoint() {
    return directory.resolve("checkpoints").resolve(NAME);
  }

  RunFolder hparams(String yaml) throws IOException {
    Files.writeString(directory.resolve("hparams.yaml"), yaml);
    return this;
  }

  RunFolder entry(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  RunFolder pickle(byte[] content) {
    return entry("archive/data.pkl", content);
  }

  RunFolder storage(String key, byte[] content) {
    return entry("archive/data/" + key, content);
  }

  RunFolder byteOrder(String order) {
    return entry("archive/byteorder", order.getBytes(StandardCharsets.UTF_8));
  }

  RunFolder compressed() {
    compressed = true;
    return this;
  }

  AuthorsRun read() throws IOException {
    return read(ReadLimits.standard());
  }

  AuthorsRun read(ReadLimits limits) throws IOException {
    write();
    return AuthorsRun.read(directory, Optional.empty(), limits);
  }

  /** Writes the zip as PyTorch does: stored, unless compressed is asked for. */
  Path write() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      for (var content : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(content.getKey());
        if (!compressed) {
          CRC32 crc = new CRC32();
          crc.update(content.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(content.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content.getValue());
        zip.closeEntry();
      }
    }
    // At once: a zip is written in pieces of a few bytes.
    return Files.write(checkpoint(), file.toByteArray());
  }
}
