package org.imageperformer.datasets.fetch;

import java.net.URI;
import java.util.List;

/**
 * A published file.
 *
 * @param name its name here and on every mirror
 * @param checks what the MD5 is of
 * @param md5 in lower-case hexadecimal digits
 * @param contentBytes length of what the MD5 is of, -1 if not known
 * @param maxBytes more than the file's length on any mirror: a transfer beyond is cut off
 * @param mirrors where to find it, in the order to try
 */
public record RemoteFile(
    String name, Checks checks, String md5, long contentBytes, long maxBytes, List<URI> mirrors) {
  /** What a checksum is of. */
  public enum Checks {
    /** The uncompressed content, as gzip wrappers differ between mirrors. */
    UNCOMPRESSED,
    /** The file as it is. */
    STORED
  }

  /** Takes a copy of the list. */
  public RemoteFile {
    mirrors = List.copyOf(mirrors);
  }

  /** A gzip file whose content is known. */
  public static RemoteFile gzip(String name, String md5, long contentBytes, List<URI> mirrors) {
    // gzip adds a few bytes per block and a header to what it cannot compress.
    long maxBytes = contentBytes + contentBytes / 100 + 4096;
    return new RemoteFile(name, Checks.UNCOMPRESSED, md5, contentBytes, maxBytes, mirrors);
  }
}
