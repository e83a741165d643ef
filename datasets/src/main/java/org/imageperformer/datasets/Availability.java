package org.imageperformer.datasets;

import java.util.Objects;

/**
 * Where a data set can be read from at present. Only the files' presence is looked at.
 *
 * @param dataset the data set's name
 * @param place where its files are
 * @param location the folder or archive; for {@link Place#ABSENT} the folder to put the files in
 * @param note what is there or what is missing, for the user
 */
public record Availability(String dataset, Place place, String location, String note) {
  /** Kinds of places, in the order in which they are looked at. */
  public enum Place {
    /** The user's data path. */
    DATA_PATH,
    /** The folder of Debian's package dataset-fashion-mnist. */
    DEBIAN_PACKAGE,
    /** Inside this module. */
    SHIPPED,
    /** Nowhere complete; it can be downloaded. */
    ABSENT
  }

  /** Refuses missing parts. */
  public Availability {
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(note, "note");
  }

  /** Whether loading needs no download: true unless absent. */
  public boolean present() {
    return place != Place.ABSENT;
  }
}
