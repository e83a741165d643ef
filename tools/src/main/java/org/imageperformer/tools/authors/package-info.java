/**
 * Reads a run of the authors' published Python program: {@code hparams.yaml} and the PyTorch
 * checkpoints that PyTorch Lightning 1.1 wrote. Nothing named in those files is ever executed, and
 * nothing is written to disk.
 */
package org.imageperformer.tools.authors;
