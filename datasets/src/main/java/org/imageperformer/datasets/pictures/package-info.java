/** Pictures of people's own, in six formats: read as they are seen, brought to a size. */
package org.imageperformer.datasets.pictures;
