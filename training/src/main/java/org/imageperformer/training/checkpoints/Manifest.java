package org.imageperformer.training.checkpoints;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.imageperformer.savedmodels.JsonText;
import org.imageperformer.savedmodels.OneLine;

/**
 * The list of a checkpoint's files, written after all of them: a directory with a manifest that
 * fits is a whole checkpoint.
 */
record Manifest(int format, List<Entry> files) {

  static final String NAME = "manifest.json";

  private static final int FORMAT = 1;
  private static final long MOST_BYTES = 1 << 20;

  /**
   * @param name relative to the directory, with slashes
   * @param size in bytes
   * @param crc32 of the content, eight hexadecimal digits
   */
  record Entry(String name, long size, String crc32) {}

  /** Lists what lies in a directory, in the order of the names. */
  static Manifest of(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.filter(Files::isRegularFile).sorted().toList();
    }
    List<Entry> files = new ArrayList<>();
    for (Path path : paths) {
      String name = directory.relativize(path).toString().replace('\\', '/');
      files.add(new Entry(name, Files.size(path), crc32(path)));
    }
    return new Manifest(FORMAT, List.copyOf(files));
  }

  byte[] toJson() {
    return JsonText.of(this).getBytes(StandardCharsets.UTF_8);
  }

  /** The checksum of the list, and with it of all files. */
  static String checksum(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      return crc32(file);
    } catch (IOException e) {
      throw new CheckpointException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** What is wrong with a checkpoint directory; empty when it is whole. */
  static Optional<String> problem(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        return Optional.of(file + ": expected at most " + MOST_BYTES + " bytes, found " + size);
      }
      Manifest manifest = new Gson().fromJson(Files.readString(file), Manifest.class);
      if (manifest == null || manifest.files == null || manifest.files.contains(null)) {
        return Optional.of(file + ": expected a list of files, found none");
      }
      if (manifest.format != FORMAT) {
        return Optional.of(file + ": expected format " + FORMAT + ", found " + manifest.format);
      }
      for (Entry entry : manifest.files) {
        Optional<String> problem = problem(directory, entry);
        if (problem.isPresent()) {
          return problem;
        }
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.of(file + " is missing: the checkpoint was not finished");
    } catch (JsonParseException e) {
      return Optional.of(file + " is no JSON: the file was damaged");
    } catch (IOException e) {
      return Optional.of(file + " cannot be read: " + OneLine.reason(e, file));
    }
  }

  private static Optional<String> problem(Path directory, Entry entry) {
    Path file;
    try {
      file = directory.resolve(String.valueOf(entry.name)).normalize();
    } catch (InvalidPathException e) {
      return Optional.of(directory.resolve(NAME) + " lists something that is no file name");
    }
    if (entry.name == null || !file.startsWith(directory.normalize()) || file.equals(directory)) {
      return Optional.of(
          directory.resolve(NAME) + " lists a file outside the checkpoint: " + entry.name);
    }
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.of(file + " is missing");
      }
      long size = Files.size(file);
      if (size != entry.size) {
        return Optional.of(file + ": expected " + entry.size + " bytes, found " + size);
      }
      String crc32 = crc32(file);
      if (!crc32.equals(entry.crc32)) {
        return Optional.of(
            file
                + ": expected CRC32 "
                + entry.crc32
                + ", found "
                + crc32
                + ": the file was damaged");
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(file + " cannot be read: " + OneLine.reason(e, file));
    }
  }

  private static String crc32(Path file) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
      }
    }
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
