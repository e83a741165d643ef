package org.imageperformer.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * With what a run was made: goes into hparams.json beside its options.
 *
 * @param productVersion of this product
 * @param gitCommit the product was built from, with {@code -dirty} after it if the sources had been
 *     changed since; empty if it is not known
 * @param tensorflowVersion of the native library
 * @param device the computation runs on, in words
 * @param threads of the computation
 */
public record Provenance(
    String productVersion,
    Optional<String> gitCommit,
    String tensorflowVersion,
    String device,
    int threads) {

  /** The names under which hparams.json holds it. */
  public static final Set<String> NAMES =
      Set.copyOf(new Provenance("", Optional.empty(), "", "", 1).asMap().keySet());

  /** Returns what hparams.json holds of it, by name; null for what is not known. */
  public Map<String, Object> asMap() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("product_version", productVersion);
    values.put("git_commit", gitCommit.orElse(null));
    values.put("tensorflow_version", tensorflowVersion);
    values.put("device_used", device);
    values.put("threads_used", threads);
    return values;
  }
}
