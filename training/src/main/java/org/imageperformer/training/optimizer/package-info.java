/** Rules by which gradients move weights. */
package org.imageperformer.training.optimizer;
