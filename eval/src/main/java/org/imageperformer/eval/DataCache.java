package org.imageperformer.eval;

import org.imageperformer.datasets.Dataset;

/**
 * Keeps the data set that was asked for last, or why it could not be had: runs that share one are
 * evaluated one after the other, and a missing one is looked for once.
 */
final class DataCache {

  private final DatasetSource source;
  private RunData.Key key;
  private Dataset dataset;
  private RuntimeException failure;

  DataCache(DatasetSource source) {
    this.source = source;
  }

  Dataset get(RunData.Key wanted) {
    if (!wanted.equals(key)) {
      key = wanted;
      // Before the next is loaded: two at a time may be too many.
      dataset = null;
      failure = null;
      try {
        dataset = source.load(wanted.dataset(), wanted.dataPath(), wanted.imageSize());
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return dataset;
  }
}
