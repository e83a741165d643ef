package org.imageperformer.tools.authors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imageperformer.training.schedule.Schedule;

/**
 * What GSA-Nets' program says of a training in the name of its file, {@code
 * rotMNIST_model_p4sa_type_Local_patch_5_dpatt_0.1_...pt}. What the name does not say, or in
 * another way, is not known.
 *
 * @param dataset its name there
 * @param model its name there
 * @param options texts by our names
 */
record GsaFileName(Optional<String> dataset, Optional<String> model, Map<String, String> options) {

  private static final Pattern START = Pattern.compile("([^_]+)_model_([^_]+)(_.*)?");

  /** Their words before values, and our options. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("type", "attention_type"),
          Map.entry("patch", "patch_size"),
          Map.entry("dpatt", "dropout_att"),
          Map.entry("dpval", "dropout_values"),
          Map.entry("activ", "activation_function"),
          Map.entry("norm", "norm_type"),
          Map.entry("white", "whitening_scale"),
          Map.entry("optim", "optimizer"),
          Map.entry("lr", "learning_rate"),
          Map.entry("bs", "batch_size"),
          Map.entry("ep", "max_epochs"),
          Map.entry("wd", "weight_decay"),
          Map.entry("seed", "seed"));

  private static final String SCHEDULE = "_sched_";

  static GsaFileName of(String file) {
    Matcher start = START.matcher(file.replaceFirst("\\.[^._0-9]*$", ""));
    if (!start.matches()) {
      return new GsaFileName(Optional.empty(), Optional.empty(), Map.of());
    }
    Map<String, String> options = new LinkedHashMap<>();
    String rest = Optional.ofNullable(start.group(3)).orElse("");
    int schedule = rest.indexOf(SCHEDULE);
    if (schedule >= 0) {
      schedule(rest.substring(schedule + SCHEDULE.length()))
          .ifPresent(name -> options.put("schedule", name));
      rest = rest.substring(0, schedule);
    }
    List<String> words = List.of(rest.split("_", -1));
    for (int i = 0; i + 1 < words.size(); i++) {
      String option = WORDS.get(words.get(i));
      if (option != null) {
        options.put(option, words.get(i + 1));
        i++;
      }
    }
    if (!"Local".equals(options.get("attention_type"))) {
      // There anything but Local is global, and the patch has no meaning.
      options.computeIfPresent("attention_type", (name, text) -> "Global");
      options.remove("patch_size");
    }
    return new GsaFileName(Optional.of(start.group(1)), Optional.of(start.group(2)), options);
  }

  /** Names of schedules have underscores, too, and more may follow. */
  private static Optional<String> schedule(String text) {
    return Schedule.registry().names().stream()
        .filter(
            name -> text.equals(name) || text.startsWith(name + "_") || text.startsWith(name + "s"))
        .findFirst();
  }
}
