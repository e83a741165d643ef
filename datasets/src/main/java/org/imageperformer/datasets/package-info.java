/**
 * Image data sets as bytes: finding, downloading, checking, resizing, splitting and shifting them.
 * Knows nothing of tensors, so it can be used as a library by itself:
 *
 * <pre>{@code
 * Dataset data =
 *     Datasets.load(
 *         Datasets.source("MNIST"), Path.of("data"), 32, DownloadListener.silent());
 * Split split = Split.of(data.train(), data.info().defaultValidation(), seed);
 * int[] order = EpochOrder.permutation(split.train().size(), seed, epoch);
 * split.train().copyImage(order[0], buffer); // [height, width, channels], one byte per value
 * int label = split.train().label(order[0]);
 * }</pre>
 *
 * <p>A data set of one's own is a {@link org.imageperformer.datasets.DatasetSource}; single images
 * come in through {@link org.imageperformer.datasets.ImageSet#of}. Whatever cannot be read is
 * refused with a {@link org.imageperformer.datasets.DatasetException} that names the file.
 *
 * <p>The packages beneath: {@code sets} has a class for each data set; it builds on {@code idx},
 * {@code cifar}, {@code amat}, {@code folder} and {@code pictures} (formats), {@code fetch}
 * (downloads), {@code resize}, {@code cache} (where decoded images lie) and {@code files} (checked
 * reading). All know this package; it knows only {@code augment}.
 */
package org.imageperformer.datasets;
