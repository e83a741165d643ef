package org.imageperformer.tools.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where and how Spark works.
 *
 * @param master Spark's address of a cluster, or local[N]; empty for what spark-submit says, else
 *     all cores of this machine
 * @param properties of Spark's configuration, which win over this product's
 */
public record SparkSettings(Optional<String> master, Map<String, String> properties) {

  /** Copies the properties. */
  public SparkSettings {
    properties = Map.copyOf(new LinkedHashMap<>(properties));
  }

  /** Whether all work is done in this process; what spark-submit says is not known here. */
  public boolean inThisProcess() {
    return master.map(name -> name.equals("local") || name.startsWith("local[")).orElse(true);
  }
}
