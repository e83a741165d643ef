package org.imageperformer.savedmodels;

import java.nio.ByteBuffer;

/** Where {@link SavedModel#predictAll} gets its images from; called from several threads. */
@FunctionalInterface
public interface ImageSource {

  /**
   * Puts one image at the buffer's position, which moves on by its size.
   *
   * @param index of the image, from 0
   * @param into gets height x width x channels bytes, rows first, channels last
   */
  void copyImage(int index, ByteBuffer into);
}
