/** The training loop and everything that listens to it. */
package org.imageperformer.training;
