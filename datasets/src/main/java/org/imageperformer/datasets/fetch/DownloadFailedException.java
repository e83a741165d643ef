package org.imageperformer.datasets.fetch;

import java.util.List;

/** No mirror gave a whole, correct file. */
final class DownloadFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final List<String> reasons;

  DownloadFailedException(String file, List<String> reasons) {
    super(file + ": " + String.join("; ", reasons));
    this.file = file;
    this.reasons = List.copyOf(reasons);
  }

  String file() {
    return file;
  }

  /** What happened at each mirror, in the order tried. */
  List<String> reasons() {
    return reasons;
  }
}
