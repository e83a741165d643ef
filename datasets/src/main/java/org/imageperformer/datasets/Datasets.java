package org.imageperformer.datasets;

import java.nio.file.Path;
import java.util.List;

/**
 * Loads data sets by name, from the first of these places that has it (data.md): the data path
 * ({@code DIR/MNIST}, {@code DIR/MNIST/raw}, {@code DIR/CIFAR10/cifar-10-batches-bin}, {@code
 * DIR/CIFAR10/*.tar.gz}); for FashionMNIST the folder of Debian's package dataset-fashion-mnist; a
 * download into the data path. The samples are part of this module.
 */
public final class Datasets {
  private Datasets() {}

  /**
   * Loads a data set, downloading it if it is nowhere on this machine.
   *
   * @param name which one
   * @param dataPath the user's data folder; need not exist
   * @param imageSize rows and columns of the images, 1 to 1024; other sizes are {@linkplain Resize
   *     resized}
   * @param listener is told of downloads
   * @return the images and labels
   * @throws DatasetException if it cannot be had or is damaged
   * @throws IllegalArgumentException if the image size is out of range
   */
  public static Dataset load(
      DatasetName name, Path dataPath, int imageSize, DownloadListener listener) {
    return DatasetLoader.usual().load(name, dataPath, imageSize, listener);
  }

  /**
   * Loads a data set without using the network.
   *
   * @param name which one
   * @param dataPath the user's data folder; need not exist
   * @param imageSize rows and columns of the images, 1 to 1024
   * @return the images and labels
   * @throws DatasetException if it is not on this machine or is damaged
   * @throws IllegalArgumentException if the image size is out of range
   */
  public static Dataset loadOffline(DatasetName name, Path dataPath, int imageSize) {
    return DatasetLoader.usual().loadOffline(name, dataPath, imageSize);
  }

  /**
   * Says for every data set where it would be loaded from. No file is read.
   *
   * @param dataPath the user's data folder; need not exist
   * @return one element for each {@link DatasetName}, in its order
   */
  public static List<Availability> status(Path dataPath) {
    return DatasetLoader.usual().status(dataPath);
  }

  /**
   * Downloads the published files that the data path does not have yet.
   *
   * @param name which one
   * @param dataPath the user's data folder; made if need be
   * @param listener is told how it goes
   * @return the folder with the files
   * @throws DatasetException if a file cannot be had, or for the samples, which need no download
   */
  public static Path download(DatasetName name, Path dataPath, DownloadListener listener) {
    return DatasetLoader.usual().download(name, dataPath, listener);
  }
}
