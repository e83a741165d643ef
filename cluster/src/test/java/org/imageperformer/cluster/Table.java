package org.imageperformer.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Spark in the test's own process, for tables to write and read. */
final class Table {
  private Table() {}

  static SparkSession session() {
    return SparkSession.builder()
        .master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", Path.of("target", "warehouse").toUri().toString())
        .getOrCreate();
  }

  /** The rows of a Parquet table. */
  static List<Row> rows(Path table) {
    return session().read().parquet(table.toString()).collectAsList();
  }

  /** The same by the first column; an id that comes twice is an error. */
  static Map<String, Row> byId(Path table) {
    Map<String, Row> all = new TreeMap<>();
    for (Row row : rows(table)) {
      if (all.put(row.getString(0), row) != null) {
        throw new AssertionError(row.getString(0) + " comes twice");
      }
    }
    return all;
  }
}
