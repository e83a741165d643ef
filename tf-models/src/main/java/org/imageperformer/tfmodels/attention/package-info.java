/**
 * Attention that never forms the matrix of tokens by tokens, with and without relative positions.
 */
package org.imageperformer.tfmodels.attention;
