/** Positions: sinusoids with trainable frequencies, and rotations of their pairs. */
package org.imageperformer.tfmodels.encoding;
