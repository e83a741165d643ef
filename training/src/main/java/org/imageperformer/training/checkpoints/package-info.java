/** Checkpoint directories that survive a crash at any instant. */
package org.imageperformer.training.checkpoints;
