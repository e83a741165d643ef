package org.imageperformer.tools;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the product, and what it runs on. */
final class ProductVersion implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    Properties versions = new Properties();
    try (InputStream in = ProductVersion.class.getResourceAsStream("version.properties")) {
      versions.load(in);
    }
    return new String[] {
      "Image Performer " + versions.getProperty("product"),
      "TensorFlow Java " + versions.getProperty("tensorflow"),
      "Java "
          + Runtime.version().feature()
          + " ("
          + System.getProperty("java.runtime.version")
          + ")"
    };
  }
}
