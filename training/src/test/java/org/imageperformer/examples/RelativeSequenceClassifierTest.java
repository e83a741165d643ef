package org.imageperformer.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.types.TFloat32;

/** The example of library use learns, and what it exports does what it learned. */
class RelativeSequenceClassifierTest {

  @TempDir Path folder;

  @Test
  void learnsAndExports() {
    Random random = new Random(1);
    float[][] signals = new float[64][];
    int[] labels = new int[signals.length];
    for (int i = 0; i < signals.length; i++) {
      labels[i] = i % 2;
      int gap = labels[i] == 1 ? 1 : 4 + random.nextInt(3);
      int first = random.nextInt(RelativeSequenceClassifier.TOKENS - gap);
      signals[i] = new float[RelativeSequenceClassifier.TOKENS];
      signals[i][first] = 2;
      signals[i][first + gap] = 2;
    }
    RelativeSequenceClassifier classifier = new RelativeSequenceClassifier();
    float[] losses = classifier.train(signals, labels, 600, 0.01f);
    assertThat(losses[1]).isLessThan(0.3f * losses[0]);

    Path model = folder.resolve("model");
    classifier.export(model);
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString());
        TFloat32 x = RelativeSequenceClassifier.examples(signals);
        Result result = bundle.function("serving_default").call(Map.of("signal", x))) {
      TFloat32 probabilities = (TFloat32) result.get("probabilities").orElseThrow();
      int right = 0;
      for (int i = 0; i < signals.length; i++) {
        right += probabilities.getFloat(i, labels[i]) > 0.5f ? 1 : 0;
      }
      assertThat(right).isGreaterThanOrEqualTo(58);
    }
  }
}
