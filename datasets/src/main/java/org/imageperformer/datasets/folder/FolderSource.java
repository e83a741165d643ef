package org.imageperformer.datasets.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.SourceFile;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.pictures.Picture;
import org.imageperformer.options.OptionSet;
import org.slf4j.LoggerFactory;

/**
 * Pictures of one's own (data.md, "Folders of pictures"): the data path is the folder. Which
 * classes there are, gray or colour, mean and deviation are found out when a run begins, and kept
 * with it.
 */
public final class FolderSource implements DatasetSource {
  /** The kind of data set; a colon and the folder's name follow it in a run. */
  public static final String NAME = "folder";

  private static final String CLASS_NAMES = "class_names";

  /** No folder's name has one. */
  private static final String BETWEEN_NAMES = "/";

  private static final int MOST_CLASSES = 256;
  private static final int SIDE = 32;

  /** Of training pictures without validation pictures of their own, one in so many validates. */
  private static final int VALIDATION_SHARE = 10;

  private final ImageStore store;

  /** Called by {@link java.util.ServiceLoader}. */
  public FolderSource() {
    this(new ImageStore(0));
  }

  FolderSource(ImageStore store) {
    this.store = store;
  }

  /** The folders of a folder of pictures. */
  private record Folders(
      PictureTree train, Optional<PictureTree> valid, Optional<PictureTree> test) {
    static Folders of(Path root) {
      List<Path> directories = PictureTree.directories(root);
      Optional<Path> train = named(directories, "train", "training");
      Optional<Path> valid = named(directories, "valid", "val", "validation");
      Optional<Path> test = named(directories, "test");
      if (train.isEmpty()) {
        if (test.isPresent() && hasClasses(test.get())) {
          throw DatasetException.mismatch(
              root.toString(), "a folder train beside test", "none", "Put it there.");
        }
        return checked(
            root, new Folders(PictureTree.of(root, root), Optional.empty(), Optional.empty()));
      }
      Set<Path> others = new LinkedHashSet<>(directories);
      List.of(train, valid, test).forEach(part -> part.ifPresent(others::remove));
      if (!others.isEmpty()) {
        LoggerFactory.getLogger(FolderSource.class)
            .warn(
                "{}: passed over what is beside train, valid and test: {}",
                root,
                others.stream().map(path -> path.getFileName().toString()).toList());
      }
      return checked(
          root,
          new Folders(
              PictureTree.of(root, train.get()),
              valid.map(part -> PictureTree.of(root, part)),
              test.map(part -> PictureTree.of(root, part))));
    }

    private static boolean hasClasses(Path folder) {
      return !PictureTree.directories(folder).isEmpty();
    }

    private static Optional<Path> named(List<Path> directories, String... names) {
      return directories.stream()
          .filter(path -> Arrays.asList(names).contains(path.getFileName().toString()))
          .findFirst();
    }

    private static Folders checked(Path root, Folders folders) {
      int classes = folders.train().classNames().size();
      if (classes < 2 || classes > MOST_CLASSES) {
        throw DatasetException.mismatch(
            folders.train().folder().toString(),
            "2 to %s folders of pictures, one for each class".formatted(MOST_CLASSES),
            classes == 0 ? "none" : classes + "",
            "Sort the pictures into folders that have the names of their classes, in %s or in %s."
                .formatted(root, root.resolve("train")));
      }
      return folders;
    }

    List<PictureFile> all() {
      List<PictureFile> all = new ArrayList<>(train.all());
      valid.ifPresent(part -> all.addAll(part.all()));
      test.ifPresent(part -> all.addAll(part.all()));
      return all;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public OptionSet options() {
    return FolderOptions.ALL;
  }

  @Override
  public DatasetInfo info(Path dataPath) {
    return info(dataPath, Map.of());
  }

  @Override
  public DatasetInfo info(Path dataPath, Map<String, ?> run) {
    Map<String, String> kept = new TreeMap<>();
    kept.put(FolderOptions.CHANNELS.name(), FolderOptions.value(FolderOptions.CHANNELS, run));
    kept.put(FolderOptions.FIT.name(), FolderOptions.value(FolderOptions.FIT, run).label());
    kept.put(
        FolderOptions.SPLIT_SEED.name(),
        FolderOptions.value(FolderOptions.SPLIT_SEED, run).toString());
    kept.put(
        FolderOptions.SKIP_BROKEN.name(),
        FolderOptions.value(FolderOptions.SKIP_BROKEN, run).toString());
    return run.get(CLASS_NAMES) != null && run.get(DatasetInfo.PIXEL_MEAN) != null
        ? remembered(dataPath, run, kept)
        : found(dataPath, kept);
  }

  /** As a run has kept it: the folder need not be there. */
  private static DatasetInfo remembered(
      Path dataPath, Map<String, ?> run, Map<String, String> kept) {
    for (String name :
        List.of(
            CLASS_NAMES,
            DatasetInfo.PIXEL_MEAN,
            DatasetInfo.PIXEL_STD,
            DatasetInfo.BLACK_MARGINS)) {
      kept.put(name, String.valueOf(run.get(name)));
    }
    Object name = run.get("dataset");
    return new DatasetInfo(
        name == null ? ownName(dataPath) : name.toString(),
        List.of(kept.get(CLASS_NAMES).split(BETWEEN_NAMES)),
        SIDE,
        SIDE,
        numbers(kept.get(DatasetInfo.PIXEL_MEAN)),
        numbers(kept.get(DatasetInfo.PIXEL_STD)),
        Boolean.parseBoolean(kept.get(DatasetInfo.BLACK_MARGINS)),
        Map.of(),
        kept);
  }

  private static List<Float> numbers(String text) {
    return Arrays.stream(text.split(",")).map(Float::valueOf).toList();
  }

  private static String ownName(Path dataPath) {
    Path name = dataPath.toAbsolutePath().normalize().getFileName();
    return name == null ? NAME : NAME + ":" + name;
  }

  private static DatasetInfo found(Path dataPath, Map<String, String> kept) {
    Folders folders = Folders.of(dataPath);
    List<String> classNames = folders.train().classNames();
    kept.put(CLASS_NAMES, String.join(BETWEEN_NAMES, classNames));
    String channels = kept.get(FolderOptions.CHANNELS.name());
    boolean gray =
        channels.equals(FolderOptions.AUTO)
            ? folders.train().all().parallelStream().allMatch(FolderSource::isGray)
            : channels.equals("1");
    int train = 0;
    for (List<PictureFile> ofClass : folders.train().pictures().values()) {
      train += ofClass.size();
      train -= folders.test().isPresent() ? 0 : Contents.testSize(ofClass.size());
    }
    return new DatasetInfo(
        ownName(dataPath),
        classNames,
        SIDE,
        SIDE,
        gray ? List.of(0f) : List.of(0f, 0f, 0f),
        gray ? List.of(1f) : List.of(1f, 1f, 1f),
        false,
        folders.valid().isPresent()
            ? Map.of()
            : Map.of("val_split", Integer.toString(Math.max(1, train / VALIDATION_SHARE))),
        kept);
  }

  /** What cannot be read has no say, and is named when it is to be decoded. */
  private static boolean isGray(PictureFile picture) {
    try {
      return Picture.isGray(picture.path(), Picture.content(picture.path()));
    } catch (DatasetException e) {
      return true;
    }
  }

  @Override
  public Availability status(Path dataPath) {
    boolean here = false;
    if (Files.isDirectory(dataPath)) {
      try {
        here = !Folders.of(dataPath).train().pictures().isEmpty();
      } catch (DatasetException e) {
        here = false; // a folder of other things
      }
    }
    return new Availability(
        NAME,
        here ? Availability.Place.DATA_PATH : Availability.Place.ABSENT,
        dataPath.toString(),
        here ? "folders of pictures" : "no folders of pictures");
  }

  @Override
  public Optional<Dataset> read(Path dataPath, int imageSize) {
    return Files.isDirectory(dataPath)
        ? read(info(dataPath), dataPath, imageSize)
        : Optional.empty();
  }

  @Override
  public Optional<Dataset> read(DatasetInfo info, Path dataPath, int imageSize) {
    Folders folders = Folders.of(dataPath);
    checkClasses(info, folders.train());
    folders.valid().ifPresent(part -> checkClasses(info, part));
    folders.test().ifPresent(part -> checkClasses(info, part));
    Contents contents = new Contents(folders.all());
    long seed = FolderOptions.value(FolderOptions.SPLIT_SEED, info.kept());
    PictureParts parts = parts(dataPath, folders, contents, seed);
    reportCopies(dataPath, parts, contents);
    return Optional.of(
        new PictureReader(
                info,
                FolderOptions.value(FolderOptions.FIT, info.kept()),
                FolderOptions.value(FolderOptions.SKIP_BROKEN, info.kept()),
                store,
                contents)
            .read(parts, dataPath, imageSize));
  }

  private static void checkClasses(DatasetInfo info, PictureTree part) {
    List<String> unknown = new ArrayList<>(part.classNames());
    unknown.removeAll(info.classNames());
    if (!unknown.isEmpty()) {
      throw DatasetException.mismatch(
          part.folder().toString(),
          "folders of the classes " + PictureReader.listed(info.classNames()),
          PictureReader.listed(unknown),
          "Rename or remove what is no class.");
    }
    if (part.pictures().isEmpty()) {
      throw DatasetException.mismatch(
          part.folder().toString(),
          "folders of the classes " + PictureReader.listed(info.classNames()),
          "none",
          "Put pictures there, or remove the folder.");
    }
  }

  private static PictureParts parts(Path root, Folders folders, Contents contents, long seed) {
    List<SourceFile> sources = new ArrayList<>();
    sources.add(source(root, folders.train(), contents));
    folders.valid().ifPresent(part -> sources.add(source(root, part, contents)));
    folders.test().ifPresent(part -> sources.add(source(root, part, contents)));
    List<PictureFile> train = new ArrayList<>(folders.train().all());
    List<PictureFile> test = new ArrayList<>();
    if (folders.test().isPresent()) {
      test.addAll(folders.test().get().all());
    } else {
      folders
          .train()
          .pictures()
          .forEach(
              (name, pictures) -> {
                if (pictures.size() < 2) {
                  throw DatasetException.mismatch(
                      root.toString(),
                      "two pictures or more of each class, to train and to test on",
                      "one of " + name,
                      "Add pictures, or a folder test.");
                }
                test.addAll(contents.test(pictures, seed));
              });
      train.removeAll(new LinkedHashSet<>(test));
    }
    return new PictureParts(
        train, folders.valid().map(PictureTree::all).orElse(List.of()), test, sources);
  }

  /** By the part's name: a run knows its pictures again when their folder has another name. */
  private static SourceFile source(Path root, PictureTree tree, Contents contents) {
    Path folder = tree.folder();
    String name = folder.equals(root) ? "pictures" : folder.getFileName().toString();
    return contents.source(name, folder.toString(), tree.all());
  }

  /** The same picture in two parts makes results better than they are. */
  private static void reportCopies(Path root, PictureParts parts, Contents contents) {
    Map<String, PictureFile> first = new HashMap<>();
    Map<String, String> partOf = new HashMap<>();
    List<String> copies = new ArrayList<>();
    Map<String, List<PictureFile>> all = new LinkedHashMap<>();
    all.put("training", parts.train());
    all.put("validation", parts.validation());
    all.put("test", parts.test());
    boolean drawn = parts.validation().isEmpty();
    all.forEach(
        (part, pictures) -> {
          for (PictureFile picture : pictures) {
            String content = contents.of(picture);
            PictureFile before = first.putIfAbsent(content, picture);
            String other = partOf.putIfAbsent(content, part);
            // Validation pictures that are drawn come from the training pictures.
            if (before != null && (!part.equals(other) || (drawn && part.equals("training")))) {
              copies.add(before.name() + " = " + picture.name());
            }
          }
        });
    if (!copies.isEmpty()) {
      LoggerFactory.getLogger(FolderSource.class)
          .warn(
              "{}: {} pictures are there twice and may be trained on and judged by: {}",
              root,
              copies.size(),
              PictureReader.listed(copies));
    }
  }

  @Override
  public String remedy(Path dataPath) {
    return "Sort pictures into folders that have the names of their classes, in %s, or in %s, %s and %s."
        .formatted(
            dataPath,
            dataPath.resolve("train"),
            dataPath.resolve("valid"),
            dataPath.resolve("test"));
  }
}
