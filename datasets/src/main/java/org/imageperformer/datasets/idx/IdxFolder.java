package org.imageperformer.datasets.idx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which of the four IDX files a folder has, plain or gzip.
 *
 * @param folder where
 * @param present the files found
 */
record IdxFolder(Path folder, Map<IdxPart, Path> present) {
  static IdxFolder in(Path folder) {
    Map<IdxPart, Path> present = new EnumMap<>(IdxPart.class);
    for (IdxPart part : IdxPart.values()) {
      part.names().stream()
          .map(folder::resolve)
          .filter(Files::exists)
          .findFirst()
          .ifPresent(path -> present.put(part, path));
    }
    return new IdxFolder(folder, present);
  }

  boolean complete() {
    return present.size() == IdxPart.values().length;
  }

  List<String> missing() {
    return Arrays.stream(IdxPart.values())
        .filter(part -> !present.containsKey(part))
        .map(IdxPart::gzipName)
        .toList();
  }
}
