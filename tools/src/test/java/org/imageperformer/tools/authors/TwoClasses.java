package org.imageperformer.tools.authors;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.Availability;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;

/** A data set of RGB images in two classes, of which only that is known. */
public final class TwoClasses implements DatasetSource {
  static final String NAME = "TwoClasses";

  /** A class loader that finds it beside ours. */
  static ClassLoader loader(Path folder, ClassLoader parent) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(DatasetSource.class.getName()), TwoClasses.class.getName());
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, parent);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public DatasetInfo info(Path dataPath) {
    return new DatasetInfo(
        NAME,
        List.of("without", "with"),
        96,
        96,
        List.of(0.5f, 0.5f, 0.5f),
        List.of(0.25f, 0.25f, 0.25f),
        false,
        Map.of());
  }

  @Override
  public Availability status(Path dataPath) {
    return new Availability(NAME, Availability.Place.ABSENT, dataPath.toString(), "no images");
  }

  @Override
  public Optional<Dataset> read(Path dataPath, int imageSize) {
    return Optional.empty();
  }

  @Override
  public String remedy(Path dataPath) {
    return "It has no images.";
  }
}
