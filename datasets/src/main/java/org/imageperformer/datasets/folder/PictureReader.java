package org.imageperformer.datasets.folder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.cache.ImageCollector;
import org.imageperformer.datasets.cache.ImageReading;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.cache.ReadImages;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.datasets.pictures.Picture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes pictures into a cache file, several at a time, once for as long as their contents stay
 * the same: no more than a few are on the heap.
 */
final class PictureReader {
  /** Decoded at a time: enough for every processor, of 1024x1024 pixels some 50 MB. */
  private static final int MOST_BYTES = 48 << 20;

  private static final int MOST_PICTURES = 256;

  /** Before the name of a picture that was left out, among the sources. */
  private static final String SKIPPED = "skipped ";

  private final DatasetInfo info;
  private final Fit fit;
  private final boolean skipBroken;
  private final ImageStore store;
  private final Contents contents;
  private final Map<String, Integer> labels = new HashMap<>();
  private final Map<PictureFile, String> broken = new LinkedHashMap<>();
  private Progress progress = new Progress(0);

  /** Reads pictures of these classes, in gray or colour as the description says. */
  PictureReader(
      DatasetInfo info, Fit fit, boolean skipBroken, ImageStore store, Contents contents) {
    this.info = info;
    this.fit = fit;
    this.skipBroken = skipBroken;
    this.store = store;
    this.contents = contents;
    for (String name : info.classNames()) {
      labels.put(name, labels.size());
    }
  }

  /**
   * Reads all pictures.
   *
   * @param cachePath the cache is below it
   * @throws DatasetException naming the pictures that cannot be read, unless they are to be left
   *     out
   */
  Dataset read(PictureParts parts, Path cachePath, int imageSize) {
    String key =
        Contents.text(
            "pictures 1, %s, skip %s, %s, %s, %s %s %s"
                .formatted(
                    fit.label(),
                    skipBroken,
                    info.classNames(),
                    parts.sources().stream().map(SourceFile::md5).toList(),
                    parts.train().size(),
                    parts.validation().size(),
                    names(parts.test())));
    Dataset dataset =
        store.read(
            info, cachePath, imageSize, () -> key, reading -> decode(parts, reading, imageSize));
    List<String> skipped =
        dataset.sources().stream()
            .map(SourceFile::name)
            .filter(name -> name.startsWith(SKIPPED))
            .map(name -> name.substring(SKIPPED.length()))
            .toList();
    if (!skipped.isEmpty()) {
      log()
          .warn(
              "{}: left out {} of {} pictures, which cannot be read: {}",
              cachePath,
              skipped.size(),
              parts.train().size() + parts.validation().size() + parts.test().size(),
              listed(skipped));
    }
    return dataset;
  }

  private static String names(List<PictureFile> pictures) {
    return Contents.text(
        pictures.stream().map(PictureFile::name).collect(Collectors.joining("\n")));
  }

  /** The first of some names. */
  static String listed(List<String> names) {
    String text = names.stream().limit(PictureTree.NAMED).collect(Collectors.joining(", "));
    int more = names.size() - PictureTree.NAMED;
    return more > 0 ? text + " and " + more + " more" : text;
  }

  private ReadImages decode(PictureParts parts, ImageReading reading, int imageSize) {
    List<PictureFile> all = new ArrayList<>(parts.train());
    all.addAll(parts.validation());
    all.addAll(parts.test());
    log().info("decoding {} pictures", all.size());
    progress = new Progress(all.size());
    List<ReadImages.OfFile> train = decode("training", parts.train(), reading, imageSize);
    List<ReadImages.OfFile> validation =
        parts.validation().isEmpty()
            ? List.of()
            : decode("validation", parts.validation(), reading, imageSize);
    List<ReadImages.OfFile> test = decode("test", parts.test(), reading, imageSize);
    if (!broken.isEmpty() && !skipBroken) {
      throw new DatasetException(
          "%s of %s pictures cannot be read: %s. Repair or remove them%s."
              .formatted(
                  broken.size(),
                  all.size(),
                  listed(List.copyOf(broken.values())),
                  info.kept().isEmpty() ? "" : ", or leave them out by --skip_broken"));
    }
    List<SourceFile> sources = new ArrayList<>(parts.sources());
    broken
        .keySet()
        .forEach(
            picture ->
                sources.add(
                    new SourceFile(
                        SKIPPED + picture.name(),
                        picture.path().toString(),
                        contents.of(picture))));
    return new ReadImages(train, validation, test, sources);
  }

  private List<ReadImages.OfFile> decode(
      String part, List<PictureFile> pictures, ImageReading reading, int imageSize) {
    ImageCollector collector = reading.begin(part + " pictures", pictures.size(), pictures.size());
    byte[] found = new byte[pictures.size()];
    int imageBytes = imageSize * imageSize * info.channels();
    int chunk = Math.max(1, Math.min(MOST_PICTURES, MOST_BYTES / imageBytes));
    for (int from = 0; from < pictures.size(); from += chunk) {
      List<PictureFile> some = pictures.subList(from, Math.min(pictures.size(), from + chunk));
      List<Decoded> decoded =
          some.parallelStream().map(picture -> decode(picture, imageSize)).toList();
      for (int i = 0; i < some.size(); i++) {
        Optional<Picture> picture = decoded.get(i).picture();
        if (picture.isPresent()) {
          found[collector.count()] = labels.get(some.get(i).className()).byteValue();
          collector.add(picture.get().pixels());
        } else {
          broken.put(some.get(i), decoded.get(i).problem());
        }
      }
    }
    if (collector.count() == 0 && skipBroken) {
      throw new DatasetException(
          "none of the %s %s pictures can be read: %s"
              .formatted(pictures.size(), part, listed(List.copyOf(broken.values()))));
    }
    return List.of(collector.finish(Arrays.copyOf(found, collector.count())));
  }

  /** Says every few seconds how far decoding is. */
  private static final class Progress {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final int total;
    private int done;
    private long said = System.nanoTime();

    Progress(int total) {
      this.total = total;
    }

    synchronized void oneMore() {
      done++;
      if (System.nanoTime() - said >= PAUSE && done < total) {
        log().info("decoded {} of {} pictures", done, total);
        said = System.nanoTime();
      }
    }
  }

  /** A picture in its size, or why there is none. */
  private record Decoded(Optional<Picture> picture, String problem) {}

  private Decoded decode(PictureFile picture, int imageSize) {
    try {
      byte[] content = Picture.content(picture.path());
      Picture whole = Picture.decode(picture.path(), content, info.channels());
      return new Decoded(Optional.of(fit.apply(whole, imageSize, imageSize)), "");
    } catch (DatasetException e) {
      return new Decoded(Optional.empty(), e.getMessage());
    } finally {
      progress.oneMore();
    }
  }

  /** Not a constant: help lists data sets, and logging takes longer to start than help to print. */
  private static Logger log() {
    return LoggerFactory.getLogger(PictureReader.class);
  }
}
