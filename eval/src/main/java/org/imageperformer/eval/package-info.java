/** Evaluation of runs from their SavedModels alone. */
package org.imageperformer.eval;
