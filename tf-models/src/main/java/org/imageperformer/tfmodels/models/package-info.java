/**
 * What a model is to those who train, export and evaluate it, and how families of models are found.
 */
package org.imageperformer.tfmodels.models;
