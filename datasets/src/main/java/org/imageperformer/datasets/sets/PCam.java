package org.imageperformer.datasets.sets;

import java.util.List;
import java.util.Map;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.cache.ImageStore;
import org.imageperformer.datasets.folder.PartsSource;

/**
 * Tissue with and without a tumour in its middle, 262,144, 32,768 and 32,768 RGB images of 96x96
 * pixels (PatchCamelyon, Veeling and others 2018), or some of them. 7 GB decoded: they are read
 * from a file that is mapped, never held.
 */
public final class PCam extends PartsSource {
  static final DatasetInfo INFO =
      new DatasetInfo(
          "PCam",
          List.of("no_tumor", "tumor"),
          96,
          96,
          List.of(0.701f, 0.538f, 0.692f),
          List.of(0.235f, 0.277f, 0.213f),
          false,
          Map.of());

  /** Called by {@link java.util.ServiceLoader}. */
  public PCam() {
    super(INFO, new ImageStore(0));
  }
}
