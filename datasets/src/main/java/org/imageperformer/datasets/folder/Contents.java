package org.imageperformer.datasets.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.files.Md5;

/** What pictures' files hold, by checksums: found out once for each reading, in parallel. */
final class Contents {
  private static final String UNREADABLE = "unreadable";

  /** Of pictures without a part of their own, one in so many of each class is tested on. */
  private static final int TEST_SHARE = 5;

  private final Map<String, String> md5 = new HashMap<>();

  /** Reads all files. */
  Contents(List<PictureFile> pictures) {
    List<String> sums = pictures.parallelStream().map(Contents::md5).toList();
    for (int i = 0; i < sums.size(); i++) {
      md5.put(pictures.get(i).name(), sums.get(i));
    }
  }

  /** What cannot be read is named when it is to be decoded. */
  private static String md5(PictureFile picture) {
    try {
      return Files.isRegularFile(picture.path()) ? Md5.of(picture.path()) : UNREADABLE;
    } catch (IOException e) {
      return UNREADABLE;
    }
  }

  /** The checksum of a picture's file. */
  String of(PictureFile picture) {
    return md5.get(picture.name());
  }

  /** One checksum of names and contents. */
  SourceFile source(String name, String location, List<PictureFile> pictures) {
    return new SourceFile(
        name,
        location,
        text(
            pictures.stream()
                .map(picture -> of(picture) + " " + picture.name())
                .collect(Collectors.joining("\n"))));
  }

  /** The checksum of a text. */
  static String text(String text) {
    var digest = Md5.digest();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return Md5.hex(digest);
  }

  /** How many of a class's pictures are set aside for the test. */
  static int testSize(int pictures) {
    return Math.max(1, pictures / TEST_SHARE);
  }

  /**
   * Chooses the pictures to test on: a fifth of each class, by what they hold and a seed alone, so
   * that a picture stays on its side when others come or go, and copies are on the same side.
   *
   * @param ofClass the pictures of one class, two or more
   * @return a part of them, in their order
   */
  List<PictureFile> test(List<PictureFile> ofClass, long seed) {
    Map<PictureFile, String> lots = new HashMap<>();
    ofClass.forEach(picture -> lots.put(picture, text(seed + " " + of(picture))));
    List<PictureFile> drawn = new ArrayList<>(ofClass);
    drawn.sort(Comparator.comparing((PictureFile picture) -> lots.get(picture)));
    int size = testSize(ofClass.size());
    int end = size;
    while (end < drawn.size() && lots.get(drawn.get(end)).equals(lots.get(drawn.get(end - 1)))) {
      end++;
    }
    List<PictureFile> chosen = new ArrayList<>(drawn.subList(0, end < drawn.size() ? end : size));
    chosen.sort(Comparator.comparing(PictureFile::name));
    return chosen;
  }
}
