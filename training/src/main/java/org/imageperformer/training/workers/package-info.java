/**
 * One training over several processes, on TensorFlow's own distributed runtime
 * (docs/distributed.md).
 */
package org.imageperformer.training.workers;
