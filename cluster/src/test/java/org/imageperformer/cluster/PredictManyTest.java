package org.imageperformer.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code predict-many} within one process, against {@code predict}. */
@Tag("slow")
class PredictManyTest {
  @TempDir private Path folder;

  @Test
  void predictionsAreThoseOfPredict() throws Exception {
    List<String> names = pictures(150);

    Program.Result result =
        Program.run(
            folder,
            "predict-many",
            Pictures.MODEL,
            "--input",
            "pictures",
            "--output",
            "out.parquet",
            "--probabilities",
            "--spark",
            "local[2]");

    assertThat(result.err())
        .contains("152 pictures in ")
        .endsWith("error: 2 of 152 pictures could not be read, see the column error\n");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("predictions: out.parquet\n");
    assertEqualToPredict(Table.byId(folder.resolve("out.parquet")), names);
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("performer-spark"));
    }
    assertThat(folder.resolve("spark-warehouse")).doesNotExist();
  }

  @Test
  void anOutputThatIsThereIsReplacedOnRequestAlone() throws Exception {
    pictures(10);
    Path output = Files.createDirectory(folder.resolve("out.csv"));
    String[] words = {
      "predict-many",
      Pictures.MODEL,
      "--input",
      "pictures/*/*0000?.png",
      "--output",
      "out.csv",
      "--spark",
      "local[1]"
    };

    Program.Result refused = Program.run(folder, words);
    assertThat(refused.err())
        .isEqualTo(
            "error: cannot write out.csv: it is there already; choose another --output, or replace"
                + " it by --overwrite\n");
    assertThat(output).isEmptyDirectory();

    String[] more =
        Stream.concat(Stream.of(words), Stream.of("--overwrite")).toArray(String[]::new);
    Program.Result replaced = Program.run(folder, more);
    assertThat(replaced.status()).as(replaced.err()).isZero();
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(output)) {
      for (Path file : files.filter(f -> f.getFileName().toString().endsWith(".csv")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    assertThat(lines).hasSize(11).contains("path,label,class,probability,notes,error");

    Files.createFile(output.resolve("precious.txt"));
    assertThat(Program.run(folder, more).err())
        .startsWith("error: cannot replace out.csv: it is no table of Spark's, as there is ");
  }

  @Test
  void picturesOfATableKeepTheirIds() throws Exception {
    List<String> names = pictures(70);
    StructType schema =
        DataTypes.createStructType(
            List.of(
                DataTypes.createStructField("key", DataTypes.StringType, true),
                DataTypes.createStructField("picture", DataTypes.BinaryType, true)));
    List<Row> rows = new ArrayList<>();
    for (String name : names) {
      rows.add(RowFactory.create(name, Files.readAllBytes(folder.resolve(name))));
    }
    rows.add(RowFactory.create("none", null));
    Table.session()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .parquet(folder.resolve("in.parquet").toString());

    Program.Result wrong =
        Program.run(
            folder,
            "predict-many",
            Pictures.MODEL,
            "--input",
            "in.parquet",
            "--output",
            "out.parquet");
    assertThat(wrong.err())
        .isEqualTo(
            "error: in.parquet has no column id, found [key (string), picture (binary)]: name the one"
                + " to take by --id_column\n");

    Program.Result result =
        Program.run(
            folder,
            "predict-many",
            Pictures.MODEL,
            "--input",
            "in.parquet",
            "--output",
            "out.parquet",
            "--probabilities",
            "--id_column",
            "key",
            "--image_column",
            "picture",
            "--spark",
            "local[2]");

    assertThat(result.err()).contains("73 pictures in ", "error: 3 of 73 ");
    Map<String, Row> found = Table.byId(folder.resolve("out.parquet"));
    assertThat(found.remove("none").<String>getAs("error"))
        .isEqualTo("none: there is no picture, its bytes are null");
    assertEqualToPredict(found, names);
  }

  /** Some pictures, one that is none, one that is cut off. */
  private List<String> pictures(int count) throws IOException {
    List<String> names = new ArrayList<>(Pictures.draw(folder.resolve("pictures"), count));
    Path broken = Files.writeString(folder.resolve("pictures/broken.png"), "no picture");
    byte[] whole = Files.readAllBytes(folder.resolve(names.get(0)));
    Path cut = folder.resolve("pictures/cut.png");
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
    names.add(folder.relativize(broken).toString());
    names.add(folder.relativize(cut).toString());
    return names;
  }

  private void assertEqualToPredict(Map<String, Row> rows, List<String> names) throws Exception {
    List<String> words = new ArrayList<>(List.of("predict", Pictures.MODEL, "--json"));
    words.addAll(names);
    Map<String, JsonObject> wanted = new TreeMap<>();
    String json = Program.run(folder, words.toArray(String[]::new)).out();
    for (JsonElement element : JsonParser.parseString(json).getAsJsonArray()) {
      wanted.put(element.getAsJsonObject().get("file").getAsString(), element.getAsJsonObject());
    }
    assertThat(rows.keySet()).isEqualTo(wanted.keySet());
    wanted.forEach(
        (name, picture) -> {
          Row row = rows.get(name);
          if (picture.has("error")) {
            assertThat(row.<String>getAs("error")).isEqualTo(picture.get("error").getAsString());
            assertThat(row.isNullAt(1)).isTrue();
            return;
          }
          assertThat(row.<String>getAs("error")).isNull();
          assertThat(row.<Integer>getAs("label")).isEqualTo(picture.get("label").getAsInt());
          assertThat(row.<String>getAs("class")).isEqualTo(picture.get("class").getAsString());
          List<JsonElement> probabilities =
              List.copyOf(picture.getAsJsonObject("probabilities").asMap().values());
          List<Double> all = row.getList(row.fieldIndex("probabilities"));
          assertThat(all).hasSameSizeAs(probabilities);
          for (int label = 0; label < all.size(); label++) {
            // Several images at a time are rounded otherwise.
            assertThat(all.get(label))
                .isCloseTo(probabilities.get(label).getAsDouble(), within(1e-5));
          }
        });
  }
}
