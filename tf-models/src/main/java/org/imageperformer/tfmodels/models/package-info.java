/** The four models and their hyperparameters. */
package org.imageperformer.tfmodels.models;
