package org.imageperformer.tfmodels.models;

import java.util.ArrayList;
import java.util.List;

/**
 * The images that a model takes.
 *
 * @param height rows
 * @param width columns
 * @param channels values per pixel
 */
public record ImageShape(int height, int width, int channels) {
  /** Pixels of an image. */
  public int pixels() {
    return height * width;
  }

  /** What is wrong with it; empty if nothing is. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    atLeastOne(problems, "image height", height);
    atLeastOne(problems, "image width", width);
    atLeastOne(problems, "in_features", channels);
    return problems;
  }

  private static void atLeastOne(List<String> problems, String name, int value) {
    if (value < 1) {
      problems.add(name + " is " + value + ", must be at least 1");
    }
  }
}
