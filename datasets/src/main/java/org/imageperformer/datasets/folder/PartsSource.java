package org.imageperformer.datasets.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.pictures.Fit;

/**
 * A data set of known classes that lies as pictures in {@code DIR/NAME/{train,valid,test}/CLASS},
 * or a part of it.
 */
public class PartsSource implements DatasetSource {
  private static final List<String> PARTS = List.of("train", "valid", "test");

  private final DatasetInfo info;
  private final ImageStore store;

  /** Makes the source. */
  public PartsSource(DatasetInfo info, ImageStore store) {
    this.info = info;
    this.store = store;
  }

  @Override
  public final String name() {
    return info.name();
  }

  @Override
  public final DatasetInfo info(Path dataPath) {
    return info;
  }

  private List<String> missing(Path folder) {
    List<String> missing = new ArrayList<>();
    for (String part : PARTS) {
      for (String name : info.classNames()) {
        if (!Files.isDirectory(folder.resolve(part).resolve(name))) {
          missing.add(part + "/" + name);
        }
      }
    }
    return missing;
  }

  @Override
  public final Availability status(Path dataPath) {
    Path folder = dataPath.resolve(name());
    List<String> missing = missing(folder);
    return missing.isEmpty()
        ? new Availability(
            name(), Availability.Place.DATA_PATH, folder.toString(), "folders of pictures")
        : new Availability(
            name(),
            Availability.Place.ABSENT,
            folder.toString(),
            "missing " + String.join(", ", missing));
  }

  @Override
  public final Optional<Dataset> read(Path dataPath, int imageSize) {
    Path folder = dataPath.resolve(name());
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    List<String> missing = missing(folder);
    if (!missing.isEmpty()) {
      throw DatasetException.mismatch(
          folder.toString(),
          "folders of pictures for each part and class",
          "no " + String.join(", ", missing),
          remedy(dataPath));
    }
    Map<String, PictureTree> trees = new LinkedHashMap<>();
    List<PictureFile> all = new ArrayList<>();
    for (String part : PARTS) {
      PictureTree tree = PictureTree.of(folder, folder.resolve(part));
      if (!tree.classNames().equals(info.classNames())) {
        throw DatasetException.mismatch(
            tree.folder().toString(),
            "the folders " + String.join(", ", info.classNames()),
            String.join(", ", tree.classNames()),
            "Remove what is no class.");
      }
      trees.put(part, tree);
      all.addAll(tree.all());
    }
    Contents contents = new Contents(all);
    List<SourceFile> sources = new ArrayList<>();
    trees.forEach(
        (part, tree) -> sources.add(contents.source(part, tree.folder().toString(), tree.all())));
    PictureParts parts =
        new PictureParts(
            trees.get("train").all(), trees.get("valid").all(), trees.get("test").all(), sources);
    return Optional.of(
        new PictureReader(info, Fit.PAD, false, store, contents).read(parts, dataPath, imageSize));
  }

  @Override
  public final String remedy(Path dataPath) {
    return "Put its pictures into %s, sorted into folders %s below train, valid and test."
        .formatted(dataPath.resolve(name()), String.join(" and ", info.classNames()));
  }
}
