package org.imageperformer.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;

/** The samples inside this module. */
final class SampleFiles {
  private SampleFiles() {}

  static ContentStream open(DatasetName name, IdxPart part) {
    String resource = "samples/" + name.label() + "/" + part.gzipName();
    String location = location(name) + "/" + part.gzipName();
    URL url = SampleFiles.class.getResource(resource);
    if (url == null) {
      throw new DatasetException(
          location + ": missing from this installation. Install the program again.");
    }
    try {
      URLConnection connection = url.openConnection();
      InputStream in = connection.getInputStream();
      return ContentStream.of(location, in, connection.getContentLengthLong());
    } catch (IOException e) {
      throw ContentStream.unreadable(location, e);
    }
  }

  static String location(DatasetName name) {
    return "classpath:org/imageperformer/datasets/samples/" + name.label();
  }
}
