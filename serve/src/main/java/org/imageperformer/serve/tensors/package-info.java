/** Tensors on the Java heap, and their form in requests and answers. */
package org.imageperformer.serve.tensors;
