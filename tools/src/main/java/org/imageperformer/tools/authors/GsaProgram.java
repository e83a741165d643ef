package org.imageperformer.tools.authors;

import static org.imageperformer.tfmodels.gsa.GsaFamily.GROUP_SELF_ATTENTION;
import static org.imageperformer.tfmodels.gsa.GsaFamily.Z2_CNN;
import static org.imageperformer.tfmodels.gsa.GsaOptions.BLOCK_SIZES;
import static org.imageperformer.tfmodels.gsa.GsaOptions.DROPOUT_AFTER_POOLING;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imageperformer.datasets.DatasetInfo;
import org.imageperformer.datasets.DatasetSource;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.tfmodels.models.ModelAlias;
import org.imageperformer.tfmodels.models.ModelFamilies;
import org.imageperformer.tfmodels.models.ModelSpec;
import org.imageperformer.training.TrainingConfig;

/**
 * GSA-Nets' program, which leaves a file of weights alone (gsa.md section 8). Options are those of
 * the user, else of the name of the file; what the tensors say must agree with them, and counts
 * where neither says anything; all else is the preset of the data set.
 */
final class GsaProgram implements PublishedProgram {

  @Override
  public Trained read(Path source, ImportRequest request) {
    return read(source, request, ReadLimits.standard());
  }

  Trained read(Path source, ImportRequest request, ReadLimits limits) {
    if (request.checkpoint().isPresent()) {
      throw new AuthorsRunException(
          source + ": a file of weights alone: leave out --checkpoint, which is for runs");
    }
    if (!Files.isRegularFile(source)) {
      throw new AuthorsRunException(source + ": no such file; expected weights of a GSA-Net");
    }
    return trained(source, request, Checkpoint.read(source, limits).tensors());
  }

  static Trained trained(Path source, ImportRequest request, Map<String, WeightTensor> stored) {
    GsaTensors tensors = new GsaTensors(stored);
    TrainingConfig config;
    try {
      config = config(source, request, tensors);
    } catch (ArithmeticException e) {
      throw new AuthorsRunException(source + ": the sizes of its tensors are too large", e);
    } catch (IllegalArgumentException e) {
      throw new AuthorsRunException(source + ": " + e.getMessage(), e);
    }
    try {
      return new Trained(
          config,
          WeightMapping.map(names(config.spec()), config.outline().weights(), tensors.byName()),
          source,
          "a file of weights",
          List.of());
    } catch (IllegalArgumentException e) {
      throw new AuthorsRunException(
          source + ": the tensors do not fit the model: " + e.getMessage(), e);
    }
  }

  private static AuthorsNames names(ModelSpec spec) {
    return spec.model().equals(Z2_CNN) ? new Z2CnnNames() : new GsaNames(spec.options());
  }

  private static TrainingConfig config(Path source, ImportRequest request, GsaTensors tensors) {
    GsaFileName name = GsaFileName.of(source.getFileName().toString());
    String model = tensors.has(Z2CnnNames.FIRST) ? Z2_CNN : GROUP_SELF_ATTENTION;
    Optional<ModelAlias> said = request.model().or(name::model).map(GsaProgram::named);
    said.ifPresent(
        alias -> {
          if (!alias.model().equals(model)) {
            throw new IllegalArgumentException(
                "model is "
                    + alias.model()
                    + ", but the names of the tensors are those of "
                    + model);
          }
        });
    DatasetInfo dataset =
        dataset(
            request
                .dataset()
                .or(name::dataset)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "the name of the file does not say the data set: give --dataset")));
    TrainingConfig.Builder builder = TrainingConfig.builder(model, dataset);
    Map<String, GsaStructure.Finding> found = new LinkedHashMap<>();
    if (model.equals(GROUP_SELF_ATTENTION)) {
      GsaStructure structure = new GsaStructure(tensors);
      checkImages(structure.images(), dataset);
      found.putAll(
          structure.options(
              dropout(request),
              builder.get(DROPOUT_AFTER_POOLING),
              BLOCK_SIZES.format(builder.get(BLOCK_SIZES))));
      found.forEach((option, finding) -> set(builder, option, finding.texts().get(0)));
    } else {
      checkImages(
          Map.of(
              "in_features", finding(tensors, Z2CnnNames.FIRST, 1),
              "num_classes", finding(tensors, Z2CnnNames.LAST, 0)),
          dataset);
    }
    name.options().forEach((option, text) -> set(builder, option, text));
    said.ifPresent(alias -> alias.options().forEach((option, text) -> set(builder, option, text)));
    AuthorsTraining.place(builder, request.target());
    TrainingConfig config = request.options().apply(builder).build();
    checkAgreement(config, found);
    return config;
  }

  private static GsaStructure.Finding finding(GsaTensors tensors, String name, int axis) {
    return new GsaStructure.Finding(
        List.of(Integer.toString(tensors.size(name, axis))), tensors.said(name));
  }

  private static ModelAlias named(String word) {
    return ModelFamilies.named(word)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown model '"
                        + word
                        + "'; files of weights are those of "
                        + GROUP_SELF_ATTENTION
                        + " and "
                        + Z2_CNN
                        + ": give --model"));
  }

  private static DatasetInfo dataset(String word) {
    String name =
        Datasets.all().stream()
            .map(DatasetSource::name)
            .filter(word::equalsIgnoreCase)
            .findFirst()
            .orElse(word);
    return Datasets.info(name);
  }

  private static Optional<Double> dropout(ImportRequest request) {
    return Optional.ofNullable(request.given().get(DROPOUT_AFTER_POOLING.name()))
        .map(DROPOUT_AFTER_POOLING::argument);
  }

  /**
   * Options of a training that the model does not have are passed over: the file names them all.
   */
  private static void set(TrainingConfig.Builder builder, String option, String text) {
    builder.rows().stream()
        .filter(row -> row.name().equals(option))
        .findFirst()
        .ifPresent(row -> builder.argument(row, text));
  }

  private static void checkImages(Map<String, GsaStructure.Finding> found, DatasetInfo dataset) {
    Map<String, Integer> expected =
        Map.of("in_features", dataset.channels(), "num_classes", dataset.classNames().size());
    List<String> problems = new ArrayList<>();
    expected.forEach(
        (what, number) -> {
          GsaStructure.Finding finding = found.get(what);
          if (!finding.texts().contains(number.toString())) {
            problems.add(
                what
                    + " is "
                    + finding.texts().get(0)
                    + " by "
                    + finding.tensor()
                    + ", but "
                    + dataset
                    + " has "
                    + number);
          }
        });
    refuse(problems);
  }

  private static void checkAgreement(
      TrainingConfig config, Map<String, GsaStructure.Finding> found) {
    List<String> problems = new ArrayList<>();
    Map<String, Object> plain = config.plainOptions();
    found.forEach(
        (option, finding) -> {
          String text = String.valueOf(plain.get(option));
          if (!finding.texts().contains(text)) {
            problems.add(
                option
                    + " is "
                    + text
                    + ", but "
                    + finding.tensor()
                    + " says "
                    + String.join(" or ", finding.texts().stream().distinct().toList()));
          }
        });
    refuse(problems);
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }
}
