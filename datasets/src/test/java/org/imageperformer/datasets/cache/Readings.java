package org.imageperformer.datasets.cache;

import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.imageperformer.datasets.DatasetInfo;

/** Readings for tests of what is read, where no file can take the images. */
public final class Readings {
  private static final FileSystem DISK = Jimfs.newFileSystem();

  private Readings() {}

  public static ImageReading heap(int imageSize) {
    CacheFile cache =
        new CacheFile(info("Test", 1), DISK.getPath("data"), imageSize, () -> "", 1 << 20);
    return new ImageReading(cache, Long.MAX_VALUE);
  }

  /** The pixels that a collector has. */
  public static byte[] pixels(ImageCollector collector, int imageBytes) {
    byte[] heap = collector.finish(new byte[collector.count()]).heap;
    return Arrays.copyOf(heap, collector.count() * imageBytes);
  }

  /** A data set of ten classes. */
  public static DatasetInfo info(String name, int channels) {
    return new DatasetInfo(
        name,
        Collections.nCopies(10, "class"),
        28,
        28,
        Collections.nCopies(channels, 0f),
        Collections.nCopies(channels, 1f),
        false,
        Map.of());
  }
}
