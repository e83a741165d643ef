/** Serves SavedModels over HTTP. */
package org.imageperformer.serve;
