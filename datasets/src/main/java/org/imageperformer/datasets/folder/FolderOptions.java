package org.imageperformer.datasets.folder;

import java.util.List;
import java.util.Map;
import org.imageperformer.datasets.pictures.Fit;
import org.imageperformer.options.Affects;
import org.imageperformer.options.Option;
import org.imageperformer.options.OptionSet;

/** How a folder of pictures is read. */
final class FolderOptions {
  static final String AUTO = "auto";

  static final Option<String> CHANNELS =
      Option.oneOf("channels", AUTO, () -> List.of(AUTO, "1", "3"))
          .affects(Affects.DATA)
          .help("Of a folder's pictures: 1 gray, 3 color; auto is 1 if all are stored gray.");
  static final Option<Fit> FIT =
      Option.choice("fit", Fit.PAD)
          .affects(Affects.DATA)
          .help("Keep the proportions of a folder's pictures, black around them, or not.");
  static final Option<Long> SPLIT_SEED =
      Option.longInteger("split_seed", 0L)
          .affects(Affects.DATA)
          .help("Decides which of a folder's pictures test where it has no folder test.");
  static final Option<Boolean> SKIP_BROKEN =
      Option.flag("skip_broken")
          .affects(Affects.DATA)
          .help("Leave out those of a folder's pictures that cannot be read.");
  static final OptionSet ALL = OptionSet.of(CHANNELS, FIT, SPLIT_SEED, SKIP_BROKEN);

  private FolderOptions() {}

  /**
   * The value of an option.
   *
   * @param run values by name
   * @throws IllegalArgumentException if it is none of the option's
   */
  static <T> T value(Option<T> option, Map<String, ?> run) {
    Object value = run.get(option.name());
    if (value == null) {
      return option.standard().orElseThrow();
    }
    return option.isFlag() // as an argument it is on wherever it is named
        ? option.ofPlain(Boolean.valueOf(value.toString()))
        : option.argument(value.toString());
  }
}
