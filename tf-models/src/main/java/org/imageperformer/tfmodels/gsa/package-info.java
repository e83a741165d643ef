/**
 * GSA-Nets: self-attention that is equivariant to rotations and mirrors (gsa.md).
 *
 * <p>Axes: b batch, h and w rows and columns of pixels, G group elements, C channels, H heads, d
 * offsets from a query to a key. Maps over a group are kept as [b, h, w, G, C], so that an affine
 * map of the channels is one matrix product and an image is contiguous for its norm.
 */
package org.imageperformer.tfmodels.gsa;
