package org.imageperformer.tools.plots;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.imageperformer.savedmodels.AtomicFiles;

/** Where a picture goes: an SVG or PNG file, replaced only by a complete new one. */
public final class PictureFile {
  private enum Format {
    SVG,
    PNG
  }

  /** Pixels of a PNG per pixel of the layout: sharp in print at 17 cm width. */
  private static final int PNG_SCALE = 2;

  private final Path path;
  private final Format format;

  /**
   * Checks what can be checked before any work is done.
   *
   * @param path the file, ending in {@code .svg} or {@code .png}; its folder must exist
   * @throws PlotException if nothing can be written there
   */
  public PictureFile(Path path) {
    this.path = path;
    this.format = format(path);
    Path folder = path.toAbsolutePath().getParent();
    if (Files.isDirectory(path)) {
      throw new PlotException(path + ": expected a file to write to, found a folder");
    }
    if (!Files.isDirectory(folder)) {
      throw new PlotException(path + ": the folder " + folder + " does not exist; make it first");
    }
    if (!Files.isWritable(folder)) {
      throw new PlotException(path + ": no permission to write into the folder " + folder);
    }
  }

  private static Format format(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      return Format.SVG;
    }
    if (name.endsWith(".png")) {
      return Format.PNG;
    }
    throw new PlotException(path + ": expected a name that ends in .svg or .png");
  }

  /**
   * Writes the picture aside and renames it.
   *
   * @throws org.imageperformer.savedmodels.RunException if that fails; a file that was there before
   *     is then unchanged
   */
  void write(Picture picture) {
    AtomicFiles.write(
        path,
        out -> {
          if (format == Format.SVG) {
            writeSvg(picture, out);
          } else {
            writePng(picture, out);
          }
        });
  }

  private static void writeSvg(Picture picture, OutputStream out) throws IOException {
    VectorGraphics2D graphics = new VectorGraphics2D();
    picture.paint(graphics);
    new SVGProcessor()
        .getDocument(graphics.getCommands(), new PageSize(0, 0, picture.width(), picture.height()))
        .writeTo(out);
  }

  private static void writePng(Picture picture, OutputStream out) throws IOException {
    BufferedImage image =
        new BufferedImage(
            PNG_SCALE * picture.width(), PNG_SCALE * picture.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.scale(PNG_SCALE, PNG_SCALE);
      picture.paint(graphics);
    } finally {
      graphics.dispose();
    }
    ImageIO.write(image, "png", out);
  }
}
