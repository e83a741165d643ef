package org.imageperformer.tools.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the product, and what it runs on. */
public final class ProductVersion implements IVersionProvider {
  /** Returns the version of this product, such as {@code 0.1.0}. */
  public static String product() {
    return versions().getProperty("product");
  }

  /**
   * Returns the git commit that this product was built from, its hash followed by {@code -dirty} if
   * files had been changed since; empty if it was built without a repository.
   */
  static Optional<String> commit() {
    return commit(versions());
  }

  static Optional<String> commit(Properties versions) {
    String hash = versions.getProperty("commit", "");
    if (!hash.matches("[0-9a-f]{40,64}")) {
      return Optional.empty();
    }
    return Optional.of(hash + (versions.getProperty("dirty").equals("true") ? "-dirty" : ""));
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
      "Image Performer "
          + versions.getProperty("product")
          + commit(versions).map(hash -> " (commit " + hash + ")").orElse(""),
      "TensorFlow Java " + versions.getProperty("tensorflow"),
      "Java %s (%s)"
          .formatted(Runtime.version().feature(), System.getProperty("java.runtime.version"))
    };
  }
}
