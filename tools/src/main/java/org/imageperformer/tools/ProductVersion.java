package org.imageperformer.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the product, and what it runs on. */
final class ProductVersion implements IVersionProvider {
  /** Returns the version of this product, such as {@code 0.1.0}. */
  static String product() {
    return versions().getProperty("product");
  }

  private static Properties versions() {
    Properties versions = new Properties();
    try (InputStream in = ProductVersion.class.getResourceAsStream("version.properties")) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions;
  }

  @Override
  public String[] getVersion() {
    Properties versions = versions();
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
