/**
 * Attention with and without relative positions; with random features no matrix of tokens by tokens
 * is ever formed.
 */
package org.imageperformer.tfmodels.attention;
