/** The learning rate as a function of the step (models.md section 6). */
package org.imageperformer.training.schedule;
