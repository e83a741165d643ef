package org.imageperformer.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.imageperformer.tools.cluster.PredictionJob.Format;

/**
 * The columns of predictions: the id, then label, class, probability, notes and error, then the
 * probabilities of all classes where they are wanted.
 *
 * @param format CSV has no lists: a column for each label there
 * @param classes of the model
 * @param all whether all probabilities are wanted
 */
record OutputColumns(Format format, int classes, boolean all) implements Serializable {
  private static final String PROBABILITIES = "probabilities";
  private static final List<StructField> FIXED =
      List.of(
          DataTypes.createStructField("label", DataTypes.IntegerType, true),
          DataTypes.createStructField("class", DataTypes.StringType, true),
          DataTypes.createStructField("probability", DataTypes.DoubleType, true),
          DataTypes.createStructField("notes", DataTypes.StringType, true),
          DataTypes.createStructField("error", DataTypes.StringType, true));

  /** Returns their names and types, after an id's. */
  StructType schema(String idName, DataType idType) {
    List<StructField> fields = new ArrayList<>();
    fields.add(DataTypes.createStructField(idName, idType, true));
    fields.addAll(FIXED);
    if (all && format == Format.PARQUET) {
      fields.add(
          DataTypes.createStructField(
              PROBABILITIES, DataTypes.createArrayType(DataTypes.DoubleType, false), true));
    } else if (all) {
      for (int label = 0; label < classes; label++) {
        fields.add(DataTypes.createStructField("probability_" + label, DataTypes.DoubleType, true));
      }
    }
    return DataTypes.createStructType(fields);
  }

  /** Returns how many they are, the id among them. */
  int count() {
    int more = format == Format.PARQUET ? 1 : classes;
    return 1 + FIXED.size() + (all ? more : 0);
  }

  /** Puts the probabilities, by label, where they belong in a row. */
  void setProbabilities(Object[] row, List<Double> probabilities) {
    int first = 1 + FIXED.size();
    if (all && format == Format.PARQUET) {
      row[first] = probabilities.toArray(Double[]::new);
    } else if (all) {
      for (int label = 0; label < classes; label++) {
        row[first + label] = probabilities.get(label);
      }
    }
  }
}
