package org.imageperformer.training.engine;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.imageperformer.tfmodels.graph.Run;
import org.imageperformer.training.checkpoints.CheckpointException;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.train.Restore;
import org.tensorflow.op.train.Save;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/**
 * Variables of a graph as a TensorFlow checkpoint in a directory: {@code tensors.index}, {@code
 * tensors.data-*}, and {@code tensors.json}, the shapes by name, against which a restoring graph is
 * checked before it reads.
 */
final class StateFiles {

  private static final String PREFIX = "tensors";
  private static final String SHAPES = "tensors.json";

  /** A thousand times what a model of a hundred blocks needs. */
  private static final long MOST_BYTES = 16 << 20;

  private final Map<String, Variable<TFloat32>> variables = new LinkedHashMap<>();
  private final Set<String> weights;
  private final Placeholder<TString> prefix;
  private final Save save;
  private final Map<String, Op> restore = new LinkedHashMap<>();

  /**
   * Adds save and restore operations for variables under the given names.
   *
   * @param slots what an optimizer keeps, named {@code RULE/SLOT/WEIGHT}
   */
  StateFiles(
      Ops tf, Map<String, Variable<TFloat32>> weights, Map<String, Variable<TFloat32>> slots) {
    this.weights = Set.copyOf(weights.keySet());
    variables.putAll(weights);
    variables.putAll(slots);
    List<String> names = List.copyOf(variables.keySet());
    List<Operand<?>> tensors = new ArrayList<>(variables.values());
    prefix = tf.withName("checkpoint").placeholder(TString.class);
    String[] whole = names.stream().map(name -> "").toArray(String[]::new);
    save = tf.train.save(prefix, tf.array(names.toArray(String[]::new)), tf.array(whole), tensors);
    for (String name : names) {
      Restore read =
          tf.train.restore(prefix, tf.array(name), tf.array(""), List.of(TFloat32.class));
      restore.put(name, tf.assign(variables.get(name), float32(read.tensors().get(0).asOutput())));
    }
  }

  /**
   * Writes all variables.
   *
   * @throws UncheckedIOException if the shapes cannot be written; TensorFlow's own exception if the
   *     tensors cannot
   */
  void save(Session session, Path directory) {
    try (Run run = at(session, directory)) {
      run.target(save).execute();
      Files.writeString(directory.resolve(SHAPES), new Gson().toJson(shapes(variables.keySet())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads all variables.
   *
   * @throws CheckpointException listing every variable that is missing or has another shape; or
   *     when TensorFlow cannot read the tensors
   */
  void restore(Session session, Path directory) {
    restore(session, directory, true);
  }

  /**
   * Reads the weights; what an optimizer keeps, of whatever rule, is passed over.
   *
   * @throws CheckpointException as {@link #restore}
   */
  void restoreWeights(Session session, Path directory) {
    restore(session, directory, false);
  }

  private void restore(Session session, Path directory, boolean slots) {
    Map<String, List<Long>> found = savedShapes(directory.resolve(SHAPES));
    List<String> problems = new ArrayList<>();
    Map<String, List<Long>> expected = shapes(slots ? variables.keySet() : weights);
    expected.forEach(
        (name, shape) -> {
          if (!found.containsKey(name)) {
            problems.add("missing " + name + " " + shape);
          } else if (!found.get(name).equals(shape)) {
            problems.add(name + " is " + found.get(name) + " instead of " + shape);
          }
        });
    for (String name : found.keySet()) {
      if (!expected.containsKey(name) && (slots || !isSlot(name, found.keySet()))) {
        problems.add("unknown " + name);
      }
    }
    if (!problems.isEmpty()) {
      throw new CheckpointException(
          "checkpoint "
              + directory
              + " does not fit the model: "
              + String.join("; ", problems)
              + ". Its hparams.json, or the checkpoint, is that of another run.");
    }
    try (Run run = at(session, directory)) {
      expected.keySet().forEach(name -> run.target(restore.get(name)));
      run.execute();
    } catch (RuntimeException e) {
      throw new CheckpointException(
          "checkpoint " + directory + " cannot be read: " + firstLine(e.getMessage()), e);
    }
  }

  private Run at(Session session, Path directory) {
    return new Run(session).feed(prefix, TString.scalarOf(directory.resolve(PREFIX).toString()));
  }

  /** TensorFlow's messages go on with the operations of the graph. */
  private static String firstLine(String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse("");
  }

  /** Whether a name is RULE/SLOT/WEIGHT for a saved weight. */
  private static boolean isSlot(String name, Set<String> saved) {
    String[] parts = name.split("/", 3);
    return parts.length == 3 && saved.contains(parts[2]);
  }

  private Map<String, List<Long>> shapes(Set<String> names) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    variables.forEach(
        (name, variable) -> {
          if (names.contains(name)) {
            shapes.put(name, Arrays.stream(variable.shape().asArray()).boxed().toList());
          }
        });
    return shapes;
  }

  private static Map<String, List<Long>> savedShapes(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new CheckpointException(
            file + ": expected at most " + MOST_BYTES + " bytes, found " + Files.size(file));
      }
      Map<String, List<Long>> shapes =
          new Gson()
              .fromJson(
                  Files.readString(file), new TypeToken<Map<String, List<Long>>>() {}.getType());
      if (shapes == null || shapes.containsValue(null)) {
        throw new CheckpointException(file + ": expected a shape for every name, found none");
      }
      return shapes;
    } catch (IOException e) {
      throw new CheckpointException("cannot read " + file + ": " + e.getMessage(), e);
    } catch (JsonParseException e) {
      throw new CheckpointException(file + " is not a list of shapes", e);
    }
  }

  @SuppressWarnings("unchecked") // Restored as float32.
  private static Operand<TFloat32> float32(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }
}
