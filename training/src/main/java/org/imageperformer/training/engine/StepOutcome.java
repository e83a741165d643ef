package org.imageperformer.training.engine;

import org.imageperformer.training.Moment;

/**
 * What a step of all processes came to.
 *
 * @param batch what the model made of the batch, before the step
 * @param moment whether any process was asked to end, and the sum of their seconds
 */
record StepOutcome(BatchOutcome batch, Moment moment) {}
