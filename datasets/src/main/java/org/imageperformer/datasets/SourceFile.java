package org.imageperformer.datasets;

import java.util.Objects;

/**
 * Where a part of a data set came from.
 *
 * @param name the file's own name, such as {@code train-images-idx3-ubyte}
 * @param location the path read, for an archive's entry {@code archive!/entry}, for shipped samples
 *     {@code classpath:...}
 * @param md5 MD5 of the uncompressed content, in lower-case hexadecimal digits
 */
public record SourceFile(String name, String location, String md5) {
  /** Refuses missing parts. */
  public SourceFile {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(md5, "md5");
  }
}
