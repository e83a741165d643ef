/** The model with its optimizer as one TensorFlow graph in a session. */
package org.imageperformer.training.engine;
