/**
 * The graph under construction: weights by name, one pass through a model, and the backward pass
 * through it.
 */
package org.imageperformer.tfmodels.graph;
