/** Pictures of people's own, PNG and JPEG files: read as they are seen, brought to a size. */
package org.imageperformer.datasets.pictures;
