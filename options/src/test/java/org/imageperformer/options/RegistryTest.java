package org.imageperformer.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
  /** Something chosen by name. */
  public interface Shape {
    String name();
  }

  public static final class Circle implements Shape {
    @Override
    public String name() {
      return "circle";
    }
  }

  public static final class Disc implements Shape {
    @Override
    public String name() {
      return "circle";
    }
  }

  public static final class Square implements Shape {
    @Override
    public String name() {
      return "square";
    }
  }

  @TempDir Path folder;

  @Test
  void findsWhatAFolderOnTheClassPathOfTheThreadBrings() throws IOException {
    Registry<Shape> shapes = registry(Square.class, Circle.class);
    assertThat(shapes.names()).containsExactly("circle", "square");
    assertThat(shapes.get("Square")).isInstanceOf(Square.class);
    assertThatThrownBy(() -> shapes.get("cube"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown shape 'cube'; known: circle, square");
  }

  @Test
  void refusesTwoOfOneName() {
    assertThatThrownBy(() -> registry(Circle.class, Disc.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "two classes bring the shape 'circle': %s and %s",
            Circle.class.getName(), Disc.class.getName());
  }

  private Registry<Shape> registry(Class<?>... types) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(
        services.resolve(Shape.class.getName()),
        List.of(types).stream().map(Class::getName).toList());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      return new Registry<>(Shape.class, "shape", Shape::name);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
