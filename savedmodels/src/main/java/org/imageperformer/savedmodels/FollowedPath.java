package org.imageperformer.savedmodels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where something lies, or would lie, by whatever name and links it is called. */
public final class FollowedPath {
  private FollowedPath() {}

  /**
   * Follows the links of as much of a path as is there.
   *
   * @param path need not exist
   * @throws RunException when its links cannot be followed
   */
  public static Path of(Path path) {
    Path absolute = path.toAbsolutePath();
    Path there = absolute;
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return there.toRealPath().resolve(there.relativize(absolute)).normalize();
    } catch (IOException e) {
      throw RunException.cannot("find", path, e);
    }
  }
}
