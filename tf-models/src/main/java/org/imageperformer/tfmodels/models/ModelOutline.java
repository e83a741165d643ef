package org.imageperformer.tfmodels.models;

import org.imageperformer.tfmodels.graph.Weights;

/**
 * What is to be known of a model before it has a graph.
 *
 * @param weights their names, shapes and roles
 * @param traits what others must know of it
 * @param cost its parts and their work
 */
public record ModelOutline(Weights weights, Traits traits, Cost cost) {}
