/** The layers that are not attention: affine maps, normalisation, feed-forward, embeddings. */
package org.imageperformer.tfmodels.layers;
