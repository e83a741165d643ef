package org.imageperformer.cluster;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.imageperformer.savedmodels.ModelInfo;
import org.imageperformer.savedmodels.SavedModel;
import org.imageperformer.tools.cli.CommandFailure;
import org.imageperformer.tools.cluster.ClusterWatch;
import org.imageperformer.tools.cluster.PredictionInputs;
import org.imageperformer.tools.cluster.PredictionJob;
import org.imageperformer.tools.cluster.PredictionJob.PictureFiles;
import org.imageperformer.tools.cluster.PredictionJob.PictureTable;
import org.imageperformer.tools.cluster.PredictionSummary;

/** Many pictures on their way from an input through the model to a table. */
final class PredictionRun {
  private static final String ERROR = "error";

  private final PredictionJob job;
  private final SparkWork work;
  private final ClusterWatch watch;

  PredictionRun(PredictionJob job, SparkWork work, ClusterWatch watch) {
    this.job = job;
    this.work = work;
    this.watch = watch;
  }

  /** Pictures to predict: rows of an id and, in a table, bytes. */
  private record Pictures(Dataset<Row> rows, long count, StructField id, boolean files) {}

  PredictionSummary run() {
    requireFree();
    ModelInfo model = SavedModel.describe(job.model());
    OutputColumns columns =
        new OutputColumns(job.format(), model.classes().size(), job.probabilities());
    Pictures pictures =
        job.input() instanceof PictureFiles files
            ? files(files)
            : table((PictureTable) job.input());
    StructType schema = columns.schema(pictures.id().name(), pictures.id().dataType());
    requireDistinct(schema);
    Broadcast<ModelFiles> broadcast =
        work.context().broadcast(ModelFiles.read(SavedModel.require(job.model())));
    LongAccumulator done = work.session().sparkContext().longAccumulator("pictures");
    Observation counts = new Observation("predictions");
    Dataset<Row> predictions =
        pictures
            .rows()
            .mapPartitions(
                new PicturePredictor(
                    broadcast,
                    job.invert(),
                    job.fit().orElse(null),
                    columns,
                    pictures.files() ? Path.of("").toAbsolutePath().toString() : null,
                    done),
                Encoders.row(schema))
            .observe(counts, functions.count(functions.col(ERROR)).as(ERROR));
    long start = System.nanoTime();
    AtomicBoolean written = new AtomicBoolean();
    try {
      work.run(
          () -> {
            write(predictions);
            written.set(true);
            return null;
          },
          // A part that is done again counts again.
          () -> watch.progress(Math.min(done.value(), pictures.count()), pictures.count()));
    } catch (CancellationException e) {
      if (!written.get()) { // else the wish came too late
        throw e;
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long broken = broken(counts);
    return new PredictionSummary(pictures.count(), broken, seconds);
  }

  private static long broken(Observation counts) {
    try {
      return ((Number) counts.getAsJava().get(ERROR)).longValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  private void write(Dataset<Row> predictions) {
    DataFrameWriter<Row> writer =
        predictions.write().mode(job.overwrite() ? SaveMode.Overwrite : SaveMode.ErrorIfExists);
    String place = location(job.output());
    switch (job.format()) {
      case PARQUET -> writer.parquet(place);
      case CSV -> writer.options(Map.of("header", "true", "escape", "\"")).csv(place);
    }
  }

  /** An output of Hadoop's is looked at here; one of this machine's the command has seen. */
  private void requireFree() {
    work.run(
        () -> {
          try {
            org.apache.hadoop.fs.Path place = new org.apache.hadoop.fs.Path(location(job.output()));
            FileSystem files =
                place.getFileSystem(work.session().sparkContext().hadoopConfiguration());
            if (!job.overwrite() && files.exists(place)) {
              throw new CommandFailure(
                  "cannot write "
                      + job.output()
                      + ": it is there already; choose another --output, or replace it by"
                      + " --overwrite");
            }
            return null;
          } catch (java.io.IOException e) {
            throw new CommandFailure(
                "cannot write " + job.output() + ": " + SparkWork.reason(e), e);
          }
        },
        () -> {});
  }

  private Pictures files(PictureFiles files) {
    StructField id = DataTypes.createStructField("path", DataTypes.StringType, true);
    List<Row> rows =
        files.paths().stream().map(path -> RowFactory.create(path.toString())).toList();
    JavaRDD<Row> parts = work.context().parallelize(rows, parts(rows.size()));
    Dataset<Row> dataset =
        work.session().createDataFrame(parts, DataTypes.createStructType(List.of(id)));
    return new Pictures(dataset, rows.size(), id, true);
  }

  private Pictures table(PictureTable table) {
    return work.run(
        () -> {
          Dataset<Row> all = work.session().read().parquet(location(table.location()));
          Dataset<Row> rows = all.select(column(all, table, "id"), column(all, table, "image"));
          StructField[] fields = rows.schema().fields();
          if (!fields[1].dataType().equals(DataTypes.BinaryType)) {
            throw new CommandFailure(
                "%s: the column %s should be binary, the bytes of a picture's file, found %s: %s"
                    .formatted(
                        table.location(),
                        table.imageColumn(),
                        fields[1].dataType().simpleString(),
                        "name another by --image_column"));
          }
          long count = rows.count();
          if (count == 0) {
            throw new CommandFailure(
                table.location() + " has no rows: there is nothing to predict");
          }
          int parts = parts(count);
          // One file is often one part, which one task would work on while the others wait.
          return new Pictures(
              rows.rdd().getNumPartitions() < parts ? rows.repartition(parts) : rows,
              count,
              fields[0],
              false);
        },
        () -> {});
  }

  private static org.apache.spark.sql.Column column(
      Dataset<Row> table, PictureTable wanted, String role) {
    String name = role.equals("id") ? wanted.idColumn() : wanted.imageColumn();
    try {
      table.select(name);
    } catch (Exception e) {
      if (!(e instanceof AnalysisException)) {
        throw e;
      }
      throw new CommandFailure(
          "%s has no column %s, found %s: name the one to take by --%s_column"
              .formatted(
                  wanted.location(),
                  name,
                  Arrays.stream(table.schema().fields())
                      .map(field -> field.name() + " (" + field.dataType().simpleString() + ")")
                      .toList(),
                  role),
          e);
    }
    return functions.col(name);
  }

  /** Names of columns are the same to Spark in whatever case. */
  private static void requireDistinct(StructType schema) {
    String id = schema.fields()[0].name();
    for (int i = 1; i < schema.size(); i++) {
      if (schema.fields()[i].name().toLowerCase(Locale.ROOT).equals(id.toLowerCase(Locale.ROOT))) {
        throw new CommandFailure(
            "the id column is called " + id + ", as a column of the output is: rename it");
      }
    }
  }

  private int parts(long pictures) {
    return PartCount.of(pictures, work.parallelism());
  }

  /** A path as an address: Spark would take another file system for the usual one. */
  private static String location(String word) {
    return PredictionInputs.isAddress(word)
        ? word
        : Path.of(word).toAbsolutePath().normalize().toUri().toString();
  }
}
