package org.imageperformer.datasets.pictures;

import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;

/**
 * What a GIF shows, and where its first frame stands on it. The platform's reader gives the frame
 * alone.
 */
record GifScreen(int width, int height, int left, int top) {

  /** As large as the file says, or larger where the frame would not fit, as browsers do. */
  static GifScreen of(ImageReader reader) throws IOException {
    Element screen = element(reader.getStreamMetadata(), "LogicalScreenDescriptor");
    Element frame = element(reader.getImageMetadata(0), "ImageDescriptor");
    int left = number(frame, "imageLeftPosition");
    int top = number(frame, "imageTopPosition");
    return new GifScreen(
        Math.max(number(screen, "logicalScreenWidth"), left + reader.getWidth(0)),
        Math.max(number(screen, "logicalScreenHeight"), top + reader.getHeight(0)),
        left,
        top);
  }

  private static Element element(IIOMetadata metadata, String name) {
    Element root = (Element) metadata.getAsTree(metadata.getNativeMetadataFormatName());
    return (Element) root.getElementsByTagName(name).item(0);
  }

  private static int number(Element element, String attribute) {
    return Integer.parseInt(element.getAttribute(attribute));
  }

  /** The frame at its place, the rest transparent: the background colour is shown by no browser. */
  BufferedImage around(BufferedImage frame) {
    if (frame.getWidth() == width && frame.getHeight() == height) {
      return frame;
    }
    BufferedImage screen = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    int[] row = new int[frame.getWidth()];
    for (int y = 0; y < frame.getHeight(); y++) {
      frame.getRGB(0, y, row.length, 1, row, 0, row.length);
      screen.setRGB(left, top + y, row.length, 1, row, 0, row.length);
    }
    return screen;
  }
}
