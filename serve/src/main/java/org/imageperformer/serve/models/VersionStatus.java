package org.imageperformer.serve.models;

/**
 * What became of a version of a model, in the words of TensorFlow Serving's ModelVersionStatus.
 *
 * @param version its number
 * @param state where it is
 * @param errorCode OK, or why it could not be loaded
 * @param errorMessage empty, or what is wrong
 */
public record VersionStatus(long version, State state, String errorCode, String errorMessage) {

  /** Where a version is. */
  public enum State {
    /** It is being loaded. */
    LOADING,
    /** It answers requests. */
    AVAILABLE,
    /** It is no longer asked, and answers its last requests. */
    UNLOADING,
    /** It is gone, or could not be loaded. */
    END
  }

  static VersionStatus of(long version, State state) {
    return new VersionStatus(version, state, "OK", "");
  }
}
