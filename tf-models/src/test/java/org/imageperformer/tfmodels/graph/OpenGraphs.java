package org.imageperformer.tfmodels.graph;

import java.lang.reflect.Field;
import java.util.Map;
import org.tensorflow.Graph;

/** Graphs of this process that nobody has closed; a graph closes only after its sessions. */
public final class OpenGraphs {

  private OpenGraphs() {}

  /** Their number now. */
  public static int count() {
    try {
      // TensorFlow's own list of graphs with native memory.
      Field all = Graph.class.getDeclaredField("ALL_GRAPHS");
      all.setAccessible(true);
      return ((Map<?, ?>) all.get(null)).size();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("another TensorFlow: find out how it counts its graphs", e);
    }
  }
}
