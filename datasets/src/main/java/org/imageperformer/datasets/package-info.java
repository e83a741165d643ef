/**
 * Image data sets as bytes in memory: finding, downloading, checking, resizing, splitting and
 * shifting them. Knows nothing of tensors, so it can be used as a library by itself:
 *
 * <pre>{@code
 * Dataset data =
 *     Datasets.load(DatasetName.MNIST, Path.of("data"), 32, DownloadListener.silent());
 * Split split = Split.of(data.train(), data.name().defaultValidation(), seed);
 * int[] order = EpochOrder.permutation(split.train().size(), seed, epoch);
 * split.train().copyImage(order[0], buffer); // [height, width, channels], one byte per value
 * int label = split.train().label(order[0]);
 * }</pre>
 *
 * <p>Own images come in through {@link org.imageperformer.datasets.ImageSet#of}. Whatever cannot be
 * read is refused with a {@link org.imageperformer.datasets.DatasetException} that names the file.
 */
package org.imageperformer.datasets;
