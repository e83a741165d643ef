package org.imageperformer.tools.report;

import java.nio.file.Path;
import java.util.Optional;
import org.imageperformer.datasets.Dataset;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.eval.DatasetSource;
import org.imageperformer.eval.RunData;

/** Keeps the data set that was asked for last, as one is needed several times in a row. */
final class KeptDatasets implements DatasetSource {
  private final DatasetSource source;
  private final Optional<Integer> limitTest;
  private RunData.Key key;
  private Dataset dataset;

  /**
   * @param source where data sets come from
   * @param limitTest only so many of the first test images count; empty for all
   */
  KeptDatasets(DatasetSource source, Optional<Integer> limitTest) {
    this.source = source;
    this.limitTest = limitTest;
  }

  @Override
  public Dataset load(DatasetInfo info, Path dataPath, int imageSize) {
    RunData.Key wanted = new RunData.Key(info, dataPath, imageSize);
    if (!wanted.equals(key)) {
      // Before the next is loaded: two at a time may be too many.
      dataset = null;
      key = null;
      Dataset whole = source.load(info, dataPath, imageSize);
      dataset =
          new Dataset(
              whole.info(),
              whole.train(),
              whole.validation(),
              limitTest.map(whole.test()::first).orElse(whole.test()),
              whole.sources());
      key = wanted;
    }
    return dataset;
  }
}
