package org.imageperformer.eval;

import java.nio.file.Path;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.datasets.DownloadListener;

/** Where evaluations get data sets from. */
@FunctionalInterface
public interface DatasetSource {

  /**
   * Loads a data set.
   *
   * @param dataset which one
   * @param dataPath the user's data folder
   * @param imageSize rows and columns of the images
   * @return the images and labels
   */
  Dataset load(DatasetInfo dataset, Path dataPath, int imageSize);

  /**
   * The places of data.md, the network among them.
   *
   * @param listener is told of downloads
   * @return the source
   */
  static DatasetSource usual(DownloadListener listener) {
    return (dataset, dataPath, imageSize) -> Datasets.load(dataset, dataPath, imageSize, listener);
  }
}
