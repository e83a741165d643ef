package org.imageperformer.tools.scalars;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.imageperformer.datasets.files.Hidden;
import org.imageperformer.training.listener.EventReader;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog.SessionStatus;
import org.tensorflow.proto.Summary;

/**
 * The numbers of a run: all event files of one folder, in the order of their names, as TensorBoard
 * reads them.
 *
 * @param name its folder as seen from where the search began
 * @param byTag values in the order of their steps
 */
public record RunScalars(String name, SortedMap<String, List<Point>> byTag) {

  private static final String EVENTS = "tfevents";

  /**
   * The event files of all runs below a folder, in the order of their names; those of what is
   * hidden in it are no run's.
   *
   * @throws UncheckedIOException if the folder cannot be searched
   */
  public static List<Path> files(Path folder) {
    try {
      return Hidden.filesBelow(folder, Hidden::isHidden, Set.of()).stream()
          .filter(file -> file.getFileName().toString().contains(EVENTS))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot search " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads runs, in the order of their names.
   *
   * @param folder where the search began
   * @param files of them
   * @param warnings told of what cannot be read; what came before it counts
   */
  public static List<RunScalars> read(Path folder, List<Path> files, Consumer<String> warnings) {
    Map<Path, List<Path>> byRun =
        files.stream()
            .collect(Collectors.groupingBy(Path::getParent, TreeMap::new, Collectors.toList()));
    List<RunScalars> runs = new ArrayList<>();
    byRun.forEach(
        (run, its) -> {
          SortedMap<String, SortedMap<Long, Point>> values = new TreeMap<>();
          its.forEach(file -> read(file, values, warnings));
          SortedMap<String, List<Point>> byTag = new TreeMap<>();
          values.forEach((tag, points) -> byTag.put(tag, List.copyOf(points.values())));
          byTag.values().removeIf(List::isEmpty);
          runs.add(new RunScalars(name(folder, run), byTag));
        });
    return runs;
  }

  private static String name(Path folder, Path run) {
    String name = folder.relativize(run).toString();
    return name.isEmpty() ? "." : name;
  }

  private static void read(
      Path file, SortedMap<String, SortedMap<Long, Point>> values, Consumer<String> warnings) {
    try (EventReader reader = new EventReader(file)) {
      for (Optional<Event> event = reader.next(); event.isPresent(); event = reader.next()) {
        add(event.get(), values);
      }
    } catch (IOException e) {
      warnings.accept(file + " is " + e.getMessage() + "; what comes after it is left out");
    }
  }

  private static void add(Event event, SortedMap<String, SortedMap<Long, Point>> values) {
    if (event.getSessionLog().getStatus() == SessionStatus.START) {
      // A run that goes on takes these steps again.
      values.values().forEach(points -> points.tailMap(event.getStep()).clear());
    }
    for (Summary.Value value : event.getSummary().getValueList()) {
      OptionalDouble number = Scalar.of(value);
      if (number.isPresent()) {
        values
            .computeIfAbsent(value.getTag(), tag -> new TreeMap<>())
            .put(
                event.getStep(),
                new Point(event.getStep(), event.getWallTime(), number.getAsDouble()));
      }
    }
  }
}
