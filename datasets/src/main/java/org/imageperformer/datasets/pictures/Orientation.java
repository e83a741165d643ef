package org.imageperformer.datasets.pictures;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegSegmentReader;
import com.drew.imaging.jpeg.JpegSegmentType;
import com.drew.imaging.png.PngChunk;
import com.drew.imaging.png.PngChunkReader;
import com.drew.imaging.png.PngChunkType;
import com.drew.imaging.webp.WebpMetadataReader;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.SequentialByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** How a stored picture is to be turned and mirrored to stand as its camera was held. */
enum Orientation {
  UPRIGHT(1),
  MIRRORED(2),
  UPSIDE_DOWN(3),
  MIRRORED_UPSIDE_DOWN(4),
  TRANSPOSED(5),
  TURNED_RIGHT(6),
  TRANSVERSED(7),
  TURNED_LEFT(8);

  private final int value;

  Orientation(int value) {
    this.value = value;
  }

  /** That of a file's EXIF data; upright where there is none, or none that can be read. */
  static Orientation of(byte[] file, PictureFormat format) {
    try {
      Metadata metadata =
          switch (format) {
            case PNG -> ofPng(file);
            case JPEG -> ofJpeg(file);
            case WEBP -> WebpMetadataReader.readMetadata(new ByteArrayInputStream(file));
            case BMP, GIF, PNM -> new Metadata();
          };
      for (ExifIFD0Directory directory : metadata.getDirectoriesOfType(ExifIFD0Directory.class)) {
        Integer found = directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
        for (Orientation orientation : values()) {
          if (found != null && found == orientation.value) {
            return orientation;
          }
        }
      }
      return UPRIGHT;
    } catch (IOException | ImageProcessingException | RuntimeException e) {
      // Damaged metadata does not make a picture worthless, and its reader throws anything.
      return UPRIGHT;
    }
  }

  private static Metadata ofJpeg(byte[] file) throws IOException, ImageProcessingException {
    Metadata metadata = new Metadata();
    new ExifReader()
        .readJpegSegments(
            JpegSegmentReader.readSegments(
                    new SequentialByteArrayReader(file), List.of(JpegSegmentType.APP1))
                .getSegments(JpegSegmentType.APP1),
            metadata,
            JpegSegmentType.APP1);
    return metadata;
  }

  private static Metadata ofPng(byte[] file) throws IOException, ImageProcessingException {
    Metadata metadata = new Metadata();
    for (PngChunk chunk :
        new PngChunkReader()
            .extract(new SequentialByteArrayReader(file), Set.of(PngChunkType.eXIf))) {
      new ExifReader().extract(new ByteArrayReader(chunk.getBytes()), metadata);
    }
    return metadata;
  }

  /** Whether rows become columns. */
  boolean swapsSides() {
    return value >= TRANSPOSED.value;
  }

  /** Where a pixel of a stored picture of this size goes, counted row by row. */
  int index(int y, int x, int height, int width) {
    return switch (this) {
      case UPRIGHT -> y * width + x;
      case MIRRORED -> y * width + width - 1 - x;
      case UPSIDE_DOWN -> (height - 1 - y) * width + width - 1 - x;
      case MIRRORED_UPSIDE_DOWN -> (height - 1 - y) * width + x;
      case TRANSPOSED -> x * height + y;
      case TURNED_RIGHT -> x * height + height - 1 - y;
      case TRANSVERSED -> (width - 1 - x) * height + height - 1 - y;
      case TURNED_LEFT -> (width - 1 - x) * height + y;
    };
  }
}
