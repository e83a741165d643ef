package org.imageperformer.datasets;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.augment.Augmentation;
import org.imageperformer.options.OptionSet;

/**
 * A data set: what it is, where it is found, how it is read. To add one, write a class of this type
 * with a public constructor without parameters, and name it on a line of {@code
 * META-INF/services/org.imageperformer.datasets.DatasetSource} on the class path; the order of the
 * lines is that of all listings. {@code sets/} has examples.
 */
public interface DatasetSource {
  /**
   * The name users write.
   *
   * @return such as {@code "MNIST"}
   */
  String name();

  /**
   * What is fixed about the data set; may depend on what lies in its folder.
   *
   * @param dataPath the user's data folder; need not exist
   * @return its description, of the same {@link #name}
   * @throws DatasetException if it depends on a folder that is missing or damaged
   */
  DatasetInfo info(Path dataPath);

  /**
   * What a run was trained on, or is to be.
   *
   * @param dataPath the user's data folder; need not exist
   * @param run what is given or kept of the run, by name: values of {@link #options}, and what
   *     {@link DatasetInfo#kept} had
   * @return unless overridden, that of {@link #info(Path)}
   * @throws DatasetException if it depends on a folder that is missing or damaged
   * @throws IllegalArgumentException if a value is none of its option's
   */
  default DatasetInfo info(Path dataPath, Map<String, ?> run) {
    return info(dataPath);
  }

  /**
   * The options that trainings on this data set have, and others do not.
   *
   * @return none unless overridden
   */
  default OptionSet options() {
    return OptionSet.of();
  }

  /**
   * Says where the data set would be read from. No file's content is read.
   *
   * @param dataPath the user's data folder; need not exist
   * @return the place
   */
  Availability status(Path dataPath);

  /**
   * Reads the data set from the first place on this machine that has it.
   *
   * @param dataPath the user's data folder; need not exist
   * @param imageSize rows and columns to resize the images to, 1 to 1024
   * @return the images and labels; empty if it is nowhere
   * @throws DatasetException if it is damaged
   */
  Optional<Dataset> read(Path dataPath, int imageSize);

  /**
   * Reads the data set as it is described.
   *
   * @param info one of {@link #info(Path, Map)}
   * @param dataPath the user's data folder; need not exist
   * @param imageSize rows and columns to resize the images to, 1 to 1024
   * @return unless overridden, that of {@link #read(Path, int)}
   * @throws DatasetException if it is damaged
   */
  default Optional<Dataset> read(DatasetInfo info, Path dataPath, int imageSize) {
    return read(dataPath, imageSize);
  }

  /**
   * Says what the user can do when the data set is nowhere.
   *
   * @param dataPath the user's data folder; need not exist
   * @return whole sentences, such as which files to put into which folder
   */
  String remedy(Path dataPath);

  /**
   * Downloads what the data path does not have yet.
   *
   * @param dataPath the user's data folder; made if need be
   * @param listener is told how it goes
   * @return the folder with the files
   * @throws DatasetException if a file cannot be had, or unless overridden: there is no download
   */
  default Path download(Path dataPath, DownloadListener listener) {
    throw new DatasetException(name() + " cannot be downloaded. " + remedy(dataPath));
  }

  /**
   * How training images may be varied from epoch to epoch.
   *
   * @return empty unless overridden: images are taken as they are
   */
  default Optional<Augmentation> augmentation() {
    return Optional.empty();
  }
}
