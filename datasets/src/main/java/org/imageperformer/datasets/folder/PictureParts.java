package org.imageperformer.datasets.folder;

import java.util.List;
import org.imageperformer.datasets.SourceFile;

/**
 * Which pictures are for what.
 *
 * @param train to learn from
 * @param validation of its own; none if they are split off the training pictures
 * @param test to judge by
 * @param sources one for each folder that was read
 */
record PictureParts(
    List<PictureFile> train,
    List<PictureFile> validation,
    List<PictureFile> test,
    List<SourceFile> sources) {}
