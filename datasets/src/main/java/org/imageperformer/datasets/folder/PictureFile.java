package org.imageperformer.datasets.folder;

import java.nio.file.Path;

/**
 * A picture of a class.
 *
 * @param path of the file
 * @param name its path within the folder that is read, with slashes
 * @param className that of its class's folder
 */
record PictureFile(Path path, String name, String className) {}
