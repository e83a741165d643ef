package org.imageperformer.eval;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.imageperformer.datasets.pictures.Picture;

/**
 * Where an encoded picture comes from.
 *
 * @param file what messages call it; need not exist
 * @param content its bytes, at most 64 MiB; throws {@link
 *     org.imageperformer.datasets.DatasetException} when there are none
 */
public record PictureSource(Path file, Supplier<byte[]> content) {

  /**
   * Returns the picture in a file.
   *
   * @param file is read when its content is asked for
   */
  public static PictureSource of(Path file) {
    return new PictureSource(file, () -> Picture.content(file));
  }
}
