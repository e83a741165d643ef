package org.imageperformer.tools.authors;

/**
 * A storage as the pickle announces it.
 *
 * @param key the name of its zip entry, after {@code data/}
 * @param type how its elements are stored
 * @param bytes its length in bytes
 */
record StorageReference(String key, ElementType type, long bytes) {
  /** How many elements it has. */
  long count() {
    return bytes / type.bytes();
  }
}
