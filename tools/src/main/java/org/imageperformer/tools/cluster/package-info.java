/**
 * What the module {@code cluster} does for commands, seen from a command line that may be without
 * it.
 */
package org.imageperformer.tools.cluster;
