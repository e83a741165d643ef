package org.imageperformer.cluster;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import org.imageperformer.datasets.DatasetException;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.datasets.pictures.Invert;
import org.imageperformer.eval.ImageOutcome;
import org.imageperformer.eval.ImagePredictor;
import org.imageperformer.eval.PictureSource;

/**
 * Predicts the pictures of a partition, some at a time. A row is an id and, in a table, the bytes
 * of the picture's file; without them the id is the name of the file.
 */
final class PicturePredictor implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** In memory at a time, encoded; several batches of the model's. */
  private static final int TOGETHER = 64;

  private final Broadcast<ModelFiles> model;
  private final Invert invert;
  private final Fit fit;
  private final OutputColumns columns;
  private final String folder;
  private final LongAccumulator done;

  /**
   * @param fit null for what the model was trained with
   * @param folder where relative names of files begin; null for a table
   * @param done counts pictures
   */
  PicturePredictor(
      Broadcast<ModelFiles> model,
      Invert invert,
      Fit fit,
      OutputColumns columns,
      String folder,
      LongAccumulator done) {
    this.model = model;
    this.invert = invert;
    this.fit = fit;
    this.columns = columns;
    this.folder = folder;
    this.done = done;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    ImagePredictor predictor = ProcessModels.get(model.value(), invert, Optional.ofNullable(fit));
    return new Iterator<>() {
      private Iterator<Row> ready = List.<Row>of().iterator();

      @Override
      public boolean hasNext() {
        if (!ready.hasNext() && rows.hasNext()) {
          ready = predict(predictor, rows);
        }
        return ready.hasNext();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return ready.next();
      }
    };
  }

  private Iterator<Row> predict(ImagePredictor predictor, Iterator<Row> rows) {
    List<Row> some = new ArrayList<>();
    while (some.size() < TOGETHER && rows.hasNext()) {
      some.add(rows.next());
    }
    List<ImageOutcome> outcomes =
        predictor.predictTogether(some.stream().map(this::source).toList());
    List<Row> results = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      results.add(row(some.get(i).get(0), outcomes.get(i)));
    }
    done.add(results.size());
    return results.iterator();
  }

  private PictureSource source(Row row) {
    if (folder == null) {
      Path name = name(String.valueOf(row.get(0)));
      return new PictureSource(name, content(row, name));
    }
    Path file = Path.of(row.getString(0));
    // Messages name a file as its user does, where that leads to it.
    boolean here = Path.of("").toAbsolutePath().equals(Path.of(folder));
    return PictureSource.of(here ? file : Path.of(folder).resolve(file));
  }

  private static Supplier<byte[]> content(Row row, Path name) {
    return () -> {
      if (row.isNullAt(1)) {
        throw new DatasetException(name + ": there is no picture, its bytes are null");
      }
      return (byte[]) row.get(1);
    };
  }

  /** For messages. */
  private static Path name(String id) {
    try {
      return Path.of(id);
    } catch (InvalidPathException e) {
      return Path.of("picture");
    }
  }

  private Row row(Object id, ImageOutcome outcome) {
    Object[] values = new Object[columns.count()];
    values[0] = id;
    if (outcome instanceof ImageOutcome.Predicted predicted) {
      values[1] = predicted.label();
      values[2] = predicted.className();
      values[3] = predicted.probability();
      values[4] = predicted.notes().isEmpty() ? null : String.join("; ", predicted.notes());
      columns.setProbabilities(values, predicted.probabilities());
    } else if (outcome instanceof ImageOutcome.Failed failed) {
      values[5] = failed.reason();
    }
    return RowFactory.create(values);
  }
}
