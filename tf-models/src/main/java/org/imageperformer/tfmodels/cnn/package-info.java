/** The convolutional baselines of the paper (docs/cnn.md). */
package org.imageperformer.tfmodels.cnn;
