/** Requests that arrive together become one run. */
package org.imageperformer.serve.batching;
