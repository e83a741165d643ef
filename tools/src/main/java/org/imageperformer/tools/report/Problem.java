package org.imageperformer.tools.report;

import java.nio.file.Path;
import org.imageperformer.savedmodels.OneLine;

/**
 * Something that could not be shown.
 *
 * @param run of which run
 * @param reason what went wrong
 */
public record Problem(Path run, RuntimeException reason) {
  /** What went wrong, in words. */
  String message() {
    String message = reason.getMessage();
    return message == null ? OneLine.kind(reason) : message;
  }
}
