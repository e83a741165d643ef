/**
 * The arithmetic of the models' blocks, each as the plain formula and as a fast equivalent. Layers
 * hold structure and weights and call the one that their pass takes.
 */
package org.imageperformer.tfmodels.kernels;
